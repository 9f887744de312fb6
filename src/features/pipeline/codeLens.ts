import * as vscode from "vscode";
import { commands, settings } from "../../manifest.ts";
import { t } from "../shared/words.ts";
import { isCircleCiConfig } from "./configFile.ts";
import type { Lens } from "./lenses.ts";

/** On disk only: neither the other side of a diff nor a preview of ours can take a step. */
const selector: vscode.DocumentSelector = {
  scheme: "file",
  language: "yaml",
  pattern: "**/.circleci/**/*.{yml,yaml}",
};

/**
 * Shows above each job whether it has the step or can take it. Reads the document's text and nothing else:
 * opening a file of a stranger must cause no look-up.
 */
export function registerCodeLenses(): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const known = new WeakMap<vscode.TextDocument, { version: number; lenses: vscode.CodeLens[] }>();
  const provider = vscode.languages.registerCodeLensProvider(selector, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      const enabled = vscode.workspace.getConfiguration().get<boolean>(settings.codeLens, true);
      if (!enabled || !isCircleCiConfig(document)) return [];
      const { lensesOf } = await import("./lenses.ts");
      const before = known.get(document);
      if (before?.version === document.version) return before.lenses;
      const lenses = lensesOf(document.getText()).map((lens) => toCodeLens(document, lens));
      known.set(document, { version: document.version, lenses });
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
  return vscode.Disposable.from(provider, configured, saved, changed);
}

function toCodeLens(document: vscode.TextDocument, lens: Lens): vscode.CodeLens {
  const { offset, length, title, insertInto } = lens;
  const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
  return new vscode.CodeLens(
    range,
    insertInto === undefined
      ? { title: t(title), command: "" }
      : { title: t(title), command: commands.insertAuthStep, arguments: [document.uri, insertInto] },
  );
}
