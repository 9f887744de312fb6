import type { Target } from "../../core/plan/edit.ts";
import { isUnfinished, noted, RunJournal, startJournal } from "../../core/plan/journal.ts";
import type { RunEvent, RunJournal as RunJournalValue, RunState } from "../../core/plan/journal.ts";
import type { Setup } from "../../core/setup.ts";
import type { Store } from "./store.ts";

/** The journal of a run under way. Every method ends when the journal is on disk, or throws. */
export type OpenJournal = {
  /** Notes a write, before it is made or after it was answered. What could not be stored counts as not noted. */
  note(target: Target, event: RunEvent): Promise<void>;
  end(state: Exclude<RunState, "running">): Promise<void>;
  readonly current: () => RunJournalValue;
};

const FOLDER = "journals";

/** Where the journal of a run is kept. */
export const journalFile = (runId: string): string => `${FOLDER}/${runId}.json`;

/**
 * Opens the journal of a run, or goes on with the one there is: a run may be tried several times, also with other
 * answers.
 *
 * @throws where it cannot be stored, where there is one that cannot be read (it is not written over), and where
 * another window is at work on the same run
 */
export async function openJournal(
  store: Store,
  run: { readonly runId: string; readonly setup: Setup; readonly consents?: readonly string[] },
): Promise<OpenJournal> {
  const { runId, setup, consents } = run;
  const file = journalFile(runId);
  const found = await store.read(file, RunJournal);
  if (found === undefined && (await store.list(FOLDER)).includes(file)) {
    throw new Error(`The journal ${file} cannot be read.`);
  }
  if (found !== undefined && isElsewhere(found)) {
    throw new Error(`Another window is at work on the run of ${file}.`);
  }
  const kept = consents ?? found?.consents ?? [];
  const start = startJournal({ runId, setup, consents: kept, process: process.pid, now: new Date() });
  let current: RunJournalValue = { ...start, entries: found?.entries ?? [] };
  const keep = async (next: RunJournalValue): Promise<void> => {
    current = next;
    await store.write(file, next);
  };
  await keep(current);
  return {
    note: async (target, event) => {
      const next = noted(current, event, target, new Date());
      try {
        await keep(next);
      } catch (error) {
        const lost = next.entries.at(-1);
        current = { ...current, entries: current.entries.filter((entry) => entry !== lost) };
        throw error;
      }
    },
    end: (state) => keep({ ...current, state, changed: new Date().toISOString() }),
    current: () => current,
  };
}

/** Ends the journal of a run that is not under way. */
export async function endJournal(
  store: Store,
  journal: RunJournalValue,
  state: Exclude<RunState, "running">,
): Promise<void> {
  await store.write(journalFile(journal.runId), { ...journal, state, changed: new Date().toISOString() });
}

/** All journals that can be read, and the names of the files that cannot. */
export async function readJournals(
  store: Store,
): Promise<{ readonly journals: readonly RunJournalValue[]; readonly unreadable: readonly string[] }> {
  const names = await store.list(FOLDER);
  const read = await Promise.all(
    names.map(async (name) => [name, await store.read(name, RunJournal)] as const),
  );
  return {
    journals: read.flatMap(([, journal]) => (journal === undefined ? [] : [journal])),
    unreadable: read.flatMap(([name, journal]) => (journal === undefined ? [name] : [])),
  };
}

/** The runs that a crash, a failure or a closed window left unfinished, the newest first. */
export async function findUnfinished(
  store: Store,
  isAlive: (process: number) => boolean = isRunning,
): Promise<readonly RunJournalValue[]> {
  const { journals } = await readJournals(store);
  return journals
    .filter((journal) => isUnfinished(journal, new Date(), isAlive))
    .toSorted((a, b) => (a.changed < b.changed ? 1 : -1));
}

/**
 * Closes the runs of a setup that has been finished, by one of them. What an earlier one made under another answer
 * is still in its journal, where the removal of the setup finds it.
 */
export async function closeFinished(store: Store, setupId: string): Promise<void> {
  for (const journal of (await readJournals(store)).journals) {
    const isOpen = journal.state === "running" || journal.state === "stopped";
    if (isOpen && journal.setup.id === setupId) await endJournal(store, journal, "finished");
  }
}

/** Whether another process is at work on a run. */
function isElsewhere(journal: RunJournalValue): boolean {
  const isAtWork = journal.state === "running" && !isUnfinished(journal, new Date(), isRunning);
  return isAtWork && journal.process !== process.pid;
}

/** Signal 0 is sent to nobody: it asks whether the process is there. `EPERM` says that it is, and another's. */
function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
