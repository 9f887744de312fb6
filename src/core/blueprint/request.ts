import type { ManagedPolicy, OidcProvider, PolicyAttachment, Resource, Role, Tags } from "./resource.ts";

/*
 * What is sent to IAM to create each resource, parameter for parameter, with policy documents as objects where
 * IAM takes them as text. The review page shows it and the adapter sends it, so that the two cannot differ.
 */

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
export function providerRequest(resource: OidcProvider) {
  return {
    Url: resource.url,
    ClientIDList: [...resource.clientIds],
    ...(resource.thumbprints.length === 0 ? {} : { ThumbprintList: [...resource.thumbprints] }),
    Tags: tagList(resource.tags),
  };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export function roleRequest(resource: Role) {
  return {
    RoleName: resource.name,
    ...(resource.path === "/" ? {} : { Path: resource.path }),
    AssumeRolePolicyDocument: resource.trust,
    Description: resource.description,
    MaxSessionDuration: resource.maxSessionSeconds,
    ...(resource.permissionsBoundary === undefined
      ? {}
      : { PermissionsBoundary: resource.permissionsBoundary }),
    Tags: tagList(resource.tags),
  };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
export function policyRequest(resource: ManagedPolicy) {
  return {
    PolicyName: resource.name,
    PolicyDocument: resource.document,
    Description: resource.description,
    Tags: tagList(resource.tags),
  };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
export function attachmentRequest(resource: PolicyAttachment) {
  return { RoleName: resource.roleName, PolicyArn: resource.policyArn };
}

/** The request of any resource, with the IAM action it is made with. */
export function requestOf(resource: Resource): { readonly action: string; readonly parameters: object } {
  switch (resource.kind) {
    case "OidcProvider":
      return { action: "iam:CreateOpenIDConnectProvider", parameters: providerRequest(resource) };
    case "Role":
      return { action: "iam:CreateRole", parameters: roleRequest(resource) };
    case "ManagedPolicy":
      return { action: "iam:CreatePolicy", parameters: policyRequest(resource) };
    case "PolicyAttachment":
      return { action: "iam:AttachRolePolicy", parameters: attachmentRequest(resource) };
  }
}

function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
