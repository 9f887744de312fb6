import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planUndo } from "../../../src/aws/index.ts";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { findUnfinished, journalFile } from "../../../src/features/shared/journals.ts";
import {
  applyRun,
  closeIfComplete,
  planRemovalOf,
  removeSetup,
  resume,
  undo,
} from "../../../src/features/shared/runs.ts";
import { readSetups, setupFile, type Store } from "../../../src/features/shared/store.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { RUN, setup } from "./support/setup.ts";
import { reopen } from "./support/trial.ts";
import { changesOf } from "./support/plan.ts";

const run = { setup, runId: RUN };
const everything = blueprint(setup, RUN);
const options = { sleep: atOnce };

describe("runs", () => {
  let hub: Hub;
  let others: string;
  beforeAll(async () => {
    hub = await startHub();
    others = hub.others();
  });
  beforeEach(() => hub.restore());
  afterAll(() => hub.stop());

  const ports = () => ({ store: hub.store, access: hub.access() });
  /** Cancelled at the n-th creation. */
  const stopAt = async (n: number): Promise<void> => {
    const cancel = new AbortController();
    let writes = 0;
    hub.sandbox.onCall(({ action }) => {
      if (/^(Create|Attach)/.test(action)) writes += 1;
      if (writes === n) cancel.abort();
    });
    const changes = await changesOf(hub.access(), run);
    const outcome = await applyRun(ports(), { ...run, changes }, { ...options, signal: cancel.signal });
    hub.sandbox.onCall(undefined);
    expect(outcome.status).toBe("cancelled");
  };

  it("keep the setup once everything exists, and leave nothing unfinished", async () => {
    const outcome = await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    expect(outcome.status).toBe("finished");
    expect(await readSetups(hub.store)).toEqual([setup]);
    expect(await findUnfinished(hub.store)).toEqual([]);
    expect((await changesOf(hub.access(), run)).map(({ action }) => action)).toEqual(
      everything.map(() => "unchanged"),
    );
    expect(hub.others()).toBe(others);
  });

  it("write nothing to AWS where no journal can be kept", async () => {
    const changes = await changesOf(hub.access(), run);
    const broken: Store = { ...hub.store, write: () => Promise.reject(new Error("disk full")) };
    const outcome = await applyRun({ store: broken, access: hub.access() }, { ...run, changes });
    expect(outcome).toMatchObject({ status: "failed", created: [] });
    expect(Object.values(outcome.progress)[0]).toMatchObject({ problem: { code: "aws.journal" } });
    expect(hub.ours()).toEqual([]);
  });

  it("are found unfinished and resumed to the end", async () => {
    await stopAt(3);
    const [journal] = await findUnfinished(hub.store);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    const resumed = await resume(ports(), journal, options);
    expect(resumed.outcome?.status).toBe("finished");
    expect(resumed.outcome?.created.length).toBeLessThan(everything.length);
    expect(await findUnfinished(hub.store)).toEqual([]);
    expect(await readSetups(hub.store)).toEqual([setup]);
    expect(hub.others()).toBe(others);
  });

  it("are found unfinished and undone, and are not offered again", async () => {
    await stopAt(3);
    const [journal] = await findUnfinished(hub.store);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    const outcome = await undo(ports(), journal, await planUndo(journal, hub.access()), options);
    expect(outcome).toMatchObject({ status: "finished", isClean: true });
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
    expect(await findUnfinished(hub.store)).toEqual([]);
  });

  it("are closed where everything exists by the time that somebody looks", async () => {
    await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    await hub.store.remove(setupFile(setup.id));
    await reopen(hub.store);
    const changes = await changesOf(hub.access(), run);
    await closeIfComplete(hub.store, {
      setup,
      changes: changes
        .slice(0, 1)
        .map(({ resource, seen }) => ({ resource, seen, action: "create", notes: [] })),
    });
    expect(await findUnfinished(hub.store)).toHaveLength(1);
    await closeIfComplete(hub.store, { setup, changes });
    expect(await findUnfinished(hub.store)).toEqual([]);
    expect(await readSetups(hub.store)).toEqual([setup]);
  });

  it("keep no setup of which everything was there before", async () => {
    await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    const other = { ...setup, id: "00000000-0000-4000-8000-000000000002" };
    await closeIfComplete(hub.store, {
      setup: other,
      changes: await changesOf(hub.access(), { ...run, setup: other }),
    });
    expect(await readSetups(hub.store)).toEqual([setup]);
  });

  it("remove nothing where the journal cannot be opened", async () => {
    await stopAt(3);
    const [journal] = await findUnfinished(hub.store);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    const before = hub.ours();
    const removals = await planUndo(journal, hub.access());
    await writeFile(join(hub.folder, journalFile(RUN)), "torn");
    const outcome = await undo(ports(), journal, removals, options);
    expect(outcome).toMatchObject({ status: "failed", isClean: false });
    expect(outcome.results[0]?.progress).toMatchObject({ problem: { message: { id: "removal.noJournal" } } });
    expect(hub.ours()).toEqual(before);
  });

  it("do not resume where the plan is blocked", async () => {
    await stopAt(1);
    const [journal] = await findUnfinished(hub.store);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    hub.sandbox.knobs({ faults: [{ action: "GetPolicy", kind: "accessDenied", times: 99 }] });
    const before = hub.ours();
    const resumed = await resume(ports(), journal, options);
    expect(resumed.outcome).toBeUndefined();
    expect(resumed.changes.some(({ action }) => action === "blocked")).toBe(true);
    expect(hub.ours()).toEqual(before);
    expect(await findUnfinished(hub.store)).toHaveLength(1);
  });

  it("find what was created by its tags where the journal is gone", async () => {
    await stopAt(3);
    await hub.store.remove(journalFile(RUN));
    const changes = await changesOf(hub.access(), run);
    const existing = changes.filter(({ action }) => action !== "create");
    expect(existing.length).toBeGreaterThan(0);
    expect(new Set(existing.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
    const outcome = await applyRun(ports(), { ...run, changes }, options);
    expect(outcome.status).toBe("finished");
    const removed = await removeSetup(ports(), setup, await planRemovalOf(ports(), setup), options);
    expect(removed).toMatchObject({ status: "finished", isClean: true });
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
  });

  it("end with the removal of the setup, which is then forgotten here too", async () => {
    await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    const removals = await planRemovalOf(ports(), setup);
    expect(removals.removals.map(({ action }) => action)).toEqual(everything.map(() => "remove"));
    expect(await removeSetup(ports(), setup, removals, options)).toMatchObject({ isClean: true });
    expect(hub.ours()).toEqual([]);
    expect(await readSetups(hub.store)).toEqual([]);
    expect(await findUnfinished(hub.store)).toEqual([]);
  });

  it("remember a setup of which something stays", async () => {
    await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    hub.sandbox.knobs({ faults: [{ action: "DeletePolicy", kind: "accessDenied", times: 99 }] });
    const outcome = await removeSetup(ports(), setup, await planRemovalOf(ports(), setup), options);
    expect(outcome).toMatchObject({ status: "failed", isClean: false });
    expect(await readSetups(hub.store)).toEqual([setup]);
    hub.sandbox.knobs({ faults: [] });
    expect(await removeSetup(ports(), setup, await planRemovalOf(ports(), setup), options)).toMatchObject({
      status: "finished",
      isClean: true,
    });
    expect(await readSetups(hub.store)).toEqual([]);
  });

  it("remove with a setup what was made under another answer before", async () => {
    const other = { ...setup, hub: { ...setup.hub, roleName: "first-try" } };
    const cancel = new AbortController();
    hub.sandbox.onCall(({ action, target }) => {
      if (action === "CreateRole" && target === "first-try") cancel.abort();
    });
    const first = { setup: other, runId: RUN };
    await applyRun(
      ports(),
      { ...first, changes: await changesOf(hub.access(), first) },
      { ...options, signal: cancel.signal },
    );
    hub.sandbox.onCall(undefined);
    const second = await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    expect(second.status).toBe("finished");
    expect(hub.ours().some((arn) => arn.endsWith("role/first-try"))).toBe(true);
    const removed = await removeSetup(ports(), setup, await planRemovalOf(ports(), setup), options);
    expect(removed).toMatchObject({ status: "finished", isClean: true });
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
  });

  it("share a provider: either setup leaves what the other one needs", async () => {
    await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    const mine = JSON.stringify(hub.sandbox.dump());
    const second = {
      runId: "00000000-0000-4000-8000-00000000000b",
      setup: {
        ...setup,
        id: "00000000-0000-4000-8000-000000000002",
        hub: { ...setup.hub, roleName: "second" },
        subAccounts: [],
      },
    };
    const create = async () =>
      applyRun(ports(), { ...second, changes: await changesOf(hub.access(), second) }, options);
    expect((await create()).created.map(({ address }) => address)).toEqual(["hub/role/second"]);
    const removals = await planRemovalOf(ports(), second.setup);
    expect(removals.removals.map(({ action }) => action)).toEqual(["remove", "keep"]);
    expect(await removeSetup(ports(), second.setup, removals, options)).toMatchObject({ isClean: true });
    // The provider carries the tags of the first setup.
    expect(JSON.stringify(hub.sandbox.dump())).toBe(mine);

    expect((await create()).status).toBe("finished");
    const first = await removeSetup(ports(), setup, await planRemovalOf(ports(), setup), options);
    expect(first).toMatchObject({ status: "finished", isClean: false });
    expect(first.results.at(-1)?.progress).toMatchObject({ reason: { id: "removal.keep.used" } });
    const left = hub.sandbox.dump(setup.hub.accountId)[0];
    expect(left?.roles.map(({ name }) => name)).toContain("second");
    expect(left?.providers).toHaveLength(2);
  });

  it("leave a journal that cannot be read as it is", async () => {
    await stopAt(2);
    const file = join(hub.folder, journalFile(RUN));
    await writeFile(file, "torn");
    const outcome = await applyRun(ports(), { ...run, changes: await changesOf(hub.access(), run) }, options);
    expect(outcome.status).toBe("failed");
    expect(await readFile(file, "utf8")).toBe("torn");
    expect(await hub.store.list("setups")).not.toContain(setupFile(setup.id));
  });
});
