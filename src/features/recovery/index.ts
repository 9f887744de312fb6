import * as vscode from "vscode";
import { planUndo } from "../../aws/undo.ts";
import { msg } from "../../core/messages.ts";
import { leftOf, type RunJournal } from "../../core/plan/journal.ts";
import { endJournal, findUnfinished, readJournals } from "../shared/journals.ts";
import { removeWithDialog, type RemovalPorts } from "../shared/removalDialog.ts";
import { undo } from "../shared/runs.ts";
import type { Store } from "../shared/store.ts";
import { t } from "../shared/words.ts";

/** What is to be done after all: nothing, a new wizard, or one that goes on with a run. */
export type Recovery =
  | { readonly kind: "nothing" }
  | { readonly kind: "fresh" }
  | { readonly kind: "run"; readonly run: RunJournal };

type Choice = vscode.QuickPickItem & { readonly act?: () => Promise<Recovery> };

const nothing: Recovery = { kind: "nothing" };

/**
 * Offers to go on with a run that was left unfinished and has made something, or to take it back. Reads the journals
 * of this computer only; AWS is asked once the user has chosen.
 */
export async function offerRecovery(ports: RemovalPorts & { readonly store: Store }): Promise<Recovery> {
  const { store, boundary } = ports;
  const { unreadable } = await readJournals(store);
  for (const name of unreadable) boundary.log.warn(`${name} cannot be read and was left as it is.`);
  const found = (await findUnfinished(store)).filter((journal) => leftOf(journal).length > 0);
  if (found.length === 0) return { kind: "fresh" };
  const items = found.flatMap((journal) => choicesOf(ports, journal));
  const choice = await vscode.window.showQuickPick<Choice>(
    [
      ...items,
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      { label: t(msg("recovery.later")), act: () => Promise.resolve({ kind: "fresh" }) },
    ],
    { title: t(msg("recovery.title")), placeHolder: t(msg("recovery.placeholder")), ignoreFocusOut: true },
  );
  return (await choice?.act?.()) ?? nothing;
}

function choicesOf(ports: RemovalPorts & { readonly store: Store }, run: RunJournal): readonly Choice[] {
  const { hub } = run.setup;
  const detail = t(msg("recovery.detail", { count: leftOf(run).length }));
  const label = t(msg("recovery.run", { role: hub.roleName, account: hub.accountId }));
  const description = new Date(run.changed).toLocaleString(vscode.env.language);
  return [
    { label: `${label}, ${description}`, kind: vscode.QuickPickItemKind.Separator },
    {
      label: t(msg("recovery.resume")),
      detail,
      act: () => Promise.resolve({ kind: "run", run }),
    },
    {
      label: t(msg("recovery.undo")),
      detail: t(msg("recovery.undo.detail")),
      act: async () => {
        await undoWithDialog(ports, run);
        return nothing;
      },
    },
    {
      label: t(msg("recovery.leave")),
      detail: t(msg("recovery.leave.detail")),
      act: async () => {
        await endJournal(ports.store, run, "left");
        return { kind: "fresh" };
      },
    },
  ];
}

async function undoWithDialog(
  ports: RemovalPorts & { readonly store: Store },
  run: RunJournal,
): Promise<void> {
  const words = {
    looking: msg("recovery.looking"),
    question: msg("recovery.question"),
    yes: msg("recovery.yes"),
    working: msg("removal.working"),
    done: msg("recovery.done"),
    nothing: msg("recovery.nothing"),
  };
  await removeWithDialog(
    ports,
    words,
    (signal) => planUndo(run, ports.access, signal),
    (plan, options) => undo(ports, run, plan, options),
  );
}
