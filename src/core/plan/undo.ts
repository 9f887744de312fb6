import { MANAGED_BY, RUN_TAG, SETUP_TAG, type PolicyAttachment, type Resource } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import { samePolicy } from "../policy.ts";
import { isEdit, targetKey } from "./edit.ts";
import { leftOfResource } from "./left.ts";
import type { ObservedResource } from "./observed.ts";
import { deletedPrincipal } from "./principal.ts";
import { policyCommands } from "./removal.ts";
import { removalOrder, trustedRole } from "./removalOrder.ts";
import { kept, type Candidate, type Evidence, type Owner, type Removal } from "./removals.ts";
import { judgeEdit, rolesNaming } from "./undoEdit.ts";

export { precedes, trustedRole } from "./removalOrder.ts";
export { keptAs } from "./removals.ts";
export type { Candidate, Evidence, Owner, Removal, Users } from "./removals.ts";

/**
 * What is removed, in an order in which IAM allows it, and what stays and why. Removed is only what carries the
 * owner's tags, or where tags are impossible is claimed by the journal, and only while it is as it was left.
 *
 * @param candidates in the order of creation, each resource once
 */
export function planRemoval(
  candidates: readonly Candidate[],
  evidence: Evidence,
  owner: Owner,
): readonly Removal[] {
  const removals: Removal[] = [];
  const going = new Set<string>();
  for (const candidate of removalOrder(candidates)) {
    const removal = judgeRemoval(candidate, candidates, evidence, owner, going);
    if (removal.action === "remove") going.add(targetKey(candidate.resource));
    removals.push(removal);
  }
  return removals.map((removal) => withBroken(removal, removals, evidence, going));
}

/**
 * Judges one candidate by what is known now.
 *
 * @param going keys of what is removed before it
 */
export function judgeRemoval(
  candidate: Candidate,
  candidates: readonly Candidate[],
  evidence: Evidence,
  owner: Owner,
  going: ReadonlySet<string>,
): Removal {
  const { resource, noted } = candidate;
  const observation = evidence.observed[targetKey(resource)];
  if (observation === undefined) return kept(resource, msg("plan.notObserved"), true);
  if (observation.state === "unknown") return kept(resource, observation.reason, true);
  if (observation.state === "absent") return { action: "gone", resource };
  if (isEdit(resource)) return judgeEdit(resource, observation.resource, candidates, evidence, going);
  if (resource.kind === "PolicyAttachment") {
    return judgeAttachment(resource, noted, candidates, evidence, owner);
  }
  const existing = observation.resource;
  if (!isOwned(existing, owner)) return kept(resource, msg("removal.keep.notOurs"), noted);
  const changed = difference(resource, existing, candidates, going);
  const reason = changed ?? inUse(resource, evidence, candidates, going);
  if (reason === undefined) return { action: "remove", resource, notes: [] };
  const differs = changed === undefined ? undefined : leftOfResource(resource, existing, candidates);
  const removal = kept(resource, reason, true, differs);
  return resource.kind === "Role" && existing.kind === "Role"
    ? { ...removal, commands: [...policyCommands(resource, existing), ...removal.commands] }
    : removal;
}

/**
 * An attachment has no tags. It is the owner's where the journal says so, or where it joins a role and a policy
 * that both are: then it cannot be older than they are. In either case it went away with a role or a policy that
 * has been replaced by somebody else's since; a role that no journal says was made here is one that was joined.
 */
function judgeAttachment(
  resource: PolicyAttachment,
  noted: boolean,
  candidates: readonly Candidate[],
  { observed }: Evidence,
  owner: Owner,
): Removal {
  const ends = candidates.filter(
    ({ resource: end }) =>
      end.account === resource.account &&
      ((end.kind === "Role" && end.name === resource.roleName) ||
        (end.kind === "ManagedPolicy" && end.arn === resource.policyArn)),
  );
  const found = ends.map((end) => ({ end, observation: observed[targetKey(end.resource)] }));
  const unknown = found.find(({ observation }) => observation?.state === "unknown")?.observation;
  if (unknown?.state === "unknown") return kept(resource, unknown.reason, true);
  // A run that changed what it joins looked right before: a note in doubt counts for it as it does for the change.
  const isClaimed =
    noted ||
    candidates.some(
      ({ resource: edit }) =>
        (edit.kind === "TrustStatements" &&
          edit.account === resource.account &&
          edit.roleName === resource.roleName) ||
        (edit.kind === "PolicyVersion" && edit.arn === resource.policyArn),
    );
  const isJoined = ({ resource: end, noted: isMade }: Candidate): boolean =>
    isClaimed && end.kind === "Role" && !isMade;
  const isOfOwned = found.every(
    ({ end, observation }) =>
      observation?.state === "present" && (isOwned(observation.resource, owner) || isJoined(end)),
  );
  return isOfOwned && (isClaimed || ends.length === 2)
    ? { action: "remove", resource, notes: [] }
    : kept(resource, msg("removal.keep.attachment"), isOfOwned);
}

/** Whether it carries the owner's tags. */
export function isOwned(existing: ObservedResource, { setupId, runId }: Owner): boolean {
  if (!("tags" in existing)) return false;
  const { tags } = existing;
  return (
    tags["managed-by"] === MANAGED_BY &&
    tags[SETUP_TAG] === setupId &&
    (runId === undefined || tags[RUN_TAG] === runId)
  );
}

/** Undefined where it is as it was left. */
function difference(
  resource: Exclude<Resource, PolicyAttachment>,
  existing: ObservedResource,
  candidates: readonly Candidate[],
  going: ReadonlySet<string>,
): Message | undefined {
  if ("tags" in existing && Object.keys(existing.tags).some((key) => key.startsWith("aws:"))) {
    return msg("removal.keep.managed");
  }
  switch (resource.kind) {
    case "OidcProvider":
      return existing.kind === "OidcProvider"
        ? providerDifference(resource, existing)
        : msg("plan.differs.kind");
    case "Role":
      return existing.kind === "Role"
        ? roleDifference(resource, existing, attachedBy(resource, candidates, going))
        : msg("plan.differs.kind");
    case "ManagedPolicy":
      if (existing.kind !== "ManagedPolicy") return msg("plan.differs.kind");
      return samePolicy(existing.document, resource.document) ? undefined : msg("removal.keep.document");
  }
}

function providerDifference(
  resource: Extract<Resource, { kind: "OidcProvider" }>,
  existing: Extract<ObservedResource, { kind: "OidcProvider" }>,
): Message | undefined {
  const others = existing.clientIds.filter((id) => !resource.clientIds.includes(id));
  if (others.length > 0) return msg("removal.keep.audiences", { audiences: others.join(", ") });
  const missing = resource.clientIds.some((id) => !existing.clientIds.includes(id));
  // Where none was given, AWS fetches one of its own.
  const thumbprints =
    resource.thumbprints.length > 0 && !samePolicy(existing.thumbprints, resource.thumbprints);
  return missing || thumbprints ? msg("removal.keep.provider") : undefined;
}

function roleDifference(
  resource: Extract<Resource, { kind: "Role" }>,
  existing: Extract<ObservedResource, { kind: "Role" }>,
  own: readonly string[],
): Message | undefined {
  if (existing.arn !== resource.arn) return msg("removal.keep.arn", { arn: existing.arn });
  const isAsLeft =
    samePolicy(existing.trust, resource.trust) ||
    // Nobody edited it: the role it trusts was deleted.
    deletedPrincipal(existing.trust, resource.trust) !== undefined;
  if (!isAsLeft) return msg("removal.keep.trust");
  const added = [
    ...existing.attachedPolicies.filter((arn) => !own.includes(arn)),
    ...existing.inlinePolicies,
  ];
  if (added.length > 0) return msg("removal.keep.permissions", { policies: added.join(", ") });
  const boundary = existing.permissionsBoundary;
  if (boundary !== undefined && boundary !== resource.permissionsBoundary) {
    return msg("removal.keep.boundary", { arn: boundary });
  }
  if (existing.maxSessionSeconds !== resource.maxSessionSeconds) return msg("removal.keep.session");
  return undefined;
}

/** The policies on a role whose attachments are removed before it. */
function attachedBy(
  role: Extract<Resource, { kind: "Role" }>,
  candidates: readonly Candidate[],
  going: ReadonlySet<string>,
): readonly string[] {
  return candidates.flatMap(({ resource }) =>
    resource.kind === "PolicyAttachment" &&
    resource.account === role.account &&
    resource.roleName === role.name &&
    going.has(targetKey(resource))
      ? [resource.policyArn]
      : [],
  );
}

/** Who else needs it. */
function inUse(
  resource: Exclude<Resource, PolicyAttachment>,
  { observed, users }: Evidence,
  candidates: readonly Candidate[],
  going: ReadonlySet<string>,
): Message | undefined {
  if (resource.kind === "Role") {
    const unseen = candidates.flatMap(({ resource: other }) =>
      other.kind === "Role" &&
      trustedRole(other) === resource.arn &&
      observed[targetKey(other)]?.state === "unknown"
        ? [other.arn]
        : [],
    );
    return unseen.length === 0 ? undefined : msg("removal.keep.unseen", { roles: unseen.join(", ") });
  }
  if (resource.kind === "OidcProvider") {
    const found = users[targetKey(resource)];
    if (found === undefined) return msg("plan.notObserved");
    if (!found.known) return found.reason;
    const others = rolesNaming(resource.arn, found.roles, candidates, going);
    return others.length === 0 ? undefined : msg("removal.keep.used", { roles: others.join(", ") });
  }
  if (resource.kind !== "ManagedPolicy") return undefined;
  const observation = observed[targetKey(resource)];
  if (observation?.state !== "present" || observation.resource.kind !== "ManagedPolicy") return undefined;
  const own = candidates.filter(
    ({ resource: other }) =>
      other.kind === "PolicyAttachment" && other.policyArn === resource.arn && going.has(targetKey(other)),
  ).length;
  const others = observation.resource.attachments - own;
  return others > 0 ? msg("removal.keep.attached", { count: others }) : undefined;
}

/** A role that is removed, with the names of the roles that stay and trust it, whoever made them. */
function withBroken(
  removal: Removal,
  all: readonly Removal[],
  { users }: Evidence,
  going: ReadonlySet<string>,
): Removal {
  const { resource } = removal;
  if (removal.action !== "remove" || resource.kind !== "Role") return removal;
  const staying = all.flatMap(({ action, resource: other }) =>
    action === "keep" && other.kind === "Role" && trustedRole(other) === resource.arn ? [other.arn] : [],
  );
  const found = users[targetKey(resource)];
  const others = found?.known === true ? found.roles.map(({ arn }) => arn) : [];
  const broken = [...new Set([...staying, ...others])].filter((arn) => !going.has(arn));
  const notes = [
    ...(broken.length === 0 ? [] : [msg("removal.note.breaks", { roles: broken.join(", ") })]),
    ...(found?.known === false ? [found.reason] : []),
  ];
  return { ...removal, notes };
}
