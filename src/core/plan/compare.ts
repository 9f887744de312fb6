import type { Resource } from "../blueprint/index.ts";
import type { Edit } from "./edit.ts";
import { edited } from "./editState.ts";
import type { ObservedResource } from "./observed.ts";

/** Two texts to be laid side by side, in the same form, so that they differ where it matters and nowhere else. */
export type Comparison = { readonly existing: string; readonly wanted: string };

/** What exists beside what the edits make of it, in the same form, with the tags and the description that they change. */
export function compareEdited(
  existing: ObservedResource,
  edits: readonly Edit[],
  wanted?: Resource,
): Comparison {
  const [first] = edits;
  if (first?.kind === "Detach") {
    const { roleName: RoleName, policyArn: PolicyArn } = first;
    return { existing: textOf({ RoleName, PolicyArn }), wanted: textOf({}) };
  }
  const after = edits.reduce<ObservedResource>(edited, existing);
  const keys = edits.flatMap((edit) => (edit.kind === "Tag" ? edit.key : []));
  const isDescribed = edits.some(({ kind }) => kind === "Description");
  const form = (one: ObservedResource): object => ({
    ...existingForm(one, wanted),
    ...(one.kind === "Role" && isDescribed ? { Description: one.description } : {}),
    ...(keys.length > 0 && "tags" in one
      ? { Tags: Object.fromEntries(keys.map((key) => [key, one.tags[key]])) }
      : {}),
  });
  return { existing: textOf(form(existing)), wanted: textOf(form(after)) };
}

/** What exists beside what is wanted, as JSON with its names in the same order and tags left out. */
export function compareResources(existing: ObservedResource, wanted: Resource): Comparison {
  return { existing: textOf(existingForm(existing, wanted)), wanted: textOf(wantedForm(wanted)) };
}

function existingForm(existing: ObservedResource, wanted: Resource | undefined): object {
  switch (existing.kind) {
    case "OidcProvider":
      return {
        Url: wanted?.kind === "OidcProvider" ? wanted.url : undefined,
        ClientIDList: existing.clientIds,
        ThumbprintList: existing.thumbprints,
      };
    case "Role":
      return {
        Arn: existing.arn,
        AssumeRolePolicyDocument: existing.trust,
        MaxSessionDuration: existing.maxSessionSeconds,
        PermissionsBoundary: existing.permissionsBoundary,
        AttachedPolicies: existing.attachedPolicies,
        InlinePolicies: existing.inlinePolicies,
      };
    case "ManagedPolicy":
      return { Arn: existing.arn, PolicyDocument: existing.document };
    case "PolicyAttachment":
    case "PolicyReference":
    case "Surplus":
    case "Quotas":
      return {};
  }
}

function wantedForm(wanted: Resource): object {
  switch (wanted.kind) {
    case "OidcProvider":
      return { Url: wanted.url, ClientIDList: wanted.clientIds, ThumbprintList: wanted.thumbprints };
    case "Role":
      return {
        Arn: wanted.arn,
        AssumeRolePolicyDocument: wanted.trust,
        MaxSessionDuration: wanted.maxSessionSeconds,
        PermissionsBoundary: wanted.permissionsBoundary,
        AttachedPolicies: [],
        InlinePolicies: [],
      };
    case "ManagedPolicy":
      return { Arn: wanted.arn, PolicyDocument: wanted.document };
    case "PolicyAttachment":
      return {};
  }
}

/** A form as JSON. IAM takes a single value and a list of one for the same, and so does this. */
export function textOf(form: object): string {
  return `${JSON.stringify(ordered(form), undefined, 2)}\n`;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? ordered(value[0]) : value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, ordered(item)]));
}
