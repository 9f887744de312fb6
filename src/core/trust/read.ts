import { msg, type Message } from "../messages.ts";
import { conditionWords, type ConditionWords } from "./conditionWords.ts";
import type { InvalidTrust, TrustDocument, TrustStatement } from "./document.ts";
import { nodeAt } from "./json.ts";
import { principalInWords } from "./principalWords.ts";
import { recoverRule } from "./recover.ts";
import type { TrustRule } from "./rule.ts";
import { canAssume, policyDocument } from "./statement.ts";
import type { PolicyInput } from "./simulation.ts";
import { ruleInWords, type ProjectNames } from "./words.ts";

/** One statement, in words. */
export type StatementReading = {
  readonly statement: TrustStatement;
  /** What it does: whom it lets in or keeps out, or nobody, as its actions are other ones. */
  readonly says: Message;
  readonly who: readonly Message[];
  /** All of them must hold. Empty where the statement has none, or where `rule` says it better. */
  readonly conditions: readonly ConditionWords[];
  /** The rule that it states, where it is one that `buildTrustPolicy` writes: `who` is then its words. */
  readonly rule?: TrustRule;
};

export type TrustReading = {
  readonly kind: "reading";
  readonly document: TrustDocument;
  readonly statements: readonly StatementReading[];
  /** The rule of a policy that is nothing but one of ours. */
  readonly rule?: TrustRule;
};

/**
 * Reads any role trust policy, also one that was written by somebody else: who can assume the role, statement by
 * statement, in plain words, and our own rule where it is one. What IAM would refuse to store is `invalid`, with
 * IAM's message. Every condition is said, none is skipped.
 */
export function readTrustPolicy(input: PolicyInput, names: ProjectNames = {}): TrustReading | InvalidTrust {
  const document = policyDocument(input);
  if (document.kind === "invalid") return document;
  const statements = document.statements.map((statement) => readStatement(document, statement, names));
  const [first] = statements;
  const single = statements.length === 1 ? first?.rule : undefined;
  return { kind: "reading", document, statements, ...(single === undefined ? {} : { rule: single }) };
}

function readStatement(
  document: TrustDocument,
  statement: TrustStatement,
  names: ProjectNames,
): StatementReading {
  const written = nodeAt(document.json, statement.path);
  const rule = written === undefined ? undefined : recoverRule(statement, written);
  if (rule !== undefined)
    return {
      statement,
      says: msg("trust.read.allow"),
      who: ruleInWords(rule, names),
      conditions: [],
      rule,
    };
  const who = statement.principals.map((principal) => principalInWords(principal));
  const conditions = conditionWords(statement);
  return { statement, says: says(statement), who, conditions };
}

function says(statement: TrustStatement): Message {
  if (!canAssume(statement)) return msg("trust.read.noAction");
  const conditional = statement.conditions.length > 0;
  if (statement.effect === "Allow") return msg(conditional ? "trust.read.allow.if" : "trust.read.allow");
  return msg(conditional ? "trust.read.deny.if" : "trust.read.deny");
}

/** A line of a reading, further in for what belongs to the line above it. */
export type ReadingLine = { readonly depth: 0 | 1 | 2; readonly text: Message };

/** A reading as lines to be shown one below the other. */
export function readingLines(reading: TrustReading): readonly ReadingLine[] {
  const allows = reading.statements.some(
    ({ statement }) => statement.effect === "Allow" && canAssume(statement),
  );
  const lines = reading.statements.flatMap(({ says, who, conditions }): readonly ReadingLine[] => [
    { depth: 0, text: says },
    ...who.map((text) => ({ depth: 1 as const, text })),
    ...conditions.flatMap(({ text, remarks }) => [
      { depth: 2 as const, text },
      ...remarks.map((remark) => ({ depth: 2 as const, text: remark })),
    ]),
  ]);
  return allows ? lines : [{ depth: 0, text: msg("trust.read.nobody") }, ...lines];
}
