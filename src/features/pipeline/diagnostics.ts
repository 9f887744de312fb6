import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import type { Finding, Known } from "../../core/pipeline/index.ts";
import { t } from "../shared/words.ts";
import { configSelector } from "./codeLens.ts";
import { isCircleCiConfig } from "./configFile.ts";
import type { RoleSource } from "./pick.ts";

const PAUSE_MS = 250;

type Roles = Pick<RoleSource, "setups" | "connectedRoles" | "onDidChange">;

/**
 * Marks what goes wrong with AWS in open configs, offers to put it right, and says on a role's ARN who may
 * assume it. Reads the document's text and what an explicit action has loaded; it asks nobody.
 */
export function registerDiagnostics(roles: Roles, failed: (error: unknown) => void): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("circleci-oidc");
  const waiting = new Map<string, NodeJS.Timeout>();
  const check = async (document: vscode.TextDocument): Promise<void> => {
    const { version } = document;
    const findings = await findingsOf(document, roles);
    if (document.isClosed || document.version !== version) return;
    collection.set(
      document.uri,
      findings.map((finding) => toDiagnostic(document, finding)),
    );
  };
  const later = (document: vscode.TextDocument): void => {
    if (!isCircleCiConfig(document)) return;
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    const timer = setTimeout(() => {
      waiting.delete(key);
      check(document).catch(failed);
    }, PAUSE_MS);
    waiting.set(key, timer);
  };
  const forget = (document: vscode.TextDocument): void => {
    clearTimeout(waiting.get(document.uri.toString()));
    collection.delete(document.uri);
  };
  const all = (): void => vscode.workspace.textDocuments.forEach(later);
  all();
  return vscode.Disposable.from(
    collection,
    { dispose: () => waiting.forEach((timer) => clearTimeout(timer)) },
    vscode.workspace.onDidOpenTextDocument(later),
    // An account was connected, or a setup finished or removed, while configs are open.
    roles.onDidChange(all),
    // Files beside the config may have changed since it was last looked at.
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined) later(editor.document);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => later(document)),
    vscode.workspace.onDidCloseTextDocument(forget),
    vscode.languages.registerCodeActionsProvider(
      configSelector,
      { provideCodeActions: (document, range) => fixesFor(document, range, roles) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    vscode.languages.registerHoverProvider(configSelector, {
      provideHover: (document, position) => hoverAt(document, position, roles),
    }),
  );
}

async function findingsOf(document: vscode.TextDocument, roles: Roles): Promise<readonly Finding[]> {
  const { diagnose, knownRoles } = await import("./reading.ts");
  const [setups, connected, workspace] = await Promise.all([
    roles.setups(),
    roles.connectedRoles(),
    workspaceFor(document),
  ]);
  return diagnose(document.getText(), { ...knownRoles(setups, connected), ...workspace });
}

/** What two small files of the workspace say of whose config it is; nothing for a file on another machine. */
async function workspaceFor({ uri }: vscode.TextDocument): Promise<Pick<Known, "workspace">> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder?.uri.scheme !== "file") return {};
  const { workspaceOf } = await import("./reading.ts");
  return { workspace: await workspaceOf(folder.uri.fsPath) };
}

function rangeOf(document: vscode.TextDocument, { offset, length }: Finding): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

function toDiagnostic(document: vscode.TextDocument, finding: Finding): vscode.Diagnostic {
  const severity =
    finding.severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(
    rangeOf(document, finding),
    t(msg(finding.id, finding.args)),
    severity,
  );
  diagnostic.source = "CircleCI OIDC";
  diagnostic.code = finding.id;
  return diagnostic;
}

async function fixesFor(
  document: vscode.TextDocument,
  range: vscode.Range,
  roles: Roles,
): Promise<vscode.CodeAction[]> {
  if (!isCircleCiConfig(document)) return [];
  const { fixTitle } = await import("./reading.ts");
  const findings = await findingsOf(document, roles);
  return findings.flatMap((finding) => {
    const { fix } = finding;
    if (fix === undefined || rangeOf(document, finding).intersection(range) === undefined) return [];
    const action = new vscode.CodeAction(t(fixTitle(finding)), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [toDiagnostic(document, finding)];
    action.isPreferred = true;
    action.edit = new vscode.WorkspaceEdit();
    for (const { offset, length, text } of fix) {
      const place = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
      action.edit.replace(document.uri, place, text);
    }
    return [action];
  });
}

async function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  roles: Roles,
): Promise<vscode.Hover | undefined> {
  if (!isCircleCiConfig(document)) return undefined;
  const { roleAt, whoMayAssume } = await import("./reading.ts");
  const found = roleAt(document.lineAt(position.line).text, position.character);
  if (found === undefined) return undefined;
  const [setups, connected] = await Promise.all([roles.setups(), roles.connectedRoles()]);
  const words = whoMayAssume(found.roleArn, setups, connected);
  if (words.length === 0) return undefined;
  // Names of branches and repositories are text of others: they are not read as Markdown.
  const markdown = new vscode.MarkdownString().appendText(words.map(t).join("\n"));
  return new vscode.Hover(markdown, new vscode.Range(position.line, found.start, position.line, found.end));
}
