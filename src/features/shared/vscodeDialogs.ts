import * as vscode from "vscode";
import { logLine, type Boundary } from "./boundary.ts";
import { showBoard } from "./board.ts";
import { msg } from "../../core/messages.ts";
import type { BoardDialogs, More, PickItem } from "./dialogs.ts";
import type { Documents } from "./documents.ts";
import { t } from "./words.ts";

/** Talks with the user by VS Code's own means. */
export function createDialogs(boundary: Pick<Boundary, "log">, documents: Documents): BoardDialogs {
  return {
    t,
    pick: async (items, { title, placeholder }) => {
      const options = { title, placeHolder: placeholder, matchOnDetail: true, ignoreFocusOut: true };
      return (await vscode.window.showQuickPick(items.map(quickPickItem), options))?.value;
    },
    confirm,
    say: async (sentence, detail, more) => {
      const buttons = more === undefined ? [] : [more.label];
      const pressed = await vscode.window.showInformationMessage(
        sentence,
        { modal: true, detail },
        ...buttons,
      );
      if (pressed !== undefined) await more?.show();
    },
    notify: async (tone, sentence, button) => {
      const show = tone === "info" ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
      const pressed = await show(sentence, ...(button === undefined ? [] : [button]));
      return pressed !== undefined;
    },
    progress,
    open: async (name, text) => {
      await documents.open(name, text);
    },
    board: showBoard,
    diff: (title, { name, left, right }) =>
      documents.compare(title, { name, text: left }, { name, text: right }, { preserveFocus: true }),
    diffs: (title, pairs) => documents.compareAll(title, pairs),
    log: (entry) => {
      if (typeof entry === "string") boundary.log.info(entry);
      else boundary.log.error(logLine(entry));
    },
  };
}

/** What is shown is read before the dialog covers it again. */
async function confirm(question: string, detail: string, yes: string, more?: More): Promise<boolean> {
  const buttons = more === undefined ? [yes] : [yes, more.label];
  const pressed = await vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons);
  if (more === undefined || pressed !== more.label) return pressed === yes;
  await more.show();
  const goOn = t(msg("removal.list.goOn"));
  const again = await vscode.window.showInformationMessage(question, goOn);
  return again === goOn && confirm(question, detail, yes, more);
}

function quickPickItem<T>(item: PickItem<T>): vscode.QuickPickItem & { readonly value?: T } {
  return item.value === undefined
    ? { label: item.label, kind: vscode.QuickPickItemKind.Separator }
    : { ...item, value: item.value };
}

async function progress<T>(
  title: string,
  task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (shown, token) => {
    const cancel = new AbortController();
    const listening = token.onCancellationRequested(() => cancel.abort());
    try {
      return await task((message) => shown.report({ message }), cancel.signal);
    } catch (error) {
      if (cancel.signal.aborted) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  });
}
