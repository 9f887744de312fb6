import { planUndo } from "../../aws/undo.ts";
import { msg } from "../../core/messages.ts";
import { leftOf, type RunJournal } from "../../core/plan/journal.ts";
import type { PickItem } from "../shared/dialogs.ts";
import { endJournal, findUnfinished, readJournals } from "../shared/journals.ts";
import { removeWithQuestions, type RemovalPorts } from "../shared/removalFlow.ts";
import { undo } from "../shared/runs.ts";
import type { Store } from "../shared/store.ts";

export type RecoveryPorts = RemovalPorts & {
  readonly store: Store;
  readonly refreshRoles: (profile: string) => void;
};

/** What is to be done after all: nothing, a new wizard, or one that goes on with a run. */
export type Recovery =
  | { readonly kind: "nothing" }
  | { readonly kind: "fresh" }
  | { readonly kind: "run"; readonly run: RunJournal };

type Choice =
  { readonly kind: "fresh" } | { readonly kind: "run" | "undo" | "leave"; readonly run: RunJournal };

/**
 * Offers to go on with a run that was left unfinished and has made something, or to take it back. Reads the journals
 * of this computer only; AWS is asked once the user has chosen.
 */
export async function offerRecovery(ports: RecoveryPorts): Promise<Recovery> {
  const { store, dialogs } = ports;
  const { t } = dialogs;
  for (const name of (await readJournals(store)).unreadable) {
    dialogs.log(`${name} cannot be read and was left as it is.`);
  }
  const found = (await findUnfinished(store)).filter((journal) => leftOf(journal).length > 0);
  if (found.length === 0) return { kind: "fresh" };
  const items: readonly PickItem<Choice>[] = [
    ...found.flatMap((run) => itemsOf(run, dialogs.t)),
    { label: "" },
    { label: t(msg("recovery.later")), value: { kind: "fresh" } },
  ];
  const choice = await dialogs.pick(items, {
    title: t(msg("recovery.title")),
    placeholder: t(msg("recovery.placeholder")),
  });
  switch (choice?.kind) {
    case undefined:
      return { kind: "nothing" };
    case "fresh":
      return choice;
    case "run":
      return { kind: "run", run: choice.run };
    case "undo":
      await undoWithQuestions(ports, choice.run);
      return { kind: "nothing" };
    case "leave":
      await endJournal(store, choice.run, "left");
      return { kind: "fresh" };
  }
}

function itemsOf(run: RunJournal, t: RecoveryPorts["dialogs"]["t"]): readonly PickItem<Choice>[] {
  const { roleName: role, accountId: account } = run.setup.hub;
  const changed = new Date(run.changed).toLocaleString();
  return [
    { label: t(msg("recovery.run", { role, account, changed })) },
    {
      label: t(msg("recovery.resume")),
      detail: t(msg("recovery.detail", { count: leftOf(run).length })),
      value: { kind: "run", run },
    },
    {
      label: t(msg("recovery.undo")),
      detail: t(msg("recovery.undo.detail")),
      value: { kind: "undo", run },
    },
    {
      label: t(msg("recovery.leave")),
      detail: t(msg("recovery.leave.detail")),
      value: { kind: "leave", run },
    },
  ];
}

/** The run of a setup that was left unfinished and has made something. */
export async function unfinishedRun(store: Store, setupId: string): Promise<RunJournal | undefined> {
  const found = await findUnfinished(store);
  return found.find((journal) => journal.setup.id === setupId && leftOf(journal).length > 0);
}

/** Says that a wizard that has come back was not finished, and that it can be undone as well. */
export async function offerUndo(ports: RecoveryPorts, run: RunJournal, begin: () => void): Promise<void> {
  const { dialogs } = ports;
  const { t } = dialogs;
  const isUndone = await dialogs.notify("warning", t(msg("recovery.restored")), t(msg("wizard.apply.undo")));
  // By the time it is answered the wizard may have gone on.
  const now = isUndone ? await unfinishedRun(ports.store, run.setup.id) : undefined;
  if (now?.runId === run.runId) await undoWithQuestions(ports, now, begin);
}

/**
 * Takes a run back from the page on which it ended.
 *
 * @param begin called once the user has agreed, before anything is removed: the page can do nothing about the run then
 */
export async function undoRun(ports: RecoveryPorts, runId: string, begin: () => void): Promise<void> {
  const run = (await readJournals(ports.store)).journals.find((journal) => journal.runId === runId);
  if (run !== undefined) await undoWithQuestions(ports, run, begin);
}

async function undoWithQuestions(
  ports: RecoveryPorts,
  run: RunJournal,
  begin: () => void = () => undefined,
): Promise<void> {
  const words = {
    looking: msg("recovery.looking"),
    question: msg("recovery.question"),
    yes: msg("recovery.yes"),
    working: msg("removal.working"),
    done: msg("recovery.done"),
    nothing: msg("recovery.nothing"),
  };
  const outcome = await removeWithQuestions(
    ports,
    words,
    (signal) => planUndo(run, ports.access, signal),
    (plan, options) => {
      begin();
      return undo(ports, run, plan, options);
    },
  );
  if (outcome !== undefined) ports.refreshRoles(run.setup.hub.profile);
}
