import * as vscode from "vscode";
import type { AwsAccess } from "../../aws/access.ts";
import { msg } from "../../core/messages.ts";
import { commands } from "../../manifest.ts";
import type { Boundary } from "../shared/boundary.ts";
import type { Dialogs } from "../shared/dialogs.ts";
import type { Store } from "../shared/store.ts";

export type TeardownPorts = {
  readonly access: AwsAccess;
  readonly boundary: Boundary;
  readonly dialogs: Dialogs;
  readonly store: Store;
  readonly refreshRoles: (profile: string) => void;
};

/** Registers **Remove Setup**. What it needs is loaded when it is first used. */
export function registerTeardown(ports: TeardownPorts): vscode.Disposable {
  return ports.boundary.register(commands.removeSetup, async () => {
    if (!vscode.workspace.isTrusted) {
      return ports.boundary.show({ code: "untrusted", message: msg("command.untrusted") });
    }
    const { removeChosenSetup } = await import("../commands.ts");
    const setup = await removeChosenSetup(ports);
    if (setup !== undefined) ports.refreshRoles(setup.hub.profile);
  });
}
