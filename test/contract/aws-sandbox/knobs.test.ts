import { setTimeout } from "node:timers/promises";
import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ALLOW_ALL,
  HUB,
  ISSUER,
  ORG,
  PINNED,
  SUB,
  admin,
  awsTrust,
  failure,
  policy,
  session,
  sts,
  webTrust,
} from "./kit.ts";
import { startAwsSandbox } from "../../support/aws-sandbox/index.ts";
import { startWebKit } from "./web-kit.ts";
import type { WebKit } from "./web-kit.ts";

let kit: WebKit;
let now: Date;
beforeEach(async () => {
  now = new Date();
  kit = await startWebKit(() => now);
});
afterEach(() => kit.end());

const later = (ms: number): void => {
  now = new Date(now.getTime() + ms);
};

const create = (RoleName: string) =>
  kit.hub.send(new aws.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(awsTrust(HUB)) }));

const names = (): readonly string[] => (kit.sandbox.dump(HUB)[0]?.roles ?? []).map(({ name }) => name);

describe("faults", () => {
  it("throttles an action so many times", async () => {
    kit.sandbox.knobs({ throttle: { action: "CreateRole", times: 2 } });
    expect(await failure(kit.hub.send(new aws.ListRolesCommand({})))).toBeUndefined();
    for (const _ of [1, 2])
      expect(await failure(create("r"))).toMatchObject({
        name: "Throttling",
        status: 400,
        message: "Rate exceeded",
      });
    expect(await failure(create("r"))).toBeUndefined();
  });

  it.each([
    ["5xx", "ServiceFailureException", 500],
    ["accessDenied", "AccessDenied", 403],
    ["throttle", "Throttling", 400],
  ] as const)("answers %s at the n-th call and does nothing", async (kind, name, status) => {
    kit.sandbox.knobs({ faults: [{ action: "CreateRole", nth: 2, kind }] });
    expect(await failure(create("a"))).toBeUndefined();
    expect(await failure(create("b"))).toMatchObject({ name, status });
    expect(await failure(create("c"))).toBeUndefined();
    expect(names()).toEqual(["a", "c", "ci"]);
  });

  it("cuts the connection before or after the server acted", async () => {
    kit.sandbox.knobs({ faults: [{ action: "CreateRole", kind: "cutBefore" }] });
    expect(await failure(create("before"))).toMatchObject({ status: undefined });
    kit.sandbox.knobs({ faults: [{ action: "*", kind: "cutAfter", times: 2 }] });
    expect(await failure(create("after"))).toMatchObject({ status: undefined });
    expect(await failure(kit.hub.send(new aws.ListRolesCommand({})))).toMatchObject({ status: undefined });
    expect(names()).toEqual(["after", "ci"]);
    const last = kit.sandbox.calls().slice(-2);
    expect(last.map(({ action, status }) => [action, status])).toEqual([
      ["CreateRole", null],
      ["ListRoles", null],
    ]);
  });

  it("hits only calls on one thing, in one account", async () => {
    kit.sandbox.knobs({
      faults: [
        { action: "CreateRole", target: "b", nth: 1, kind: "throttle" },
        { action: "*", account: SUB, kind: "5xx", times: 2 },
      ],
    });
    expect(await failure(create("a"))).toBeUndefined();
    expect(await failure(create("b"))).toMatchObject({ name: "Throttling" });
    for (const _ of [1, 2])
      expect(await failure(kit.sub.send(new aws.ListRolesCommand({})))).toMatchObject({ status: 500 });
    expect(await failure(kit.sub.send(new aws.ListRolesCommand({})))).toBeUndefined();
    expect(await failure(create("b"))).toBeUndefined();
  });

  it("tells of each call before anything is done", async () => {
    const seen: unknown[] = [];
    kit.sandbox.onCall((arrival) => seen.push([arrival, names()]));
    await create("heard");
    kit.sandbox.onCall(undefined);
    await create("unheard");
    const arrival = { service: "iam", action: "CreateRole", account: HUB, target: "heard" };
    expect(seen).toEqual([[arrival, ["ci"]]]);
  });

  it("delays a call by its latency, and later calls not when the knob is back", async () => {
    const order: string[] = [];
    kit.sandbox.knobs({ latencyMs: 1000 });
    const before = kit.sandbox.calls().length;
    const slow = create("slow").then(() => order.push("slow"));
    while (kit.sandbox.calls().length === before) await setTimeout(1);
    kit.sandbox.knobs({ latencyMs: 0 });
    await create("quick").then(() => order.push("quick"));
    await slow;
    expect(order).toEqual(["quick", "slow"]);
  });
});

describe("propagation", () => {
  const WAIT = 10_000;
  const arn = `arn:aws:iam::${HUB}:role/fresh`;

  it("keeps a new role from being a principal and from being assumed", async () => {
    kit.sandbox.knobs({ propagationMs: WAIT });
    await create("fresh");
    const spoke = { RoleName: "spoke", AssumeRolePolicyDocument: policy(awsTrust(arn)) };
    const assume = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "early" });
    expect(await failure(kit.hub.send(new aws.GetRoleCommand({ RoleName: "fresh" })))).toBeUndefined();
    expect(await failure(kit.sub.send(new aws.CreateRoleCommand(spoke)))).toMatchObject({
      name: "MalformedPolicyDocumentException",
      message: `Invalid principal in policy: "AWS":"${arn}"`,
    });
    expect(await failure(kit.hubSts.send(assume))).toMatchObject({ name: "AccessDenied" });
    later(WAIT - 1);
    expect(await failure(kit.hubSts.send(assume))).toMatchObject({ name: "AccessDenied" });
    later(1);
    expect(await failure(kit.hubSts.send(assume))).toBeUndefined();
    expect(await failure(kit.sub.send(new aws.CreateRoleCommand(spoke)))).toBeUndefined();
  });

  it("keeps a new provider unknown and the old trust policy in force", async () => {
    later(WAIT);
    kit.sandbox.knobs({ propagationMs: WAIT });
    const token = await kit.issuer.token();
    expect(await failure(kit.assume(token))).toBeUndefined();
    await kit.trust(webTrust({ StringEquals: { "a:b": "nobody" } }));
    expect(await failure(kit.assume(token))).toBeUndefined();
    later(WAIT);
    expect(await failure(kit.assume(token))).toMatchObject({ name: "AccessDenied" });
    await kit.trust(webTrust(PINNED));
    later(WAIT);
    const provider = `arn:aws:iam::${HUB}:oidc-provider/${ISSUER.slice(8)}`;
    await kit.hub.send(new aws.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }));
    await kit.hub.send(new aws.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: [ORG] }));
    const outcome = await failure(kit.assume(token));
    expect(outcome?.message).toBe(`No OpenIDConnect provider found in your account for ${ISSUER}`);
    later(WAIT);
    expect(await failure(kit.assume(token))).toBeUndefined();
  });

  it("keeps new permissions from counting", async () => {
    const answer = await kit.assume(await kit.issuer.token());
    later(WAIT);
    kit.sandbox.knobs({ propagationMs: WAIT });
    const own = new aws.IAMClient({
      endpoint: kit.sandbox.endpoint,
      region: "us-east-1",
      maxAttempts: 1,
      credentials: session(answer),
    });
    const read = () => failure(own.send(new aws.ListRolesCommand({})));
    const ci = { RoleName: "ci", PolicyName: "p", PolicyDocument: policy(ALLOW_ALL) };
    await kit.hub.send(new aws.PutRolePolicyCommand(ci));
    expect(await read()).toMatchObject({ name: "AccessDenied" });
    later(WAIT);
    expect(await read()).toBeUndefined();
    await kit.hub.send(new aws.DeleteRolePolicyCommand({ RoleName: "ci", PolicyName: "p" }));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    await kit.hub.send(new aws.AttachRolePolicyCommand({ RoleName: "ci", PolicyArn }));
    expect(await read()).toMatchObject({ name: "AccessDenied" });
    later(WAIT);
    expect(await read()).toBeUndefined();
    own.destroy();
  });
});

describe("a checkpoint", () => {
  it("brings back what was stored, as often as wanted, with no calls and the first knobs", async () => {
    const before = kit.sandbox.dump();
    const back = kit.sandbox.checkpoint();
    for (const _ of [1, 2]) {
      await create("later");
      await kit.trust(webTrust({ StringEquals: { "a:b": "nobody" } }));
      const RoleName = "ci";
      await kit.hub.send(new aws.TagRoleCommand({ RoleName, Tags: [{ Key: "k", Value: "v" }] }));
      kit.sandbox.knobs({ faults: [{ action: "*", kind: "5xx", times: 9 }] });
      expect(kit.sandbox.dump()).not.toEqual(before);
      back();
      expect(kit.sandbox.dump()).toEqual(before);
      expect(kit.sandbox.calls()).toEqual([]);
    }
    // What came back is alive: its trust policy still admits the right token.
    expect(await failure(kit.assume(await kit.issuer.token()))).toBeUndefined();
  });
});

describe("control over HTTP", () => {
  const call = async (method: string, path: string, body?: string) => {
    const response = await fetch(`${kit.sandbox.endpoint}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    const value: unknown = await response.json();
    return { status: response.status, value };
  };

  it("sets knobs and refuses what is no knob", async () => {
    const body = JSON.stringify({ quotas: { rolesPerAccount: 1 }, latencyMs: 0 });
    expect(await call("POST", "knobs", body)).toMatchObject({ status: 200 });
    expect(await failure(create("r"))).toMatchObject({ name: "LimitExceededException" });
    for (const bad of [{ skipSignatures: true }, { faults: [{ action: "x", kind: "y" }] }, { latencyMs: -1 }])
      expect(await call("POST", "knobs", JSON.stringify(bad))).toMatchObject({ status: 400 });
    expect(await call("POST", "knobs", "{bad")).toMatchObject({ status: 400 });
    expect(await call("GET", "nothing")).toMatchObject({ status: 404 });
  });

  it("shows what is stored and what was called, without secrets, and resets", async () => {
    await kit.assume(await kit.issuer.token());
    const dumped = await call("GET", `dump?account=${HUB}`);
    expect(dumped.value).toEqual(kit.sandbox.dump(HUB));
    expect(kit.sandbox.dump().map(({ id }) => id)).toEqual([HUB, SUB]);
    const { value } = await call("GET", "calls");
    expect(value).toEqual(kit.sandbox.calls());
    expect(kit.sandbox.calls().at(-1)).toMatchObject({
      service: "sts",
      action: "AssumeRoleWithWebIdentity",
      account: HUB,
      principal: null,
      target: `arn:aws:iam::${HUB}:role/ci`,
      status: 200,
    });
    expect(kit.sandbox.calls()[0]).toMatchObject({
      action: "CreateOpenIDConnectProvider",
      principal: `arn:aws:iam::${HUB}:user/admin`,
      target: ISSUER,
    });
    const shown = JSON.stringify([dumped.value, value]);
    expect(shown).not.toContain(admin(kit.sandbox, HUB).secretAccessKey);
    expect(shown).not.toContain("eyJ");

    kit.sandbox.knobs({ latencyMs: 5, faults: [{ action: "*", kind: "5xx" }] });
    const own = sts(kit.sandbox, session(await startedSession()));
    expect(await call("POST", "reset", "")).toMatchObject({ status: 200 });
    expect(kit.sandbox.calls()).toEqual([]);
    expect(kit.sandbox.dump(HUB)[0]).toMatchObject({ providers: [], roles: [], policies: [] });
    expect(await failure(create("again"))).toBeUndefined();
    const again = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${HUB}:role/again`, RoleSessionName: "xx" });
    expect(await failure(own.send(again))).toMatchObject({ name: "InvalidClientTokenId" });
    own.destroy();
  });

  const startedSession = async () => {
    kit.sandbox.knobs({ faults: [] });
    return kit.assume(await kit.issuer.token());
  };
});

it("fetches nothing but loopback addresses by itself", async () => {
  const alone = await startAwsSandbox();
  const client = new aws.IAMClient({
    endpoint: alone.endpoint,
    region: "us-east-1",
    credentials: admin(alone, HUB),
  });
  await client.send(new aws.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: [ORG] }));
  const body = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: `arn:aws:iam::${HUB}:role/ci`,
    RoleSessionName: "xx",
    WebIdentityToken: await kit.issuer.token(),
  });
  const response = await fetch(alone.endpoint, { method: "POST", body });
  expect(await response.text()).toContain("Couldn't retrieve");
  client.destroy();
  await alone.stop();
});
