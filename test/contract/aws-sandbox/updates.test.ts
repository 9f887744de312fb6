import { isDeepStrictEqual } from "node:util";
import * as aws from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HUB, ORG, PROVIDER, SUB, awsTrust, failure, policy } from "./kit.ts";
import {
  DOCUMENT,
  GUARDED,
  NOBODY,
  ON_POLICY,
  ON_PROVIDER,
  ON_ROLE,
  POLICY,
  READ_ONLY,
  ROLE,
  TRUST,
  startUpdateKit,
} from "./updates-kit.ts";
import type { UpdateKit } from "./updates-kit.ts";

let kit: UpdateKit;
beforeEach(async () => {
  kit = await startUpdateKit();
});
afterEach(() => kit.end());

const TAGS = [{ Key: "a", Value: "b" }];
const put = { ...ON_ROLE, PolicyName: "i" };

type Attempt = readonly [action: string, resource: string, call: (as: aws.IAMClient) => Promise<unknown>];

/** Done by somebody who may, each of them can follow the one before. */
const ATTEMPTS: readonly Attempt[] = [
  ["UpdateRole", ROLE, (c) => c.send(new aws.UpdateRoleCommand({ ...ON_ROLE, Description: "new" }))],
  [
    "UpdateAssumeRolePolicy",
    ROLE,
    (c) =>
      c.send(new aws.UpdateAssumeRolePolicyCommand({ ...ON_ROLE, PolicyDocument: policy(awsTrust(SUB)) })),
  ],
  [
    "PutRolePermissionsBoundary",
    ROLE,
    (c) => c.send(new aws.PutRolePermissionsBoundaryCommand({ ...ON_ROLE, PermissionsBoundary: POLICY })),
  ],
  [
    "DeleteRolePermissionsBoundary",
    ROLE,
    (c) => c.send(new aws.DeleteRolePermissionsBoundaryCommand(ON_ROLE)),
  ],
  ["TagRole", ROLE, (c) => c.send(new aws.TagRoleCommand({ ...ON_ROLE, Tags: TAGS }))],
  ["UntagRole", ROLE, (c) => c.send(new aws.UntagRoleCommand({ ...ON_ROLE, TagKeys: ["a"] }))],
  ["PutRolePolicy", ROLE, (c) => c.send(new aws.PutRolePolicyCommand({ ...put, PolicyDocument: DOCUMENT }))],
  ["GetRolePolicy", ROLE, (c) => c.send(new aws.GetRolePolicyCommand(put))],
  ["DeleteRolePolicy", ROLE, (c) => c.send(new aws.DeleteRolePolicyCommand(put))],
  [
    "CreatePolicyVersion",
    POLICY,
    (c) => c.send(new aws.CreatePolicyVersionCommand({ ...ON_POLICY, PolicyDocument: DOCUMENT })),
  ],
  ["ListPolicyVersions", POLICY, (c) => c.send(new aws.ListPolicyVersionsCommand(ON_POLICY))],
  [
    "GetPolicyVersion",
    POLICY,
    (c) => c.send(new aws.GetPolicyVersionCommand({ ...ON_POLICY, VersionId: "v1" })),
  ],
  [
    "SetDefaultPolicyVersion",
    POLICY,
    (c) => c.send(new aws.SetDefaultPolicyVersionCommand({ ...ON_POLICY, VersionId: "v2" })),
  ],
  [
    "DeletePolicyVersion",
    POLICY,
    (c) => c.send(new aws.DeletePolicyVersionCommand({ ...ON_POLICY, VersionId: "v1" })),
  ],
  ["ListEntitiesForPolicy", POLICY, (c) => c.send(new aws.ListEntitiesForPolicyCommand(ON_POLICY))],
  ["TagPolicy", POLICY, (c) => c.send(new aws.TagPolicyCommand({ ...ON_POLICY, Tags: TAGS }))],
  ["UntagPolicy", POLICY, (c) => c.send(new aws.UntagPolicyCommand({ ...ON_POLICY, TagKeys: ["a"] }))],
  [
    "AddClientIDToOpenIDConnectProvider",
    PROVIDER,
    (c) => c.send(new aws.AddClientIDToOpenIDConnectProviderCommand({ ...ON_PROVIDER, ClientID: "x" })),
  ],
  [
    "RemoveClientIDFromOpenIDConnectProvider",
    PROVIDER,
    (c) => c.send(new aws.RemoveClientIDFromOpenIDConnectProviderCommand({ ...ON_PROVIDER, ClientID: ORG })),
  ],
  [
    "UpdateOpenIDConnectProviderThumbprint",
    PROVIDER,
    (c) =>
      c.send(
        new aws.UpdateOpenIDConnectProviderThumbprintCommand({
          ...ON_PROVIDER,
          ThumbprintList: ["a".repeat(40)],
        }),
      ),
  ],
  [
    "TagOpenIDConnectProvider",
    PROVIDER,
    (c) => c.send(new aws.TagOpenIDConnectProviderCommand({ ...ON_PROVIDER, Tags: TAGS })),
  ],
  [
    "UntagOpenIDConnectProvider",
    PROVIDER,
    (c) => c.send(new aws.UntagOpenIDConnectProviderCommand({ ...ON_PROVIDER, TagKeys: ["a"] })),
  ],
  ["GetAccountSummary", "*", (c) => c.send(new aws.GetAccountSummaryCommand({}))],
];

describe("permissions", () => {
  it.each(ATTEMPTS)("are asked for by %s on %s", async (action, resource, call) => {
    const before = kit.sandbox.dump();
    expect(await failure(call(kit.as(NOBODY)))).toEqual({
      name: "AccessDenied",
      status: 403,
      message: `User: arn:aws:iam::${HUB}:user/nobody is not authorized to perform: iam:${action} on resource: ${resource} because no identity-based policy allows the iam:${action} action`,
    });
    expect(kit.sandbox.dump()).toEqual(before);
  });

  it("that ask for a boundary hold for the actions that know it, and for no other", async () => {
    const guarded = kit.as(GUARDED);
    const boundary = { ...ON_ROLE, PermissionsBoundary: POLICY };
    const inline = new aws.PutRolePolicyCommand({ ...put, PolicyDocument: DOCUMENT });
    const other = new aws.PutRolePermissionsBoundaryCommand({ ...ON_ROLE, PermissionsBoundary: READ_ONLY });
    expect(await failure(guarded.send(inline))).toMatchObject({ name: "AccessDenied" });
    expect(await failure(guarded.send(other))).toMatchObject({ name: "AccessDenied" });
    expect(await failure(guarded.send(new aws.PutRolePermissionsBoundaryCommand(boundary)))).toBeUndefined();
    expect(await failure(guarded.send(inline))).toBeUndefined();
    const trust = new aws.UpdateAssumeRolePolicyCommand({ ...ON_ROLE, PolicyDocument: TRUST });
    expect(await failure(guarded.send(trust))).toMatchObject({ name: "AccessDenied" });
    const created = { RoleName: "n", AssumeRolePolicyDocument: TRUST };
    expect(await failure(guarded.send(new aws.CreateRoleCommand(created)))).toMatchObject({
      name: "AccessDenied",
    });
    const bound = { ...created, PermissionsBoundary: POLICY };
    expect(await failure(guarded.send(new aws.CreateRoleCommand(bound)))).toBeUndefined();
  });
});

describe("what is kept", () => {
  it("leaves alone of a role what an update does not name", async () => {
    const sent = { ...ON_ROLE, Description: "before", MaxSessionDuration: 7200 };
    const got = async () => {
      const { Role } = await kit.hub.send(new aws.GetRoleCommand(ON_ROLE));
      return [Role?.Description, Role?.MaxSessionDuration];
    };
    await kit.hub.send(new aws.UpdateRoleCommand(sent));
    await kit.hub.send(new aws.UpdateRoleCommand(ON_ROLE));
    expect(await got()).toEqual(["before", 7200]);
    await kit.hub.send(new aws.UpdateRoleCommand({ ...ON_ROLE, Description: "after" }));
    expect(await got()).toEqual(["after", 7200]);
    await kit.hub.send(new aws.UpdateRoleCommand({ ...ON_ROLE, MaxSessionDuration: 3600 }));
    expect(await got()).toEqual(["after", 3600]);
  });

  it("is all in the dump: every change shows there, and reading changes nothing", async () => {
    for (const [action, , call] of ATTEMPTS) {
      const before = kit.sandbox.dump();
      await call(kit.hub);
      const isSame = isDeepStrictEqual(kit.sandbox.dump(), before);
      expect([action, isSame]).toEqual([action, /^(?:Get|List)/.test(action)]);
    }
    const [kept] = kit.sandbox.dump(HUB)[0]?.policies ?? [];
    expect(kept).toMatchObject({ defaultVersion: "v2", versions: { v2: JSON.parse(DOCUMENT) } });
  });

  it("lists who uses a policy, by use and by path", async () => {
    const bound = { RoleName: "bound", Path: "/other/", PermissionsBoundary: POLICY };
    await kit.hub.send(new aws.CreateRoleCommand({ ...bound, AssumeRolePolicyDocument: TRUST }));
    await kit.hub.send(new aws.AttachRolePolicyCommand({ ...ON_ROLE, PolicyArn: POLICY }));
    const names = async (input: Partial<aws.ListEntitiesForPolicyCommandInput>) => {
      const answer = await kit.hub.send(new aws.ListEntitiesForPolicyCommand({ ...ON_POLICY, ...input }));
      return answer.PolicyRoles?.map(({ RoleName }) => RoleName);
    };
    expect(await names({})).toEqual(["bound", "r"]);
    expect(await names({ PolicyUsageFilter: "PermissionsPolicy" })).toEqual(["r"]);
    expect(await names({ PolicyUsageFilter: "PermissionsBoundary" })).toEqual(["bound"]);
    expect(await names({ PathPrefix: "/other/" })).toEqual(["bound"]);
    expect(await names({ EntityFilter: "User" })).toEqual([]);
  });

  it("is counted by the account summary, which has every key of IAM's", async () => {
    kit.sandbox.knobs({ quotas: { rolesPerAccount: 7, policiesPerAccount: 8, attachedPerRole: 9 } });
    await kit.hub.send(new aws.CreatePolicyVersionCommand({ ...ON_POLICY, PolicyDocument: DOCUMENT }));
    const { SummaryMap = {} } = await kit.hub.send(new aws.GetAccountSummaryCommand({}));
    expect(Object.keys(SummaryMap).sort()).toEqual(Object.values(aws.SummaryKeyType).sort());
    expect(SummaryMap).toMatchObject({
      Roles: 1,
      RolesQuota: 7,
      Policies: 1,
      PoliciesQuota: 8,
      AttachedPoliciesPerRoleQuota: 9,
      PolicyVersionsInUse: 2,
      PolicyVersionsInUseQuota: 10_000,
      Providers: 1,
      Users: 3,
    });
  });
});
