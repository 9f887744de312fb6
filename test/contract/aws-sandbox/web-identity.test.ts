import * as aws from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { AssumeRoleWithWebIdentityCommandInput } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOST, HUB, ORG, PROJECT, PROVIDER, SUB, failure, iam, policy, session, sts } from "./kit.ts";
import type { Statement } from "./kit.ts";
import { INVALID, ROLE, VALIDATION, startWebKit } from "./web-kit.ts";
import type { WebKit } from "./web-kit.ts";

let kit: WebKit;

/** Sandbox time; signatures go by real time. */
let now: Date;

beforeEach(async () => {
  now = new Date();
  kit = await startWebKit(() => now);
});
afterEach(() => kit.end());

it("exchanges a token for credentials that work", async () => {
  const answer = await kit.assume(await kit.issuer.token(), { DurationSeconds: 900 });
  expect(answer).toMatchObject({
    Audience: ORG,
    Provider: PROVIDER,
    AssumedRoleUser: { Arn: `arn:aws:sts::${HUB}:assumed-role/ci/build-1` },
  });
  expect(answer.SubjectFromWebIdentityToken).toMatch(new RegExp(`^org/${ORG}/project/${PROJECT}/user/`));
  expect(answer.Credentials?.Expiration?.getTime()).toBe(Math.floor(now.getTime() / 1000) * 1000 + 900_000);
  const own = sts(kit.sandbox, session(answer));
  expect((await own.send(new GetCallerIdentityCommand({}))).Arn).toBe(answer.AssumedRoleUser?.Arn);
  now = new Date(now.getTime() + 900_000);
  expect(await failure(own.send(new GetCallerIdentityCommand({})))).toMatchObject({
    name: "ExpiredToken",
    status: 403,
  });
  own.destroy();
});

const REQUESTS: readonly (readonly [
  string,
  Partial<AssumeRoleWithWebIdentityCommandInput>,
  readonly [string, number, RegExp],
])[] = [
  ["no role ARN", { RoleArn: `arn:aws:iam::${HUB}:user/abc` }, [VALIDATION, 400, /Request ARN is invalid/]],
  ["a missing role", { RoleArn: `${ROLE}2` }, ["AccessDenied", 403, /^Not authorized to perform/]],
  [
    "a role in another path",
    { RoleArn: `arn:aws:iam::${HUB}:role/x/ci` },
    ["AccessDenied", 403, /^Not authorized/],
  ],
  [
    "a role in another account",
    { RoleArn: ROLE.replace(HUB, SUB) },
    [INVALID, 400, /No OpenIDConnect provider/],
  ],
  ["a short session name", { RoleSessionName: "x" }, [VALIDATION, 400, /'roleSessionName'/]],
  ["a long session name", { RoleSessionName: "x".repeat(65) }, [VALIDATION, 400, /'roleSessionName'/]],
  [
    "a session name with a slash",
    { RoleSessionName: "a/b" },
    [VALIDATION, 400, /'roleSessionName'.*pattern/],
  ],
  ["too short a session", { DurationSeconds: 899 }, [VALIDATION, 400, /'durationSeconds'.*equal to 900/]],
  [
    "more than the role allows",
    { DurationSeconds: 3601 },
    [VALIDATION, 400, /exceeds the MaxSessionDuration/],
  ],
  ["more than anybody gets", { DurationSeconds: 43_201 }, [VALIDATION, 400, /equal to 43200/]],
  ["a provider id", { ProviderId: "graph.facebook.com" }, ["AccessDenied", 403, /^Not authorized/]],
  ["a session policy that is none", { Policy: "{bad" }, ["MalformedPolicyDocumentException", 400, /Syntax/]],
  [
    "a session policy that is missing",
    { PolicyArns: [{ arn: `arn:aws:iam::${HUB}:policy/none` }] },
    [VALIDATION, 400, /does not exist/],
  ],
];

describe("a request with", () => {
  it.each(REQUESTS)("%s", async (_, input, [name, status, message]) => {
    const outcome = await failure(kit.assume(await kit.issuer.token(), input));
    expect(outcome).toMatchObject({ name, status, message: expect.stringMatching(message) });
  });

  it("a token that is too long", async () => {
    const outcome = await failure(kit.assume("x".repeat(20_001)));
    expect(outcome).toMatchObject({
      name: VALIDATION,
      message: expect.stringContaining("'webIdentityToken'"),
    });
  });
});

it("lets a session do what its role, its boundary and its session policy all allow", async () => {
  const read: Statement = { Effect: "Allow", Action: "iam:List*", Resource: "*" };
  await kit.hub.send(
    new aws.PutRolePolicyCommand({ RoleName: "ci", PolicyName: "read", PolicyDocument: policy(read) }),
  );
  const listing = async (input: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) => {
    const own = iam(kit.sandbox, session(await kit.assume(await kit.issuer.token(), input)));
    const outcome = await failure(own.send(new aws.ListRolesCommand({})));
    const other = await failure(own.send(new aws.GetRoleCommand({ RoleName: "ci" })));
    own.destroy();
    return { outcome, other };
  };
  const plain = await listing();
  expect(plain.outcome).toBeUndefined();
  expect(plain.other).toMatchObject({
    name: "AccessDenied",
    status: 403,
    message: `User: arn:aws:sts::${HUB}:assumed-role/ci/build-1 is not authorized to perform: iam:GetRole on resource: ${ROLE} because no identity-based policy allows the iam:GetRole action`,
  });
  const narrowed = await listing({ Policy: policy({ ...read, Action: "s3:*" }) });
  expect(narrowed.outcome?.message).toMatch(/no session policy allows the iam:ListRoles action/);
  // The session carries the subject, but not the project id.
  const keyed = {
    StringLike: { [`${HOST}:sub`]: "org/*" },
    Null: { [`${HOST}:oidc.circleci.com/project-id`]: "true" },
  };
  await kit.hub.send(
    new aws.PutRolePolicyCommand({
      RoleName: "ci",
      PolicyName: "read",
      PolicyDocument: policy({ ...read, Condition: keyed }),
    }),
  );
  expect((await listing()).outcome).toBeUndefined();
  await kit.hub.send(
    new aws.PutRolePermissionsBoundaryCommand({
      RoleName: "ci",
      PermissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
    }),
  );
  await kit.hub.send(
    new aws.PutRolePolicyCommand({
      RoleName: "ci",
      PolicyName: "read",
      PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
    }),
  );
  const bounded = await listing();
  expect(bounded.outcome).toBeUndefined();
  expect(bounded.other?.message).toMatch(/because no permissions boundary allows the iam:GetRole action/);
});

it("ends a session when its role is deleted", async () => {
  const own = sts(kit.sandbox, session(await kit.assume(await kit.issuer.token())));
  await kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "ci" }));
  expect(await failure(own.send(new GetCallerIdentityCommand({})))).toMatchObject({
    name: "InvalidClientTokenId",
    status: 403,
  });
  own.destroy();
});
