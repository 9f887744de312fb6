import type { Resource } from "../blueprint/index.ts";
import { isEdit, kindOfArn, roleOf, type Edit, type Target } from "./edit.ts";
import { ENVIRONMENT_PROFILE } from "../setup.ts";

/**
 * The AWS CLI commands that remove what was created and take back what was changed, in the order in which IAM allows
 * it: the reverse of creation. What does not come from a checked name or ARN is quoted for a POSIX shell.
 */
export function removalCommands(created: readonly Target[]): readonly string[] {
  return created.toReversed().map((target) => {
    return iamCommand(isEdit(target) ? restoring(target) : removal(target), target.profile);
  });
}

/** The commands that take every policy off a role, which IAM wants before it deletes the role. */
export function policyCommands(
  role: Extract<Resource, { kind: "Role" }>,
  policies: { readonly attachedPolicies: readonly string[]; readonly inlinePolicies: readonly string[] },
): readonly string[] {
  const of = `--role-name ${role.name}`;
  return [
    ...policies.attachedPolicies.map((arn) => `detach-role-policy ${of} --policy-arn ${quote(arn)}`),
    ...policies.inlinePolicies.map((name) => `delete-role-policy ${of} --policy-name ${quote(name)}`),
  ].map((command) => iamCommand(command, role.profile));
}

/** A command of the AWS CLI for IAM, asked with a profile. What is not a checked name is quoted with `quote`. */
export function iamCommand(command: string, profile: string): string {
  return `aws iam ${command}${profileOption(profile)}`;
}

/** Credentials of the environment need no option: the CLI finds them as we did. */
function profileOption(profile: string): string {
  return profile === ENVIRONMENT_PROFILE ? "" : ` --profile ${quote(profile)}`;
}

function removal(resource: Resource): string {
  switch (resource.kind) {
    case "OidcProvider":
      return `delete-open-id-connect-provider --open-id-connect-provider-arn ${resource.arn}`;
    case "Role":
      return `delete-role --role-name ${resource.name}`;
    case "ManagedPolicy":
      return `delete-policy --policy-arn ${resource.arn}`;
    case "PolicyAttachment":
      return `detach-role-policy --role-name ${resource.roleName} --policy-arn ${resource.policyArn}`;
  }
}

function restoring(edit: Edit): string {
  switch (edit.kind) {
    case "AddAudience":
      return `remove-client-id-from-open-id-connect-provider --open-id-connect-provider-arn ${edit.arn} --client-id ${quote(edit.audience)}`;
    case "AddThumbprint":
      return `update-open-id-connect-provider-thumbprint --open-id-connect-provider-arn ${edit.arn} --thumbprint-list ${edit.before.join(" ")}`;
    case "TrustStatements":
      return `update-assume-role-policy --role-name ${edit.roleName} --policy-document ${quote(edit.before)}`;
    case "PolicyVersion":
      return `set-default-policy-version --policy-arn ${edit.arn} --version-id ${edit.version}`;
    case "DropVersion":
      return `create-policy-version --policy-arn ${edit.arn} --policy-document ${quote(edit.text)} --no-set-as-default`;
    case "Tag":
      return untagging(edit);
    case "Detach":
      return `attach-role-policy --role-name ${edit.roleName} --policy-arn ${edit.policyArn}`;
    case "Description":
      // UpdateRole would set the longest session too.
      return `update-role-description --role-name ${edit.roleName} --description ${quote(edit.before)}`;
    case "MaxSession":
      return `update-role --role-name ${edit.roleName} --max-session-duration ${edit.before}`;
    case "Boundary":
      return edit.before === undefined
        ? `delete-role-permissions-boundary --role-name ${edit.roleName}`
        : `put-role-permissions-boundary --role-name ${edit.roleName} --permissions-boundary ${edit.before}`;
  }
}

/** The names of the actions that tag a resource, by the kind in its ARN, and how they name it. */
export function taggingOf(arn: string): { readonly noun: string; readonly option: string } {
  const role = roleOf(arn);
  if (role !== undefined) return { noun: "role", option: `--role-name ${role}` };
  return kindOfArn(arn) === "OidcProvider"
    ? { noun: "open-id-connect-provider", option: `--open-id-connect-provider-arn ${arn}` }
    : { noun: "policy", option: `--policy-arn ${arn}` };
}

function untagging({ arn, key, before }: Extract<Edit, { kind: "Tag" }>): string {
  const { noun, option } = taggingOf(arn);
  return before === undefined
    ? `untag-${noun} ${option} --tag-keys ${quote(key)}`
    : `tag-${noun} ${option} --tags ${quote(JSON.stringify([{ Key: key, Value: before }]))}`;
}

/** Quoted for a POSIX shell where that is needed. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_.@:/+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
