import type { AwsAccess } from "../../aws/access.ts";
import { apply, type ApplyOptions } from "../../aws/apply.ts";
import { msg } from "../../core/messages.ts";
import type { Outcome, Problem, Progress } from "../../core/outcome.ts";
import type { Change } from "../../core/plan/index.ts";
import type { Setup } from "../../core/setup.ts";
import { closeFinished, openJournal, type OpenJournal } from "./journals.ts";
import { setupFile, type Store } from "./store.ts";

/** What runs work with. */
export type RunPorts = { readonly store: Store; readonly access: AwsAccess };

/**
 * Applies a plan with a journal; once everything exists, the setup is kept. Where there can be no journal nothing is
 * written.
 */
export async function applyRun(
  { store, access }: RunPorts,
  run: { readonly runId: string; readonly setup: Setup; readonly changes: readonly Change[] },
  options: Omit<ApplyOptions, "journal"> = {},
): Promise<Outcome> {
  const { setup, changes } = run;
  const opened = await journalOf(store, run);
  if ("problem" in opened) return notBegun(changes, opened.problem);
  const { journal } = opened;
  const outcome = await apply(changes, access, { ...options, journal });
  if (outcome.status === "finished") {
    await store.write(setupFile(setup.id), setup);
    await journal.end("finished");
    await closeFinished(store, setup.id);
  } else await journal.end("stopped");
  return outcome;
}

async function journalOf(
  store: Store,
  run: { readonly runId: string; readonly setup: Setup },
): Promise<{ readonly journal: OpenJournal } | { readonly problem: Problem }> {
  try {
    return { journal: await openJournal(store, run) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { problem: { code: "aws.journal", message: msg("aws.apply.noJournal"), detail } };
  }
}

function notBegun(changes: readonly Change[], problem: Problem): Outcome {
  const [first] = changes.filter((change) => change.action === "create");
  const progressOf = (change: Change): Progress =>
    change === first
      ? { status: "failed", problem }
      : { status: change.action === "create" ? "skipped" : "unchanged" };
  return {
    status: "failed",
    progress: Object.fromEntries(changes.map((change) => [change.resource.address, progressOf(change)])),
    created: [],
  };
}
