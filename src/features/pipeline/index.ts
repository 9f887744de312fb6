import * as vscode from "vscode";
import { commands } from "../../manifest.ts";
import { registerCodeLenses } from "./codeLens.ts";
import type { PipelinePorts } from "./command.ts";

/**
 * Registers the command **Insert AWS Auth Step** and the CodeLenses that lead to it. What reads and edits
 * configs is loaded when it is first wanted.
 */
export function registerPipeline(ports: PipelinePorts): vscode.Disposable {
  return vscode.Disposable.from(
    registerCodeLenses(),
    ports.boundary.register(commands.insertAuthStep, async (uri, job) => {
      const { runInsertCommand } = await import("./command.ts");
      await runInsertCommand(ports, uri, job);
    }),
  );
}
