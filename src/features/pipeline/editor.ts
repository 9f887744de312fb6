import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

const ATTEMPTS = 5;
const PAUSE_MS = 100;

/**
 * Shows a document and makes its editor the active one: where it is open, or beside a webview, or here. False
 * where another editor keeps the focus, such as one that closes just now and gives it to its neighbour.
 */
export async function showConfig(document: vscode.TextDocument): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(PAUSE_MS);
    await vscode.window.showTextDocument(document, { viewColumn: columnFor(document), preview: false });
    if (isActive(document)) return true;
  }
  return false;
}

/**
 * Saves a document that is shown, without formatting, which a plain save would run on the whole file. False
 * where it stays unsaved. The command saves whatever editor is active, so ours is shown again where something
 * else has taken the focus. At once: where automatic saving is on, that formats and trims.
 */
export async function saveUnformatted(document: vscode.TextDocument): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (isActive(document) || (await showConfig(document))) {
      await vscode.commands.executeCommand("workbench.action.files.saveWithoutFormatting");
      if (!document.isDirty) return true;
    }
  }
  return false;
}

/** Moves the cursor to an offset and shows the lines there. */
export function reveal(document: vscode.TextDocument, offset: number): void {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document !== document) return;
  const position = document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
}

function isActive(document: vscode.TextDocument): boolean {
  return vscode.window.activeTextEditor?.document === document;
}

function columnFor(document: vscode.TextDocument): vscode.ViewColumn {
  const uri = document.uri.toString();
  for (const { tabs, viewColumn } of vscode.window.tabGroups.all) {
    const open = tabs.some(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri,
    );
    if (open) return viewColumn;
  }
  const { activeTab } = vscode.window.tabGroups.activeTabGroup;
  return activeTab?.input instanceof vscode.TabInputWebview
    ? vscode.ViewColumn.Beside
    : vscode.ViewColumn.Active;
}
