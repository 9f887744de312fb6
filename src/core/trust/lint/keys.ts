import { msg } from "../../messages.ts";
import { PROJECT_CLAIM } from "../context.ts";
import type { TrustCondition, TrustDocument, TrustStatement } from "../document.ts";
import { nodeAt } from "../json.ts";
import { operatorBase, operatorText } from "../operators.ts";
import { holdsWithoutKey, isExposed, isIssuerKey } from "./conditions.ts";
import { removeAt, renameMember, type LintEdit } from "./edits.ts";
import type { Draft, LintFix } from "./finding.ts";
import { claimOf, issuersOf, type Issuer } from "./issuer.ts";
import { isPlaceholder } from "../placeholder.ts";

/** Keys that have several values; all others have one. */
const SEVERAL =
  /:(?:amr|oaud)$|^aws:(?:TagKeys|PrincipalOrgPaths|SourceOrgPaths|PrincipalServiceNamesList|CalledVia)$|^sts:TransitiveTagKeys$/i;

/** Keys and operators: what AWS gives a request, and what an operator makes of a key that is not there. */
export function keyRules(document: TrustDocument, statement: TrustStatement): readonly Draft[] {
  const issuers = issuersOf(statement);
  return statement.conditions.flatMap((condition) => {
    if (isPlaceholder(condition.key)) return [];
    const absent = absentRule(document, { statement, condition, issuers });
    if (absent !== undefined) return [absent];
    return operatorRules(document, { statement, condition, issuers });
  });
}

type Place = {
  readonly statement: TrustStatement;
  readonly condition: TrustCondition;
  readonly issuers: readonly Issuer[];
};

/** A key that the requests never have: the condition always holds, or never does. */
function absentRule(document: TrustDocument, place: Place): Draft | undefined {
  const { condition, issuers, statement } = place;
  const { key, path } = condition;
  const mine = issuers.filter((issuer) => claimOf(condition, issuer) !== undefined);
  const isForeign = mine.length === 0 && isIssuerKey(key);
  const isAbsent =
    mine.length > 0 && mine.every((issuer) => isExposed(claimOf(condition, issuer) ?? "", issuer) === "no");
  if (!isForeign && !isAbsent) return undefined;
  const holds = holdsWithoutKey(condition);
  if (typeof holds !== "boolean") return undefined;
  const args = { key, operator: operatorText(condition) };
  const fix = holds ? pastFix(document, place) : deadFix(document, statement);
  if (isForeign)
    return {
      rule: "foreign-key",
      path,
      args,
      fix,
      ...(holds ? { message: "lint.foreign-key.holds" as const } : {}),
    };
  if (holds) return { rule: "absent-key-holds", path, args, fix };
  // A Deny that never applies guards against nothing.
  return statement.effect === "Deny"
    ? { rule: "absent-key-holds", message: "lint.absent-key-holds.deny", path, args, fix }
    : { rule: "absent-key-fails", path, args };
}

/** A condition that always holds: give a mistyped key its right name, or take the condition out. */
function pastFix(document: TrustDocument, { condition, issuers, statement }: Place): LintFix | undefined {
  const { path, key } = condition;
  const issuer = issuers.find(
    ({ kind, name }) => kind === "organization" && key.toLowerCase().startsWith(`${name.toLowerCase()}:`),
  );
  if (issuer !== undefined && statement.effect === "Allow" && isMistyped(claimOf(condition, issuer) ?? "")) {
    const right = `${issuer.name}:${PROJECT_CLAIM}`;
    const renamed = renameMember(document, path, right);
    if (renamed !== undefined && condition.operator !== "Null" && !operatorBase(condition.operator).negated)
      return { title: msg("lint.fix.rename", { key: right }), edits: [renamed] };
  }
  return fixOf("lint.fix.removeCondition", removeAt(document, path));
}

/** A statement that never applies can go, if there is another. */
function deadFix(document: TrustDocument, statement: TrustStatement): LintFix | undefined {
  const { statements } = document;
  if (statement.effect === "Allow" || !statements.some(({ effect }) => effect === "Allow")) return undefined;
  return statements.length < 2
    ? undefined
    : fixOf("lint.fix.removeStatement", removeAt(document, statement.path));
}

function fixOf(title: "lint.fix.removeCondition" | "lint.fix.removeStatement", edit: LintEdit | undefined) {
  return edit === undefined ? undefined : { title: msg(title), edits: [edit] };
}

function isMistyped(claim: string): boolean {
  return claim.replaceAll(/[^a-z]/g, "").replace(/^oidccirclecicom/, "") === "projectid";
}

function operatorRules(document: TrustDocument, { statement, condition, issuers }: Place): readonly Draft[] {
  const { key, qualifier, ifExists, operator, path } = condition;
  const { negated } = operatorBase(operator);
  const claim = issuers.flatMap((issuer) => claimOf(condition, issuer) ?? [])[0];
  const args = { key, operator: operatorText(condition) };
  // What holds less often lets fewer in; of a Deny it is the other way round. Of an empty list it is not certain.
  const fixTo = (isNarrower: boolean, plain: Parameters<typeof operatorText>[0]): LintFix | undefined =>
    isNarrower && statement.effect === "Allow" && condition.values.length > 0
      ? operatorFix(document, path, operatorText(plain))
      : undefined;
  const drafts: Draft[] = [];
  if (qualifier !== "none" && operator !== "Null" && !SEVERAL.test(key)) {
    // Without the key ForAnyValue fails where a negated operator by itself would hold.
    const isNarrower = qualifier === "ForAllValues" || !negated;
    const fix = fixTo(isNarrower, { operator, qualifier: "none", ifExists });
    drafts.push({ rule: "set-operator", path, args, fix });
  }
  if (ifExists && !negated && (claim !== undefined || qualifier === "none")) {
    const fix = fixTo(qualifier === "none", { operator, qualifier, ifExists: false });
    drafts.push({ rule: "if-exists", path, args, fix });
  }
  return drafts;
}

/** Gives an operator its plain name, where nothing else stands under it and the plain one is not there yet. */
function operatorFix(document: TrustDocument, path: Draft["path"], to: string): LintFix | undefined {
  const block = path.slice(0, -1);
  const keys = nodeAt(document.json, block);
  const isAlone = keys?.kind === "object" && keys.members.length === 1;
  const edit = isAlone ? renameMember(document, block, to) : undefined;
  return edit === undefined
    ? undefined
    : { title: msg("lint.fix.operator", { operator: to }), edits: [edit] };
}
