import * as aws from "@aws-sdk/client-iam";
import { ALLOW_ALL, HUB, PROVIDER, SUB, awsTrust, policy, webTrust } from "../kit.ts";
import type { Statement } from "../kit.ts";
import { createPolicy, createRole, putInline } from "./rows.ts";
import type { Row } from "./rows.ts";

const MALFORMED = "MalformedPolicyDocumentException";

/** A trust policy that is refused with `message`. */
const trust = (rule: string, document: string, message: RegExp): Row => ({
  rule: `trust: ${rule}`,
  refused: createRole({ AssumeRolePolicyDocument: document }),
  error: [MALFORMED, 400, message],
});

/** A managed policy that is refused with `message`. */
const managed = (rule: string, document: string, message: RegExp): Row => ({
  rule: `policy: ${rule}`,
  refused: createPolicy({ PolicyDocument: document }),
  error: [MALFORMED, 400, message],
});

const VALID: Statement = webTrust();

const without = (statement: Statement, name: string): Statement =>
  Object.fromEntries(Object.entries(statement).filter(([key]) => key !== name));

const principal = (value: unknown): string => policy({ ...VALID, Principal: value });

const invalidPrincipal = (rule: string, arn: string): Row =>
  trust(rule, policy(awsTrust(arn)), /Invalid principal in policy: "AWS":"/);

const FEDERATED = /Federated principals must be valid domain names or SAML metadata ARNs/;

/** What a role trust policy must not be. */
export const trustRows: readonly Row[] = [
  trust("JSON", "{bad", /invalid Json/),
  trust("an object", "[]", /invalid Json/),
  trust("nothing after it", `${policy(VALID)}x`, /invalid Json/),
  trust(
    "no element twice",
    policy(VALID).replace('"Effect":"Allow"', '"Effect":"Allow","Effect":"Deny"'),
    /invalid Json/,
  ),
  trust(
    "no condition key twice, whatever its case",
    policy(webTrust({ StringEquals: { "a:b": "1", "A:B": "2" } })),
    /Syntax error/,
  ),
  trust("version", policy(VALID).replace("2012-10-17", "2012-10-18"), /valid version string/),
  trust("a statement", policy(), /Statement is empty/),
  trust("no unknown element", policy({ ...VALID, Conditions: {} }), /Syntax error/),
  trust("no unknown top element", policy(VALID).replace('"Version"', '"Foo":1,"Version"'), /Syntax error/),
  trust("unique Sids", policy({ ...VALID, Sid: "A" }, { ...VALID, Sid: "A" }), /Ids.*not unique/),
  trust("Sid characters", policy({ ...VALID, Sid: "a-b" }), /Syntax error/),
  trust("Sid is text", policy({ ...VALID, Sid: 1 }), /Syntax error/),
  trust("Effect", policy(without(VALID, "Effect")), /Missing required field Effect/),
  trust("Effect is case-sensitive", policy({ ...VALID, Effect: "allow" }), /Invalid effect: allow/),
  trust("Effect is text", policy({ ...VALID, Effect: 1 }), /Syntax error/),
  trust("Action", policy(without(VALID, "Action")), /Missing required field Action/),
  trust("Action is text", policy({ ...VALID, Action: 1 }), /Syntax error/),
  trust("Actions are text", policy({ ...VALID, Action: [1] }), /Syntax error/),
  trust("not Action and NotAction", policy({ ...VALID, NotAction: "sts:TagSession" }), /Syntax error/),
  trust("only sts actions", policy({ ...VALID, Action: "s3:GetObject" }), /only specify STS AssumeRole/),
  trust("not every action", policy({ ...VALID, Action: "*" }), /only specify STS AssumeRole/),
  trust("no Resource", policy({ ...VALID, Resource: "*" }), /prohibited field Resource/),
  trust("no NotResource", policy({ ...VALID, NotResource: "*" }), /must not contain resources/),
  trust("statements are objects", policy().replace("[]", '["x"]'), /Syntax error/),
  trust(
    "operator names are case-sensitive",
    policy(webTrust({ stringEquals: { "a:b": "c" } })),
    /Invalid Condition type : stringEquals/,
  ),
  trust("known operators", policy(webTrust({ StringMatches: { "a:b": "c" } })), /Invalid Condition type/),
  trust("no NullIfExists", policy(webTrust({ NullIfExists: { "a:b": "true" } })), /Invalid Condition type/),
  trust("Condition is an object", policy({ ...VALID, Condition: [] }), /Syntax error/),
  trust("operators hold keys", policy(webTrust({ StringEquals: "x" })), /Syntax error/),
  trust("condition values are scalars", policy(webTrust({ StringEquals: { "a:b": {} } })), /Syntax error/),
  trust("keys have a vendor", policy(webTrust({ StringEquals: { aud: "x" } })), /prefaced by a vendor/),
  trust("Principal", policy(without(VALID, "Principal")), /Missing required field Principal/),
  trust("Principal not empty", principal({}), /cannot be empty/),
  trust("Principal lists not empty", principal({ Federated: [] }), /cannot be empty/),
  trust("no bare star", principal("*"), /invalid principal: "STAR":"\*"/),
  trust("Principal is an object", principal(PROVIDER), /must be a JSON object/),
  trust("Principal is no list", principal([PROVIDER]), /Syntax error/),
  trust(
    "no NotPrincipal with Allow",
    policy({ ...without(VALID, "Principal"), NotPrincipal: { AWS: HUB } }),
    /Allow with NotPrincipal/,
  ),
  trust(
    "no NotPrincipal with Deny",
    policy({ ...without(VALID, "Principal"), Effect: "Deny", NotPrincipal: { AWS: HUB } }),
    /must not contain NotPrincipal/,
  ),
  trust("principal kinds", principal({ Account: HUB }), /Invalid principal in policy: "Account"/),
  trust("service principals", principal({ Service: "circleci" }), /"SERVICE":"circleci"/),
  trust("federated URL", principal({ Federated: "https://oidc.circleci.com/org/x" }), FEDERATED),
  trust("federated host with path", principal({ Federated: "oidc.circleci.com/org/x" }), FEDERATED),
  trust("federated ARN of a role", principal({ Federated: `arn:aws:iam::${HUB}:role/r` }), FEDERATED),
  invalidPrincipal("role must exist", `arn:aws:iam::${HUB}:role/missing`),
  invalidPrincipal("user must exist", `arn:aws:iam::${HUB}:user/nobody`),
  invalidPrincipal("session's role must exist", `arn:aws:sts::${HUB}:assumed-role/missing/session`),
  invalidPrincipal("account must exist", "999999999999"),
  invalidPrincipal("account of an ARN must exist", "arn:aws:iam::999999999999:root"),
  invalidPrincipal("no wildcard in an ARN", `arn:aws:iam::${HUB}:role/*`),
  invalidPrincipal("unique id must exist", "AROAABCDEFGHIJKLMNOPQ"),
  {
    ...invalidPrincipal("role in its own path", `arn:aws:iam::${HUB}:role/hub`),
    first: createRole({ RoleName: "hub", Path: "/circleci/" }),
  },
  {
    rule: "trust: an update is checked like a creation",
    first: createRole(),
    refused: (kit) =>
      kit.hub.send(new aws.UpdateAssumeRolePolicyCommand({ RoleName: "r", PolicyDocument: "{bad" })),
    error: [MALFORMED, 400, /invalid Json/],
  },
  {
    rule: "trust: the id of a deleted role cannot be written back",
    first: async (kit) => {
      const made = await kit.hub.send(
        new aws.CreateRoleCommand({ RoleName: "gone", AssumeRolePolicyDocument: policy(awsTrust(HUB)) }),
      );
      await createRole({ AssumeRolePolicyDocument: policy(awsTrust(made.Role?.Arn)) })(kit);
      await kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "gone" }));
    },
    refused: async (kit) => {
      const { Role } = await kit.hub.send(new aws.GetRoleCommand({ RoleName: "r" }));
      const PolicyDocument = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
      await kit.hub.send(new aws.UpdateAssumeRolePolicyCommand({ RoleName: "r", PolicyDocument }));
    },
    error: [MALFORMED, 400, /Invalid principal in policy: "AWS":"AROA/],
  },
];

const resource = (Resource: unknown): string => policy({ ...ALLOW_ALL, Resource });

const action = (Action: unknown): string => policy({ ...ALLOW_ALL, Action });

/** What a managed or inline policy must not be. */
export const policyRows: readonly Row[] = [
  managed("JSON", "{bad", /Syntax errors in policy/),
  managed("version", JSON.stringify({ Statement: [ALLOW_ALL] }), /version 2012-10-17 or greater/),
  managed("known version", policy(ALLOW_ALL).replace("2012-10-17", "2020-01-01"), /2012-10-17 or greater/),
  managed(
    "no Principal",
    policy({ ...ALLOW_ALL, Principal: { AWS: SUB } }),
    /should not specify a principal/,
  ),
  managed("no NotPrincipal", policy({ ...ALLOW_ALL, NotPrincipal: { AWS: SUB } }), /should not specify/),
  managed("Resource", policy(without(ALLOW_ALL, "Resource")), /must contain resources/),
  managed("one of the two resources", policy({ ...ALLOW_ALL, NotResource: "*" }), /Syntax errors/),
  managed("Action", policy(without(ALLOW_ALL, "Action")), /must contain actions/),
  managed("Effect", policy(without(ALLOW_ALL, "Effect")), /Syntax errors/),
  managed("unique Sids", policy({ ...ALLOW_ALL, Sid: "A" }, { ...ALLOW_ALL, Sid: "A" }), /must be unique/),
  managed("vendor", action("GetObject"), /prefaced by a vendor/),
  managed("one colon", action("s3:Get:Object"), /only one colon/),
  managed("vendor characters", action("s 3:GetObject"), /Vendor s 3 is not valid/),
  managed("no wildcard vendor", action("s*:GetObject"), /Vendor s\* is not valid/),
  managed("resource ARN", resource("bucket"), /must be in ARN format or "\*"/),
  managed("resource partition", resource("arn:amazon:s3:::b"), /Partition "amazon" is not valid/),
  managed("resource vendor", resource("arn:aws:s*:::b"), /vendor must be fully qualified/),
  managed("no region in IAM", resource(`arn:aws:iam:us-east-1:${HUB}:role/r`), /cannot contain region/),
  managed("IAM resource path", resource(`arn:aws:iam::${HUB}:roles/r`), /resource path must either be/),
  managed(
    "operator",
    policy({ ...ALLOW_ALL, Condition: { stringequals: { "aws:username": "x" } } }),
    /Invalid Condition type/,
  ),
  {
    rule: "policy: an inline policy is checked too",
    first: createRole(),
    refused: putInline("{bad"),
    error: [MALFORMED, 400, /Syntax errors/],
  },
  {
    rule: "policy: a new version is checked too",
    first: createPolicy(),
    refused: (kit) =>
      kit.hub.send(
        new aws.CreatePolicyVersionCommand({
          PolicyArn: `arn:aws:iam::${HUB}:policy/p`,
          PolicyDocument: "{bad",
        }),
      ),
    error: [MALFORMED, 400, /Syntax errors/],
  },
];
