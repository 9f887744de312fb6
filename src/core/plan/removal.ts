import type { Resource } from "../blueprint/index.ts";
import { ENVIRONMENT_PROFILE } from "../setup.ts";

/**
 * The AWS CLI commands that remove what was created, in the order in which IAM allows it: the reverse of
 * creation. Every argument comes from a checked name or ARN and needs no quoting but the profile, which is
 * quoted for a POSIX shell.
 */
export function removalCommands(created: readonly Resource[]): readonly string[] {
  return created.toReversed().map((resource) => `aws ${removal(resource)}${profileOption(resource.profile)}`);
}

/** The commands that take every policy off a role, which IAM wants before it deletes the role. */
export function policyCommands(
  role: Extract<Resource, { kind: "Role" }>,
  policies: { readonly attachedPolicies: readonly string[]; readonly inlinePolicies: readonly string[] },
): readonly string[] {
  const of = `--role-name ${role.name}`;
  return [
    ...policies.attachedPolicies.map((arn) => `iam detach-role-policy ${of} --policy-arn ${quote(arn)}`),
    ...policies.inlinePolicies.map((name) => `iam delete-role-policy ${of} --policy-name ${quote(name)}`),
  ].map((command) => `aws ${command}${profileOption(role.profile)}`);
}

/** Credentials of the environment need no option: the CLI finds them as we did. */
function profileOption(profile: string): string {
  return profile === ENVIRONMENT_PROFILE ? "" : ` --profile ${quote(profile)}`;
}

function removal(resource: Resource): string {
  switch (resource.kind) {
    case "OidcProvider":
      return `iam delete-open-id-connect-provider --open-id-connect-provider-arn ${resource.arn}`;
    case "Role":
      return `iam delete-role --role-name ${resource.name}`;
    case "ManagedPolicy":
      return `iam delete-policy --policy-arn ${resource.arn}`;
    case "PolicyAttachment":
      return `iam detach-role-policy --role-name ${resource.roleName} --policy-arn ${resource.policyArn}`;
  }
}

function quote(text: string): string {
  return /^[A-Za-z0-9_.@:/+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
