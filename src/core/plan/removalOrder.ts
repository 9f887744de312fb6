import type { Resource } from "../blueprint/index.ts";
import { isEdit, subjectOf, type Target } from "./edit.ts";
import type { Candidate } from "./removals.ts";

/**
 * Edits of roles and policies, and attachments first, which a role must be without, then the roles of sub-accounts, the
 * hub's role and policies, and last providers and what was added to them.
 */
function removalRank(resource: Target): number {
  switch (resource.kind) {
    case "TrustStatements":
    case "PolicyVersion":
    case "DropVersion":
    case "Tag":
    case "Detach":
    case "Description":
    case "MaxSession":
    case "Boundary":
    case "PolicyAttachment":
      return 0;
    case "Role":
      return trustedRole(resource) === undefined ? 2 : 1;
    case "ManagedPolicy":
      return 2;
    case "OidcProvider":
    case "AddAudience":
    case "AddThumbprint":
      return 3;
  }
}

/** Whether the first must be gone before the second is begun. Candidates are in the order of their creation. */
export function precedes(first: Target, second: Target, candidates: readonly Candidate[]): boolean {
  const ranks = removalRank(first) - removalRank(second);
  if (ranks !== 0) return ranks < 0;
  if (first === second || !isEdit(first) || subjectOf(first) !== subjectOf(second)) return false;
  const at = (target: Target): number => candidates.findIndex(({ resource }) => resource === target);
  return at(first) > at(second);
}

/** The order in which candidates are judged and removed: the latest first within what may go at once. */
export function removalOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toReversed().toSorted((a, b) => removalRank(a.resource) - removalRank(b.resource));
}

/** The ARN of the role that a sub-account's role trusts. */
export function trustedRole(role: Extract<Resource, { kind: "Role" }>): string | undefined {
  const principal = role.trust.Statement[0]?.Principal;
  return principal !== undefined && "AWS" in principal ? principal.AWS : undefined;
}
