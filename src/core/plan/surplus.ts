import { SETUP_TAG, type PolicyAttachment, type Resource, type Role } from "../blueprint/index.ts";
import { msg } from "../messages.ts";
import { consentKey, type Change } from "./change.ts";
import type { Edit } from "./edit.ts";
import { fingerprint } from "./fingerprint.ts";
import { surplusKey, type Observation, type Observations } from "./observed.ts";
import { isSameSetup, managedElsewhere } from "./owner.ts";

/** How the attachment of a surplus policy is observed. */
export const attached: Observation = { state: "present", resource: { kind: "PolicyAttachment" } };

/** The attachment of a policy to a role that has it too much. */
export function surplusOf(role: Role, policyArn: string): PolicyAttachment {
  const scope = role.address.slice(0, role.address.indexOf("/"));
  return {
    kind: "PolicyAttachment",
    address: `${scope}/surplus/${role.name}${policyArn.slice(policyArn.indexOf("/"))}`,
    account: role.account,
    profile: role.profile,
    needs: [],
    roleName: role.name,
    policyArn,
  };
}

/**
 * Policies that an earlier run of the setup attached to its role and that are not wanted any more are taken off, so that
 * the role may do what was chosen and nothing else. What takes over from them comes first. A role of which that could
 * not be seen is blocked.
 */
export function withSurplus(
  changes: readonly Change[],
  wanted: readonly Resource[],
  observed: Observations,
): readonly Change[] {
  const behind: Change[] = [];
  const judged = changes.map((change): Change => {
    const { action, resource: role, seen } = change;
    if (role.kind !== "Role" || action === "create" || action === "blocked") return change;
    const [existing, found] = [observed[role.address], observed[surplusKey(role.address)]];
    if (existing?.state !== "present" || existing.resource.kind !== "Role") return change;
    const { tags } = existing.resource;
    const setupId = tags[SETUP_TAG];
    if (setupId === undefined || !isSameSetup(tags, role.tags) || managedElsewhere(tags) !== undefined)
      return change;
    if (found?.state === "unknown")
      return {
        action: "blocked",
        resource: role,
        seen,
        reasons: [found.reason],
        existing: existing.resource,
      };
    if (found?.state !== "present" || found.resource.kind !== "Surplus") return change;
    const successors = wanted.filter(
      (one) =>
        one.account === role.account &&
        (one.kind === "ManagedPolicy" || (one.kind === "PolicyAttachment" && one.roleName === role.name)),
    );
    const needs = [role.address, ...successors.map(({ address }) => address)];
    behind.push(...found.resource.arns.map((arn) => detaching({ ...surplusOf(role, arn), needs }, setupId)));
    return change;
  });
  return [...judged, ...behind];
}

function detaching(resource: PolicyAttachment, setupId: string): Change {
  const { address, account, profile, roleName, policyArn } = resource;
  const edits: readonly Edit[] = [
    { kind: "Detach", address, account, profile, needs: [], roleName, policyArn, setupId },
  ];
  const policy = policyArn.slice(policyArn.lastIndexOf("/") + 1);
  const words = [msg("plan.update.detach", { policy, role: roleName })];
  return {
    action: "update",
    resource,
    seen: fingerprint(attached),
    notes: [],
    edits,
    existing: { kind: "PolicyAttachment" },
    consent: { key: consentKey(resource, edits), words, required: true },
  };
}
