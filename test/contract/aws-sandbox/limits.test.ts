import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_ACCOUNTS, startAwsSandbox } from "../../support/aws-sandbox/index.ts";
import { ALLOW_ALL, HUB, SUB, admin, awsTrust, failure, policy, session, startKit, sts } from "./kit.ts";
import type { Keys } from "./kit.ts";
import {
  ADMINISTRATOR,
  ON_POLICY,
  ON_ROLE,
  ORGANIZATION,
  OTHER,
  POLICY,
  READ_ONLY,
  ROLE,
  startUpdateKit,
} from "./updates-kit.ts";
import type { UpdateKit } from "./updates-kit.ts";

let kit: UpdateKit;
beforeEach(async () => {
  kit = await startUpdateKit();
});
afterEach(() => kit.end());

describe("a permissions boundary", () => {
  const putBoundary = (PermissionsBoundary: string) =>
    kit.hub.send(new aws.PutRolePermissionsBoundaryCommand({ ...ON_ROLE, PermissionsBoundary }));
  const list = (client: aws.IAMClient) => failure(client.send(new aws.ListRolesCommand({})));
  const untag = (client: aws.IAMClient) =>
    failure(client.send(new aws.UntagRoleCommand({ ...ON_ROLE, TagKeys: ["a"] })));
  const because = (reason: string) => ({
    name: "AccessDenied",
    message: expect.stringMatching(new RegExp(`because no ${reason} allows the iam:[A-Za-z]+ action$`)),
  });
  const openSession = async () => {
    const input = { RoleArn: ROLE, RoleSessionName: "run" };
    return kit.as(session(await kit.hubSts.send(new AssumeRoleCommand(input))));
  };

  it("leaves of a session's permissions only what it allows as well", async () => {
    await kit.hub.send(new aws.AttachRolePolicyCommand({ ...ON_ROLE, PolicyArn: ADMINISTRATOR }));
    const own = await openSession();
    expect(await list(own)).toBeUndefined();
    await putBoundary(READ_ONLY);
    expect(await list(own)).toBeUndefined();
    expect(await untag(own)).toMatchObject(because("permissions boundary"));
    await kit.hub.send(new aws.DeleteRolePermissionsBoundaryCommand(ON_ROLE));
    expect(await untag(own)).toBeUndefined();
  });

  it("counts by its default version, and grants nothing itself", async () => {
    await kit.hub.send(new aws.AttachRolePolicyCommand({ ...ON_ROLE, PolicyArn: READ_ONLY }));
    await putBoundary(POLICY);
    const own = await openSession();
    expect(await list(own)).toMatchObject(because("permissions boundary"));
    await kit.hub.send(
      new aws.CreatePolicyVersionCommand({ ...ON_POLICY, PolicyDocument: policy(ALLOW_ALL) }),
    );
    expect(await list(own)).toMatchObject(because("permissions boundary"));
    await kit.hub.send(new aws.SetDefaultPolicyVersionCommand({ ...ON_POLICY, VersionId: "v2" }));
    expect(await list(own)).toBeUndefined();
    expect(await untag(own)).toMatchObject(because("identity-based policy"));
  });
});

describe("aws:PrincipalOrgID", () => {
  const spoke = `arn:aws:iam::${SUB}:role/spoke`;
  const attempt = (keys: Keys) => {
    const client = kit.closing(sts(kit.sandbox, keys));
    return failure(client.send(new AssumeRoleCommand({ RoleArn: spoke, RoleSessionName: "hop" })));
  };
  beforeEach(async () => {
    const trust = awsTrust("*", { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } });
    await kit.sub.send(
      new aws.CreateRoleCommand({ RoleName: "spoke", AssumeRolePolicyDocument: policy(trust) }),
    );
  });

  it("admits users and sessions of the organization's accounts, and nobody else", async () => {
    expect(await attempt(admin(kit.sandbox, HUB))).toBeUndefined();
    expect(await attempt(admin(kit.sandbox, OTHER))).toMatchObject({ name: "AccessDenied" });
    await kit.hub.send(new aws.AttachRolePolicyCommand({ ...ON_ROLE, PolicyArn: ADMINISTRATOR }));
    const own = await kit.hubSts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "run" }));
    expect(await attempt(session(own))).toBeUndefined();
  });

  it("is absent for an account of no organization", async () => {
    const alone = await startKit();
    const trust = (operator: string) =>
      policy(awsTrust(HUB, { [operator]: { "aws:PrincipalOrgID": ORGANIZATION } }));
    await alone.sub.send(
      new aws.CreateRoleCommand({ RoleName: "spoke", AssumeRolePolicyDocument: trust("StringEquals") }),
    );
    const hop = new AssumeRoleCommand({ RoleArn: spoke, RoleSessionName: "hop" });
    expect(await failure(alone.hubSts.send(hop))).toMatchObject({ name: "AccessDenied" });
    await alone.sub.send(
      new aws.UpdateAssumeRolePolicyCommand({
        RoleName: "spoke",
        PolicyDocument: trust("StringEqualsIfExists"),
      }),
    );
    expect(await failure(alone.hubSts.send(hop))).toBeUndefined();
    await alone.end();
  });

  it("asks for the id of an organization", async () => {
    const accounts = DEFAULT_ACCOUNTS.map((one) => ({ ...one, organization: "acme" }));
    await expect(startAwsSandbox({ accounts })).rejects.toThrow("acme is no id of an organization");
  });
});
