import * as aws from "@aws-sdk/client-iam";
import { HUB } from "../kit.ts";
import { POLICY, TRUST, VALIDATION, createPolicy, createRole } from "./rows.ts";
import type { Row } from "./rows.ts";

/** Names, lengths, patterns and numbers. */
export const nameRows: readonly Row[] = [
  {
    rule: "role name pattern",
    refused: createRole({ RoleName: "bad name" }),
    error: [VALIDATION, 400, /roleName is invalid/],
  },
  {
    rule: "role name at most 64",
    refused: createRole({ RoleName: "x".repeat(65) }),
    error: [VALIDATION, 400, /'roleName'.*less than or equal to 64/],
  },
  {
    rule: "policy name pattern",
    refused: createPolicy({ PolicyName: "a/b" }),
    error: [VALIDATION, 400, /policyName is invalid/],
  },
  {
    rule: "policy name at most 128",
    refused: createPolicy({ PolicyName: "x".repeat(129) }),
    error: [VALIDATION, 400, /less than or equal to 128/],
  },
  { rule: "role path", refused: createRole({ Path: "ci" }), error: [VALIDATION, 400, /path is invalid/] },
  {
    rule: "policy path is narrower than a role's",
    refused: createPolicy({ Path: "/a!b/" }),
    error: [VALIDATION, 400, /path is invalid/],
  },
  {
    rule: "path at most 512",
    refused: createRole({ Path: `/${"x".repeat(511)}/` }),
    error: [VALIDATION, 400, /less than or equal to 512/],
  },
  {
    rule: "description charset",
    refused: createRole({ Description: "a “quoted” word" }),
    error: [VALIDATION, 400, /'description'.*pattern/],
  },
  {
    rule: "description at most 1000",
    refused: createRole({ Description: "x".repeat(1001) }),
    error: [VALIDATION, 400, /less than or equal to 1000/],
  },
  {
    rule: "policy description at most 1000",
    refused: createPolicy({ Description: "x".repeat(1001) }),
    error: [VALIDATION, 400, /less than or equal to 1000/],
  },
  {
    rule: "session of a role at least 3600",
    refused: createRole({ MaxSessionDuration: 3599 }),
    error: [VALIDATION, 400, /greater than or equal to 3600/],
  },
  {
    rule: "session of a role at most 43200",
    refused: createRole({ MaxSessionDuration: 43_201 }),
    error: [VALIDATION, 400, /less than or equal to 43200/],
  },
  {
    rule: "path prefix",
    refused: (kit) => kit.hub.send(new aws.ListRolesCommand({ PathPrefix: "x" })),
    error: [VALIDATION, 400, /'pathPrefix'/],
  },
  {
    rule: "marker",
    refused: (kit) => kit.hub.send(new aws.ListRolesCommand({ Marker: "garbage" })),
    error: [VALIDATION, 400, /Invalid Marker/],
  },
  {
    rule: "policy ARN form",
    refused: (kit) => kit.hub.send(new aws.GetPolicyCommand({ PolicyArn: `arn:aws:iam::${HUB}:role/xxxx` })),
    error: ["InvalidInputException", 400, /is not valid/],
  },
  {
    rule: "ARN at least 20",
    refused: (kit) => kit.hub.send(new aws.GetPolicyCommand({ PolicyArn: "arn:aws:iam" })),
    error: [VALIDATION, 400, /greater than or equal to 20/],
  },
  {
    rule: "version id form",
    first: createPolicy(),
    refused: (kit) => kit.hub.send(new aws.GetPolicyVersionCommand({ PolicyArn: POLICY, VersionId: "1" })),
    error: [VALIDATION, 400, /'versionId'/],
  },
  {
    rule: "scope of ListPolicies",
    refused: (kit) =>
      // @ts-expect-error: not a scope
      kit.hub.send(new aws.ListPoliciesCommand({ Scope: "Mine" })),
    error: [VALIDATION, 400, /Invalid Scope/],
  },
  {
    rule: "filter of GetAccountAuthorizationDetails",
    refused: (kit) =>
      // @ts-expect-error: not a filter
      kit.hub.send(new aws.GetAccountAuthorizationDetailsCommand({ Filter: ["Roles"] })),
    error: [VALIDATION, 400, /Invalid Filter/],
  },
  {
    rule: "document charset",
    refused: createRole({ AssumeRolePolicyDocument: TRUST.replace("Allow", "Allow–") }),
    error: [VALIDATION, 400, /'assumeRolePolicyDocument'.*pattern/],
  },
];
