import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { CommandId } from "../../manifest.ts";
import { openTerminal } from "./terminal.ts";
import { t } from "./words.ts";

/** What features share: the log, and the one place where failures are shown. */
export type Boundary = {
  readonly log: vscode.LogOutputChannel;
  /** Registers a command whose failures are logged and shown once, with what to do next. */
  register(id: CommandId, run: (...args: readonly unknown[]) => Promise<void> | void): vscode.Disposable;
  /** Shows a problem; offers its command in a terminal and the log. */
  show(problem: Problem): Promise<void>;
};

/** Makes the boundary with a log of its own. */
export function createBoundary(name: string): Boundary & vscode.Disposable {
  const log = vscode.window.createOutputChannel(name, { log: true });
  const show = async (problem: Problem): Promise<void> => {
    log.error(logLine(problem));
    const sentences = [problem.message, ...(problem.advice === undefined ? [] : [problem.advice])];
    const showLog = t(msg("command.showLog"));
    const { command } = problem;
    const run =
      command === undefined ? [] : [t(msg("command.runInTerminal", { command: command.join(" ") }))];
    const choice = await vscode.window.showErrorMessage(sentences.map(t).join(" "), ...run, showLog);
    if (choice === showLog) log.show();
    else if (choice !== undefined && command !== undefined) openTerminal(command);
  };
  return {
    log,
    show,
    register: (id, run) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          await run(...args);
        } catch (error) {
          if (error instanceof vscode.CancellationError) return;
          await show(unexpected(error));
        }
      }),
    dispose: () => log.dispose(),
  };
}

/** A failure nobody foresaw, as a problem. The log has its text, the user a plain sentence. */
export function unexpected(error: unknown): Problem {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "unexpected", message: msg("command.unexpected"), detail };
}

/** A problem as one line for the log: stable code first, AWS's words and request ID last. */
export function logLine(problem: Problem): string {
  const request = problem.requestId === undefined ? [] : [`request ID ${problem.requestId}`];
  const detail = problem.detail === undefined ? [] : [problem.detail];
  return [`${problem.code}: ${t(problem.message)}`, ...detail, ...request].join(" | ");
}
