import { checkUuid } from "../ids.ts";
import { msg, type Message } from "../messages.ts";
import { valueOf, type WizardState } from "./state.ts";

/**
 * Whether the organization is known to be the user's. A repository can claim to belong to anybody's
 * organization, and a role for a foreign organization would open the account to strangers. So the claim alone
 * is never enough: the CircleCI API must confirm it with the user's own token, or the user must name the
 * organization by its ID. Where the two disagree nothing can be applied.
 */
export type Standing =
  | { readonly kind: "open" }
  | { readonly kind: "confirmed"; readonly by: "CircleCI API" | "typed" }
  | { readonly kind: "refused"; readonly reason: Message };

/** Judges what is known of the organization. */
export function standing(state: WizardState): Standing {
  const claim = state.detected.kind === "ready" ? state.detected.value.claim : undefined;
  const lookup = state.lookup.kind === "ready" ? state.lookup.value : undefined;
  const organization = valueOf(checkUuid(state.answers.organizationId, ""));
  const project = valueOf(checkUuid(state.answers.projectId, ""));
  if (lookup !== undefined) {
    if (!lookup.member) return refused("wizard.claim.notMember", { organization: lookup.organizationName });
    if (claim !== undefined && claim.organizationId !== lookup.organizationId) {
      return refused("wizard.claim.apiDisagrees", {
        file: claim.file,
        organization: lookup.organizationName,
      });
    }
    if (claim !== undefined && claim.projectId !== lookup.projectId) {
      return refused("wizard.claim.apiDisagreesProject", { file: claim.file, project: lookup.projectName });
    }
  }
  if (organization === undefined || project === undefined) return { kind: "open" };
  if (lookup !== undefined && lookup.organizationId === organization && lookup.projectId === project) {
    return { kind: "confirmed", by: "CircleCI API" };
  }
  if (lookup !== undefined) return refused("wizard.claim.typedDisagreesWithApi", {});
  if (claim !== undefined && claim.organizationId !== organization) {
    return refused("wizard.claim.typedDisagrees", { file: claim.file });
  }
  if (claim !== undefined && claim.projectId !== project) {
    return refused("wizard.claim.typedDisagreesProject", { file: claim.file });
  }
  return state.touched.includes("organizationId") ? { kind: "confirmed", by: "typed" } : { kind: "open" };
}

function refused(id: Message["id"], args: Record<string, string>): Standing {
  return { kind: "refused", reason: msg(id, args) };
}
