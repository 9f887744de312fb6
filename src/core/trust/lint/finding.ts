import { msg, type Message, type MessageId } from "../../messages.ts";
import type { TrustDocument } from "../document.ts";
import { nodeAt, type JsonNode, type JsonPath } from "../json.ts";
import type { LintEdit } from "./edits.ts";

export type LintSeverity = "critical" | "warning" | "info";

/**
 * The rules and how bad what they find is. Critical: somebody outside the organization, or every project in it,
 * gets in, or IAM would not store the policy. Warning: wider than it looks, brittle, without effect, or letting
 * nobody in. Info: good to know. `docs/lint` has a page for each, named like the rule.
 */
export const lintRules = {
  "invalid-policy": "critical",
  "maybe-refused": "info",
  "policy-version": "info",
  "policy-length": "info",

  "any-project": "critical",
  "only-exclusions": "critical",
  "caller-chosen": "critical",
  "open-subject": "critical",
  "any-organization": "critical",
  "foreign-organization": "critical",
  "root-issuer": "warning",
  "foreign-provider": "warning",
  "audit-log-stream": "warning",
  "project-not-exact": "warning",

  "branch-injection": "warning",
  "any-branch": "warning",
  "repository-pattern": "warning",
  "branch-claim": "info",
  "branch-prefix": "info",
  "fork-builds": "info",
  "first-token": "info",

  "no-audience": "warning",
  "audience-pattern": "warning",
  "audience-not-default": "info",

  "absent-key-holds": "warning",
  "absent-key-fails": "warning",
  "foreign-key": "warning",
  "key-twice": "warning",
  "set-operator": "warning",
  "if-exists": "warning",

  "empty-values": "warning",
  placeholder: "warning",
  "wildcard-in-equals": "warning",
  "wrong-case": "warning",
  "matches-no-token": "warning",

  "action-mismatch": "warning",
  "action-wildcard": "warning",
  "not-action": "warning",

  everyone: "critical",
  "organization-wide": "warning",
  "account-wide": "warning",
  "deleted-principal": "warning",

  "outsider-subject": "critical",
  "no-subject": "warning",
  "github-id": "warning",

  "administrator-access": "warning",
  "widens-itself": "warning",
  "cdk-bootstrap": "warning",
} as const satisfies Record<string, LintSeverity>;

export type LintRuleId = keyof typeof lintRules;

/** A change of the policy's text that takes a finding away and lets nobody in who was not let in before. */
export type LintFix = { readonly title: Message; readonly edits: readonly LintEdit[] };

export type LintFinding = {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  readonly path: JsonPath;
  /** Offsets in the text that was read. */
  readonly span: { readonly start: number; readonly end: number };
  readonly message: Message;
  readonly fix?: LintFix;
};

/** What a finding is made of by a rule: the rest follows from the rule and the document. */
export type Draft = {
  readonly rule: LintRuleId;
  readonly path: JsonPath;
  readonly args?: Readonly<Record<string, string | number>>;
  /** Another sentence than that of the rule. */
  readonly message?: MessageId;
  readonly fix?: LintFix | undefined;
};

/** Makes findings of drafts, each rule at most once at a place. */
export function toFindings(
  { json }: Pick<TrustDocument, "json">,
  drafts: readonly Draft[],
): readonly LintFinding[] {
  const seen = new Set<string>();
  return drafts.flatMap((draft) => {
    const { rule, path, fix } = draft;
    const place = `${rule} ${JSON.stringify(path)}`;
    if (seen.has(place)) return [];
    seen.add(place);
    const finding = { rule, severity: lintRules[rule], path, span: spanOf(json, path) };
    return [
      {
        ...finding,
        message: msg(draft.message ?? `lint.${rule}`, draft.args),
        ...(fix === undefined ? {} : { fix }),
      },
    ];
  });
}

/** The text of a path: a member with its name, an item, or of a whole statement only its first character. */
function spanOf(json: JsonNode, path: JsonPath): { readonly start: number; readonly end: number } {
  const parent = nodeAt(json, path.slice(0, -1));
  const last = path.at(-1);
  if (parent?.kind === "object") {
    const member = parent.members.find(({ name }) => name === last);
    if (member !== undefined) return { start: member.nameSpan.start, end: member.value.end };
  }
  // What IAM misses is not there: what should have it is.
  const node = nodeAt(json, path) ?? parent;
  if (node === undefined || path.length === 0) return { start: json.start, end: json.start };
  return node.kind === "object"
    ? { start: node.start, end: node.start + 1 }
    : { start: node.start, end: node.end };
}
