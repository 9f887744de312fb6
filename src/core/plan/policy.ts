import type { ManagedPolicy } from "../blueprint/index.ts";
import { msg } from "../messages.ts";
import { samePolicy, type PermissionsDocument } from "../policy.ts";
import { consentKey, type Verdict } from "./change.ts";
import type { Edit } from "./edit.ts";
import type { ObservedResource } from "./observed.ts";
import { isOurs, managedElsewhere } from "./owner.ts";
import { statementsOf } from "./statements.ts";
import { tagEdits, tagWords } from "./tags.ts";

type Existing = Extract<ObservedResource, { kind: "ManagedPolicy" }>;

/**
 * A policy that exists under the wanted name. One that was made here gets a new version; one of somebody else's is used
 * where it says just this, and otherwise left alone: a change of it reaches everyone it is attached to.
 *
 * @param granted the roles that the setup itself attaches it to
 */
export function comparePolicy(
  resource: ManagedPolicy,
  existing: Existing,
  granted: readonly string[],
): Verdict {
  const { arn, name } = resource;
  if (existing.arn !== arn)
    return { action: "blocked", existing, reasons: [msg("plan.differs.arn", { arn: existing.arn })] };
  const ours = isOurs(existing.tags);
  const tags = tagEdits(resource, existing);
  if (samePolicy(existing.document, resource.document)) {
    if (tags.length === 0) return { action: ours ? "unchanged" : "adopt", notes: [] };
    const consent = { key: consentKey(resource, tags), words: tags.map(tagWords), required: false };
    return { action: "update", notes: [], edits: tags, consent, existing };
  }
  const before = bodyOf(existing.document);
  if (!ours || before === undefined || managedElsewhere(existing.tags) !== undefined)
    return { action: "blocked", existing, reasons: [msg("plan.differs.policy")] };
  const { account, profile, needs } = resource;
  const { oldest } = existing;
  const edits: readonly Edit[] = [
    ...(oldest === undefined
      ? []
      : [
          {
            kind: "DropVersion" as const,
            address: `${resource.address}/version`,
            account,
            profile,
            needs,
            arn,
            ...oldest,
          },
        ]),
    {
      kind: "PolicyVersion",
      address: `${resource.address}/document`,
      account,
      profile,
      needs,
      arn,
      version: existing.version,
      before,
      after: resource.document,
    },
    ...tags,
  ];
  const users = existing.users ?? [];
  const others = users.filter((user) => !granted.some((role) => user === `role/${role}`));
  const words = [
    msg("plan.update.policy", { name }),
    ...(oldest === undefined ? [] : [msg("plan.update.dropped", { version: oldest.version })]),
    ...tags.map(tagWords),
    ...(users.length === 0 ? [] : [msg("plan.update.users", { users: users.join(", ") })]),
  ];
  const consent = { key: consentKey(resource, edits, others), words, required: true };
  return { action: "update", notes: [], edits, consent, existing };
}

/** A policy as the product could have written it; undefined for any other. */
export function bodyOf(document: unknown): PermissionsDocument | undefined {
  const statements = statementsOf(document);
  const version =
    typeof document === "object" && document !== null && "Version" in document && document.Version;
  return statements === undefined || version !== "2012-10-17"
    ? undefined
    : { Version: version, Statement: statements };
}
