import { msg } from "../../messages.ts";
import type { TrustDocument } from "../document.ts";
import { insertFirst, replaceValue } from "./edits.ts";
import type { LintContext } from "./context.ts";
import type { Draft, LintFix } from "./finding.ts";

/**
 * The quota of an account for a role's trust policy unless it was raised, without white space.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const DEFAULT_QUOTA = 2048;

/** The policy as a whole: its version, its length, and what IAM may refuse. */
export function wholePolicyRules(document: TrustDocument, context: LintContext): readonly Draft[] {
  const { version, length, doubts } = document;
  const { policyQuota: quota = DEFAULT_QUOTA } = context;
  // An action of which it is not certain whether IAM stores it has a finding of its own where it is too wide.
  const uncertain = doubts.filter(({ doubt }) => doubt.id !== "trust.doubt.action");
  return [
    ...uncertain.map(({ path, doubt: { id, args = {} } }): Draft =>
      id === "trust.doubt.keyTwice" ? { rule: "key-twice", path, args } : { rule: "maybe-refused", path },
    ),
    ...(version === "2012-10-17" ? [] : [versionRule(document)]),
    ...(length > quota
      ? [{ rule: "policy-length" as const, path: ["Statement"], args: { length, quota } }]
      : []),
  ];
}

function versionRule(document: TrustDocument): Draft {
  const path = document.version === undefined ? ["Statement"] : ["Version"];
  return { rule: "policy-version", path, fix: versionFix(document) };
}

/** The newer version reads `${…}` as variables, which could let others in. */
function versionFix(document: TrustDocument): LintFix | undefined {
  if (document.text.includes("${")) return undefined;
  const edit =
    document.version === undefined
      ? insertFirst(document, document.json, '"Version": "2012-10-17"')
      : replaceValue(document, ["Version"], "2012-10-17");
  return edit === undefined ? undefined : { title: msg("lint.fix.version"), edits: [edit] };
}
