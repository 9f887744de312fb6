import type { Grant } from "../permissions/grant.ts";
import { templatePolicy } from "../permissions/templates.ts";
import type { PermissionsDocument } from "../policy.ts";
import type { Setup } from "../setup.ts";
import { attachmentOf } from "./assumePolicies.ts";
import { policyArn, tagsOf } from "./names.ts";
import type { ManagedPolicy, PolicyAttachment, Role } from "./resource.ts";

/** The policies of what CI may do with a role, and their attachments, in the order in which they were asked for. */
export function grantResources(
  setup: Setup,
  runId: string,
  role: Role,
  grants: readonly Grant[] = [],
): readonly (ManagedPolicy | PolicyAttachment)[] {
  const scope = role.address.slice(0, role.address.indexOf("/"));
  return grants.flatMap((grant, at) => {
    if (grant.kind === "existing") return [existingAttachment(scope, role, grant.arn)];
    const name = grant.kind === "document" ? grant.name : templateName(role, grants, at);
    const place = { partition: setup.partition, accountId: role.account };
    const document: PermissionsDocument =
      grant.kind === "document" ? grant.document : templatePolicy(grant, place);
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

/** Several of one template are numbered. */
function templateName(role: Role, grants: readonly Grant[], at: number): string {
  const grant = grants[at];
  if (grant?.kind !== "template") return role.name;
  const before = grants
    .slice(0, at)
    .filter((other) => other.kind === "template" && other.template === grant.template).length;
  return `${role.name}-${grant.template}${before === 0 ? "" : `-${before + 1}`}`;
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
