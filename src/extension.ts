import * as vscode from "vscode";
import { activateFeatures } from "./features/index.ts";

/** Registers the features. Asks nobody, loads no SDK, awaits nothing. */
export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(activateFeatures(context));
}
