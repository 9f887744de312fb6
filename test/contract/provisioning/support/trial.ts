import { expect } from "vitest";
import { planUndo } from "../../../../src/aws/index.ts";
import type { Outcome } from "../../../../src/core/outcome.ts";
import { isApplicable, isEdit, targetKey, writesAnything } from "../../../../src/core/plan/index.ts";
import { leftOf } from "../../../../src/core/plan/journal.ts";
import { endJournal, findUnfinished, readJournals } from "../../../../src/features/shared/journals.ts";
import {
  applyRun,
  planRemovalOf,
  planRun,
  removeSetup,
  resume,
  undo,
} from "../../../../src/features/shared/runs.ts";
import { readSetups, type Store } from "../../../../src/features/shared/store.ts";
import { atOnce, type Hub } from "./hub.ts";
import { memoryStore, type MemoryStore } from "./memory.ts";
import { RUN } from "./setup.ts";

/** How a run ended: as its outcome says, or `blocked` where its plan said that something is in the way. */
export type Ended = "finished" | "failed" | "cancelled" | "blocked";

const runOf = ({ scenario: { setup }, consents }: Hub) => ({ setup, runId: RUN, consents: [...consents] });
/** Whoever ran before is dead, or as good as: nothing in a trial runs beside another. */
const dead = (): boolean => false;

/** Plans and applies, as the wizard does. */
export async function setUp(hub: Hub, store: Store, signal?: AbortSignal): Promise<Ended> {
  return unlessAborted(signal, async () => {
    const access = hub.access();
    const { consents } = hub;
    const planned = await planRun(access, runOf(hub), signal);
    if (!isApplicable(planned.changes, consents)) return "blocked";
    const options = { ...optionsOf(signal), consents };
    return (await applyRun({ store, access }, { ...planned, runId: RUN }, options)).status;
  });
}

/** Undoes what is unfinished, as the command does. */
export async function takeBack(hub: Hub, store: Store, signal?: AbortSignal): Promise<Ended> {
  return unlessAborted(signal, async () => {
    const [journal] = await findUnfinished(store, dead);
    if (journal === undefined) return "finished";
    const access = hub.access();
    const removals = await planUndo(journal, access, signal);
    const outcome = await undo({ store, access }, journal, removals, optionsOf(signal));
    if (outcome.isClean) return "finished";
    return outcome.status === "finished" ? "blocked" : outcome.status;
  });
}

/** Removes the setup, as the command does. */
export async function tearDown(hub: Hub, store: Store, signal?: AbortSignal): Promise<Ended> {
  return unlessAborted(signal, async () => {
    const ports = { store, access: hub.access() };
    const { setup } = hub.scenario;
    const outcome = await removeSetup(
      ports,
      setup,
      await planRemovalOf(ports, setup, signal),
      optionsOf(signal),
    );
    return outcome.isClean ? "finished" : outcome.status === "finished" ? "blocked" : outcome.status;
  });
}

/** As if the window had been closed right before the end of a run was noted. */
export async function reopen(store: Store): Promise<void> {
  for (const journal of (await readJournals(store)).journals) await endJournal(store, journal, "stopped");
}

/** Everything set up and its window closed: what brings the accounts back there, and the store that tells of it. */
export async function reopened(
  hub: Hub,
): Promise<{ readonly back: () => void; readonly store: MemoryStore }> {
  await hub.restore();
  const store = memoryStore();
  expect(await setUp(hub, store)).toBe("finished");
  await reopen(store);
  return { back: hub.sandbox.checkpoint(), store };
}

const optionsOf = (signal: AbortSignal | undefined) =>
  signal === undefined ? { sleep: atOnce } : { sleep: atOnce, signal };

async function unlessAborted(signal: AbortSignal | undefined, task: () => Promise<Ended>): Promise<Ended> {
  try {
    return await task();
  } catch (error) {
    if (signal?.aborted === true) return "cancelled";
    throw error;
  }
}

/** All that exists, to the byte; where versions get new numbers, by what they say. */
function everythingIn({ sandbox, scenario }: Hub): string {
  return JSON.stringify(sandbox.dump(), (key, value: unknown) => {
    const isRenumbered = scenario.renumbers === true && (key === "versions" || key === "defaultVersion");
    if (!isRenumbered) return value;
    return typeof value === "object" && value !== null
      ? Object.values(value)
          .map((document) => JSON.stringify(document))
          .toSorted()
      : undefined;
  });
}

/**
 * What a run left, as text: what exists, whatever the IDs, and what the journals say. What can be done from there
 * depends on nothing else, so that a state that was tried once need not be tried again.
 */
async function stateOf(hub: Hub, store: Store): Promise<string> {
  const { journals } = await readJournals(store);
  const ids: string[] = [];
  const existing = JSON.stringify(hub.sandbox.dump()).replaceAll(/AROA[A-Z0-9]{17}/g, (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `role ${ids.indexOf(id)}`;
  });
  const noted = journals.map((journal) => [
    journal.state,
    leftOf(journal).map(({ resource, standing }) => [targetKey(resource), standing]),
  ]);
  return JSON.stringify([existing, noted, await store.list("setups")]);
}

/** What made room was put back, as the newest: another version is the oldest, and is to be agreed to. */
async function agreedAnew(hub: Hub, store: Store): Promise<Outcome> {
  const access = hub.access();
  const planned = await planRun(access, runOf(hub));
  const asked = planned.changes.filter(
    (change) => change.action === "update" && !isApplicable([change], hub.consents),
  );
  expect(asked).toMatchObject([{ edits: [{ kind: "DropVersion" }, { kind: "PolicyVersion" }] }]);
  const keys = asked.flatMap((change) => (change.action === "update" ? [change.consent.key] : []));
  const consents = new Set([...hub.consents, ...keys]);
  return applyRun({ store, access }, { ...planned, runId: RUN }, { sleep: atOnce, consents });
}

/** What must hold whatever happened. To be made where everything is as it was before any run. */
export async function createTrial(hub: Hub) {
  const before = { all: everythingIn(hub), ours: hub.ours(), others: hub.others(), own: hub.othersOwn() };
  expect(await setUp(hub, memoryStore())).toBe("finished");
  const finished = { ours: hub.ours(), others: hub.others() };
  await hub.restore();
  const expectFinished = async (store: Store): Promise<void> => {
    const { changes, setup } = await planRun(hub.access(), runOf(hub));
    // Everything is there, and nobody is asked anything anew.
    expect(changes.filter(({ action }) => action !== "unchanged" && action !== "adopt")).toEqual([]);
    expect(isApplicable(changes, hub.consents)).toBe(true);
    expect(writesAnything(changes, hub.consents)).toBe(false);
    expect(setup.id).toBe(hub.scenario.setup.id);
    expect(hub.ours()).toEqual(finished.ours);
    expect(await readSetups(store)).toEqual([setup]);
    expect(await findUnfinished(store, dead)).toEqual([]);
    expect(hub.others()).toBe(finished.others);
  };
  /** The run goes on to its end, and a second one finds nothing to do. */
  const expectResumable = async (store: Store): Promise<void> => {
    const [journal] = await findUnfinished(store, dead);
    const resumed = await resume({ store, access: hub.access() }, journal ?? runOf(hub), { sleep: atOnce });
    const outcome =
      resumed.outcome === undefined && hub.scenario.renumbers === true
        ? await agreedAnew(hub, store)
        : resumed.outcome;
    expect(outcome?.status).toBe("finished");
    await expectFinished(store);
  };
  /** The run can be taken back to nothing. */
  const expectUndoable = async (store: Store): Promise<void> => {
    expect(await takeBack(hub, store)).toBe("finished");
    expect(everythingIn(hub)).toBe(before.all);
    expect(await readSetups(store)).toEqual([]);
    expect(await findUnfinished(store, dead)).toEqual([]);
  };
  /** Nothing exists, or was changed, of which a journal does not say that it may be. */
  const expectAccounted = async (store: Store): Promise<void> => {
    const { journals } = await readJournals(store);
    const known = journals.flatMap(leftOf).map(({ resource }) => resource);
    const keys = new Set([...before.ours, ...known.map(targetKey)]);
    expect(hub.ours().filter((arn) => !keys.has(arn))).toEqual([]);
    expect(hub.othersOwn()).toBe(before.own);
    if (!known.some((target) => isEdit(target) || target.kind === "PolicyAttachment"))
      expect(hub.others()).toBe(before.others);
  };
  return {
    expectFinished,
    expectUndoable,
    /** What is left of a setup that was being removed can be removed. */
    expectRemovable: async (store: Store): Promise<void> => {
      expect(await tearDown(hub, store)).toBe("finished");
      expect(hub.ours()).toEqual([]);
      expect(await readSetups(store)).toEqual([]);
      expect(hub.others()).toBe(before.others);
    },
    /**
     * Everything is accounted for, and from here it can be resumed, and from here it can be undone. A state that is
     * in `states` was tried before; a new one is added.
     */
    expectBothWays: async (store: MemoryStore, states: Set<string>): Promise<void> => {
      await expectAccounted(store);
      const state = await stateOf(hub, store);
      if (states.has(state)) return;
      states.add(state);
      const back = hub.sandbox.checkpoint();
      const copy = store.copy();
      await expectResumable(store);
      back();
      await expectUndoable(copy);
    },
  };
}
