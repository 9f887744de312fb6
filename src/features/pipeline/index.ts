import * as vscode from "vscode";
import { commands } from "../../manifest.ts";
import { logLine, unexpected } from "../shared/boundary.ts";
import { registerCodeLenses } from "./codeLens.ts";
import type { PipelinePorts } from "./command.ts";
import { registerDiagnostics } from "./diagnostics.ts";

/**
 * Registers the command **Insert AWS Auth Step**, the CodeLenses that lead to it, and what is shown in open
 * configs. What reads and edits configs is loaded when it is first wanted.
 */
export function registerPipeline(ports: PipelinePorts): vscode.Disposable {
  return vscode.Disposable.from(
    registerCodeLenses(ports.roles),
    registerDiagnostics(ports.roles, (error) => ports.boundary.log.error(logLine(unexpected(error)))),
    ports.boundary.register(commands.insertAuthStep, async (uri, job, action) => {
      const { runInsertCommand } = await import("../commands.ts");
      await runInsertCommand(ports, uri, job, action);
    }),
  );
}
