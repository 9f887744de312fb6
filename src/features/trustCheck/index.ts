import * as vscode from "vscode";
import { commands } from "../../manifest.ts";
import type { CheckPorts } from "./command.ts";
import type { TrustSession } from "./session.ts";

/**
 * Registers the command **Check a Trust Policy**. What reads and judges policies is loaded when it is first
 * wanted, and no document is looked at before.
 */
export function registerTrustCheck(ports: CheckPorts): vscode.Disposable {
  let session: TrustSession | undefined;
  const command = ports.boundary.register(commands.checkTrustPolicy, async (argument) => {
    const { createTrustSession, runCheckCommand } = await import("../commands.ts");
    session ??= createTrustSession(ports.packageJson);
    await runCheckCommand(ports, session, argument);
  });
  return vscode.Disposable.from(command, new vscode.Disposable(() => session?.dispose()));
}
