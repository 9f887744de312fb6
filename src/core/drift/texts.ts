import { RUN_TAG, type Resource } from "../blueprint/index.ts";
import { requestOf } from "../blueprint/request.ts";
import { textOf } from "../plan/compare.ts";
import { edited } from "../plan/editState.ts";
import type { Change, ObservedResource } from "../plan/index.ts";
import type { Compared } from "./difference.ts";

/** Two texts in the same form, to be laid side by side. What is not there has none. */
export type Texts = { readonly left: string; readonly right: string };

/** A resource as it was set up, beside what is there; undefined where that could not be read. */
export function setUpTexts(one: Compared, compared: readonly Compared[]): Texts | undefined {
  const { change, existing, isOurs, differences } = one;
  const { resource } = change;
  if (differences.some(({ kind }) => kind === "unread")) return undefined;
  const request = textOf(requestOf(resource).parameters);
  if (existing === undefined) return { left: request, right: "" };
  if (change.action === "update" && resource.kind === "PolicyAttachment")
    return { left: textOf({}), right: request };
  // Of what belongs to others the setup says a part only: that part is put in.
  const edits = change.action === "update" ? change.edits : [];
  const was = isOurs ? asSetUp(resource, existing, compared) : edits.reduce(edited, existing);
  return { left: textOf(formOf(was, resource)), right: textOf(formOf(existing, resource)) };
}

/** What is there, beside what a change makes of it. */
export function restoredTexts(change: Change): Texts {
  const { resource } = change;
  if (change.action === "update" && resource.kind === "PolicyAttachment")
    return { left: textOf(requestOf(resource).parameters), right: textOf({}) };
  if (change.action !== "update") return { left: "", right: textOf(requestOf(resource).parameters) };
  const after = change.edits.reduce<ObservedResource>(edited, change.existing);
  return { left: textOf(formOf(change.existing, resource)), right: textOf(formOf(after, resource)) };
}

function asSetUp(
  resource: Resource,
  existing: ObservedResource,
  compared: readonly Compared[],
): ObservedResource {
  switch (resource.kind) {
    case "OidcProvider": {
      const { kind, clientIds, tags } = resource;
      // Where none was given, AWS fetches its own.
      const own = existing.kind === "OidcProvider" ? existing.thumbprints : [];
      return {
        kind,
        clientIds,
        tags,
        thumbprints: resource.thumbprints.length === 0 ? own : resource.thumbprints,
      };
    }
    case "Role": {
      const attachedPolicies = compared.flatMap(({ change: { resource: other } }) =>
        other.kind === "PolicyAttachment" &&
        other.account === resource.account &&
        other.roleName === resource.name
          ? [other.policyArn]
          : [],
      );
      return { ...resource, trustText: "", attachedPolicies, inlinePolicies: [] };
    }
    case "ManagedPolicy":
      return { ...resource, version: "", attachments: 0 };
    case "PolicyAttachment":
      return { kind: "PolicyAttachment" };
  }
}

/** What is compared, with lists and tags in one order; of the tags only those that the setup gives. */
function formOf(observed: ObservedResource, resource: Resource): object {
  const keys = "tags" in resource ? Object.keys(resource.tags).filter((key) => key !== RUN_TAG) : [];
  const Tags =
    "tags" in observed ? Object.fromEntries(keys.map((key) => [key, observed.tags[key]])) : undefined;
  switch (observed.kind) {
    case "OidcProvider":
      return {
        ClientIDList: observed.clientIds.toSorted(),
        ThumbprintList: observed.thumbprints.toSorted(),
        Tags,
      };
    case "Role":
      return {
        Arn: observed.arn,
        Description: observed.description,
        AssumeRolePolicyDocument: observed.trust,
        MaxSessionDuration: observed.maxSessionSeconds,
        PermissionsBoundary: observed.permissionsBoundary,
        AttachedPolicies: observed.attachedPolicies.toSorted(),
        InlinePolicies: observed.inlinePolicies.toSorted(),
        Tags,
      };
    case "ManagedPolicy":
      return { Arn: observed.arn, PolicyDocument: observed.document, Tags };
    case "PolicyAttachment":
    case "PolicyReference":
    case "Surplus":
    case "Quotas":
      return {};
  }
}
