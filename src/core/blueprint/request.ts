import type { Resource, Tags } from "./resource.ts";

/**
 * What is sent to IAM to create a resource, parameter for parameter, with policy documents as objects where
 * IAM takes them as text. The review page shows it and the adapter sends it, so that the two cannot differ.
 * Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html,
 * API_CreateRole.html, API_CreatePolicy.html, API_AttachRolePolicy.html
 */
export function requestOf(resource: Resource): { readonly action: string; readonly parameters: object } {
  switch (resource.kind) {
    case "OidcProvider":
      return {
        action: "iam:CreateOpenIDConnectProvider",
        parameters: {
          Url: resource.url,
          ClientIDList: resource.clientIds,
          ...(resource.thumbprints.length === 0 ? {} : { ThumbprintList: resource.thumbprints }),
          Tags: tagList(resource.tags),
        },
      };
    case "Role":
      return {
        action: "iam:CreateRole",
        parameters: {
          RoleName: resource.name,
          AssumeRolePolicyDocument: resource.trust,
          Description: resource.description,
          MaxSessionDuration: resource.maxSessionSeconds,
          Tags: tagList(resource.tags),
        },
      };
    case "ManagedPolicy":
      return {
        action: "iam:CreatePolicy",
        parameters: {
          PolicyName: resource.name,
          PolicyDocument: resource.document,
          Description: resource.description,
          Tags: tagList(resource.tags),
        },
      };
    case "PolicyAttachment":
      return {
        action: "iam:AttachRolePolicy",
        parameters: { RoleName: resource.roleName, PolicyArn: resource.policyArn },
      };
  }
}

/** Tags as IAM takes them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
