import { msg } from "../../messages.ts";
import { covers } from "../covers.ts";
import type { InvalidTrust, TrustDocument } from "../document.ts";
import { readJson } from "../json.ts";
import type { PolicyInput } from "../simulation.ts";
import { policyDocument } from "../statement.ts";
import { actionRules } from "./actions.ts";
import { audienceRules } from "./audience.ts";
import type { LintContext } from "./context.ts";
import { lintRules, toFindings, type Draft, type LintFinding } from "./finding.ts";
import { issuersOf } from "./issuer.ts";
import { keyRules } from "./keys.ts";
import { otherIssuerRules } from "./otherIssuers.ts";
import { principalRules } from "./principals.ts";
import { scopeRules } from "./scope.ts";
import { subjectRules } from "./subjectRules.ts";
import { valueRules } from "./values.ts";
import { wholePolicyRules } from "./wholePolicy.ts";

export type { LintContext } from "./context.ts";
export { applyEdits, type LintEdit } from "./edits.ts";
export { lintRules, type LintFinding, type LintFix, type LintRuleId, type LintSeverity } from "./finding.ts";
export { lintRolePermissions, type RolePermissions } from "./permissions.ts";

/**
 * What is wrong with a trust policy, in the order of its text. How bad it is follows from who could get in: the
 * policy is tried with tokens of other projects, other organizations, forks, injected branch names and log
 * streaming. Where and why follows from how it is written. Offsets are those of the text that
 * `parseTrustDocument` reads, which for a URL-encoded policy is the decoded one. A policy that IAM would refuse to
 * store has one finding, with IAM's words. Each fix lets nobody in who was not let in before.
 */
export function lintTrustPolicy(input: PolicyInput, context: LintContext = {}): readonly LintFinding[] {
  const document = policyDocument(input);
  if (document.kind === "invalid") return [invalid(document, input)];
  const drafts = [
    ...wholePolicyRules(document, context),
    ...document.statements.flatMap((statement) => [
      ...keyRules(document, statement),
      ...valueRules(document, statement),
      ...(statement.effect === "Allow" ? allowRules(document, statement.index, context) : []),
    ]),
  ];
  return toFindings(document, drafts).toSorted((one, other) => one.span.start - other.span.start);
}

function allowRules(document: TrustDocument, index: number, context: LintContext): readonly Draft[] {
  const statement = document.statements[index];
  if (statement === undefined) return [];
  const trusted = covers(statement, "sts:AssumeRoleWithWebIdentity")
    ? issuersOf(statement).map((issuer) => ({ document, statement, issuer }))
    : [];
  return [
    ...actionRules(document, statement),
    ...principalRules(document, statement),
    ...trusted.flatMap((one) => [
      ...scopeRules(one, context),
      ...subjectRules(one),
      ...audienceRules(one),
      ...otherIssuerRules(one),
    ]),
  ];
}

/** The finding for a policy that cannot be stored; its place is known where the text is JSON. */
function invalid({ path, message }: InvalidTrust, input: PolicyInput): LintFinding {
  const policy = "policy" in input ? input.policy : undefined;
  const text = typeof policy === "string" ? policy : JSON.stringify(policy ?? null);
  const json = readJson(text);
  const args = { message };
  const [finding] = json === undefined ? [] : toFindings({ json }, [{ rule: "invalid-policy", path, args }]);
  return (
    finding ?? {
      rule: "invalid-policy",
      severity: lintRules["invalid-policy"],
      path,
      span: { start: 0, end: 0 },
      message: msg("lint.invalid-policy", args),
    }
  );
}
