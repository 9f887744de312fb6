import {
  parseTrustDocument,
  type InvalidTrust,
  type TrustDocument,
  type TrustStatement,
} from "./document.ts";
import { matchesWildcards } from "./match.ts";
import type { PolicyInput } from "./simulation.ts";

/** The document of an input, read where it was not. */
export function policyDocument(input: PolicyInput): TrustDocument | InvalidTrust {
  return "document" in input ? input.document : parseTrustDocument(input.policy);
}

/**
 * Whether the actions of a statement cover one action. Prefix and name of an action ignore case; `NotAction`
 * covers everything it does not list.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
 */
export function coversAction({ actions, notActions }: TrustStatement, action: string): boolean {
  const listed = (actions ?? notActions ?? []).some(({ value }) =>
    matchesWildcards(value.toLowerCase(), action.toLowerCase()),
  );
  return actions === undefined ? !listed : listed;
}

/** Whether the actions of a statement are about assuming the role in any way. */
export function canAssume(statement: TrustStatement): boolean {
  return ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"].some((action) =>
    coversAction(statement, action),
  );
}
