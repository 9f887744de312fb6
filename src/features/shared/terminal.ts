import * as vscode from "vscode";

/**
 * Runs a program in a terminal of its own. The program and its arguments are handed over apart and never as a
 * line for a shell: a profile name may hold anything.
 */
export function openTerminal(command: readonly string[]): void {
  const [shellPath, ...shellArgs] = command;
  if (shellPath === undefined) return;
  vscode.window.createTerminal({ name: command.join(" "), shellPath, shellArgs }).show();
}
