import type { Grant, Template } from "../permissions/grant.ts";
import { templatePolicy, type Place } from "../permissions/templates.ts";
import type { PermissionsDocument } from "../policy.ts";
import type { Setup } from "../setup.ts";
import { attachmentOf } from "./assumePolicies.ts";
import { policyArn, tagsOf } from "./names.ts";
import type { ManagedPolicy, PolicyAttachment, Role } from "./resource.ts";

/** A policy that a grant needs made, by its name in the account. */
export type GrantPolicy = { readonly name: string; readonly document: PermissionsDocument };

/** The policy of each grant of a role, in their order; undefined for one that is there already. */
export function grantPolicies(
  roleName: string,
  place: Place,
  grants: readonly Grant[],
): readonly (GrantPolicy | undefined)[] {
  return grants.map((grant, at) => {
    switch (grant.kind) {
      case "existing":
        return undefined;
      case "document":
        return { name: grant.name, document: grant.document };
      case "template":
        return {
          name: templateName(roleName, grant.template, grants.slice(0, at)),
          document: templatePolicy(grant, place),
        };
    }
  });
}

/** Several of one template are numbered. */
function templateName(roleName: string, template: Template["template"], before: readonly Grant[]): string {
  const same = before.filter((other) => other.kind === "template" && other.template === template).length;
  return `${roleName}-${template}${same === 0 ? "" : `-${same + 1}`}`;
}

/** The policies of what CI may do with a role, and their attachments, in the order in which they were asked for. */
export function grantResources(
  setup: Setup,
  runId: string,
  role: Role,
  grants: readonly Grant[] = [],
): readonly (ManagedPolicy | PolicyAttachment)[] {
  const scope = role.address.slice(0, role.address.indexOf("/"));
  const place = { partition: setup.partition, accountId: role.account };
  const policies = grantPolicies(role.name, place, grants);
  return grants.flatMap((grant, at) => {
    if (grant.kind === "existing") return [existingAttachment(scope, role, grant.arn)];
    const made = policies[at];
    if (made === undefined) return [];
    const { name, document } = made;
    const policy: ManagedPolicy = {
      kind: "ManagedPolicy",
      address: `${scope}/policy/${name}`,
      account: role.account,
      profile: role.profile,
      needs: [],
      arn: policyArn(setup.partition, role.account, name),
      name,
      description: `What CircleCI project ${setup.projectId} may do with the role ${role.name}.`,
      document,
      tags: tagsOf(setup, runId, name),
    };
    return [policy, attachmentOf(role, policy)];
  });
}

function existingAttachment(scope: string, role: Role, arn: string): PolicyAttachment {
  const [, account = "", name = ""] = /::(\d{12}|aws):policy\/(.+)$/.exec(arn) ?? [];
  return {
    kind: "PolicyAttachment",
    address: `${scope}/attachment/${role.name}/${account === "aws" ? "aws/" : ""}${name}`,
    account: role.account,
    profile: role.profile,
    needs: [role.address],
    roleName: role.name,
    policyArn: arn,
  };
}
