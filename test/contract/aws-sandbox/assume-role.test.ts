import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { AssumeRoleCommandInput, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HUB, SUB, admin, awsTrust, failure, iam, policy, session, startKit, sts } from "./kit.ts";
import type { Keys, Kit, Statement } from "./kit.ts";

const HUB_ROLE = `arn:aws:iam::${HUB}:role/ci`;
const SPOKE = `arn:aws:iam::${SUB}:role/circleci/spoke`;
const LIMITED: Keys = { accessKeyId: "AKIALIMITED000000000", secretAccessKey: "limited" };
const MAY_ASSUME: Statement = { Effect: "Allow", Action: "sts:AssumeRole", Resource: SPOKE };

let kit: Kit;
const open: STSClient[] = [];

const as = (keys: Keys): STSClient => {
  const client = sts(kit.sandbox, keys);
  open.push(client);
  return client;
};

const assume = (client: STSClient, RoleArn: string, input: Partial<AssumeRoleCommandInput> = {}) =>
  client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "hop", ...input }));

const hubSession = async (): Promise<STSClient> => as(session(await assume(kit.hubSts, HUB_ROLE)));

const setTrust = (statement: Statement, RoleName = "spoke") =>
  (RoleName === "spoke" ? kit.sub : kit.hub).send(
    new aws.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: policy(statement) }),
  );

const setPolicy = (...statements: readonly Statement[]) =>
  kit.hub.send(
    new aws.PutRolePolicyCommand({
      RoleName: "ci",
      PolicyName: "hop",
      PolicyDocument: policy(...statements),
    }),
  );

const denied = (arn: string, target: string, action = "sts:AssumeRole") => ({
  name: "AccessDenied",
  status: 403,
  message: `User: ${arn} is not authorized to perform: ${action} on resource: ${target}`,
});

const HOP = `arn:aws:sts::${HUB}:assumed-role/ci/hop`;

beforeEach(async () => {
  kit = await startKit({
    users: [
      {
        account: HUB,
        name: "limited",
        ...LIMITED,
        policy: JSON.parse(policy({ Effect: "Allow", Action: "iam:Get*", Resource: "*" })),
        mfaCode: "123456",
      },
    ],
  });
  await kit.hub.send(
    new aws.CreateRoleCommand({
      RoleName: "ci",
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: policy(awsTrust(HUB)),
    }),
  );
  await kit.sub.send(
    new aws.CreateRoleCommand({
      RoleName: "spoke",
      Path: "/circleci/",
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: policy(awsTrust(HUB_ROLE)),
    }),
  );
});
afterEach(async () => {
  for (const client of open.splice(0)) client.destroy();
  await kit.end();
});

describe("across accounts", () => {
  it("needs the caller's policy and the target's trust", async () => {
    const hub = await hubSession();
    expect(await failure(assume(hub, SPOKE))).toMatchObject(denied(HOP, SPOKE));
    await setPolicy(MAY_ASSUME);
    const answer = await assume(hub, SPOKE);
    expect(answer.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${SUB}:assumed-role/spoke/hop`);
    const spoke = as(session(answer));
    expect((await spoke.send(new GetCallerIdentityCommand({}))).Account).toBe(SUB);
    await setTrust(awsTrust(SUB));
    expect(await failure(assume(hub, SPOKE))).toMatchObject(denied(HOP, SPOKE));
  });

  it("lets a trusted account's administrator in, but no other role than the one named", async () => {
    await setPolicy(MAY_ASSUME);
    expect(await failure(assume(kit.hubSts, SPOKE))).toMatchObject(
      denied(`arn:aws:iam::${HUB}:user/admin`, SPOKE),
    );
    await setTrust(awsTrust(HUB, { ArnEquals: { "aws:PrincipalArn": HUB_ROLE } }));
    expect(await failure(assume(kit.hubSts, SPOKE))).toBeDefined();
    expect(await failure(assume(await hubSession(), SPOKE))).toBeUndefined();
  });

  it("is refused by an explicit deny, by another resource and by another role's id", async () => {
    const hub = await hubSession();
    await setPolicy(MAY_ASSUME, { ...MAY_ASSUME, Effect: "Deny" });
    expect(await failure(assume(hub, SPOKE))).toMatchObject(denied(HOP, SPOKE));
    await setPolicy({ ...MAY_ASSUME, Resource: `${SPOKE}2` });
    expect(await failure(assume(hub, SPOKE))).toMatchObject(denied(HOP, SPOKE));
    await setPolicy({ ...MAY_ASSUME, Resource: `arn:aws:iam::*:role/circleci/*` });
    expect(await failure(assume(hub, SPOKE))).toBeUndefined();
    await kit.hub.send(new aws.DeleteRolePolicyCommand({ RoleName: "ci", PolicyName: "hop" }));
    await kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "ci" }));
    await kit.hub.send(
      new aws.CreateRoleCommand({ RoleName: "ci", AssumeRolePolicyDocument: policy(awsTrust(HUB)) }),
    );
    await setPolicy(MAY_ASSUME);
    // Same name, same ARN, another role: the spoke still trusts the deleted one.
    expect(await failure(assume(await hubSession(), SPOKE))).toMatchObject(denied(HOP, SPOKE));
  });

  it("checks the external id", async () => {
    await setPolicy(MAY_ASSUME);
    await setTrust(awsTrust(HUB_ROLE, { StringEquals: { "sts:ExternalId": "s3cret" } }));
    const hub = await hubSession();
    expect(await failure(assume(hub, SPOKE))).toMatchObject(denied(HOP, SPOKE));
    expect(await failure(assume(hub, SPOKE, { ExternalId: "S3cret" }))).toMatchObject(denied(HOP, SPOKE));
    expect(await failure(assume(hub, SPOKE, { ExternalId: "s3cret" }))).toBeUndefined();
  });

  it("needs sts:TagSession on both sides for tags, and sts:SetSourceIdentity for a source identity", async () => {
    const hub = await hubSession();
    const tagged = { Tags: [{ Key: "a", Value: "b" }] };
    await setPolicy({ ...MAY_ASSUME, Action: "sts:*" });
    expect(await failure(assume(hub, SPOKE, tagged))).toMatchObject(denied(HOP, SPOKE, "sts:TagSession"));
    expect(await failure(assume(hub, SPOKE, { SourceIdentity: "me" }))).toMatchObject(
      denied(HOP, SPOKE, "sts:SetSourceIdentity"),
    );
    await setTrust({ ...awsTrust(HUB_ROLE), Action: ["sts:AssumeRole", "sts:TagSession"] });
    expect(await failure(assume(hub, SPOKE, tagged))).toBeUndefined();
    await setPolicy(MAY_ASSUME);
    expect(await failure(assume(hub, SPOKE, tagged))).toMatchObject(denied(HOP, SPOKE, "sts:TagSession"));
  });
});

describe("within an account", () => {
  it("is enough to be named by the trust policy, unless a policy denies", async () => {
    const limited = as(LIMITED);
    const arn = `arn:aws:iam::${HUB}:user/limited`;
    expect(await failure(assume(limited, HUB_ROLE))).toMatchObject(denied(arn, HUB_ROLE));
    await setTrust(awsTrust(arn), "ci");
    expect(await failure(assume(limited, HUB_ROLE))).toBeUndefined();
  });

  it("needs the caller's policy when only the account is named", async () => {
    expect(await failure(assume(kit.hubSts, HUB_ROLE))).toBeUndefined();
    await setTrust({ ...awsTrust(HUB), Condition: { StringEquals: { "aws:username": "other" } } }, "ci");
    expect(await failure(assume(kit.hubSts, HUB_ROLE))).toBeDefined();
    await setTrust({ ...awsTrust(HUB), Condition: { StringLike: { "aws:username": "adm*" } } }, "ci");
    expect(await failure(assume(kit.hubSts, HUB_ROLE))).toBeUndefined();
  });

  it("lets nobody but the named session in", async () => {
    await setTrust(awsTrust(HUB), "ci");
    await kit.hub.send(
      new aws.CreateRoleCommand({ RoleName: "next", AssumeRolePolicyDocument: policy(awsTrust(HOP)) }),
    );
    const next = `arn:aws:iam::${HUB}:role/next`;
    expect(await failure(assume(await hubSession(), next))).toBeUndefined();
    const other = as(session(await assume(kit.hubSts, HUB_ROLE, { RoleSessionName: "other" })));
    expect(await failure(assume(other, next))).toMatchObject({ name: "AccessDenied" });
  });

  it("is refused by a boundary that does not allow it", async () => {
    await kit.hub.send(
      new aws.CreateRoleCommand({ RoleName: "next", AssumeRolePolicyDocument: policy(awsTrust(HUB_ROLE)) }),
    );
    const next = `arn:aws:iam::${HUB}:role/next`;
    const hub = await hubSession();
    expect(await failure(assume(hub, next))).toBeUndefined();
    const PermissionsBoundary = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    await kit.hub.send(new aws.PutRolePermissionsBoundaryCommand({ RoleName: "ci", PermissionsBoundary }));
    expect(await failure(assume(hub, next))).toMatchObject(denied(HOP, next));
  });

  it("says the same of a role that is missing as of one that is closed", async () => {
    const missing = `arn:aws:iam::${HUB}:role/missing`;
    const arn = `arn:aws:iam::${HUB}:user/admin`;
    expect(await failure(assume(kit.hubSts, missing))).toMatchObject(denied(arn, missing));
  });
});

describe("requests", () => {
  const VALIDATION = "ValidationError";

  it.each<readonly [string, string, Partial<AssumeRoleCommandInput>, RegExp]>([
    ["an ARN that is no role's", `arn:aws:iam::${HUB}:user/admin`, {}, /is invalid/],
    ["a short session name", HUB_ROLE, { RoleSessionName: "x" }, /'roleSessionName'/],
    ["too short a session", HUB_ROLE, { DurationSeconds: 899 }, /'durationSeconds'/],
    ["more than the role allows", HUB_ROLE, { DurationSeconds: 7201 }, /exceeds the MaxSessionDuration/],
    ["an external id that is too short", HUB_ROLE, { ExternalId: "x" }, /'externalId'/],
    ["an external id with a space", HUB_ROLE, { ExternalId: "a b" }, /'externalId'.*pattern/],
    [
      "eleven session policies",
      HUB_ROLE,
      { PolicyArns: Array.from({ length: 11 }, () => ({ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" })) },
      /'policyArns'/,
    ],
  ])("with %s are refused", async (_, role, input, message) => {
    expect(await failure(assume(kit.hubSts, role, input))).toMatchObject({
      name: VALIDATION,
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  it("may ask for more than an hour, but not when chaining", async () => {
    await setPolicy(MAY_ASSUME);
    expect(await failure(assume(kit.hubSts, HUB_ROLE, { DurationSeconds: 7200 }))).toBeUndefined();
    const hub = await hubSession();
    expect(await failure(assume(hub, SPOKE, { DurationSeconds: 3600 }))).toBeUndefined();
    expect(await failure(assume(hub, SPOKE, { DurationSeconds: 3601 }))).toMatchObject({
      name: VALIDATION,
      status: 400,
      message:
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    });
  });
});

describe("MFA", () => {
  const SERIAL = `arn:aws:iam::${HUB}:mfa/limited`;
  const CODE = { SerialNumber: SERIAL, TokenCode: "123456" };

  it("is asked for by a trust policy", async () => {
    await setTrust(
      awsTrust(`arn:aws:iam::${HUB}:user/limited`, { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      "ci",
    );
    const limited = as(LIMITED);
    expect(await failure(assume(limited, HUB_ROLE))).toMatchObject({ name: "AccessDenied" });
    expect(await failure(assume(limited, HUB_ROLE, CODE))).toBeUndefined();
    const withSession = as(session(await limited.send(new GetSessionTokenCommand(CODE))));
    expect(await failure(assume(withSession, HUB_ROLE))).toBeUndefined();
    const without = as(session(await limited.send(new GetSessionTokenCommand({}))));
    expect(await failure(assume(without, HUB_ROLE))).toMatchObject({ name: "AccessDenied" });
  });

  it.each<readonly [string, Partial<AssumeRoleCommandInput>, string, RegExp]>([
    ["a wrong code", { ...CODE, TokenCode: "654321" }, "AccessDenied", /invalid MFA one time pass code/],
    [
      "another device",
      { ...CODE, SerialNumber: `${SERIAL}2` },
      "AccessDenied",
      /unable to validate MFA code/,
    ],
    ["a device without a code", { SerialNumber: SERIAL }, "AccessDenied", /must provide both/],
    ["a code of five digits", { ...CODE, TokenCode: "12345" }, "ValidationError", /'tokenCode'/],
    ["a code of letters", { ...CODE, TokenCode: "abcdef" }, "ValidationError", /'tokenCode'.*pattern/],
    ["a short serial", { ...CODE, SerialNumber: "x" }, "ValidationError", /'serialNumber'/],
  ])("is refused with %s", async (_, input, name, message) => {
    await setTrust(awsTrust(`arn:aws:iam::${HUB}:user/limited`), "ci");
    expect(await failure(assume(as(LIMITED), HUB_ROLE, input))).toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it("gives sessions that reach IAM only with a code", async () => {
    const limited = as(LIMITED);
    const plain = iam(kit.sandbox, session(await limited.send(new GetSessionTokenCommand({}))));
    expect(await failure(plain.send(new aws.GetRoleCommand({ RoleName: "ci" })))).toMatchObject({
      name: "InvalidClientTokenId",
      status: 403,
    });
    const strong = session(await limited.send(new GetSessionTokenCommand(CODE)));
    const client = iam(kit.sandbox, strong);
    expect(await failure(client.send(new aws.GetRoleCommand({ RoleName: "ci" })))).toBeUndefined();
    expect(await failure(as(strong).send(new GetSessionTokenCommand({})))).toMatchObject({
      name: "AccessDenied",
      message: "Cannot call GetSessionToken with session credentials",
    });
    plain.destroy();
    client.destroy();
  });
});

it("knows the caller", async () => {
  const { Arn, Account, UserId } = await as(admin(kit.sandbox, SUB)).send(new GetCallerIdentityCommand({}));
  expect([Arn, Account]).toEqual([`arn:aws:iam::${SUB}:user/admin`, SUB]);
  expect(UserId).toMatch(/^AIDA/);
});
