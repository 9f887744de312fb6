import { randomBytes, randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import { initialState, type Folder, type WizardState } from "../../core/wizard/state.ts";
import { unexpected } from "../shared/boundary.ts";
import { t } from "../shared/words.ts";
import { createController } from "./controller.ts";
import { Draft, draftOf, stateFromDraft } from "./draft.ts";
import { createEffectRunner } from "./effects.ts";
import { wizardHtml } from "./html.ts";
import type { Ports } from "./ports.ts";

const DRAFT_FILE = "wizard.json";

/**
 * Runs a wizard in a panel until it is closed.
 *
 * @param fromDraft take up the answers of the wizard that was open before the window was reloaded
 */
export async function runWizard(
  context: vscode.ExtensionContext,
  ports: Ports,
  panel: vscode.WebviewPanel,
  fromDraft: boolean,
): Promise<void> {
  const draft = fromDraft ? await ports.store.read(DRAFT_FILE, Draft) : undefined;
  const initial = draft === undefined ? freshState() : stateFromDraft(draft, folders(), randomUUID());
  const controller = createController(initial, {
    t,
    post: (message) => void panel.webview.postMessage(message),
    run: (effect) => {
      effects.run(effect).catch((error: unknown) => ports.boundary.show(unexpected(error)));
    },
    changed: (state) => {
      ports.store.write(DRAFT_FILE, draftOf(state)).catch((error: unknown) => {
        ports.boundary.log.warn(`The draft of the wizard could not be kept: ${String(error)}`);
      });
    },
  });
  const effects = createEffectRunner(ports, {
    dispatch: controller.dispatch,
    state: controller.state,
    close: () => panel.dispose(),
  });
  const listening = panel.webview.onDidReceiveMessage((message: unknown) => controller.receive(message));
  panel.onDidDispose(() => {
    listening.dispose();
    effects.dispose();
    // A finished or abandoned wizard is not brought back by the next window.
    void ports.store.remove(DRAFT_FILE);
  });
  render(context, panel);
  controller.dispatch({ type: "start" });
}

function render(context: vscode.ExtensionContext, panel: vscode.WebviewPanel): void {
  const root = vscode.Uri.joinPath(context.extensionUri, "dist", "webview");
  const { webview } = panel;
  const uri = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [root] };
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, "media", "icon.svg");
  webview.html = wizardHtml({
    nonce: randomBytes(16).toString("base64"),
    cspSource: webview.cspSource,
    scriptUri: uri("main.js"),
    styleUri: uri("style.css"),
    title: t(msg("wizard.title")),
    lang: vscode.env.language,
  });
}

function freshState(): WizardState {
  return initialState(folders(), { setupId: randomUUID(), runId: randomUUID() });
}

/** Folders on disk; the pipeline's config is a file. */
function folders(): readonly Folder[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => ({ uri: folder.uri.toString(), name: folder.name }));
}
