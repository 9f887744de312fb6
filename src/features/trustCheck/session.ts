import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import {
  lintTrustPolicy,
  type LintContext,
  type LintEdit,
  type LintFinding,
  type LintFix,
  type LintSeverity,
} from "../../core/trust/index.ts";
import { sayVisibly } from "../shared/visibly.ts";
import { t } from "../shared/words.ts";
import { rulePage } from "./pages.ts";
import { findPolicies, shifted, type TextRange } from "./policyText.ts";

/** The documents that were asked about, their findings as diagnostics, and the quick fixes for them. */
export type TrustSession = {
  /** Shows the findings of parts of a document, or of whatever policies it has, until it closes. */
  check(document: vscode.TextDocument, request: CheckRequest): readonly LintFinding[];
  dispose(): void;
};

export type CheckRequest = {
  /** The policies in a selection; without them the whole document is read anew whenever it changes. */
  readonly ranges?: readonly TextRange[];
  readonly context: LintContext;
  /** Findings about what the role may do, which no part of the document says. */
  readonly permissions?: readonly LintFinding[];
};

/** A finding, with places in the document. */
type Placed = {
  readonly finding: LintFinding;
  readonly diagnostic: vscode.Diagnostic;
  readonly fix?: { readonly title: string; readonly edits: readonly vscode.TextEdit[] };
};

type Checked = CheckRequest & { readonly placed: readonly Placed[]; readonly version: number };

const SOURCE = "CircleCI OIDC";
const say = sayVisibly(t);

const SEVERITIES: Readonly<Record<LintSeverity, vscode.DiagnosticSeverity>> = {
  critical: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Starts listening to the documents that will be asked about. */
export function createTrustSession(packageJson: unknown): TrustSession {
  const collection = vscode.languages.createDiagnosticCollection("circleci-oidc-trust");
  const checked = new Map<string, Checked>();

  const check = (document: vscode.TextDocument, request: CheckRequest): readonly LintFinding[] => {
    const placed = place(document, request, packageJson);
    checked.set(document.uri.toString(), { ...request, placed, version: document.version });
    collection.set(
      document.uri,
      placed.map(({ diagnostic }) => diagnostic),
    );
    return placed.map(({ finding }) => finding);
  };
  const forget = (uri: vscode.Uri): void => {
    if (checked.delete(uri.toString())) collection.delete(uri);
  };
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      const request = checked.get(document.uri.toString());
      if (request === undefined || contentChanges.length === 0) return;
      const { ranges } = request;
      const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        offset: rangeOffset,
        length: rangeLength,
        text,
      }));
      check(document, {
        ...request,
        ...(ranges === undefined ? {} : { ranges: ranges.map((range) => shifted(range, changes)) }),
      });
    }),
    vscode.workspace.onDidCloseTextDocument((document) => forget(document.uri)),
    // VS Code keeps a document for a while after its last tab was closed.
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const uri of closed.flatMap(urisOf)) if (!isOpen(uri)) forget(uri);
    }),
    vscode.languages.registerCodeActionsProvider(
      "*",
      {
        provideCodeActions: (document, range) =>
          fixesFor(document, range, checked.get(document.uri.toString())),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
  return { check, dispose: () => vscode.Disposable.from(listening, collection).dispose() };
}

function urisOf({ input }: vscode.Tab): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.original, input.modified] : [];
}

function isOpen(uri: vscode.Uri): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.flatMap(urisOf).some((open) => open.toString() === uri.toString());
}

function place(
  document: vscode.TextDocument,
  request: CheckRequest,
  packageJson: unknown,
): readonly Placed[] {
  const text = document.getText();
  const found = findPolicies(text);
  const ranges = request.ranges ?? (found.kind === "policies" ? found.ranges : []);
  const inText = ranges.flatMap(({ start, end }) => {
    // What was selected may have been deleted since.
    const policy = text.slice(start, end);
    const findings = policy.trim() === "" ? [] : lintTrustPolicy({ policy }, request.context);
    return findings.map((finding) => placeOne(document, { finding, start, packageJson }));
  });
  const others = request.permissions ?? [];
  return [...inText, ...others.map((finding) => placeOne(document, { finding, start: 0, packageJson }))];
}

function placeOne(
  document: vscode.TextDocument,
  {
    finding,
    start,
    packageJson,
  }: { readonly finding: LintFinding; readonly start: number; readonly packageJson: unknown },
): Placed {
  const range = rangeAt(document, { start: start + finding.span.start, end: start + finding.span.end });
  const fix = fixAt(document, start, finding.fix);
  const diagnostic = new vscode.Diagnostic(range, wordsFor(document, finding), SEVERITIES[finding.severity]);
  diagnostic.source = SOURCE;
  const page = rulePage(packageJson, finding.rule);
  diagnostic.code =
    page === undefined ? finding.rule : { value: finding.rule, target: vscode.Uri.parse(page, true) };
  return { finding, diagnostic, ...(fix === undefined ? {} : { fix }) };
}

function rangeAt(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** What a finding says, and where nothing can be edited what its fix would do. */
function wordsFor(document: vscode.TextDocument, { message, fix }: LintFinding): string {
  const sentence = say(message);
  if (fix === undefined || isWritable(document)) return sentence;
  return t(msg("trustCheck.withFix", { message: sentence, title: say(fix.title) }));
}

/** Documents of ours, and those of a version control system, cannot be edited. */
function isWritable({ uri, isUntitled }: vscode.TextDocument): boolean {
  return isUntitled || vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true;
}

function fixAt(document: vscode.TextDocument, start: number, fix: LintFix | undefined): Placed["fix"] {
  if (fix === undefined || !isWritable(document)) return undefined;
  const edits = fix.edits.map(({ offset, length, text }: LintEdit) => {
    const at = start + offset;
    return vscode.TextEdit.replace(rangeAt(document, { start: at, end: at + length }), text);
  });
  return { title: say(fix.title), edits };
}

function fixesFor(
  document: vscode.TextDocument,
  range: vscode.Range,
  checked: Checked | undefined,
): vscode.CodeAction[] {
  if (checked === undefined || checked.version !== document.version) return [];
  return checked.placed.flatMap(({ diagnostic, fix }) => {
    if (fix === undefined || diagnostic.range.intersection(range) === undefined) return [];
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.edit = new vscode.WorkspaceEdit();
    action.edit.set(document.uri, [...fix.edits]);
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    return [action];
  });
}
