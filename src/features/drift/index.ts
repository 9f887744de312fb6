import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import { commands } from "../../manifest.ts";
import type { Boundary } from "../shared/boundary.ts";
import type { DriftPorts } from "./compare.ts";

/**
 * Registers **Compare Setup with AWS**. What it needs is loaded when it is first used.
 *
 * @param roleArnOf the ARN of the role that the command was called on in the Roles view
 */
export function registerDrift(
  ports: DriftPorts & { readonly boundary: Boundary },
  roleArnOf: (argument: unknown) => string | undefined,
): vscode.Disposable {
  return ports.boundary.register(commands.compareSetup, async (argument) => {
    if (!vscode.workspace.isTrusted) {
      return ports.boundary.show({ code: "untrusted", message: msg("command.untrusted") });
    }
    const { compareChosenSetup } = await import("../commands.ts");
    await compareChosenSetup(ports, roleArnOf(argument));
  });
}
