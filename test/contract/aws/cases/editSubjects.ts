import * as sdk from "@aws-sdk/client-iam";
import type { Edit } from "../../../../src/core/plan/index.ts";
import type { Bench } from "../support/bench.ts";
import { trustOf } from "../support/gaps.ts";

const HOST = "oidc.circleci.com/org/99999999-8888-4777-8666-555555555555";
const ROLE = "existing";
/** A policy that grants reading of a bucket. */
export const policyText = (bucket: string) => ({
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }],
});

/** An edit of a subject that a case makes, and what can be seen of the subject. */
export type Subject = {
  readonly edit: Edit;
  readonly look: () => Promise<unknown>;
  readonly gone: () => Promise<unknown>;
  /** The one call that the edit is made with. */
  readonly action: string;
};

const common = (bench: Bench) => ({
  address: "hub/existing",
  account: bench.accounts.hub.accountId,
  profile: "hub",
  needs: [],
});

const tagsOf = (tags: readonly sdk.Tag[] = []): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value]));

async function provider(bench: Bench): Promise<Pick<Subject, "look" | "gone"> & { readonly arn: string }> {
  const { hub } = bench.iam;
  const ThumbprintList = ["a".repeat(40)];
  const given = { Url: `https://${HOST}`, ClientIDList: ["theirs"], ThumbprintList };
  const { OpenIDConnectProviderArn = "" } = await hub.send(new sdk.CreateOpenIDConnectProviderCommand(given));
  const of = { OpenIDConnectProviderArn };
  return {
    arn: OpenIDConnectProviderArn,
    look: async () => {
      const found = await hub.send(new sdk.GetOpenIDConnectProviderCommand(of));
      return [found.ClientIDList, found.ThumbprintList, tagsOf(found.Tags)];
    },
    gone: () => hub.send(new sdk.DeleteOpenIDConnectProviderCommand(of)),
  };
}

/** A role whose trust policy is written as people do. */
async function role(bench: Bench): Promise<Pick<Subject, "look" | "gone"> & { readonly text: string }> {
  const { hub } = bench.iam;
  const trust: unknown = JSON.parse(trustOf(`arn:aws:iam::${bench.accounts.hub.accountId}:root`));
  const AssumeRolePolicyDocument = JSON.stringify(trust, undefined, 4);
  const RoleName = ROLE;
  const Tags = [
    { Key: "Name", Value: "theirs" },
    { Key: "team", Value: "platform" },
  ];
  const given = { RoleName, AssumeRolePolicyDocument, Description: "Theirs.", Tags };
  await hub.send(new sdk.CreateRoleCommand(given));
  const look = async () => {
    const { Role: found } = await hub.send(new sdk.GetRoleCommand({ RoleName }));
    return {
      text: decodeURIComponent(found?.AssumeRolePolicyDocument ?? ""),
      description: found?.Description,
      session: found?.MaxSessionDuration ?? 3600,
      tags: tagsOf(found?.Tags),
      boundary: found?.PermissionsBoundary?.PermissionsBoundaryArn,
    };
  };
  return {
    look,
    text: (await look()).text,
    gone: () => hub.send(new sdk.DeleteRoleCommand({ RoleName })),
  };
}

type Version = {
  readonly id: string | undefined;
  readonly counts: boolean | undefined;
  readonly text: string;
};

/** Makes a policy; `versions` tells what it says. */
export async function policy(
  bench: Bench,
  name = "existing",
): Promise<
  Pick<Subject, "look" | "gone"> & {
    readonly arn: string;
    readonly versions: () => Promise<readonly Version[]>;
  }
> {
  const { hub } = bench.iam;
  const PolicyDocument = JSON.stringify(policyText("before"), undefined, 2);
  const { Policy: made } = await hub.send(new sdk.CreatePolicyCommand({ PolicyName: name, PolicyDocument }));
  const PolicyArn = made?.Arn ?? "";
  const versions = async (): Promise<readonly Version[]> => {
    const { Versions = [] } = await hub.send(new sdk.ListPolicyVersionsCommand({ PolicyArn }));
    const read = Versions.map(async ({ VersionId, IsDefaultVersion }) => {
      const found = await hub.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId }));
      const text = decodeURIComponent(found.PolicyVersion?.Document ?? "");
      return { id: VersionId, counts: IsDefaultVersion, text };
    });
    return Promise.all(read);
  };
  return {
    arn: PolicyArn,
    versions,
    look: versions,
    gone: () => hub.send(new sdk.DeletePolicyCommand({ PolicyArn })),
  };
}

/** The other things that can have a tag, which has none of this key before. */
export const tagged: Readonly<Record<"provider" | "policy", (bench: Bench) => Promise<Subject>>> = {
  provider: async (bench) => {
    const { arn, ...subject } = await provider(bench);
    const edit: Edit = { ...common(bench), kind: "Tag", arn, key: "Name", after: "ours" };
    return { ...subject, edit, action: "TagOpenIDConnectProvider" };
  },
  policy: async (bench) => {
    const { arn, versions: _, gone } = await policy(bench);
    const look = async () => {
      const { Policy: found } = await bench.iam.hub.send(new sdk.GetPolicyCommand({ PolicyArn: arn }));
      return tagsOf(found?.Tags);
    };
    const edit: Edit = { ...common(bench), kind: "Tag", arn, key: "Name", after: "ours" };
    return { look, gone, edit, action: "TagPolicy" };
  },
};

/** What each edit is tried on. */
export const subjects: Readonly<Record<Edit["kind"], (bench: Bench) => Promise<Subject>>> = {
  AddAudience: async (bench) => {
    const { arn, ...subject } = await provider(bench);
    const edit: Edit = { ...common(bench), kind: "AddAudience", arn, audience: "ours" };
    return { ...subject, edit, action: "AddClientIDToOpenIDConnectProvider" };
  },
  AddThumbprint: async (bench) => {
    const { arn, ...subject } = await provider(bench);
    const what = { thumbprint: "b".repeat(40), before: ["a".repeat(40)] };
    const edit: Edit = { ...common(bench), kind: "AddThumbprint", arn, ...what };
    return { ...subject, edit, action: "UpdateOpenIDConnectProviderThumbprint" };
  },
  TrustStatements: async (bench) => {
    const { text, ...subject } = await role(bench);
    const Principal = { Federated: `arn:aws:iam::${bench.accounts.hub.accountId}:oidc-provider/${HOST}` };
    const Condition = { StringEquals: { [`${HOST}:aud`]: "ours" } };
    const Action = "sts:AssumeRoleWithWebIdentity";
    const add = [{ Sid: "Ours", Effect: "Allow", Principal, Action, Condition }];
    const what = { roleName: ROLE, remove: [], add, before: text };
    const edit: Edit = { ...common(bench), kind: "TrustStatements", ...what };
    return { ...subject, edit, action: "UpdateAssumeRolePolicy" };
  },
  PolicyVersion: async (bench) => {
    const { arn, versions: _, ...subject } = await policy(bench);
    const what = { version: "v1", before: policyText("before"), after: policyText("after") };
    const edit: Edit = { ...common(bench), kind: "PolicyVersion", arn, ...what };
    return { ...subject, edit, action: "CreatePolicyVersion" };
  },
  DropVersion: async (bench) => {
    const { arn, versions, ...subject } = await policy(bench);
    const text = JSON.stringify(policyText("second"));
    await bench.iam.hub.send(new sdk.CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: text }));
    const edit: Edit = { ...common(bench), kind: "DropVersion", arn, version: "v2", text };
    // What it says is put back under another number.
    const look = async () => (await versions()).map(({ counts, text }) => [counts, text]);
    const gone = async () => {
      await bench.iam.hub.send(new sdk.DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: "v2" }));
      await subject.gone();
    };
    return { look, gone, edit, action: "DeletePolicyVersion" };
  },
  Tag: async (bench) => {
    const subject = await role(bench);
    const arn = `arn:aws:iam::${bench.accounts.hub.accountId}:role/${ROLE}`;
    const edit: Edit = { ...common(bench), kind: "Tag", arn, key: "Name", before: "theirs", after: "ours" };
    return { ...subject, edit, action: "TagRole" };
  },
  Detach: async (bench) => {
    const { hub } = bench.iam;
    const { gone: roleGone } = await role(bench);
    const Tags = [{ Key: "circleci-aws-oidc:setup-id", Value: "setup-1" }];
    await hub.send(new sdk.TagRoleCommand({ RoleName: ROLE, Tags }));
    const { arn: policyArn } = await policy(bench, "surplus");
    const attachment = { RoleName: ROLE, PolicyArn: policyArn };
    await hub.send(new sdk.AttachRolePolicyCommand(attachment));
    const edit: Edit = { ...common(bench), kind: "Detach", roleName: ROLE, policyArn, setupId: "setup-1" };
    const look = async () => {
      const { AttachedPolicies = [] } = await hub.send(
        new sdk.ListAttachedRolePoliciesCommand({ RoleName: ROLE }),
      );
      return AttachedPolicies.map(({ PolicyArn }) => PolicyArn);
    };
    const gone = async () => {
      await hub.send(new sdk.DetachRolePolicyCommand(attachment));
      await roleGone();
    };
    return { look, gone, edit, action: "DetachRolePolicy" };
  },
  Description: async (bench) => {
    const subject = await role(bench);
    const what = { roleName: ROLE, before: "Theirs.", after: "Ours." };
    const edit: Edit = { ...common(bench), kind: "Description", ...what };
    return { ...subject, edit, action: "UpdateRole" };
  },
  MaxSession: async (bench) => {
    const subject = await role(bench);
    const edit: Edit = { ...common(bench), kind: "MaxSession", roleName: ROLE, before: 3600, after: 7200 };
    return { ...subject, edit, action: "UpdateRole" };
  },
  Boundary: async (bench) => {
    const subject = await role(bench);
    const { arn: after } = await policy(bench, "boundary");
    const edit: Edit = { ...common(bench), kind: "Boundary", roleName: ROLE, after };
    return { ...subject, edit, action: "PutRolePermissionsBoundary" };
  },
};
