import * as aws from "@aws-sdk/client-iam";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fetchedThumbprint } from "../../support/aws-sandbox/iam/providers.ts";
import {
  ALLOW_ALL,
  HOST,
  HUB,
  ISSUER,
  ORG,
  PINNED,
  PROVIDER,
  SUB,
  awsTrust,
  policy,
  startKit,
  webTrust,
} from "./kit.ts";
import type { Kit } from "./kit.ts";

let kit: Kit;
beforeEach(async () => {
  kit = await startKit();
});
afterEach(() => kit.end());

const decoded = (document: string | undefined): unknown => {
  const text = document ?? "";
  // Every character that RFC 3986 reserves is escaped, so decoding is all a reader needs.
  expect(text).toMatch(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+$/);
  return JSON.parse(decodeURIComponent(text));
};

it("keeps providers", async () => {
  const created = await kit.hub.send(
    new aws.CreateOpenIDConnectProviderCommand({
      Url: ISSUER,
      ClientIDList: [ORG, "sts.amazonaws.com", ORG],
      Tags: [{ Key: "managed-by", Value: "setup/test" }],
    }),
  );
  expect(created.OpenIDConnectProviderArn).toBe(PROVIDER);
  const id = { OpenIDConnectProviderArn: PROVIDER };
  await kit.hub.send(new aws.AddClientIDToOpenIDConnectProviderCommand({ ...id, ClientID: "x" }));
  await kit.hub.send(new aws.AddClientIDToOpenIDConnectProviderCommand({ ...id, ClientID: "x" }));
  await kit.hub.send(
    new aws.RemoveClientIDFromOpenIDConnectProviderCommand({ ...id, ClientID: "sts.amazonaws.com" }),
  );
  const got = await kit.hub.send(new aws.GetOpenIDConnectProviderCommand(id));
  expect(got.Url).toBe(HOST);
  expect(got.ClientIDList).toEqual([ORG, "x"]);
  expect(got.ThumbprintList).toEqual([fetchedThumbprint(HOST)]);
  expect(got.Tags).toEqual([{ Key: "managed-by", Value: "setup/test" }]);
  expect(got.CreateDate).toBeInstanceOf(Date);

  await kit.hub.send(
    new aws.UpdateOpenIDConnectProviderThumbprintCommand({ ...id, ThumbprintList: ["AB".repeat(20)] }),
  );
  await kit.hub.send(
    new aws.TagOpenIDConnectProviderCommand({ ...id, Tags: [{ Key: "Managed-By", Value: "other case" }] }),
  );
  await kit.hub.send(new aws.UntagOpenIDConnectProviderCommand({ ...id, TagKeys: ["managed-by"] }));
  const tags = await kit.hub.send(new aws.ListOpenIDConnectProviderTagsCommand(id));
  expect(tags.Tags).toEqual([{ Key: "Managed-By", Value: "other case" }]);
  const listed = await kit.hub.send(new aws.ListOpenIDConnectProvidersCommand({}));
  expect(listed.OpenIDConnectProviderList).toEqual([{ Arn: PROVIDER }]);
  const other = await kit.sub.send(new aws.ListOpenIDConnectProvidersCommand({}));
  expect(other.OpenIDConnectProviderList).toEqual([]);
  expect(kit.sandbox.dump(HUB)[0]?.providers[0]?.thumbprints).toEqual(["ab".repeat(20)]);
  await kit.hub.send(new aws.DeleteOpenIDConnectProviderCommand(id));
  expect(kit.sandbox.dump(HUB)[0]?.providers).toEqual([]);
});

it("keeps roles and shows each answer's own fields", async () => {
  const created = await kit.hub.send(
    new aws.CreateRoleCommand({
      RoleName: "ci",
      Path: "/circleci/",
      Description: 'für <CI> & "co"\r\n\tx',
      MaxSessionDuration: 7200,
      PermissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
      Tags: [{ Key: "Team", Value: "web" }],
      // Statement order and single-item lists are put into IAM's own form.
      AssumeRolePolicyDocument: JSON.stringify({
        Statement: { Action: ["sts:AssumeRole"], Principal: { AWS: [HUB] }, Effect: "Allow" },
        Version: "2012-10-17",
      }),
    }),
  );
  expect(created.Role?.Arn).toBe(`arn:aws:iam::${HUB}:role/circleci/ci`);
  expect(created.Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect(created.Role?.Description).toBeUndefined();

  const got = await kit.hub.send(new aws.GetRoleCommand({ RoleName: "CI" }));
  expect(got.Role).toMatchObject({
    RoleName: "ci",
    Description: 'für <CI> & "co"\r\n\tx',
    MaxSessionDuration: 7200,
    PermissionsBoundary: { PermissionsBoundaryArn: "arn:aws:iam::aws:policy/PowerUserAccess" },
    Tags: [{ Key: "Team", Value: "web" }],
    RoleLastUsed: {},
  });
  expect(decodeURIComponent(got.Role?.AssumeRolePolicyDocument ?? "")).toBe(
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${HUB}:root"},"Action":"sts:AssumeRole"}]}`,
  );

  const listed = await kit.hub.send(new aws.ListRolesCommand({}));
  expect(Object.keys(listed.Roles?.[0] ?? {}).sort()).toEqual([
    "Arn",
    "AssumeRolePolicyDocument",
    "CreateDate",
    "Description",
    "MaxSessionDuration",
    "Path",
    "RoleId",
    "RoleName",
  ]);

  await kit.hub.send(
    new aws.UpdateRoleCommand({ RoleName: "ci", Description: "", MaxSessionDuration: 3600 }),
  );
  await kit.hub.send(new aws.TagRoleCommand({ RoleName: "ci", Tags: [{ Key: "team", Value: "ops" }] }));
  await kit.hub.send(new aws.DeleteRolePermissionsBoundaryCommand({ RoleName: "ci" }));
  await kit.hub.send(
    new aws.PutRolePermissionsBoundaryCommand({
      RoleName: "ci",
      PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
  );
  await kit.hub.send(
    new aws.UpdateAssumeRolePolicyCommand({ RoleName: "ci", PolicyDocument: policy(webTrust(PINNED)) }),
  );
  expect(kit.sandbox.dump(HUB)[0]?.roles[0]).toMatchObject({
    description: "",
    maxSessionDuration: 3600,
    tags: { team: "ops" },
    permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess",
    trust: { Statement: [webTrust(PINNED)] },
  });
  await kit.hub.send(new aws.UntagRoleCommand({ RoleName: "ci", TagKeys: ["TEAM"] }));
  const tags = await kit.hub.send(new aws.ListRoleTagsCommand({ RoleName: "ci" }));
  expect(tags.Tags).toEqual([]);
  await kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "ci" }));
  expect(kit.sandbox.dump(HUB)[0]?.roles).toEqual([]);
});

it("keeps inline policies, managed policies, versions and attachments", async () => {
  const role = { RoleName: "ci" };
  const trust = policy(awsTrust(HUB));
  await kit.hub.send(new aws.CreateRoleCommand({ ...role, AssumeRolePolicyDocument: trust }));
  const inline = { ...role, PolicyName: "inline" };
  const text = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/'(*)!" });
  await kit.hub.send(new aws.PutRolePolicyCommand({ ...inline, PolicyDocument: text }));
  const got = await kit.hub.send(new aws.GetRolePolicyCommand(inline));
  expect(decoded(got.PolicyDocument)).toEqual(JSON.parse(text));
  expect((await kit.hub.send(new aws.ListRolePoliciesCommand(role))).PolicyNames).toEqual(["inline"]);

  const created = await kit.hub.send(
    new aws.CreatePolicyCommand({
      PolicyName: "deploy",
      Path: "/circleci/",
      Description: "d",
      PolicyDocument: text,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "A", Value: "2" },
      ],
    }),
  );
  const PolicyArn = created.Policy?.Arn ?? "";
  expect(PolicyArn).toBe(`arn:aws:iam::${HUB}:policy/circleci/deploy`);
  await kit.hub.send(new aws.AttachRolePolicyCommand({ ...role, PolicyArn }));
  await kit.hub.send(new aws.AttachRolePolicyCommand({ ...role, PolicyArn }));
  await kit.hub.send(
    new aws.AttachRolePolicyCommand({ ...role, PolicyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
  );
  const attached = await kit.hub.send(new aws.ListAttachedRolePoliciesCommand(role));
  expect(attached.AttachedPolicies?.map((one) => one.PolicyName)).toEqual(["deploy", "ReadOnlyAccess"]);
  const entities = await kit.hub.send(new aws.ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(entities.PolicyRoles?.map((one) => one.RoleName)).toEqual(["ci"]);

  const version = await kit.hub.send(
    new aws.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: policy(ALLOW_ALL) }),
  );
  expect(version.PolicyVersion).toMatchObject({ VersionId: "v2", IsDefaultVersion: false });
  await kit.hub.send(new aws.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  const versions = await kit.hub.send(new aws.ListPolicyVersionsCommand({ PolicyArn }));
  expect(versions.Versions?.map((one) => [one.VersionId, one.IsDefaultVersion, one.Document])).toEqual([
    ["v2", true, undefined],
    ["v1", false, undefined],
  ]);
  const second = await kit.hub.send(new aws.GetPolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  expect(decoded(second.PolicyVersion?.Document)).toEqual(JSON.parse(policy(ALLOW_ALL)));
  await kit.hub.send(new aws.DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
  const third = await kit.hub.send(
    new aws.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: text, SetAsDefault: true }),
  );
  expect(third.PolicyVersion).toMatchObject({ VersionId: "v3", IsDefaultVersion: true });
  await kit.hub.send(new aws.TagPolicyCommand({ PolicyArn, Tags: [{ Key: "b", Value: "" }] }));
  await kit.hub.send(new aws.UntagPolicyCommand({ PolicyArn, TagKeys: ["A"] }));
  const tags = await kit.hub.send(new aws.ListPolicyTagsCommand({ PolicyArn }));
  expect(tags.Tags).toEqual([
    { Key: "a", Value: "1" },
    { Key: "b", Value: "" },
  ]);
  const shown = await kit.hub.send(new aws.GetPolicyCommand({ PolicyArn }));
  expect(shown.Policy).toMatchObject({ AttachmentCount: 1, DefaultVersionId: "v3", Description: "d" });
  const local = await kit.hub.send(new aws.ListPoliciesCommand({ Scope: "Local" }));
  expect(local.Policies?.map((one) => one.PolicyName)).toEqual(["deploy"]);

  await kit.hub.send(new aws.DetachRolePolicyCommand({ ...role, PolicyArn }));
  await kit.hub.send(new aws.DeletePolicyVersionCommand({ PolicyArn, VersionId: "v2" }));
  await kit.hub.send(new aws.DeletePolicyCommand({ PolicyArn }));
  await kit.hub.send(new aws.DeleteRolePolicyCommand(inline));
  expect(kit.sandbox.dump(HUB)[0]).toMatchObject({ policies: [], roles: [{ inlinePolicies: {} }] });
});

it("pages listings, in order of name and with an opaque marker", async () => {
  for (const name of ["c", "A", "b", "D"])
    await kit.hub.send(
      new aws.CreateRoleCommand({
        RoleName: name,
        Path: name === "D" ? "/" : "/x/",
        AssumeRolePolicyDocument: policy(awsTrust(HUB)),
      }),
    );
  const first = await kit.hub.send(new aws.ListRolesCommand({ MaxItems: 2, PathPrefix: "/x/" }));
  expect(first.IsTruncated).toBe(true);
  const second = await kit.hub.send(
    new aws.ListRolesCommand({ MaxItems: 2, PathPrefix: "/x/", Marker: first.Marker }),
  );
  const names = [...(first.Roles ?? []), ...(second.Roles ?? [])].map((role) => role.RoleName);
  expect(names).toEqual(["A", "b", "c"]);
  expect(second.IsTruncated).toBe(false);
  const all: (string | undefined)[] = [];
  for await (const page of aws.paginateListRoles({ client: kit.hub, pageSize: 1 }, {}))
    all.push(...(page.Roles ?? []).map((role) => role.RoleName));
  expect(all).toEqual(["A", "b", "c", "D"]);
});

it("describes an account", async () => {
  kit.sandbox.knobs({ quotas: { trustPolicySize: 4096 } });
  const text = policy({ Effect: "Allow", Action: "s3:*", Resource: "*" });
  await kit.sub.send(
    new aws.CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: policy(awsTrust(SUB)) }),
  );
  await kit.sub.send(new aws.PutRolePolicyCommand({ RoleName: "r", PolicyName: "p", PolicyDocument: text }));
  await kit.sub.send(new aws.CreatePolicyCommand({ PolicyName: "m", PolicyDocument: text }));
  const { SummaryMap } = await kit.sub.send(new aws.GetAccountSummaryCommand({}));
  expect(SummaryMap).toMatchObject({
    AssumeRolePolicySizeQuota: 4096,
    AttachedPoliciesPerRoleQuota: 10,
    RolePolicySizeQuota: 10_240,
    RolesQuota: 1000,
    Roles: 1,
    Providers: 0,
    Policies: 1,
    PoliciesQuota: 1500,
    PolicySizeQuota: 6144,
    VersionsPerPolicyQuota: 5,
  });
  const aliases = await kit.sub.send(new aws.ListAccountAliasesCommand({}));
  expect(aliases.AccountAliases).toEqual(["staging"]);
  const details = await kit.sub.send(
    new aws.GetAccountAuthorizationDetailsCommand({ Filter: ["Role", "LocalManagedPolicy"] }),
  );
  expect(details.RoleDetailList?.map((role) => role.RoleName)).toEqual(["r"]);
  expect(decoded(details.RoleDetailList?.[0]?.RolePolicyList?.[0]?.PolicyDocument)).toEqual(JSON.parse(text));
  expect(decoded(details.Policies?.[0]?.PolicyVersionList?.[0]?.Document)).toEqual(JSON.parse(text));
  const onlyRoles = await kit.sub.send(
    new aws.GetAccountAuthorizationDetailsCommand({ Filter: ["Role"], MaxItems: 1 }),
  );
  expect(onlyRoles).toMatchObject({ IsTruncated: false, Policies: [] });
});

it("shows a role principal as its ARN, and as its unique id once the role is gone", async () => {
  const ci = { RoleName: "ci", AssumeRolePolicyDocument: policy(awsTrust(HUB)) };
  const id = (await kit.hub.send(new aws.CreateRoleCommand(ci))).Role?.RoleId;
  const arn = `arn:aws:iam::${HUB}:role/ci`;
  const spoke = { RoleName: "spoke", AssumeRolePolicyDocument: policy(awsTrust(arn)) };
  await kit.sub.send(new aws.CreateRoleCommand(spoke));
  const seen = (): unknown => kit.sandbox.dump(SUB)[0]?.roles[0]?.trust;
  expect(seen()).toMatchObject({ Statement: [{ Principal: { AWS: arn } }] });
  await kit.hub.send(new aws.DeleteRoleCommand({ RoleName: "ci" }));
  expect(seen()).toMatchObject({ Statement: [{ Principal: { AWS: id } }] });
  await kit.hub.send(new aws.CreateRoleCommand(ci));
  expect(seen()).toMatchObject({ Statement: [{ Principal: { AWS: id } }] });
});
