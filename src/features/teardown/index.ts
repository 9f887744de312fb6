import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import type { Setup } from "../../core/setup.ts";
import { visible } from "../../core/visible.ts";
import { commands } from "../../manifest.ts";
import type { RemovalPorts } from "../shared/removalDialog.ts";
import { readSetups, type Store } from "../shared/store.ts";
import { t } from "../shared/words.ts";

export type TeardownPorts = RemovalPorts & {
  readonly store: Store;
  readonly refreshRoles: (profile: string) => void;
};

/** Registers **Remove Setup**. What it needs is loaded when it is first used. */
export function registerTeardown(ports: TeardownPorts): vscode.Disposable {
  return ports.boundary.register(commands.removeSetup, async () => {
    if (!vscode.workspace.isTrusted) {
      return ports.boundary.show({ code: "untrusted", message: msg("command.untrusted") });
    }
    const setup = await pickSetup(await readSetups(ports.store));
    if (setup !== undefined) await removeWithQuestions(ports, setup);
  });
}

/** One of the setups that were finished on this computer; nothing is preselected beyond what VS Code does. */
async function pickSetup(setups: readonly Setup[]): Promise<Setup | undefined> {
  if (setups.length === 0) {
    void vscode.window.showInformationMessage(t(msg("teardown.none")));
    return undefined;
  }
  const items = setups.map((setup) => ({
    label: visible(setup.hub.roleName),
    description: t(
      msg("teardown.account", { account: setup.hub.accountId, profile: visible(setup.hub.profile) }),
    ),
    detail: t(msg("teardown.project", { project: setup.projectId, organization: setup.organizationId })),
    setup,
  }));
  const options = {
    title: t(msg("teardown.title")),
    placeHolder: t(msg("teardown.placeholder")),
    matchOnDetail: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.setup;
}

async function removeWithQuestions(ports: TeardownPorts, setup: Setup): Promise<void> {
  const [{ removeWithDialog }, { planRemovalOf, removeSetup }] = await Promise.all([
    import("../shared/removalDialog.ts"),
    import("../shared/runs.ts"),
  ]);
  const words = {
    looking: msg("recovery.looking"),
    question: msg("teardown.question", { role: visible(setup.hub.roleName), account: setup.hub.accountId }),
    yes: msg("teardown.yes"),
    working: msg("removal.working"),
    done: msg("teardown.done"),
    nothing: msg("teardown.nothing"),
  };
  const outcome = await removeWithDialog(
    ports,
    words,
    (signal) => planRemovalOf(ports, setup, signal),
    (plan, options) => removeSetup(ports, setup, plan, options),
  );
  if (outcome !== undefined) ports.refreshRoles(setup.hub.profile);
}
