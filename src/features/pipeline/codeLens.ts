import * as vscode from "vscode";
import { commands, settings } from "../../manifest.ts";
import { t } from "../shared/words.ts";
import { isCircleCiConfig } from "./configFile.ts";
import type { Lens } from "./lenses.ts";
import type { RoleSource } from "./pick.ts";

/** On disk only: neither the other side of a diff nor a preview of ours can take a step. */
export const configSelector: vscode.DocumentSelector = {
  scheme: "file",
  language: "yaml",
  pattern: "**/.circleci/**/*.{yml,yaml}",
};

/**
 * Shows above each job whether it has the step, can take it, or has it with other settings than the setup that
 * was finished here. Reads the document's text and what is kept of setups: opening a file of a stranger must
 * cause no look-up.
 */
export function registerCodeLenses({
  setups,
  onDidChange,
}: Pick<RoleSource, "setups" | "onDidChange">): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  type Shown = { readonly version: number; readonly known: string; readonly lenses: vscode.CodeLens[] };
  const shown = new WeakMap<vscode.TextDocument, Shown>();
  const provider = vscode.languages.registerCodeLensProvider(configSelector, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      const enabled = vscode.workspace.getConfiguration().get<boolean>(settings.codeLens, true);
      if (!enabled || !isCircleCiConfig(document)) return [];
      const { lensesOf } = await import("./reading.ts");
      // Setups that cannot be read leave out the updates and nothing else.
      const steps = await setups().then(
        (all) => all.map(({ step }) => step),
        () => [],
      );
      const known = JSON.stringify(steps);
      const before = shown.get(document);
      if (before?.version === document.version && before.known === known) return before.lenses;
      const lenses = lensesOf(document.getText(), steps).map((lens) => toCodeLens(document, lens));
      shown.set(document, { version: document.version, known, lenses });
      return lenses;
    },
  });
  const configured = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settings.codeLens)) changed.fire();
  });
  // VS Code was seen to draw none after an edit in an editor beside a webview, until it was asked anew.
  const saved = vscode.workspace.onDidSaveTextDocument((document) => {
    if (isCircleCiConfig(document)) changed.fire();
  });
  const learned = onDidChange(() => changed.fire());
  return vscode.Disposable.from(provider, configured, saved, learned, changed);
}

function toCodeLens(document: vscode.TextDocument, lens: Lens): vscode.CodeLens {
  const { offset, length, title, job, action } = lens;
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  if (job === undefined) return new vscode.CodeLens(range, { title: t(title), command: "" });
  const given = [document.uri, job, ...(action === "update" ? [action] : [])];
  return new vscode.CodeLens(range, { title: t(title), command: commands.insertAuthStep, arguments: given });
}
