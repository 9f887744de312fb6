import * as sdk from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { apply, observe } from "../../../../src/aws/index.ts";
import { destroy } from "../../../../src/aws/destroy.ts";
import { write } from "../../../../src/aws/write.ts";
import { blueprint } from "../../../../src/core/blueprint/index.ts";
import { plan, quotasKey, referenceKey, type Edit } from "../../../../src/core/plan/index.ts";
import type { Setup } from "../../../../src/core/setup.ts";
import { RUN, writes, type Bench } from "../support/bench.ts";
import { trustOf, type GapId } from "../support/gaps.ts";
import type { Scene } from "../support/suite.ts";

const HOST = "oidc.circleci.com/org/99999999-8888-4777-8666-555555555555";
const ROLE = "existing";
const options = { sleep: () => Promise.resolve(), onNote: () => undefined };
const policyText = (bucket: string) => ({
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }],
});

/** An edit of a subject that a case makes, and what can be seen of the subject. */
type Subject = {
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
      return [found.ClientIDList, found.ThumbprintList];
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
  await hub.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Description: "Theirs." }));
  const look = async () => {
    const { Role: found } = await hub.send(new sdk.GetRoleCommand({ RoleName }));
    return {
      text: decodeURIComponent(found?.AssumeRolePolicyDocument ?? ""),
      description: found?.Description,
      session: found?.MaxSessionDuration ?? 3600,
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

async function policy(
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

const subjects: Readonly<Record<Edit["kind"], (bench: Bench) => Promise<Subject>>> = {
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
const QUOTAS = ["RolesQuota", "PoliciesQuota", "AssumeRolePolicySizeQuota", "AttachedPoliciesPerRoleQuota"];
const kinds = [
  "AddAudience",
  "AddThumbprint",
  "TrustStatements",
  "PolicyVersion",
  "DropVersion",
  "MaxSession",
  "Boundary",
] as const satisfies readonly Edit["kind"][];

/** What a backend has to know to make an edit, or to take it back. */
const needs: Partial<Readonly<Record<Edit["kind"], GapId>>> = {
  AddAudience: "audiences",
  AddThumbprint: "thumbprints",
  PolicyVersion: "versions",
  DropVersion: "versions",
};

/** Every change of something that exists: made, made twice, taken back, and with what it is about gone. */
export function editCases({ bench, lacks }: Scene): void {
  const account = async () => {
    const opened = await bench().access.open("hub");
    if (!opened.ok) throw new Error(opened.problem.code);
    return opened.account;
  };

  const cannot = (kind: Edit["kind"]): boolean => {
    const gap = needs[kind];
    return gap !== undefined && lacks(gap);
  };

  describe.each(kinds)("the edit %s", (kind) => {
    it.skipIf(cannot(kind))("is made once, and taken back to the byte", async () => {
      const { access, relay } = bench();
      const { edit, look, action } = await subjects[kind](bench());
      const before = await look();
      expect(await write(await account(), edit, options)).toEqual({ status: "created" });
      const after = await look();
      expect(after).not.toEqual(before);
      expect(writes(relay.calls)).toEqual([action]);
      expect(await write(await account(), edit, options)).toEqual({ status: "created" });
      expect(writes(relay.calls)).toEqual([action]);
      expect(await look()).toEqual(after);
      expect(await destroy(await account(), edit, access, options)).toEqual({ status: "removed" });
      expect(await look()).toEqual(before);
      const calls = writes(relay.calls).length;
      expect(await destroy(await account(), edit, access, options)).toEqual({ status: "removed" });
      expect(writes(relay.calls)).toHaveLength(calls);
      expect(await look()).toEqual(before);
    });

    it.skipIf(cannot(kind))("counts as made although the answer was lost", async () => {
      const { relay } = bench();
      const { edit, action, look } = await subjects[kind](bench());
      const before = await look();
      relay.faults([{ action, kind: "cut after", times: 1 }]);
      expect(await write(await account(), edit, options)).toEqual({ status: "created" });
      expect(await look()).not.toEqual(before);
    });

    it("is neither made nor taken back where what it is about is gone", async () => {
      const { access, relay } = bench();
      const { edit, gone } = await subjects[kind](bench());
      await gone();
      expect(await write(await account(), edit, options)).toMatchObject({
        status: "failed",
        problem: { code: "aws.changed" },
        inDoubt: false,
      });
      expect(await destroy(await account(), edit, access, options)).toMatchObject({
        status: "failed",
        problem: { code: "aws.changed" },
      });
      expect(writes(relay.calls)).toEqual([]);
    });
  });

  describe("what IAM knows besides", () => {
    const wide = (): Setup => {
      const { setup } = bench();
      const hub = {
        ...setup.hub,
        path: "/ci/",
        boundary: { name: "limit", path: "/" },
        maxSessionSeconds: 7200,
      };
      return { ...setup, hub };
    };

    it("says that a boundary is missing, and then creates a role with path, boundary and session", async () => {
      const { access, iam, accounts } = bench();
      const resources = blueprint(wide(), RUN);
      const { accountId } = accounts.hub;
      const arn = `arn:aws:iam::${accountId}:policy/limit`;
      const seen = await observe(resources, access);
      expect(seen[referenceKey(accountId, arn)]).toEqual({ state: "absent" });
      expect(plan(resources, seen).find(({ action }) => action === "blocked")).toMatchObject({
        reason: { id: "plan.missing.boundary" },
      });
      await policy(bench(), "limit");
      const again = await observe(resources, access);
      expect(again[referenceKey(accountId, arn)]).toMatchObject({ state: "present" });
      expect(await apply(plan(resources, again), access)).toMatchObject({ status: "finished" });
      const { Role: made } = await iam.hub.send(new sdk.GetRoleCommand({ RoleName: "circleci-oidc" }));
      expect(made).toMatchObject({
        Arn: `arn:aws:iam::${accountId}:role/ci/circleci-oidc`,
        MaxSessionDuration: 7200,
        PermissionsBoundary: { PermissionsBoundaryArn: arn },
      });
      const second = plan(resources, await observe(resources, access));
      expect(new Set(second.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
    });

    it("knows the quotas of an account that something is to be created in", async () => {
      const { access, resources, accounts } = bench();
      const seen = (await observe(resources, access))[quotasKey(accounts.hub.accountId)];
      if (seen?.state !== "present" || seen.resource.kind !== "Quotas") throw new Error("No quotas.");
      const { figures } = seen.resource;
      for (const name of [...QUOTAS, "Roles", "Policies"])
        expect([name, typeof figures[name]]).toEqual([name, "number"]);
    });

    it("names who has a policy that is to be changed", async () => {
      const { access, resources, iam } = bench();
      await apply(plan(resources, await observe(resources, access)), access);
      const changed = resources.map((one) =>
        one.kind === "ManagedPolicy" ? { ...one, document: policyText("after") } : one,
      );
      const change = plan(changed, await observe(changed, access)).find(({ action }) => action === "update");
      expect(change).toMatchObject({
        existing: { users: ["role/circleci-oidc"], version: "v1" },
        edits: [{ kind: "PolicyVersion" }],
      });
      const [edit] = change?.action === "update" ? change.edits : [];
      if (edit?.kind !== "PolicyVersion") throw new Error("No edit.");
      const texts = ["2", "3", "4", "5"].map((bucket) => JSON.stringify(policyText(bucket)));
      for (const PolicyDocument of texts)
        await iam.hub.send(new sdk.CreatePolicyVersionCommand({ PolicyArn: edit.arn, PolicyDocument }));
      // By now there is no room, and no version that may make it was agreed to.
      expect(await write(await account(), edit, options)).toMatchObject({ problem: { code: "aws.changed" } });
      const again = plan(changed, await observe(changed, access)).find(({ action }) => action === "update");
      const edits = again?.action === "update" ? again.edits : [];
      expect(edits).toMatchObject([{ kind: "DropVersion", version: "v2", text: texts[0] }, edit]);
      for (const each of edits)
        expect(await write(await account(), each, options)).toEqual({ status: "created" });
      const { Versions = [] } = await iam.hub.send(
        new sdk.ListPolicyVersionsCommand({ PolicyArn: edit.arn }),
      );
      expect(new Set(Versions.map(({ VersionId }) => VersionId))).toEqual(
        new Set(["v1", "v3", "v4", "v5", "v6"]),
      );
    });
  });
}
