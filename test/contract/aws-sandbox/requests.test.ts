import { createHash, createHmac } from "node:crypto";
import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ALLOW_ALL, HUB, SUB, admin, awsTrust, failure, iam, policy, session, startKit, sts } from "./kit.ts";
import type { Keys, Kit, Statement } from "./kit.ts";

const USER: Keys = { accessKeyId: "AKIAREADER0000000000", secretAccessKey: "reader" };

const READER: readonly Statement[] = [
  { Effect: "Allow", Action: ["iam:Get*", "iam:List*", "iam:CreateRole"], Resource: "*" },
  { Effect: "Allow", Action: "iam:DeleteRole", Resource: "arn:aws:iam::*:role/circleci/*" },
  { Effect: "Deny", Action: "iam:GetPolicy", Resource: "*" },
  {
    Effect: "Allow",
    Action: "iam:TagRole",
    Resource: "*",
    Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } },
  },
  {
    Effect: "Allow",
    Action: "iam:AttachRolePolicy",
    Resource: "*",
    Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
  },
  {
    Effect: "Allow",
    Action: "iam:UpdateRole",
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceTag/team": "web" } },
  },
];

let kit: Kit;
beforeEach(async () => {
  const document = JSON.parse(policy(...READER));
  kit = await startKit({ users: [{ account: HUB, name: "reader", ...USER, policy: document }] });
});
afterEach(() => kit.end());

const BODY = "Action=GetCallerIdentity&Version=2011-06-15";

type Change = {
  /** Who signs, the hub's admin unless said; a session token is sent but not signed. */
  readonly keys?: Keys;
  /** The body that is signed, and sent unless `body` says else. */
  readonly signedBody?: string;
  readonly body?: string;
  readonly stamp?: Date;
  readonly service?: string;
  readonly signed?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** A signed request made by hand, so that one thing at a time can be wrong with it. */
const send = async (change: Change = {}): Promise<{ status: number; code: string; message: string }> => {
  const { accessKeyId, secretAccessKey } = change.keys ?? admin(kit.sandbox, HUB);
  const signedBody = change.signedBody ?? BODY;
  const host = new URL(kit.sandbox.endpoint).host;
  const stamp = (change.stamp ?? new Date()).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const date = stamp.slice(0, 8);
  const scope = [date, "us-east-1", change.service ?? "sts", "aws4_request"];
  const signed = change.signed ?? "host;x-amz-date";
  const values: Readonly<Record<string, string>> = { host, "x-amz-date": stamp };
  const lines = signed.split(";").map((name) => `${name}:${values[name] ?? ""}`);
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const canonical = ["POST", "/", "", ...lines, "", signed, sha(signedBody)].join("\n");
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const text = ["AWS4-HMAC-SHA256", stamp, scope.join("/"), sha(canonical)].join("\n");
  const signature = hmac(key, text).toString("hex");
  const response = await fetch(kit.sandbox.endpoint, {
    method: "POST",
    body: change.body ?? signedBody,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-amz-date": stamp,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join("/")}, SignedHeaders=${signed}, Signature=${signature}`,
      ...change.headers,
    },
  });
  const xml = await response.text();
  const field = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
  return { status: response.status, code: field("Code"), message: field("Message") };
};

describe("signatures", () => {
  it("accepts one made by hand", async () => {
    expect(await send()).toMatchObject({ status: 200, code: "" });
  });

  const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);

  it.each<readonly [string, () => Change, number, string, RegExp]>([
    [
      "another body",
      () => ({ body: `${BODY}&X=1` }),
      403,
      "SignatureDoesNotMatch",
      /calculated does not match/,
    ],
    ["an old date", () => ({ stamp: minutes(-16) }), 403, "SignatureDoesNotMatch", /expired/],
    ["a future date", () => ({ stamp: minutes(16) }), 403, "SignatureDoesNotMatch", /not yet current/],
    ["another service", () => ({ service: "iam" }), 403, "SignatureDoesNotMatch", /correct service: 'sts'/],
    ["no signed host", () => ({ signed: "x-amz-date" }), 403, "SignatureDoesNotMatch", /'host' must be/],
    ["no signed date", () => ({ signed: "host" }), 403, "SignatureDoesNotMatch", /'x-amz-date' must be/],
    [
      "a header that was not sent",
      () => ({ signed: "host;x-amz-date;x-y" }),
      403,
      "SignatureDoesNotMatch",
      /x-y/,
    ],
    [
      "an odd header",
      () => ({ headers: { authorization: "Bearer x" } }),
      400,
      "IncompleteSignature",
      /format/,
    ],
    ["an odd date", () => ({ headers: { "x-amz-date": "today" } }), 400, "IncompleteSignature", /X-Amz-Date/],
    [
      "a date of another day",
      () => ({ headers: { "x-amz-date": "20200101T000000Z" } }),
      403,
      "SignatureDoesNotMatch",
      /Date in Credential scope/,
    ],
    [
      "a token that was not issued",
      () => ({ headers: { "x-amz-security-token": "x" } }),
      403,
      "InvalidClientTokenId",
      /invalid/,
    ],
  ])("refuses one with %s", async (_, change, status, code, message) => {
    expect(await send(change())).toMatchObject({ status, code, message: expect.stringMatching(message) });
  });

  it("refuses a session's token that is not signed", async () => {
    await kit.hub.send(
      new aws.CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: policy(awsTrust(HUB)) }),
    );
    const input = { RoleArn: `arn:aws:iam::${HUB}:role/r`, RoleSessionName: "xx" };
    const keys = session(await kit.hubSts.send(new AssumeRoleCommand(input)));
    expect(await send({ keys, headers: { "x-amz-security-token": keys.sessionToken } })).toMatchObject({
      code: "SignatureDoesNotMatch",
      message: "'x-amz-security-token' must be a signed header.",
    });
    expect(await send({ keys })).toMatchObject({ code: "InvalidClientTokenId" });
  });

  it("asks for one", async () => {
    const response = await fetch(kit.sandbox.endpoint, { method: "POST", body: BODY });
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(
      /^<ErrorResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><Error><Type>Sender<\/Type><Code>MissingAuthenticationToken<\/Code><Message>[^<]+<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    );
  });

  it("refuses an unknown key and a wrong secret", async () => {
    const unknown = sts(kit.sandbox, { accessKeyId: "AKIAUNKNOWN000000000", secretAccessKey: "x" });
    expect(await failure(unknown.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: "InvalidClientTokenId",
      status: 403,
    });
    const wrong = sts(kit.sandbox, { ...admin(kit.sandbox, HUB), secretAccessKey: "x" });
    expect(await failure(wrong.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: "SignatureDoesNotMatch",
      status: 403,
    });
    unknown.destroy();
    wrong.destroy();
  });

  it("knows no action of another version or service", async () => {
    for (const body of [
      "Action=GetCallerIdentity&Version=2010-05-08",
      "Action=ListRoles&Version=2011-06-15",
      "Action=ListRoles",
    ])
      expect(await send({ body })).toMatchObject({ status: 400, code: "InvalidAction" });
  });
});

describe("parameters", () => {
  const call = (action: string): Change => ({
    service: "iam",
    signedBody: `Action=${action}&Version=2010-05-08`,
  });

  it.each([
    ["a missing one", "GetRole", /Value null at 'roleName' failed.*Member must not be null/],
    ["a number that is none", "ListRoles&MaxItems=ten", /Invalid integer value 'ten' for MaxItems/],
    ["a number that is too small", "ListRoles&MaxItems=0", /'maxItems'.*greater than or equal to 1/],
    ["a tag without a value", "TagRole&RoleName=r&Tags.member.1.Key=a", /Value null at 'value'/],
  ])("refuses %s", async (_, query, message) => {
    await kit.hub.send(
      new aws.CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: policy(awsTrust(HUB)) }),
    );
    expect(await send(call(query))).toMatchObject({
      status: 400,
      code: "ValidationError",
      message: expect.stringMatching(message),
    });
  });

  it("reads lists in the order of their numbers", async () => {
    const tags = [10, 2, 1].map((n) => `Tags.member.${n}.Key=k${n}&Tags.member.${n}.Value=v`).join("&");
    const url = encodeURIComponent("https://oidc.example.com/x");
    const sent = await send(call(`CreateOpenIDConnectProvider&Url=${url}&${tags}`));
    expect(sent.status).toBe(200);
    const [provider] = kit.sandbox.dump(HUB)[0]?.providers ?? [];
    expect(Object.keys(provider?.tags ?? {})).toEqual(["k1", "k2", "k10"]);
  });
});

describe("a limited user", () => {
  const role = `arn:aws:iam::${HUB}:role/r`;
  const trust = { RoleName: "r", AssumeRolePolicyDocument: policy(awsTrust(HUB)) };
  const denied = (action: string, resource: string, reason: string) => ({
    name: "AccessDenied",
    status: 403,
    message: `User: arn:aws:iam::${HUB}:user/reader is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
  });
  let user: aws.IAMClient;
  beforeEach(() => {
    user = iam(kit.sandbox, USER);
  });
  afterEach(() => user.destroy());

  it("may do what its policy says and nothing else", async () => {
    expect(await failure(user.send(new aws.ListRolesCommand({})))).toBeUndefined();
    expect(await failure(user.send(new aws.CreateRoleCommand(trust)))).toBeUndefined();
    expect(await failure(user.send(new aws.DeleteRoleCommand({ RoleName: "r" })))).toMatchObject(
      denied("iam:DeleteRole", role, "because no identity-based policy allows the iam:DeleteRole action"),
    );
    expect(kit.sandbox.dump(HUB)[0]?.roles.length).toBe(1);
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    expect(await failure(user.send(new aws.GetPolicyCommand({ PolicyArn })))).toMatchObject(
      denied("iam:GetPolicy", PolicyArn, "with an explicit deny in an identity-based policy"),
    );
    await kit.hub.send(new aws.CreateRoleCommand({ ...trust, RoleName: "r2", Path: "/circleci/" }));
    expect(await failure(user.send(new aws.DeleteRoleCommand({ RoleName: "r2" })))).toBeUndefined();
  });

  it("needs iam:TagRole to create a role with tags", async () => {
    const tagged = (Key: string) => ({ ...trust, Tags: [{ Key, Value: "web" }] });
    expect(await failure(user.send(new aws.CreateRoleCommand(tagged("other"))))).toMatchObject(
      denied("iam:TagRole", role, "because no identity-based policy allows the iam:TagRole action"),
    );
    expect(await failure(user.send(new aws.CreateRoleCommand(tagged("team"))))).toBeUndefined();
    expect(await failure(user.send(new aws.UpdateRoleCommand({ RoleName: "r" })))).toBeUndefined();
    await kit.hub.send(new aws.UntagRoleCommand({ RoleName: "r", TagKeys: ["team"] }));
    expect(await failure(user.send(new aws.UpdateRoleCommand({ RoleName: "r" })))).toBeDefined();
  });

  it("may attach only the policy its condition names", async () => {
    await kit.hub.send(new aws.CreateRoleCommand(trust));
    const attach = (name: string) =>
      user.send(
        new aws.AttachRolePolicyCommand({ RoleName: "r", PolicyArn: `arn:aws:iam::aws:policy/${name}` }),
      );
    expect(await failure(attach("AdministratorAccess"))).toMatchObject({ name: "AccessDenied" });
    expect(await failure(attach("ReadOnlyAccess"))).toBeUndefined();
  });

  it("may always ask who it is", async () => {
    const own = sts(kit.sandbox, USER);
    expect((await own.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${HUB}:user/reader`);
    own.destroy();
  });
});

describe("options", () => {
  it("adds accounts to the two there are", async () => {
    const extra = {
      id: "777788889999",
      name: "prod",
      accessKeyId: "AKIAPROD000000000000",
      secretAccessKey: "p",
    };
    const own = await startKit({ accounts: [extra] });
    expect(own.sandbox.accounts.map(({ id }) => id)).toEqual([HUB, SUB, "777788889999"]);
    const client = sts(own.sandbox, extra);
    expect((await client.send(new GetCallerIdentityCommand({}))).Account).toBe("777788889999");
    client.destroy();
    await own.end();
  });

  it("refuses a user of an account there is not, and a policy that is none", async () => {
    const wrong = { account: "999999999999", name: "x", ...USER, policy: JSON.parse(policy(ALLOW_ALL)) };
    await expect(startKit({ users: [wrong] })).rejects.toThrow("no account 999999999999");
    await expect(startKit({ users: [{ ...wrong, account: HUB, policy: {} }] })).rejects.toThrow(
      "Syntax errors",
    );
  });
});
