import * as vscode from "vscode";
import { msg, type Message } from "../../core/messages.ts";
import { pretty } from "../../core/policy.ts";
import { lintRolePermissions, type LintFinding } from "../../core/trust/index.ts";
import type { ShownTrust } from "../roles/index.ts";
import { unexpected, logLine, type Boundary } from "../shared/boundary.ts";
import type { Documents } from "../shared/documents.ts";
import { t } from "../shared/words.ts";
import { findPolicies } from "./policyText.ts";
import type { CheckRequest, TrustSession } from "./session.ts";

/** What the feature works with. */
export type CheckPorts = {
  readonly boundary: Pick<Boundary, "register" | "log">;
  /** Shows a sentence and what can be done next; resolves with that, if it is chosen. */
  readonly notify?: (sentence: string, ...choices: readonly string[]) => Thenable<string | undefined>;
  readonly documents: Pick<Documents, "open">;
  /** The trust policy of a role in the tree: of the node given or, without one, of the selected one. */
  readonly trustPolicyOf: (argument: unknown) => ShownTrust | undefined;
  /** The manifest of the extension, which names the repository with the pages about the rules. */
  readonly packageJson: unknown;
};

/**
 * **Check a Trust Policy**: that of a role in the tree, which opens read-only, else the selection in the editor,
 * else the whole document. Reads what is open and asks nobody.
 */
export async function runCheckCommand(
  ports: CheckPorts,
  session: TrustSession,
  argument: unknown,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (argument === undefined && editor !== undefined) {
    await checkEditor(ports, session, editor);
    return;
  }
  const role = ports.trustPolicyOf(argument);
  if (role === undefined) {
    tell(ports, msg("trustCheck.nothing"));
    return;
  }
  const document = await ports.documents.open(role.name, role.text);
  const { accountId, attached } = role;
  const request = {
    context: accountId === undefined ? {} : { accountId },
    permissions: lintRolePermissions({ attached }),
  };
  if (findPolicies(document.getText()).kind === "policies") report(ports, session.check(document, request));
  else await checkDecoded(ports, session, document.getText(), request);
}

async function checkEditor(
  ports: CheckPorts,
  session: TrustSession,
  editor: vscode.TextEditor,
): Promise<void> {
  const { document, selection } = editor;
  const text = document.getText(selection.isEmpty ? undefined : selection);
  const found = findPolicies(text);
  if (found.kind !== "policies") {
    await checkDecoded(ports, session, text, { context: {} });
    return;
  }
  const offset = document.offsetAt(selection.start);
  const ranges = found.ranges.map(({ start, end }) => ({ start: start + offset, end: end + offset }));
  const findings = session.check(document, { context: {}, ...(selection.isEmpty ? {} : { ranges }) });
  const isTemplate = findings.length > 0 && /\$\{[^}:]+\}/.test(text);
  report(ports, findings, isTemplate ? [msg("trustCheck.template")] : []);
}

/** A policy that is URL-encoded, or in a string, is decoded into a document of its own. */
async function checkDecoded(
  ports: CheckPorts,
  session: TrustSession,
  text: string,
  request: CheckRequest,
): Promise<void> {
  const found = findPolicies(text);
  if (found.kind !== "encoded" || findPolicies(found.text).kind !== "policies") {
    tell(ports, msg(found.kind === "tooLong" ? "trustCheck.tooLong" : "trustCheck.none"));
    return;
  }
  const document = await vscode.workspace.openTextDocument({
    language: "json",
    content: readable(found.text),
  });
  await vscode.window.showTextDocument(document);
  report(ports, session.check(document, request));
}

function readable(text: string): string {
  try {
    return `${pretty(JSON.parse(text))}\n`;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Says in one notification how it went. */
function report(ports: CheckPorts, findings: readonly LintFinding[], notes: readonly Message[] = []): void {
  const count = (severity: LintFinding["severity"]): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const [critical, warnings, info] = [count("critical"), count("warning"), count("info")];
  const isClean = critical + warnings === 0;
  if (isClean && info === 0) tell(ports, msg("trustCheck.clean"));
  else if (isClean) tell(ports, msg("trustCheck.notes", { count: info }), "problems");
  else tell(ports, msg("trustCheck.found", { critical, warnings }), "problems", notes);
}

/** Not waited for: a notification may stay for long, and the command is done before it is answered. */
function tell(ports: CheckPorts, message: Message, offer?: "problems", notes: readonly Message[] = []): void {
  const show = t(msg("trustCheck.show"));
  const ask = async (): Promise<void> => {
    const sentence = [message, ...notes].map(t).join(" ");
    const { notify = vscode.window.showInformationMessage } = ports;
    const choice = await notify(sentence, ...(offer === undefined ? [] : [show]));
    if (choice === show) await vscode.commands.executeCommand("workbench.actions.view.problems");
  };
  ask().catch((error: unknown) => ports.boundary.log.error(logLine(unexpected(error))));
}
