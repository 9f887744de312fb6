import type { ManagedPolicy, Resource, Role } from "../blueprint/index.ts";
import { msg } from "../messages.ts";
import { MANAGED_POLICY_QUOTA, policyLength } from "../policy.ts";
import { isAgreed, type Change, type Verdict } from "./change.ts";
import { fingerprint } from "./fingerprint.ts";
import { trustQuota, withinLimits } from "./limits.ts";
import type { Observation, Observations, ObservedResource } from "./observed.ts";
import { comparePolicy } from "./policy.ts";
import { compareProvider } from "./provider.ts";
import { compareRole } from "./role.ts";
import { withSurplus } from "./surplus.ts";

export { coversConsent, isAgreed, type Change, type Consent } from "./change.ts";
export { isEdit, targetKey, type Edit, type Target } from "./edit.ts";
export { quotasKey, referenceKey, surplusKey } from "./observed.ts";
export { attached, surplusOf } from "./surplus.ts";
export type { Observation, Observations, ObservedResource, PolicyVersion } from "./observed.ts";

/**
 * Compares what is wanted with what exists. Nothing else decides what will happen. Order is kept; what is taken off roles
 * comes behind. Nothing is written next to something blocked: `isApplicable` is false then.
 */
export function plan(wanted: readonly Resource[], observed: Observations): readonly Change[] {
  const changes = wanted.map((resource, at): Change => {
    const observation = observed[resource.address];
    const isFirst = wanted.findIndex(({ address }) => address === resource.address) === at;
    const verdict = !isFirst ? blockedBy("plan.twice") : compare(resource, observation, { observed, wanted });
    return { ...verdict, resource, seen: fingerprint(observation) };
  });
  return withSurplus(withinLimits(attachmentsOfNewRoles(changes), observed), wanted, observed);
}

const nothingAgreed: ReadonlySet<string> = new Set();

/**
 * Whether the plan may be applied: nothing in it is blocked, and every change of something that exists, and every use of
 * what belongs to others too, was agreed to.
 *
 * @param consents keys of what the user has agreed to
 */
export function isApplicable(
  changes: readonly Change[],
  consents: ReadonlySet<string> = nothingAgreed,
): boolean {
  return changes.every(
    (change) => change.action !== "blocked" && openConsent(change, consents) === undefined,
  );
}

/** What has to be agreed to before a change may be made, and was not yet. */
export function openConsent(change: Change, consents: ReadonlySet<string>): string | undefined {
  const consent = "consent" in change ? change.consent : undefined;
  return consent === undefined || !consent.required || isAgreed(consents, consent.key)
    ? undefined
    : consent.key;
}

/** Whether a change writes something, as far as it was agreed to. */
export function isWritten(change: Change, consents: ReadonlySet<string>): boolean {
  return change.action === "create" || (change.action === "update" && isAgreed(consents, change.consent.key));
}

/** Whether applying the plan would write anything. */
export function writesAnything(
  changes: readonly Change[],
  consents: ReadonlySet<string> = nothingAgreed,
): boolean {
  return changes.some((change) => isWritten(change, consents));
}

/** All that is known while one resource is compared. */
type Scene = { readonly observed: Observations; readonly wanted: readonly Resource[] };

function compare(resource: Resource, observation: Observation | undefined, scene: Scene): Verdict {
  if (resource.kind === "ManagedPolicy") {
    const length = policyLength(resource.document);
    if (length > MANAGED_POLICY_QUOTA) {
      return {
        action: "blocked",
        reasons: [msg("plan.policyTooLong", { length, quota: MANAGED_POLICY_QUOTA })],
      };
    }
  }
  if (observation === undefined) return blockedBy("plan.notObserved");
  switch (observation.state) {
    case "absent":
      return { action: "create", notes: [] };
    case "unknown":
      return { action: "blocked", reasons: [observation.reason] };
    case "present":
      return compareExisting(resource, observation.resource, scene);
  }
}

function compareExisting(
  resource: Resource,
  existing: ObservedResource,
  { observed, wanted }: Scene,
): Verdict {
  switch (resource.kind) {
    case "OidcProvider":
      if (existing.kind === "OidcProvider") return compareProvider(resource, existing);
      break;
    case "Role":
      if (existing.kind !== "Role") break;
      return compareRole(resource, existing, {
        quota: trustQuota(observed, resource.account),
        granted: grantedTo(resource, wanted),
      });
    case "ManagedPolicy":
      if (existing.kind === "ManagedPolicy")
        return comparePolicy(resource, existing, rolesWith(resource, wanted));
      break;
    case "PolicyAttachment":
      if (existing.kind === "PolicyAttachment") return { action: "unchanged", notes: [] };
  }
  return blockedBy("plan.differs.kind");
}

/** The names of the roles that the setup itself attaches a policy to. */
function rolesWith({ arn }: ManagedPolicy, wanted: readonly Resource[]): readonly string[] {
  return wanted.flatMap((one) =>
    one.kind === "PolicyAttachment" && one.policyArn === arn ? [one.roleName] : [],
  );
}

/** The policies that the setup itself attaches to a role. */
function grantedTo({ account, name }: Role, wanted: readonly Resource[]): readonly string[] {
  return wanted.flatMap((one) =>
    one.kind === "PolicyAttachment" && one.account === account && one.roleName === name
      ? [one.policyArn]
      : [],
  );
}

function blockedBy(id: "plan.notObserved" | "plan.differs.kind" | "plan.twice"): Verdict {
  return { action: "blocked", reasons: [msg(id)] };
}

const isTwice = (change: Change): boolean =>
  change.action === "blocked" && change.reasons.some(({ id }) => id === "plan.twice");

/** An attachment to a role that is not there yet is to be created, whatever could be read of it. */
function attachmentsOfNewRoles(changes: readonly Change[]): readonly Change[] {
  const created = new Set(changes.filter((change) => change.action === "create").map(addressOf));
  return changes.map((change) =>
    change.resource.kind === "PolicyAttachment" &&
    !isTwice(change) &&
    change.resource.needs.some((need) => created.has(need))
      ? { action: "create", resource: change.resource, seen: change.seen, notes: [] }
      : change,
  );
}

const addressOf = (change: Change): string => change.resource.address;
