import { MANAGED_BY, type Resource } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import { MANAGED_POLICY_QUOTA, policyLength, samePolicy } from "../policy.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Observation, Observations, ObservedResource } from "./observed.ts";
import { deletedPrincipal } from "./principal.ts";

export type { Observation, Observations, ObservedResource } from "./observed.ts";

type Common = {
  readonly resource: Resource;
  /** The fingerprint of what was observed: `apply` writes nothing where the world has another by then. */
  readonly seen: string;
};

/**
 * What happens to a resource. `adopt`: it exists, says what is wanted and was made by somebody else: it is used
 * as it is. `blocked`: it exists and differs, or could not be read: it is shown and left alone.
 */
export type Change = Common &
  (
    | { readonly action: "create" }
    | { readonly action: "unchanged"; readonly notes: readonly Message[] }
    | { readonly action: "adopt"; readonly notes: readonly Message[] }
    | {
        readonly action: "blocked";
        readonly reason: Message;
        /** What exists, for a comparison with what is wanted; absent where it could not be read. */
        readonly existing?: ObservedResource;
      }
  );

/**
 * Compares what is wanted with what exists. Nothing else decides what will happen. Order is kept. Nothing is
 * created next to something blocked: `isApplicable` is false then.
 */
export function plan(wanted: readonly Resource[], observed: Observations): readonly Change[] {
  const changes = wanted.map((resource) => compare(resource, observed[resource.address]));
  return attachmentsOfNewRoles(changes);
}

/** Whether the plan may be applied: nothing in it is blocked. */
export function isApplicable(changes: readonly Change[]): boolean {
  return changes.every((change) => change.action !== "blocked");
}

/** Whether applying the plan would write anything. */
export function writesAnything(changes: readonly Change[]): boolean {
  return changes.some((change) => change.action === "create");
}

function compare(resource: Resource, observation: Observation | undefined): Change {
  const seen = fingerprint(observation);
  if (resource.kind === "ManagedPolicy") {
    const length = policyLength(resource.document);
    if (length > MANAGED_POLICY_QUOTA) {
      const reason = msg("plan.policyTooLong", { length, quota: MANAGED_POLICY_QUOTA });
      return { action: "blocked", resource, seen, reason };
    }
  }
  if (observation === undefined) {
    return { action: "blocked", resource, seen, reason: msg("plan.notObserved") };
  }
  switch (observation.state) {
    case "absent":
      return { action: "create", resource, seen };
    case "unknown":
      return { action: "blocked", resource, seen, reason: observation.reason };
    case "present": {
      const existing = observation.resource;
      const reason = difference(resource, existing);
      if (reason !== undefined) return { action: "blocked", resource, seen, reason, existing };
      const action = isOurs(existing) ? "unchanged" : "adopt";
      return { action, resource, seen, notes: notes(resource, existing) };
    }
  }
}

/** Undefined where what exists does all that is wanted and admits nobody else. */
function difference(resource: Resource, existing: ObservedResource): Message | undefined {
  switch (resource.kind) {
    case "OidcProvider": {
      if (existing.kind !== "OidcProvider") return msg("plan.differs.kind");
      const missing = resource.clientIds.find((id) => !existing.clientIds.includes(id));
      return missing === undefined
        ? undefined
        : msg("plan.differs.audience", { audience: missing, arn: resource.arn });
    }
    case "Role":
      return existing.kind === "Role" ? roleDifference(resource, existing) : msg("plan.differs.kind");
    case "ManagedPolicy": {
      if (existing.kind !== "ManagedPolicy") return msg("plan.differs.kind");
      if (existing.arn !== resource.arn) return msg("plan.differs.arn", { arn: existing.arn });
      return samePolicy(existing.document, resource.document) ? undefined : msg("plan.differs.policy");
    }
    case "PolicyAttachment":
      return existing.kind === "PolicyAttachment" ? undefined : msg("plan.differs.kind");
  }
}

function roleDifference(
  resource: Extract<Resource, { kind: "Role" }>,
  existing: Extract<ObservedResource, { kind: "Role" }>,
): Message | undefined {
  if (existing.arn !== resource.arn) return msg("plan.differs.arn", { arn: existing.arn });
  if (!samePolicy(existing.trust, resource.trust)) {
    const principal = deletedPrincipal(existing.trust, resource.trust);
    return principal === undefined
      ? msg("plan.differs.trust", { role: resource.name })
      : msg("plan.differs.deleted", { role: resource.name, principal });
  }
  const foreign = [...existing.attachedPolicies, ...existing.inlinePolicies];
  // A role of somebody else's may be allowed anything: joining it would hand that to every job of the project.
  if (!isOurs(existing) && foreign.length > 0) {
    return msg("plan.differs.permissions", { role: resource.name, policies: foreign.join(", ") });
  }
  return undefined;
}

function isOurs(existing: ObservedResource): boolean {
  return existing.kind === "PolicyAttachment" || existing.tags["managed-by"] === MANAGED_BY;
}

function notes(resource: Resource, existing: ObservedResource): readonly Message[] {
  const found: Message[] = [];
  if (existing.kind === "Role" && resource.kind === "Role") {
    const policies = [...existing.attachedPolicies, ...existing.inlinePolicies];
    if (policies.length > 0) found.push(msg("plan.note.permissions", { policies: policies.join(", ") }));
    if (existing.permissionsBoundary !== undefined) {
      found.push(msg("plan.note.boundary", { arn: existing.permissionsBoundary }));
    }
  }
  if (existing.kind === "OidcProvider" && resource.kind === "OidcProvider") {
    const others = existing.clientIds.filter((id) => !resource.clientIds.includes(id));
    if (others.length > 0) found.push(msg("plan.note.audiences", { audiences: others.join(", ") }));
  }
  return found;
}

/** An attachment to a role that is not there yet is to be created, whatever could be read of it. */
function attachmentsOfNewRoles(changes: readonly Change[]): readonly Change[] {
  const created = new Set(changes.filter((change) => change.action === "create").map(addressOf));
  return changes.map((change) =>
    change.resource.kind === "PolicyAttachment" && change.resource.needs.some((need) => created.has(need))
      ? { action: "create", resource: change.resource, seen: change.seen }
      : change,
  );
}

const addressOf = (change: Change): string => change.resource.address;
