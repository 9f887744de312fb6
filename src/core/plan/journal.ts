import * as v from "valibot";
import { Setup } from "../setup.ts";
import { StoredTarget, targetKey, type Target } from "./edit.ts";

/**
 * What is noted of a resource or an edit: each write before it is made, and what became of it. An edit is created when
 * it is made and removed when it is taken back.
 */
const RunEvent = v.picklist(["creating", "created", "notCreated", "removing", "removed", "notRemoved"]);
export type RunEvent = v.InferOutput<typeof RunEvent>;

const Moment = v.pipe(v.string(), v.isoTimestamp());

const Entry = v.object({ at: Moment, event: RunEvent, resource: StoredTarget });

/**
 * How a run stands. `running`: calls are being made, or were when its process ended. `stopped`: it ended without
 * having finished. The others are closed: nothing of it is left to be done. `left`: the user wants it as it is.
 */
const RunState = v.picklist(["running", "stopped", "finished", "undone", "left"]);
export type RunState = v.InferOutput<typeof RunState>;

/**
 * The journal of a run, as it is kept on disk: every write to AWS, before it was made and after it was answered.
 * It names the whole resource, so that it stands alone, and holds no secret.
 */
export const RunJournal = v.object({
  version: v.literal(3),
  runId: v.pipe(v.string(), v.uuid()),
  setup: Setup,
  state: RunState,
  /** What the user agreed to of what exists already: the keys of the plan's consents. */
  consents: v.pipe(v.array(v.string()), v.readonly()),
  /** When it was last changed. */
  changed: Moment,
  /** The process that runs it. */
  process: v.number(),
  entries: v.pipe(v.array(Entry), v.readonly()),
});
export type RunJournal = Readonly<v.InferOutput<typeof RunJournal>>;

/** The journal of a run that has written nothing yet. */
export function startJournal(start: {
  readonly runId: string;
  readonly setup: Setup;
  readonly consents?: readonly string[];
  readonly process: number;
  readonly now: Date;
}): RunJournal {
  const { runId, setup, consents = [], process, now } = start;
  return {
    version: 3,
    runId,
    setup,
    state: "running",
    consents,
    changed: now.toISOString(),
    process,
    entries: [],
  };
}

/** The journal with one more note. */
export function noted(journal: RunJournal, event: RunEvent, resource: Target, now: Date): RunJournal {
  const at = now.toISOString();
  return { ...journal, changed: at, entries: [...journal.entries, { at, event, resource }] };
}

/**
 * What a journal says of a resource. `inDoubt`: a write was begun and its end is not noted, so that AWS has to be
 * asked. `undone`: made by the run and removed again.
 */
export type Standing = "untouched" | "inDoubt" | "made" | "undone";

const standings: Readonly<Record<RunEvent, Standing>> = {
  creating: "inDoubt",
  created: "made",
  notCreated: "untouched",
  removing: "inDoubt",
  removed: "undone",
  notRemoved: "made",
};

/** How a resource stands in a run. */
export function standingOf(journal: RunJournal, resource: Target): Standing {
  const key = targetKey(resource);
  const last = journal.entries.findLast((entry) => targetKey(entry.resource) === key);
  return last === undefined ? "untouched" : standings[last.event];
}

/** What a run made or may have made and has not removed, in the order of creation. */
export function leftOf(
  journal: RunJournal,
): readonly { readonly resource: Target; readonly standing: "made" | "inDoubt" }[] {
  const last = new Map<string, { resource: Target; standing: Standing }>();
  for (const { event, resource } of journal.entries) {
    const key = targetKey(resource);
    // Created anew after a removal: it comes last again.
    if (event === "creating") last.delete(key);
    last.set(key, { resource, standing: standings[event] });
  }
  return [...last.values()].flatMap(({ resource, standing }) =>
    standing === "made" || standing === "inDoubt" ? [{ resource, standing }] : [],
  );
}

/** A run waits 90 seconds for IAM and a minute for an answer; longer than this no run goes without a note. */
const SILENCE_MILLISECONDS = 10 * 60 * 1000;

/**
 * Whether a run was left unfinished. One that another window is at work on is not: its process lives, and it has
 * noted something lately. (The number of a dead process may have been given to another, hence the time.)
 */
export function isUnfinished(journal: RunJournal, now: Date, isAlive: (process: number) => boolean): boolean {
  switch (journal.state) {
    case "finished":
    case "undone":
    case "left":
      return false;
    case "stopped":
      return true;
    case "running": {
      const silence = now.getTime() - new Date(journal.changed).getTime();
      return silence > SILENCE_MILLISECONDS || !isAlive(journal.process);
    }
  }
}
