import * as vscode from "vscode";
import { messages, type Message } from "../../core/messages.ts";

/** The sentence in the language VS Code is set to. */
export function t(message: Message): string {
  return vscode.l10n.t(messages[message.id], { ...message.args });
}
