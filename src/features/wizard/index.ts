import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import { commands, WIZARD_PANEL } from "../../manifest.ts";
import { t } from "../shared/words.ts";
import type { WizardStart } from "./panel.ts";
import type { Ports } from "./ports.ts";

/**
 * Registers the command that opens the wizard and what brings its panel back after a reload of the window. The
 * wizard itself is loaded when it is first wanted.
 */
export function registerWizard(context: vscode.ExtensionContext, ports: Ports): vscode.Disposable {
  let open: vscode.WebviewPanel | undefined;

  const show = async (panel: vscode.WebviewPanel, start: WizardStart): Promise<void> => {
    open = panel;
    panel.onDidDispose(() => {
      open = undefined;
    });
    const { runWizard } = await import("../commands.ts");
    await runWizard(context, ports, panel, start);
  };

  return vscode.Disposable.from(
    ports.boundary.register(commands.setUp, async () => {
      if (!vscode.workspace.isTrusted) return askForTrust();
      if (open !== undefined) return open.reveal();
      // Nothing is read before somebody asks for the wizard.
      const { offerRecovery } = await import("../commands.ts");
      const choice = await offerRecovery(ports);
      if (choice.kind === "nothing") return undefined;
      const title = t(msg("wizard.title"));
      return show(vscode.window.createWebviewPanel(WIZARD_PANEL, title, vscode.ViewColumn.Active), choice);
    }),
    vscode.window.registerWebviewPanelSerializer(WIZARD_PANEL, {
      deserializeWebviewPanel: (panel) => show(panel, { kind: "draft" }),
    }),
  );
}

/** Says that the workspace has to be trusted, and offers the page where that is done. */
async function askForTrust(): Promise<void> {
  const manage = t(msg("command.manageTrust"));
  const choice = await vscode.window.showWarningMessage(t(msg("command.untrusted")), manage);
  if (choice === manage) await vscode.commands.executeCommand("workbench.trust.manage");
}
