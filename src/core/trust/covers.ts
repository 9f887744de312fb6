import type { TrustStatement } from "./document.ts";
import { matchesWildcards } from "./match.ts";

/**
 * Whether a statement is about an action. Prefix and name ignore case; `NotAction` covers everything it does not
 * list.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
 */
export function covers({ actions, notActions }: TrustStatement, action: string): boolean {
  const listed = (actions ?? notActions ?? []).some(({ value }) =>
    matchesWildcards(value.toLowerCase(), action.toLowerCase()),
  );
  return actions === undefined ? !listed : listed;
}
