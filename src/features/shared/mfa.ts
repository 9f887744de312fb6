import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import { visible } from "../../core/visible.ts";
import { t } from "./words.ts";

/**
 * Asks for the current code of an MFA device; undefined when the user leaves. The code is shown while it is
 * typed: it works once and for half a minute, and who types it blindly gets it wrong.
 *
 * @param serial the device's serial number or ARN, as the AWS config file names it
 */
export async function askMfa(serial: string): Promise<string | undefined> {
  const code = await vscode.window.showInputBox({
    title: t(msg("mfa.title")),
    prompt: t(msg("mfa.prompt", { device: visible(serial) })),
    placeHolder: "123456",
    ignoreFocusOut: true,
    validateInput: (text) => (isMfaCode(text) ? undefined : t(msg("mfa.malformed"))),
  });
  return code?.trim();
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (TokenCode) */
function isMfaCode(text: string): boolean {
  return /^\d{6}$/.test(text.trim());
}
