import * as aws from "@aws-sdk/client-iam";
import { ALLOW_ALL, policy, webTrust } from "../kit.ts";
import type { Statement } from "../kit.ts";
import {
  POLICY,
  all,
  attach,
  createPolicy,
  createRole,
  newVersion,
  putInline,
  quota,
  times,
} from "./rows.ts";
import type { Row } from "./rows.ts";

const LONG = (size: number): Statement => ({
  Effect: "Allow",
  Action: `s3:${"x".repeat(size)}`,
  Resource: "*",
});

/** Things that are there or not, in use or not, and how many there may be. */
export const entityRows: readonly Row[] = [
  {
    rule: "role names unique ignoring case",
    first: createRole({ RoleName: "CI" }),
    refused: createRole({ RoleName: "ci", Path: "/other/" }),
    error: ["EntityAlreadyExistsException", 409, /Role with name ci already exists/],
  },
  {
    rule: "policy names unique ignoring case",
    first: createPolicy({ PolicyName: "P", Path: "/other/" }),
    refused: createPolicy(),
    error: ["EntityAlreadyExistsException", 409, /A policy called p already exists/],
  },
  {
    rule: "role must exist",
    refused: (kit) => kit.hub.send(new aws.GetRoleCommand({ RoleName: "r" })),
    error: ["NoSuchEntityException", 404, /role with name r cannot be found/],
  },
  {
    rule: "accounts do not see each other's roles",
    first: createRole(),
    refused: (kit) => kit.sub.send(new aws.GetRoleCommand({ RoleName: "r" })),
    error: ["NoSuchEntityException", 404, /cannot be found/],
  },
  {
    rule: "boundary must exist",
    refused: createRole({ PermissionsBoundary: POLICY }),
    error: ["NoSuchEntityException", 404, /Scope ARN/],
  },
  {
    rule: "no boundary to delete",
    first: createRole(),
    refused: (kit) => kit.hub.send(new aws.DeleteRolePermissionsBoundaryCommand({ RoleName: "r" })),
    error: ["NoSuchEntityException", 404, /no permissions boundary/],
  },
  {
    rule: "policy must exist",
    refused: (kit) => kit.hub.send(new aws.GetPolicyCommand({ PolicyArn: POLICY })),
    error: ["NoSuchEntityException", 404, /was not found/],
  },
  {
    rule: "attach a missing policy",
    first: createRole(),
    refused: attach(POLICY),
    error: ["NoSuchEntityException", 404, /not attachable/],
  },
  {
    rule: "attach an AWS managed policy that is none",
    first: createRole(),
    refused: attach("arn:aws:iam::aws:policy/Nonsense"),
    error: ["NoSuchEntityException", 404, /not attachable/],
  },
  {
    rule: "detach what is not attached",
    first: all(createRole(), createPolicy()),
    refused: (kit) => kit.hub.send(new aws.DetachRolePolicyCommand({ RoleName: "r", PolicyArn: POLICY })),
    error: ["NoSuchEntityException", 404, /was not found/],
  },
  {
    rule: "inline policy must exist",
    first: createRole(),
    refused: (kit) => kit.hub.send(new aws.GetRolePolicyCommand({ RoleName: "r", PolicyName: "i" })),
    error: ["NoSuchEntityException", 404, /role policy with name i/],
  },
  {
    rule: "delete a missing inline policy",
    first: createRole(),
    refused: (kit) => kit.hub.send(new aws.DeleteRolePolicyCommand({ RoleName: "r", PolicyName: "i" })),
    error: ["NoSuchEntityException", 404, /role policy with name i/],
  },
  {
    rule: "version must exist",
    first: createPolicy(),
    refused: (kit) =>
      kit.hub.send(new aws.SetDefaultPolicyVersionCommand({ PolicyArn: POLICY, VersionId: "v9" })),
    error: ["NoSuchEntityException", 404, /version v9/],
  },
  {
    rule: "AWS managed policies cannot be changed",
    refused: (kit) =>
      kit.hub.send(new aws.DeletePolicyCommand({ PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" })),
    error: ["AccessDenied", 403, /AWS managed policy/],
  },
  {
    rule: "role with a managed policy",
    first: all(createRole(), createPolicy(), attach(POLICY)),
    refused: (kit) => kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "r" })),
    error: ["DeleteConflictException", 409, /must detach all policies first/],
  },
  {
    rule: "role with an inline policy",
    first: all(createRole(), putInline(policy(ALLOW_ALL))),
    refused: (kit) => kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "r" })),
    error: ["DeleteConflictException", 409, /must delete policies first/],
  },
  {
    rule: "attached policy",
    first: all(createRole(), createPolicy(), attach(POLICY)),
    refused: (kit) => kit.hub.send(new aws.DeletePolicyCommand({ PolicyArn: POLICY })),
    error: ["DeleteConflictException", 409, /attached to entities/],
  },
  {
    rule: "policy in use as a boundary",
    first: all(createPolicy(), createRole({ PermissionsBoundary: POLICY })),
    refused: (kit) => kit.hub.send(new aws.DeletePolicyCommand({ PolicyArn: POLICY })),
    error: ["DeleteConflictException", 409, /attached to entities/],
  },
  {
    rule: "policy with several versions",
    first: all(createPolicy(), newVersion),
    refused: (kit) => kit.hub.send(new aws.DeletePolicyCommand({ PolicyArn: POLICY })),
    error: ["DeleteConflictException", 409, /more than one version/],
  },
  {
    rule: "default version",
    first: createPolicy(),
    refused: (kit) =>
      kit.hub.send(new aws.DeletePolicyVersionCommand({ PolicyArn: POLICY, VersionId: "v1" })),
    error: ["DeleteConflictException", 409, /default version/],
  },
  {
    rule: "five versions",
    first: all(
      createPolicy(),
      times(4, () => newVersion),
    ),
    refused: newVersion,
    error: ["LimitExceededException", 409, /up to 5 versions/],
  },
  {
    rule: "roles per account",
    first: all(quota("rolesPerAccount", 1), createRole()),
    refused: createRole({ RoleName: "r2" }),
    error: ["LimitExceededException", 409, /RolesPerAccount: 1/],
  },
  {
    rule: "policies per account",
    first: all(quota("policiesPerAccount", 1), createPolicy()),
    refused: createPolicy({ PolicyName: "p2" }),
    error: ["LimitExceededException", 409, /PoliciesPerAccount: 1/],
  },
  {
    rule: "ten policies on a role",
    first: all(
      createRole(),
      times(11, (index) => createPolicy({ PolicyName: `p${index}` })),
      times(10, (index) => attach(`${POLICY}${index}`)),
    ),
    refused: attach(`${POLICY}10`),
    error: ["LimitExceededException", 409, /PoliciesPerRole: 10/],
  },
  {
    rule: "trust policy of 2048",
    refused: createRole({
      AssumeRolePolicyDocument: policy(webTrust({ StringLike: { "a:b": "x".repeat(2000) } })),
    }),
    error: ["LimitExceededException", 409, /ACLSizePerRole: 2048/],
  },
  {
    rule: "managed policy of 6144",
    refused: createPolicy({ PolicyDocument: policy(LONG(6144)) }),
    error: ["LimitExceededException", 409, /PolicySize: 6144/],
  },
  {
    rule: "inline policies of 10240 together",
    first: all(createRole(), putInline(policy(LONG(6000)), "i1")),
    refused: putInline(policy(LONG(6000)), "i2"),
    error: ["LimitExceededException", 409, /10240 bytes exceeded for role r/],
  },
];
