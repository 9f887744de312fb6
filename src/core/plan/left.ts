import type { PolicyAttachment, Resource } from "../blueprint/index.ts";
import { compareEdited, compareResources, type Comparison } from "./compare.ts";
import type { Edit } from "./edit.ts";
import type { ObservedResource } from "./observed.ts";
import type { Candidate } from "./removals.ts";
import { statementsOf } from "./statements.ts";

/** What was left of a resource, as `wanted`, beside what is there now; undefined where both say the same. */
export function leftOfResource(
  resource: Exclude<Resource, PolicyAttachment>,
  existing: ObservedResource,
  candidates: readonly Candidate[],
): Comparison | undefined {
  if (existing.kind !== resource.kind) return undefined;
  // Attachments are resources of their own, and said to stay or to go by themselves.
  const own = candidates.flatMap(({ resource: other }) =>
    other.kind === "PolicyAttachment" &&
    resource.kind === "Role" &&
    other.account === resource.account &&
    other.roleName === resource.name
      ? [other.policyArn]
      : [],
  );
  return different(compareResources(withoutOwn(resource, existing, own), resource));
}

/** Without the policies of ours that are attached, and without thumbprints where AWS fetches its own. */
function withoutOwn(
  resource: Resource,
  existing: ObservedResource,
  own: readonly string[],
): ObservedResource {
  if (existing.kind === "Role")
    return { ...existing, attachedPolicies: existing.attachedPolicies.filter((arn) => !own.includes(arn)) };
  return existing.kind === "OidcProvider" &&
    resource.kind === "OidcProvider" &&
    resource.thumbprints.length === 0
    ? { ...existing, thumbprints: [] }
    : existing;
}

/** What was left of an edit, as `wanted`, beside what is there now; undefined where both say the same. */
export function leftOfEdit(edit: Edit, existing: ObservedResource): Comparison | undefined {
  // Only a role that took the place of ours is in its way.
  if (edit.kind === "Detach") return undefined;
  const { existing: now } = compareEdited(existing, [edit]);
  const { wanted } = compareEdited(withoutAltered(edit, existing), [edit]);
  return different({ existing: now, wanted });
}

/** Without what stands under the names of our statements by now. */
function withoutAltered(edit: Edit, existing: ObservedResource): ObservedResource {
  const statements = existing.kind === "Role" ? statementsOf(existing.trust) : undefined;
  if (edit.kind !== "TrustStatements" || existing.kind !== "Role" || statements === undefined)
    return existing;
  const names = edit.add.flatMap(({ Sid: sid }) => (typeof sid === "string" ? [sid] : []));
  const Statement = statements.filter(({ Sid: sid }) => typeof sid !== "string" || !names.includes(sid));
  return { ...existing, trust: { ...Object(existing.trust), Statement } };
}

function different(comparison: Comparison): Comparison | undefined {
  return comparison.existing === comparison.wanted ? undefined : comparison;
}
