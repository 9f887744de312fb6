import * as aws from "@aws-sdk/client-iam";
import { ALLOW_ALL, HUB, ORG, PROVIDER, SUB, awsTrust, policy, webTrust } from "../kit.ts";
import type { Kit } from "../kit.ts";
import {
  POLICY,
  TRUST,
  VALIDATION,
  all,
  attach,
  createPolicy,
  createProvider,
  createRole,
  newVersion,
  quota,
  tags,
} from "./rows.ts";
import type { Row } from "./rows.ts";

const NO_ARN = "longpolicynamebutnoarn";
const ROLE = { RoleName: "r" };
const ID = { OpenIDConnectProviderArn: PROVIDER };

const updateRole = (input: Partial<aws.UpdateRoleCommandInput>) => (kit: Kit) =>
  kit.hub.send(new aws.UpdateRoleCommand({ ...ROLE, ...input }));

const updateTrust = (PolicyDocument: string) => (kit: Kit) =>
  kit.hub.send(new aws.UpdateAssumeRolePolicyCommand({ ...ROLE, PolicyDocument }));

const putBoundary = (PermissionsBoundary: string) => (kit: Kit) =>
  kit.hub.send(new aws.PutRolePermissionsBoundaryCommand({ ...ROLE, PermissionsBoundary }));

const untagRole = (TagKeys: string[]) => (kit: Kit) =>
  kit.hub.send(new aws.UntagRoleCommand({ ...ROLE, TagKeys }));

const addClientId = (ClientID: string) => (kit: Kit) =>
  kit.hub.send(new aws.AddClientIDToOpenIDConnectProviderCommand({ ...ID, ClientID }));

const entities = (input: object) => (kit: Kit) =>
  kit.hub.send(new aws.ListEntitiesForPolicyCommand({ PolicyArn: POLICY, ...input }));

/** Roles that are changed. */
const roleRows: readonly Row[] = [
  {
    rule: "update: session at least 3600",
    first: createRole(),
    refused: updateRole({ MaxSessionDuration: 3599 }),
    error: [VALIDATION, 400, /'maxSessionDuration'.*greater than or equal to 3600/],
  },
  {
    rule: "update: session at most 43200",
    first: createRole(),
    refused: updateRole({ MaxSessionDuration: 43_201 }),
    error: [VALIDATION, 400, /'maxSessionDuration'.*less than or equal to 43200/],
  },
  {
    rule: "update: description charset",
    first: createRole(),
    refused: updateRole({ Description: "a “quoted” word" }),
    error: [VALIDATION, 400, /'description'.*pattern/],
  },
  {
    rule: "update: role must exist",
    refused: updateRole({ Description: "x" }),
    error: ["NoSuchEntityException", 404, /role with name r cannot be found/],
  },
  {
    rule: "update: trust policy of 2048",
    first: createRole(),
    refused: updateTrust(policy(webTrust({ StringLike: { "a:b": "x".repeat(2000) } }))),
    error: ["LimitExceededException", 409, /ACLSizePerRole: 2048/],
  },
  {
    rule: "update: trust policy is checked",
    first: createRole(),
    refused: updateTrust(policy(awsTrust(`arn:aws:iam::${HUB}:role/nobody`))),
    error: ["MalformedPolicyDocumentException", 400, /Invalid principal in policy/],
  },
  {
    rule: "update: trust policy of a role that is there",
    refused: updateTrust(TRUST),
    error: ["NoSuchEntityException", 404, /cannot be found/],
  },
  {
    rule: "boundary put must exist",
    first: createRole(),
    refused: putBoundary(POLICY),
    error: ["NoSuchEntityException", 404, /^Scope ARN: .*policy\/p does not exist or is not attachable\.$/],
  },
  {
    rule: "boundary of another account",
    first: all(createRole(), (kit) =>
      kit.sub.send(new aws.CreatePolicyCommand({ PolicyName: "p", PolicyDocument: policy(ALLOW_ALL) })),
    ),
    refused: putBoundary(`arn:aws:iam::${SUB}:policy/p`),
    error: ["NoSuchEntityException", 404, /^Scope ARN: /],
  },
  {
    rule: "boundary is the ARN of a policy",
    first: createRole(),
    refused: putBoundary(`arn:aws:iam::${HUB}:role/r`),
    error: ["InvalidInputException", 400, /^ARN arn:aws:iam::111122223333:role\/r is not valid\.$/],
  },
  {
    rule: "boundary of a new role is the ARN of a policy",
    refused: createRole({ PermissionsBoundary: `arn:aws:iam::${HUB}:not_a_policy/invalid` }),
    error: ["InvalidInputException", 400, /^ARN .* is not valid\.$/],
  },
  {
    rule: "attach something that is no ARN",
    first: createRole(),
    refused: attach(NO_ARN),
    error: [VALIDATION, 400, /^Invalid ARN: {2}Could not be parsed!$/],
  },
  {
    rule: "attach the ARN of something else",
    first: createRole(),
    refused: attach(`arn:aws:iam::${HUB}:role/r`),
    error: ["InvalidInputException", 400, /is not valid/],
  },
  {
    rule: "untag at most 50 keys",
    first: createRole(),
    refused: untagRole(Array.from({ length: 51 }, (_, index) => `k${index}`)),
    error: [VALIDATION, 400, /'tagKeys'.*equal to 50/],
  },
  {
    rule: "untag key at most 128",
    first: createRole(),
    refused: untagRole(["x".repeat(129)]),
    error: [VALIDATION, 400, /'tagKeys'.*equal to 128/],
  },
  {
    rule: "untag key charset",
    first: createRole(),
    refused: untagRole(["a<b"]),
    error: [VALIDATION, 400, /'tagKeys'.*pattern/],
  },
  {
    rule: "untag says which keys",
    first: createRole(),
    // @ts-expect-error: required
    refused: (kit) => kit.hub.send(new aws.UntagRoleCommand(ROLE)),
    error: [VALIDATION, 400, /'tagKeys'.*must not be null/],
  },
];

/** Policies that are changed. */
const policyRows: readonly Row[] = [
  {
    rule: "version of a missing policy",
    refused: (kit) => kit.hub.send(new aws.GetPolicyVersionCommand({ PolicyArn: POLICY, VersionId: "v1" })),
    error: [
      "NoSuchEntityException",
      404,
      /^Policy .*policy\/p version v1 does not exist or is not attachable/,
    ],
  },
  {
    rule: "new version of a missing policy",
    refused: newVersion,
    error: ["NoSuchEntityException", 404, /^Policy .*policy\/p was not found\.$/],
  },
  {
    rule: "delete a missing version",
    first: createPolicy(),
    refused: (kit) =>
      kit.hub.send(new aws.DeletePolicyVersionCommand({ PolicyArn: POLICY, VersionId: "v2" })),
    error: ["NoSuchEntityException", 404, /version v2 does not exist/],
  },
  {
    rule: "versions per policy, as many as the quota says",
    first: all(quota("versionsPerPolicy", 1), createPolicy()),
    refused: newVersion,
    error: ["LimitExceededException", 409, /up to 1 versions/],
  },
  {
    rule: "new version of 6144",
    first: createPolicy(),
    refused: (kit) =>
      kit.hub.send(
        new aws.CreatePolicyVersionCommand({
          PolicyArn: POLICY,
          PolicyDocument: policy({ Effect: "Allow", Action: `s3:${"x".repeat(6144)}`, Resource: "*" }),
        }),
      ),
    error: ["LimitExceededException", 409, /PolicySize: 6144/],
  },
  {
    rule: "version of an AWS managed policy cannot be made default",
    refused: (kit) =>
      kit.hub.send(
        new aws.SetDefaultPolicyVersionCommand({
          PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
          VersionId: "v1",
        }),
      ),
    error: ["AccessDenied", 403, /AWS managed policy/],
  },
  {
    rule: "50 tags on a policy",
    first: createPolicy({ Tags: tags(50) }),
    refused: (kit) =>
      kit.hub.send(new aws.TagPolicyCommand({ PolicyArn: POLICY, Tags: [{ Key: "one-more", Value: "" }] })),
    error: ["LimitExceededException", 409, /number of tags/],
  },
  {
    rule: "entity filter",
    first: createPolicy(),
    refused: entities({ EntityFilter: "Roles" }),
    error: [VALIDATION, 400, /'entityFilter'.*enum value set/],
  },
  {
    rule: "policy usage filter",
    first: createPolicy(),
    refused: entities({ PolicyUsageFilter: "Boundary" }),
    error: [VALIDATION, 400, /'policyUsageFilter'.*enum value set/],
  },
  {
    rule: "path prefix of entities ends with a slash",
    first: createPolicy(),
    refused: entities({ PathPrefix: "/ci" }),
    error: [VALIDATION, 400, /pathPrefix is invalid/],
  },
];

const providerRows: readonly Row[] = [
  {
    rule: "client id added at most 255",
    first: createProvider(),
    refused: addClientId("x".repeat(256)),
    error: [VALIDATION, 400, /'clientID'.*equal to 255/],
  },
  {
    rule: "client ids, as many as the quota says",
    first: all(quota("clientIdsPerProvider", 1), createProvider({ ClientIDList: [ORG] })),
    refused: addClientId("x"),
    error: ["LimitExceededException", 409, /ClientIdsPerOpenIdConnectProvider: 1/],
  },
  {
    rule: "client id of a missing provider",
    refused: addClientId("x"),
    error: ["NoSuchEntityException", 404, /not found for arn/],
  },
  {
    rule: "thumbprints that replace others are checked",
    first: createProvider(),
    refused: (kit) =>
      kit.hub.send(
        new aws.UpdateOpenIDConnectProviderThumbprintCommand({
          ...ID,
          ThumbprintList: Array.from({ length: 6 }, () => "a".repeat(40)),
        }),
      ),
    error: ["InvalidInputException", 400, /fewer than 5/],
  },
  {
    rule: "50 tags on a provider",
    first: createProvider({ Tags: tags(50) }),
    refused: (kit) =>
      kit.hub.send(
        new aws.TagOpenIDConnectProviderCommand({ ...ID, Tags: [{ Key: "one-more", Value: "" }] }),
      ),
    error: ["LimitExceededException", 409, /number of tags/],
  },
];

/** What IAM refuses of changes to what is there. */
export const updateRows: readonly Row[] = [...roleRows, ...policyRows, ...providerRows];
