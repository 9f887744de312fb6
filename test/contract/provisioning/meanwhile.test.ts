import * as iam from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planUndo, type Sleep } from "../../../src/aws/index.ts";
import { blueprint, hubRoleArn, type OidcProvider } from "../../../src/core/blueprint/index.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { leftOf } from "../../../src/core/plan/journal.ts";
import { findUnfinished, readJournals } from "../../../src/features/shared/journals.ts";
import { applyRun, planRemovalOf, removeSetup, resume, undo } from "../../../src/features/shared/runs.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { memoryStore, type MemoryStore } from "./support/memory.ts";
import { RUN, setup } from "./support/setup.ts";
import { reopen } from "./support/trial.ts";
import { changesOf } from "./support/plan.ts";

const OTHER_RUN = "00000000-0000-4000-8000-00000000000b";
const run = { setup, runId: RUN };
const options = { sleep: atOnce };
const HUB = setup.hub.accountId;
const ROLE = setup.hub.roleName;
const trustOfRoot = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${HUB}:root` }, Action: "sts:AssumeRole" }],
});

/** What others do, and what AWS does by itself, between one step of ours and the next. */
describe("meanwhile", () => {
  let hub: Hub;
  let others: string;
  let store: MemoryStore;
  let clock = 0;
  beforeAll(async () => {
    clock = Date.now();
    hub = await startHub({ clock: () => new Date(clock) });
    others = hub.others();
  });
  beforeEach(async () => {
    await hub.restore();
    store = memoryStore();
  });
  afterAll(() => hub.stop());

  const ports = () => ({ store, access: hub.access() });
  const setUp = async (): Promise<Outcome> =>
    applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
  const removeIt = async () => removeSetup(ports(), setup, await planRemovalOf(ports(), setup), options);
  const provider = (): OidcProvider => {
    const [first] = blueprint(setup, RUN);
    if (first?.kind !== "OidcProvider") throw new Error("The provider comes first.");
    return first;
  };
  /** The role of ours is deleted, and somebody makes another one of the same name. */
  const replaceHubRole = async (): Promise<string> => {
    const client = hub.client(HUB);
    const PolicyArn = `arn:aws:iam::${HUB}:policy/${ROLE}-assume-sub-accounts`;
    await client.send(new iam.DetachRolePolicyCommand({ RoleName: ROLE, PolicyArn }));
    await client.send(new iam.DeleteRoleCommand({ RoleName: ROLE }));
    await client.send(new iam.CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: trustOfRoot }));
    return hub.others();
  };

  it.each([0, 5, 30, 60])("a new role is known %d seconds later, and is waited for", async (seconds) => {
    hub.sandbox.knobs({ propagationMs: seconds * 1000 });
    let waited = 0;
    // A minute goes by in no time: what is waited is what the sandbox's clock goes on.
    const sleep: Sleep = async (milliseconds) => {
      waited += milliseconds;
      clock += milliseconds;
    };
    const changes = await changesOf(hub.access(), run);
    const notes = new Set<string>();
    const outcome = await applyRun(
      ports(),
      { ...run, changes },
      {
        sleep,
        onProgress: (_, progress) => {
          if (progress.status === "running" && progress.note !== undefined) notes.add(progress.note.id);
        },
      },
    );
    expect(outcome.status).toBe("finished");
    expect([...notes]).toEqual(seconds === 0 ? [] : ["aws.apply.waiting"]);
    expect(waited).toBeGreaterThanOrEqual(seconds * 1000);
    clock += 60_000;
    expect((await changesOf(hub.access(), run)).every(({ action }) => action === "unchanged")).toBe(true);
    expect(await removeIt()).toMatchObject({ status: "finished", isClean: true });
    expect(hub.others()).toBe(others);
  });

  it("somebody creates the provider between plan and apply: nothing is written, then it is used as it is", async () => {
    const changes = await changesOf(hub.access(), run);
    const given = { Url: provider().url, ClientIDList: [setup.audience, "sts.amazonaws.com"] };
    await hub.client(HUB).send(new iam.CreateOpenIDConnectProviderCommand(given));
    const theirs = hub.others();
    const outcome = await applyRun(ports(), { ...run, changes }, options);
    expect(outcome).toMatchObject({ status: "failed", created: [] });
    expect(outcome.progress["hub/oidc-provider"]).toMatchObject({ problem: { code: "aws.changed" } });
    expect(hub.ours()).toEqual([]);
    const again = await resume(ports(), run, options);
    expect(again.outcome?.status).toBe("finished");
    // A thumbprint of ours is offered beside the one that AWS has fetched, and nobody has agreed to it.
    expect(again.changes[0]).toMatchObject({ action: "update", consent: { required: false } });
    const removed = await removeIt();
    expect(removed).toMatchObject({ status: "finished", isClean: true });
    expect(removed.results.at(-1)?.progress).toMatchObject({ reason: { id: "removal.keep.notOurs" } });
    expect(hub.others()).toBe(theirs);
  });

  it("somebody creates the provider in the very last moment: it is left, and no undo takes it", async () => {
    const given = { Url: provider().url, ClientIDList: [setup.audience] };
    const changes = await changesOf(hub.access(), run);
    let created: Promise<unknown> | undefined;
    const late: MemoryStore = {
      ...store,
      write: async (name, value) => {
        // Everything has been read again by the time the first write is noted.
        if (JSON.stringify(value).includes('"event":"creating"')) {
          created ??= hub.client(HUB).send(new iam.CreateOpenIDConnectProviderCommand(given));
        }
        await created;
        await store.write(name, value);
      },
    };
    const outcome = await applyRun({ store: late, access: hub.access() }, { ...run, changes }, options);
    expect(outcome.progress["hub/oidc-provider"]).toMatchObject({ problem: { code: "aws.exists" } });
    const theirs = hub.others();
    expect(theirs).not.toBe(others);
    const [journal] = await findUnfinished(store);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    expect(leftOf(journal).map(({ resource }) => resource.kind)).not.toContain("OidcProvider");
    const undone = await undo(ports(), journal, await planUndo(journal, hub.access()), options);
    expect(undone).toMatchObject({ status: "finished", isClean: true });
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(theirs);
  });

  it("a role is edited after the run: undo leaves it, its provider, and says why", async () => {
    await setUp();
    await reopen(store);
    const policy = { RoleName: ROLE, PolicyName: "deploy", PolicyDocument: inlinePolicy };
    await hub.client(HUB).send(new iam.PutRolePolicyCommand(policy));
    const [journal] = await findUnfinished(store);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    const outcome = await undo(ports(), journal, await planUndo(journal, hub.access()), options);
    expect(outcome).toMatchObject({ status: "finished", isClean: false });
    const kept = outcome.results.flatMap(({ resource, progress }) =>
      progress.status === "kept" ? [[resource.kind, progress.reason.id]] : [],
    );
    expect(kept).toEqual([
      ["Role", "removal.keep.permissions"],
      ["OidcProvider", "removal.keep.used"],
    ]);
    expect(hub.ours().toSorted()).toEqual([provider().arn, hubRoleArn(setup)].toSorted());
    // It stays open, and ends once the policy is gone.
    await hub.client(HUB).send(new iam.DeleteRolePolicyCommand({ RoleName: ROLE, PolicyName: "deploy" }));
    const [still] = await findUnfinished(store);
    if (still === undefined) throw new Error("Nothing is unfinished.");
    expect(await undo(ports(), still, await planUndo(still, hub.access()), options)).toMatchObject({
      isClean: true,
    });
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
  });

  it("a trust policy is edited after the plan: nothing is written", async () => {
    await setUp();
    await hub.client(HUB).send(
      new iam.DetachRolePolicyCommand({
        RoleName: ROLE,
        PolicyArn: `arn:aws:iam::${HUB}:policy/${ROLE}-assume-sub-accounts`,
      }),
    );
    const changes = await changesOf(hub.access(), run);
    expect(changes.filter(({ action }) => action === "create")).toHaveLength(1);
    await hub
      .client(HUB)
      .send(new iam.UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument: trustOfRoot }));
    const before = JSON.stringify(hub.sandbox.dump());
    const outcome = await applyRun(ports(), { ...run, changes }, options);
    expect(outcome.status).toBe("failed");
    expect(outcome.progress[`hub/role/${ROLE}`]).toMatchObject({ problem: { code: "aws.changed" } });
    expect(JSON.stringify(hub.sandbox.dump())).toBe(before);
  });

  it("the hub role is deleted and somebody else makes one of its name: it is left, and said what it does", async () => {
    await setUp();
    const theirs = await replaceHubRole();
    const changes = await changesOf(hub.access(), run);
    const asked = changes.flatMap((change) =>
      change.action === "update" ? [change.consent.words[0]?.id] : [],
    );
    // Three sub-accounts that trust an ID (AROA…), and the role itself, which is not ours any more.
    expect(asked).toEqual([
      "plan.join.shared",
      "plan.update.trust",
      "plan.update.trust",
      "plan.update.trust",
    ]);
    expect((await resume(ports(), run, options)).outcome).toBeUndefined();
    expect(hub.others()).toBe(theirs);
    const outcome = await removeIt();
    expect(outcome.status).toBe("finished");
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(theirs);
    expect(
      outcome.results.find(({ resource }) => resource.address === `hub/role/${ROLE}`)?.progress,
    ).toMatchObject({
      status: "kept",
      reason: { id: "removal.keep.notOurs" },
    });
  });

  it("a journal is lost after a crash: what was made is found by its tags, and removed by them", async () => {
    await setUp();
    const lost = memoryStore();
    const again = await resume({ store: lost, access: hub.access() }, { setup, runId: OTHER_RUN }, options);
    expect(again.changes.every(({ action }) => action === "unchanged")).toBe(true);
    expect(again.outcome?.status).toBe("finished");
    const removals = await planRemovalOf({ store: lost, access: hub.access() }, setup);
    const removed = await removeSetup({ store: lost, access: hub.access() }, setup, removals, options);
    expect(removed).toMatchObject({ status: "finished", isClean: true });
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
  });

  it("two windows create the same at once: each thing is made once, and all of it goes again", async () => {
    const changes = await changesOf(hub.access(), run);
    const second = memoryStore();
    const other = { setup, runId: OTHER_RUN };
    const otherChanges = await changesOf(hub.access(), other);
    await Promise.all([
      applyRun(ports(), { ...run, changes }, options),
      applyRun({ store: second, access: hub.access() }, { ...other, changes: otherChanges }, options),
    ]);
    expect(new Set(hub.ours()).size).toBe(hub.ours().length);
    for (const [kept, each] of [
      [store, run],
      [second, other],
    ] as const) {
      const resumed = await resume({ store: kept, access: hub.access() }, each, options);
      expect(resumed.outcome?.status).toBe("finished");
    }
    for (const kept of [second, store]) {
      await reopen(kept);
      const { journals } = await readJournals(kept);
      for (const journal of journals) {
        await undo(
          { store: kept, access: hub.access() },
          journal,
          await planUndo(journal, hub.access()),
          options,
        );
      }
    }
    await removeIt();
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
  });
});

const inlinePolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});
