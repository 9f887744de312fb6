import { createHash, randomBytes, randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import type { RunJournal } from "../../core/plan/journal.ts";
import { initialState, type Folder, type WizardState } from "../../core/wizard/state.ts";
import { unexpected } from "../shared/boundary.ts";
import { t } from "../shared/words.ts";
import { createController } from "./controller.ts";
import { Draft, draftOf, stateFromDraft } from "./draft.ts";
import { createEffectRunner } from "./effects.ts";
import { offerUndo, unfinishedRun } from "../recovery/index.ts";
import { wizardHtml } from "./html.ts";
import type { Ports } from "./ports.ts";
import { stateOfRun } from "./resume.ts";

/**
 * What a wizard begins with: nothing, the answers of the wizard that was open before the window was reloaded, or a
 * run that was left unfinished.
 */
export type WizardStart =
  | { readonly kind: "fresh" }
  | { readonly kind: "draft" }
  | { readonly kind: "run"; readonly run: RunJournal };

/** Runs a wizard in a panel until it is closed. */
export async function runWizard(
  context: vscode.ExtensionContext,
  ports: Ports,
  panel: vscode.WebviewPanel,
  start: WizardStart,
): Promise<void> {
  const open = folders();
  const draftFile = draftFileOf(open);
  const draft = start.kind === "draft" ? await ports.store.read(draftFile, Draft) : undefined;
  const left = draft === undefined ? undefined : await unfinishedRun(ports.store, draft.setupId);
  const initial = startState(start, open, draft, left?.runId);
  let closed = false;
  const controller = createController(initial, {
    t,
    post: (message) => {
      // What was under way may end after the panel has been closed.
      if (!closed) void panel.webview.postMessage(message);
    },
    run: (effect) => {
      effects.run(effect).catch((error: unknown) => ports.boundary.show(unexpected(error)));
    },
    changed: (state) => {
      if (closed) return;
      ports.store.write(draftFile, draftOf(state)).catch((error: unknown) => {
        ports.boundary.log.warn(`The draft of the wizard could not be kept: ${String(error)}`);
      });
    },
  });
  const effects = createEffectRunner(ports, {
    dispatch: controller.dispatch,
    state: controller.state,
    close: () => panel.dispose(),
    isClosed: () => closed,
  });
  const listening = panel.webview.onDidReceiveMessage((message: unknown) => controller.receive(message));
  panel.onDidDispose(() => {
    closed = true;
    listening.dispose();
    effects.dispose();
    // A finished or abandoned wizard is not brought back by the next window.
    void ports.store.remove(draftFile);
  });
  render(context, panel);
  controller.dispatch({ type: "start" });
  if (left !== undefined) {
    // A notification may stay for long: the wizard goes on beside it.
    offerUndo(ports, left, () => panel.dispose()).catch((error: unknown) =>
      ports.boundary.show(unexpected(error)),
    );
  }
}

/** A wizard that comes back goes on with the run that the crash or the reload has stopped. */
function startState(
  start: WizardStart,
  open: readonly Folder[],
  draft: Draft | undefined,
  runId: string = randomUUID(),
): WizardState {
  if (start.kind === "run") return stateOfRun(start.run, open);
  return draft === undefined
    ? initialState(open, { setupId: randomUUID(), runId })
    : stateFromDraft(draft, open, runId);
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

/** Each window has its own wizard, and so each workspace its own draft. */
function draftFileOf(open: readonly Folder[]): string {
  const uris = open.map((folder) => folder.uri).join("\n");
  return `drafts/${createHash("sha256").update(uris).digest("hex").slice(0, 16)}.json`;
}

/** Folders on disk; the pipeline's config is a file. */
function folders(): readonly Folder[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => ({ uri: folder.uri.toString(), name: folder.name }));
}
