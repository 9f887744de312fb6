import * as sdk from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { apply, observe } from "../../../../src/aws/index.ts";
import { destroy } from "../../../../src/aws/destroy.ts";
import { write } from "../../../../src/aws/write.ts";
import { blueprint } from "../../../../src/core/blueprint/index.ts";
import { plan, quotasKey, referenceKey, type Edit } from "../../../../src/core/plan/index.ts";
import type { Setup } from "../../../../src/core/setup.ts";
import { RUN, writes } from "../support/bench.ts";
import { type GapId } from "../support/gaps.ts";
import type { Scene } from "../support/suite.ts";
import { policy, policyText, subjects, tagged } from "./editSubjects.ts";

const options = { sleep: () => Promise.resolve(), onNote: () => undefined };
const QUOTAS = ["RolesQuota", "PoliciesQuota", "AssumeRolePolicySizeQuota", "AttachedPoliciesPerRoleQuota"];
const kinds = [
  "AddAudience",
  "AddThumbprint",
  "TrustStatements",
  "PolicyVersion",
  "DropVersion",
  "Tag",
  "Detach",
  "Description",
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

  describe.each(["provider", "policy"] as const)("a tag of a %s", (what) => {
    it.skipIf(what === "provider" && lacks("provider tags"))("is set, and taken away again", async () => {
      const { access, relay } = bench();
      const { edit, look, action } = await tagged[what](bench());
      const before = await look();
      expect(await write(await account(), edit, options)).toEqual({ status: "created" });
      expect(writes(relay.calls)).toEqual([action]);
      expect(JSON.stringify(await look())).toContain('"Name":"ours"');
      expect(await destroy(await account(), edit, access, options)).toEqual({ status: "removed" });
      expect(await look()).toEqual(before);
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
        reasons: [{ id: "plan.missing.boundary" }],
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
