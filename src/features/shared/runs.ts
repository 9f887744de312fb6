import type { AwsAccess } from "../../aws/access.ts";
import { apply, type ApplyOptions } from "../../aws/apply.ts";
import { observe } from "../../aws/observe.ts";
import { remove, type RemoveOptions } from "../../aws/remove.ts";
import { planTeardown, type RemovalPlan } from "../../aws/undo.ts";
import { blueprint } from "../../core/blueprint/index.ts";
import { msg } from "../../core/messages.ts";
import type { Outcome, Problem, Progress, RemovalOutcome } from "../../core/outcome.ts";
import { isApplicable, isWritten, plan, writesAnything, type Change } from "../../core/plan/index.ts";
import { keptAs } from "../../core/plan/undo.ts";
import { earlierSetupId } from "../../core/plan/earlier.ts";
import type { RunJournal } from "../../core/plan/journal.ts";
import type { Setup } from "../../core/setup.ts";
import {
  closeFinished,
  endJournal,
  findUnfinished,
  openJournal,
  readJournals,
  type OpenJournal,
} from "./journals.ts";
import { acceptedFile, setupFile, type Store } from "./store.ts";

/*
 * Runs as a whole, from the plan to the closed journal. The wizard and the commands go through here, and a script may.
 */

/** What runs work with. */
export type RunPorts = { readonly store: Store; readonly access: AwsAccess };

/** A plan with the setup that it is for. */
export type PlannedRun = { readonly setup: Setup; readonly changes: readonly Change[] };

/**
 * Reads the accounts and compares them with what a setup wants. Where an earlier setup of the same project made the
 * hub role, this one goes on under its ID, so that one removal later on is for all of it.
 */
export async function planRun(
  access: AwsAccess,
  { setup, runId }: { readonly setup: Setup; readonly runId: string },
  signal?: AbortSignal,
): Promise<PlannedRun> {
  const wanted = blueprint(setup, runId);
  const observed = await observe(wanted, access, signal);
  const same = { ...setup, id: earlierSetupId(wanted, observed) ?? setup.id };
  return { setup: same, changes: plan(blueprint(same, runId), observed) };
}

/**
 * Applies a plan with a journal; once everything exists, the setup is kept. Where there can be no journal nothing is
 * written.
 */
export async function applyRun(
  { store, access }: RunPorts,
  run: PlannedRun & { readonly runId: string },
  options: Omit<ApplyOptions, "journal"> = {},
): Promise<Outcome> {
  const { setup, changes } = run;
  const { consents = new Set<string>() } = options;
  const opened = await journalOf(store, { ...run, consents: [...consents] }, "aws.apply.noJournal");
  if ("problem" in opened) return notBegun(changes, consents, opened.problem);
  const { journal } = opened;
  const outcome = await apply(changes, access, { ...options, journal });
  if (outcome.status === "finished") {
    await store.write(setupFile(setup.id), setup);
    await journal.end("finished");
    await closeFinished(store, setup.id);
    return outcome;
  }
  // What became of the writes is noted already; where this is not, the run is found by its dead process.
  await journal.end("stopped").catch(() => undefined);
  return outcome;
}

/**
 * Closes what is unfinished of a setup of which everything exists, as after a crash right before the end. Calls nobody.
 */
export async function closeIfComplete(store: Store, { setup, changes }: PlannedRun): Promise<void> {
  if (!isApplicable(changes) || writesAnything(changes)) return;
  const unfinished = await findUnfinished(store);
  if (!unfinished.some((journal) => journal.setup.id === setup.id)) return;
  await store.write(setupFile(setup.id), setup);
  await closeFinished(store, setup.id);
}

/**
 * Finishes a run that was left unfinished: looks, plans and applies with the same setup and run. What it created is
 * found again by its tags. Where the plan is blocked, or changes what the user did not agree to in that run, nothing is
 * written, and there is no outcome.
 */
export async function resume(
  ports: RunPorts,
  run: Pick<RunJournal, "setup" | "runId"> & Partial<Pick<RunJournal, "consents">>,
  options: Omit<ApplyOptions, "journal" | "consents"> = {},
): Promise<{ readonly changes: readonly Change[]; readonly outcome?: Outcome }> {
  const consents = new Set(run.consents);
  const planned = await planRun(ports.access, run, options.signal);
  const { changes } = planned;
  if (!isApplicable(changes, consents)) return { changes };
  const outcome = await applyRun(ports, { ...planned, runId: run.runId }, { ...options, consents });
  return { changes, outcome };
}

/**
 * Takes back what a run created, as `planUndo` planned it and it was shown. The run is closed once nothing is left of
 * it. Where its journal cannot be opened nothing is removed.
 */
export async function undo(
  { store, access }: RunPorts,
  { setup, runId }: Pick<RunJournal, "setup" | "runId">,
  removals: RemovalPlan,
  options: Omit<RemoveOptions, "journal"> = {},
): Promise<RemovalOutcome> {
  const opened = await journalOf(store, { runId, setup }, "removal.noJournal");
  if ("problem" in opened) return notRemoved(removals, opened.problem);
  const { journal } = opened;
  const outcome = await remove(removals, access, { ...options, journal });
  if (!outcome.isClean) {
    await journal.end("stopped").catch(() => undefined);
    return outcome;
  }
  const { journals } = await readJournals(store);
  const others = journals.some((other) => other.setup.id === setup.id && other.state === "finished");
  // The setup of this run alone: it may have been kept right before the end.
  if (!others) await store.remove(setupFile(setup.id));
  await journal.end("undone");
  return outcome;
}

/** What removing a setup would remove and what would stay. Only reads. */
export async function planRemovalOf(
  { store, access }: RunPorts,
  setup: Setup,
  signal?: AbortSignal,
): Promise<RemovalPlan> {
  return planTeardown(setup, (await readJournals(store)).journals, access, signal);
}

/**
 * Removes a setup, as it was planned and shown. Once nothing is left of it, it is forgotten on this computer too.
 */
export async function removeSetup(
  { store, access }: RunPorts,
  setup: Setup,
  removals: RemovalPlan,
  options: Omit<RemoveOptions, "journal"> = {},
): Promise<RemovalOutcome> {
  const outcome = await remove(removals, access, options);
  if (!outcome.isClean) return outcome;
  for (const journal of (await readJournals(store)).journals) {
    if (journal.setup.id === setup.id) await endJournal(store, journal, "undone");
  }
  await store.remove(setupFile(setup.id));
  await store.remove(acceptedFile(setup.id));
  return outcome;
}

async function journalOf(
  store: Store,
  run: Parameters<typeof openJournal>[1],
  sentence: "aws.apply.noJournal" | "removal.noJournal",
): Promise<{ readonly journal: OpenJournal } | { readonly problem: Problem }> {
  try {
    return { journal: await openJournal(store, run) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { problem: { code: "aws.journal", message: msg(sentence), detail } };
  }
}

function notBegun(changes: readonly Change[], consents: ReadonlySet<string>, problem: Problem): Outcome {
  const first = changes.find((change) => isWritten(change, consents));
  const progressOf = (change: Change): Progress =>
    change === first
      ? { status: "failed", problem }
      : { status: isWritten(change, consents) ? "skipped" : "unchanged" };
  return {
    status: "failed",
    progress: Object.fromEntries(changes.map((change) => [change.resource.address, progressOf(change)])),
    created: [],
  };
}

function notRemoved({ removals }: RemovalPlan, problem: Problem): RemovalOutcome {
  const first = removals.find(({ action }) => action === "remove");
  const results = removals.map((removal) => ({
    resource: removal.resource,
    progress:
      removal.action === "keep"
        ? keptAs(removal)
        : removal === first
          ? { status: "failed" as const, problem }
          : { status: removal.action === "gone" ? ("gone" as const) : ("skipped" as const) },
  }));
  return { status: "failed", results, isClean: false };
}
