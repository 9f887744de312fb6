import { RUN_TAG, SETUP_TAG, type Resource } from "../blueprint/index.ts";
import { msg } from "../messages.ts";
import { targetKey, type Change, type Observations, type ObservedResource } from "../plan/index.ts";
import { iamCommand, quote, taggingOf } from "../plan/removal.ts";
import { isOwned } from "../plan/undo.ts";
import { samePolicy } from "../policy.ts";
import { byEdit, byHand, differOf, type Compared, type Difference, type Differ } from "./difference.ts";
import { providerDifferences } from "./provider.ts";
import { roleDifferences } from "./role.ts";

export type { Compared, Difference } from "./difference.ts";
export { rolesAffected } from "./affected.ts";
export { restoration } from "./restore.ts";
export { restoredTexts, setUpTexts } from "./texts.ts";

/** Of which setup things are to be. */
export type Origin = {
  readonly setupId: string;
  /** `targetKey`s of what the journals say that the setup made; left out where there is no journal of it. */
  readonly made?: ReadonlySet<string>;
};

/**
 * What differs between a stored setup and AWS, resource by resource in the order of the plan.
 *
 * @param changes the plan of the setup
 * @param observed what the plan was made from
 */
export function compareSetup(
  changes: readonly Change[],
  observed: Observations,
  origin: Origin,
): readonly Compared[] {
  return changes.map((change): Compared => {
    const { resource } = change;
    const observation = observed[resource.address];
    const differ = differOf(resource);
    switch (observation?.state) {
      case "present": {
        const existing = observation.resource;
        const isOurs = !("tags" in existing) || isOwned(existing, origin);
        const differences = presentDifferences(change, existing, isOurs, changes, origin);
        return { change, existing, isOurs, differences };
      }
      case "absent":
        return { change, isOurs: true, differences: [missing(change, changes, observed, origin)] };
      case "unknown":
      case undefined: {
        const reason = observation?.reason ?? msg("plan.notObserved");
        const differences = isPartOfUnread(resource, changes, observed)
          ? []
          : [differ("unread", reason, byHand([], reason))];
        return { change, isOurs: true, differences };
      }
    }
  });
}

/** The role of an attachment, where the setup has it. */
function roleOf(resource: Resource, changes: readonly Change[]): Change | undefined {
  if (resource.kind !== "PolicyAttachment") return undefined;
  const isIt = ({ resource: other }: Change): boolean =>
    other.kind === "Role" && other.account === resource.account && other.name === resource.roleName;
  return changes.find(isIt);
}

/** What is attached to a role is read with the role: that it could not be is said once. */
function isPartOfUnread(resource: Resource, changes: readonly Change[], observed: Observations): boolean {
  const role = roleOf(resource, changes);
  return role !== undefined && observed[role.resource.address]?.state === "unknown";
}

function missing(
  change: Change,
  changes: readonly Change[],
  observed: Observations,
  origin: Origin,
): Difference {
  const { resource } = change;
  const differ = differOf(resource);
  const isAttachment = resource.kind === "PolicyAttachment";
  const says = msg(isAttachment ? "drift.missing.attachment" : "drift.missing");
  if (change.action === "blocked") return differ("missing", says, byHand([], ...change.reasons));
  const role = observed[roleOf(resource, changes)?.resource.address ?? ""];
  if (isAttachment && role?.state === "present" && !isOwned(role.resource, origin)) {
    const command = `attach-role-policy --role-name ${resource.roleName} --policy-arn ${resource.policyArn}`;
    const remedy = byHand([iamCommand(command, resource.profile)], msg("drift.notOurs.role"));
    return differ("missing", says, remedy);
  }
  return differ("missing", says, { by: "create" });
}

function presentDifferences(
  change: Change,
  existing: ObservedResource,
  isOurs: boolean,
  changes: readonly Change[],
  origin: Origin,
): readonly Difference[] {
  const { resource } = change;
  const differ = differOf(resource);
  const found = [
    ...(isOurs ? [] : notOurs(resource, existing, origin, differ)),
    ...kindDifferences(change, existing, isOurs, changes),
  ];
  return isOurs ? [...found, ...tagDifferences(change, existing, differ)] : found;
}

function kindDifferences(
  change: Change,
  existing: ObservedResource,
  isOurs: boolean,
  changes: readonly Change[],
): readonly Difference[] {
  const { resource } = change;
  const differ = differOf(resource);
  if (resource.kind === "OidcProvider" && existing.kind === "OidcProvider")
    return providerDifferences(resource, existing, { change, isOurs, differ });
  if (resource.kind === "Role" && existing.kind === "Role") {
    const attached = changes.flatMap(({ resource: other }) =>
      other.kind === "PolicyAttachment" &&
      other.account === resource.account &&
      other.roleName === resource.name
        ? [other.policyArn]
        : [],
    );
    return roleDifferences(resource, existing, { change, isOurs, attached, differ });
  }
  if (resource.kind === "ManagedPolicy" && existing.kind === "ManagedPolicy") {
    if (samePolicy(existing.document, resource.document)) return [];
    const remedy = isOurs
      ? byEdit(change, ({ kind }) => kind === "PolicyVersion" || kind === "DropVersion")
      : byHand([], msg("drift.notOurs"));
    return [differ("changed", msg("drift.document"), remedy, [resource.document, existing.document])];
  }
  if (resource.kind === "PolicyAttachment" && change.action === "update") {
    const says = msg("drift.attached.extra", { policy: resource.policyArn });
    return [differ("more", says, { by: "edits", edits: change.edits })];
  }
  return [];
}

/**
 * Something under the wanted name without the setup's tags: somebody else's that the setup uses, or one that took the
 * place of ours. The journals tell; where there are none a role or a policy is not taken for one that is used.
 */
function notOurs(
  resource: Resource,
  existing: ObservedResource,
  { made }: Origin,
  differ: Differ,
): readonly Difference[] {
  const isReplaced = made === undefined ? resource.kind !== "OidcProvider" : made.has(targetKey(resource));
  if (!isReplaced || !("tags" in existing)) return [];
  const facts = [existing.tags["managed-by"], existing.tags[SETUP_TAG]];
  return [differ("notOurs", msg("drift.notOurs"), byHand([], msg("drift.notOurs")), facts)];
}

/** Only the tags that the setup gives: others are others' affair. */
function tagDifferences(change: Change, existing: ObservedResource, differ: Differ): readonly Difference[] {
  const { resource } = change;
  if (resource.kind === "PolicyAttachment" || !("tags" in existing)) return [];
  return Object.entries(resource.tags).flatMap(([key, was]): readonly Difference[] => {
    const is = existing.tags[key];
    // Each run has an ID of its own.
    if (is === was || (key === RUN_TAG && is !== undefined)) return [];
    const { noun, option } = taggingOf(resource.arn);
    const command = `tag-${noun} ${option} --tags ${quote(JSON.stringify([{ Key: key, Value: was }]))}`;
    const commands = key === RUN_TAG ? [] : [iamCommand(command, resource.profile)];
    const remedy = byEdit(change, (edit) => edit.kind === "Tag" && edit.key === key, commands);
    const says =
      is === undefined ? msg("drift.tag.missing", { key }) : msg("drift.tag.changed", { key, is, was });
    return [differ("changed", says, remedy)];
  });
}
