import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import {
  apply,
  observe,
  planTeardown,
  planUndo,
  remove,
  type Journal,
  type Sleep,
} from "../../../../src/aws/index.ts";
import type { RemovalOutcome } from "../../../../src/core/outcome.ts";
import { plan } from "../../../../src/core/plan/index.ts";
import { leftOf, noted, startJournal, type RunJournal } from "../../../../src/core/plan/journal.ts";
import { accessTo, RUN, writes } from "../support/bench.ts";
import { dump, EMPTY } from "../support/dump.ts";
import { trustOf } from "../support/gaps.ts";
import { denied, type Fault } from "../support/relay.ts";
import type { Scene } from "../support/suite.ts";

const atOnce: Sleep = () => Promise.resolve();
const FOREIGN = "somebody-elses";
const deletions = ["DeleteOpenIDConnectProvider", "DeleteRole", "DeletePolicy", "DetachRolePolicy"] as const;
const conflict = {
  code: "DeleteConflict",
  status: 409,
  message: "Cannot delete a policy attached to entities.",
};

/** Undo and the removal of a setup: exactly what was made, in order, and only while it is as it was left. */
export function removalCases({ bench }: Scene): void {
  /** Everything created, with its journal in memory. */
  const created = async () => {
    const { access, resources, setup, accounts } = bench();
    let current: RunJournal = startJournal({ runId: RUN, setup, process: 1, now: new Date() });
    const journal: Journal = {
      note: async (resource, event) => {
        current = noted(current, event, resource, new Date());
      },
    };
    const outcome = await apply(plan(resources, await observe(resources, access)), access, { journal });
    expect(outcome.status).toBe("finished");
    return { journal, current: () => current, hub: accounts.hub.accountId };
  };
  const undo = async (run: { current(): RunJournal; journal: Journal }): Promise<RemovalOutcome> => {
    const { access } = bench();
    return remove(await planUndo(run.current(), access), access, { journal: run.journal, sleep: atOnce });
  };
  const statusOf = (outcome: RemovalOutcome, kind: string): string | undefined =>
    outcome.results.find(({ resource }) => resource.kind === kind)?.progress.status;
  const foreignRole = async (hub: string): Promise<void> => {
    const command = { RoleName: FOREIGN, AssumeRolePolicyDocument: trustOf(`arn:aws:iam::${hub}:root`) };
    await bench().iam.hub.send(new CreateRoleCommand(command));
  };

  describe("removal", () => {
    it("takes a run back, and leaves what is somebody else's", async () => {
      const { iam } = bench();
      const run = await created();
      await foreignRole(run.hub);
      const outcome = await undo(run);
      expect(outcome).toMatchObject({ status: "finished", isClean: true });
      expect((await dump(iam.hub)).roles.map(({ arn }) => arn)).toEqual([
        `arn:aws:iam::${run.hub}:role/${FOREIGN}`,
      ]);
      expect((await dump(iam.hub)).providers).toEqual([]);
      expect((await dump(iam.hub)).policies).toEqual([]);
      expect(await dump(iam.sub)).toEqual(EMPTY);
      expect(leftOf(run.current())).toEqual([]);
    });

    it("removes a setup without any journal", async () => {
      const { access, setup, iam } = bench();
      await created();
      const outcome = await remove(await planTeardown(setup, [], access), access);
      expect(outcome).toMatchObject({ status: "finished", isClean: true });
      expect(await dump(iam.hub)).toEqual(EMPTY);
      expect(await dump(iam.sub)).toEqual(EMPTY);
    });

    it("names roles of others in the sub-accounts that trust the hub role, or says that it cannot see them", async () => {
      const { access, setup, iam, accounts, relay } = bench();
      const { hub } = await created();
      const AssumeRolePolicyDocument = trustOf(`arn:aws:iam::${hub}:role/circleci-oidc`);
      await iam.sub.send(new CreateRoleCommand({ RoleName: FOREIGN, AssumeRolePolicyDocument }));
      const notes = async () =>
        (await planTeardown(setup, [], access)).removals.flatMap((removal) =>
          removal.action === "remove" ? removal.notes : [],
        );
      const roles = `arn:aws:iam::${accounts.sub.accountId}:role/${FOREIGN}`;
      expect(await notes()).toEqual([{ id: "removal.note.breaks", args: { roles } }]);
      relay.faults([{ action: "ListRoles", kind: denied("ListRoles") }]);
      expect((await notes()).map(({ id }) => id)).toEqual(["removal.keep.unlisted"]);
    });

    it("has nothing to do where a run made nothing, and says so where everything is gone", async () => {
      const { access, setup, relay } = bench();
      const empty = startJournal({ runId: RUN, setup, process: 1, now: new Date() });
      expect((await planUndo(empty, access)).removals).toEqual([]);
      const gone = await planTeardown(setup, [], access);
      expect(new Set(gone.removals.map(({ action }) => action))).toEqual(new Set(["gone"]));
      expect(await remove(gone, access)).toMatchObject({ status: "finished", isClean: true });
      expect(writes(relay.calls)).toEqual([]);
    });

    it("keeps a provider that somebody else's role trusts, and names the role", async () => {
      const { iam, resources } = bench();
      const run = await created();
      const [provider] = resources;
      if (provider?.kind !== "OidcProvider") throw new Error("The provider comes first.");
      const statement = {
        Effect: "Allow",
        Principal: { Federated: provider.arn },
        Action: "sts:AssumeRoleWithWebIdentity",
      };
      const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      await iam.hub.send(new CreateRoleCommand({ RoleName: FOREIGN, AssumeRolePolicyDocument }));
      const outcome = await undo(run);
      expect(outcome).toMatchObject({ status: "finished", isClean: false });
      expect(outcome.results.at(-1)?.progress).toMatchObject({
        status: "kept",
        reason: { id: "removal.keep.used", args: { roles: `arn:aws:iam::${run.hub}:role/${FOREIGN}` } },
      });
      expect((await dump(iam.hub)).providers).toHaveLength(1);
      expect((await dump(iam.hub)).roles).toHaveLength(1);
    });

    it("keeps a provider while roles may not be listed", async () => {
      const { relay } = bench();
      const run = await created();
      relay.faults([{ action: "ListRoles", kind: denied("ListRoles") }]);
      const outcome = await undo(run);
      expect(outcome.results.at(-1)?.progress).toMatchObject({
        status: "kept",
        reason: { id: "removal.keep.unlisted" },
      });
      expect(statusOf(outcome, "Role")).toBe("removed");
    });

    it("stops where something is changed between the list and its removal", async () => {
      const { access, iam, relay } = bench();
      const run = await created();
      const removals = await planUndo(run.current(), access);
      const PolicyDocument = trustOf(`arn:aws:iam::${run.hub}:root`);
      const command = { RoleName: "circleci-oidc", PolicyDocument };
      await iam.hub.send(new UpdateAssumeRolePolicyCommand(command));
      const outcome = await remove(removals, access, { journal: run.journal });
      expect(outcome).toMatchObject({ status: "failed", isClean: false });
      const hub = outcome.results.find(({ resource }) => resource.address === "hub/role/circleci-oidc");
      expect(hub?.progress).toMatchObject({ status: "kept", reason: { id: "removal.keep.trust" } });
      expect(statusOf(outcome, "OidcProvider")).toBe("skipped");
      expect(relay.calls.filter((action) => action === "DeleteOpenIDConnectProvider")).toEqual([]);
      expect((await dump(iam.hub)).roles).toHaveLength(1);
    });

    it("leaves a role that somebody else made anew, and the policy attached to it", async () => {
      const { iam, resources } = bench();
      const run = await created();
      const policy = resources.find((resource) => resource.kind === "ManagedPolicy");
      const attach = { RoleName: "circleci-oidc", PolicyArn: policy?.arn };
      await detachAndDelete(attach);
      await iam.hub.send(
        new CreateRoleCommand({
          RoleName: "circleci-oidc",
          AssumeRolePolicyDocument: trustOf(`arn:aws:iam::${run.hub}:root`),
        }),
      );
      await iam.hub.send(new AttachRolePolicyCommand(attach));
      const outcome = await undo(run);
      expect(outcome).toMatchObject({ status: "finished", isClean: false });
      expect(statusOf(outcome, "PolicyAttachment")).toBe("kept");
      const after = await dump(iam.hub);
      expect(after.roles).toMatchObject([{ attached: [policy?.arn], tags: {} }]);
      expect(after.policies).toHaveLength(1);
      expect(await dump(iam.sub)).toEqual(EMPTY);
    });

    const detachAndDelete = async (attach: {
      RoleName: string;
      PolicyArn: string | undefined;
    }): Promise<void> => {
      const { iam } = bench();
      await iam.hub.send(new DetachRolePolicyCommand(attach));
      await iam.hub.send(new DeleteRoleCommand({ RoleName: attach.RoleName }));
    };

    it.each<[string, readonly Fault[]]>([
      ["answers are lost", deletions.map((action) => ({ action, kind: "cut after", times: 1 }))],
      ["AWS still counts what was detached", [{ action: "DeleteRole", kind: conflict, times: 2 }]],
    ])("gets through where %s", async (_, faults) => {
      const { iam, relay } = bench();
      const run = await created();
      relay.faults(faults);
      expect(await undo(run)).toMatchObject({ status: "finished", isClean: true });
      expect(await dump(iam.hub)).toEqual(EMPTY);
    });

    it("names what may not be removed, and goes on later", async () => {
      const { iam, relay } = bench();
      const run = await created();
      relay.faults([{ action: "DeletePolicy", kind: denied("DeletePolicy") }]);
      const outcome = await undo(run);
      const policy = outcome.results.find(({ resource }) => resource.kind === "ManagedPolicy");
      expect(outcome.status).toBe("failed");
      expect(policy?.progress).toMatchObject({ status: "failed", problem: { code: "aws.accessDenied" } });
      relay.faults([]);
      expect(await undo(run)).toMatchObject({ status: "finished", isClean: true });
      expect(await dump(iam.hub)).toEqual(EMPTY);
    });

    it("can be cancelled, and goes on later", async () => {
      const { access, iam, relay } = bench();
      const run = await created();
      const cancel = new AbortController();
      relay.onCall((action) => {
        if (action === "DetachRolePolicy") cancel.abort();
      });
      const removals = await planUndo(run.current(), access);
      const { journal } = run;
      const outcome = await remove(removals, access, { journal, signal: cancel.signal });
      expect(outcome).toMatchObject({ status: "cancelled", isClean: false });
      expect(statusOf(outcome, "OidcProvider")).toBe("skipped");
      relay.onCall(undefined);
      expect(await undo(run)).toMatchObject({ status: "finished", isClean: true });
      expect(await dump(iam.hub)).toEqual(EMPTY);
    });

    it("removes nothing that could not be noted before", async () => {
      const { access, iam, relay } = bench();
      const run = await created();
      const before = await dump(iam.hub);
      const removals = await planUndo(run.current(), access);
      const journal: Journal = { note: () => Promise.reject(new Error("disk full")) };
      const outcome = await remove(removals, access, { journal });
      expect(outcome.status).toBe("failed");
      expect(outcome.results.some(({ progress }) => progress.status === "removed")).toBe(false);
      expect(relay.calls.filter((action) => /^(Delete|Detach)/.test(action))).toEqual([]);
      expect(await dump(iam.hub)).toEqual(before);
    });

    it("removes nothing anywhere when one profile leads to another account", async () => {
      const { access, iam, home, accounts, relay } = bench();
      const run = await created();
      const removals = await planUndo(run.current(), access);
      await home.writeCredentials({ hub: accounts.hub, sub: accounts.hub });
      const outcome = await remove(removals, accessTo(home));
      expect(outcome.status).toBe("failed");
      expect(relay.calls.filter((action) => /^(Delete|Detach)/.test(action))).toEqual([]);
      expect((await dump(iam.sub)).roles).toHaveLength(1);
    });
  });
}
