import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import { applyEdits, insertAuthStep, isProblem } from "../../core/pipeline/index.ts";
import type { InsertRequest as EditRequest, PipelineEdit, TextEdit } from "../../core/pipeline/index.ts";
import type { Result } from "../../core/wizard/events.ts";
import type { Insertion } from "../../core/wizard/state.ts";
import type { Documents } from "../shared/documents.ts";
import { t } from "../shared/words.ts";
import { encodeFile, sameBytes, withLineEnds } from "./bytes.ts";
import { openConfig, readConfig, untrusted, type ConfigFile, type OpenConfig } from "./configFile.ts";
import { reveal, saveUnformatted, showConfig } from "./editor.ts";
import { fileProblem, toProblem, whyNot } from "./problems.ts";

/** What goes where: the jobs by name, as of the editor's own request. */
export type InsertRequest = EditRequest & { readonly uri: vscode.Uri };

/** What to do with a file whose line ends an editor would change; undefined to do nothing. */
export type LineEndChoice = "normalise" | "bytes" | undefined;

/** Shows what the insertion would change, as a diff of the document and a text of ours. */
export async function previewInsert({
  documents,
  ...request
}: InsertRequest & { readonly documents: Documents }): Promise<Problem | undefined> {
  const opened = await openConfig(request.uri);
  if (!opened.ok) return opened.problem;
  const { file, document } = opened.value;
  const text = document.getText();
  const edit = editFor(text, request);
  if (edit.kind === "refused") return edit.problem;
  const title = t(msg("pipelineEditor.preview.title", { file: file.name }));
  await documents.compare(title, document.uri, { name: file.name, text: applyEdits(text, edit.edits) });
  return undefined;
}

/**
 * Inserts the step into jobs, into all of them or none: shows the document, edits it so that one Undo takes
 * everything back, and saves it without formatting. A document with unsaved changes of the user is not saved.
 * What is on disk afterwards is compared with what was meant. The value lists the jobs that have the step now.
 */
export async function insertSteps(
  request: InsertRequest,
  ask: (file: string) => Promise<LineEndChoice> = askAboutLineEnds,
): Promise<Result<Insertion>> {
  const refusal = untrusted();
  if (refusal !== undefined) return { ok: false, problem: refusal };
  const opened = await openConfig(request.uri);
  if (!opened.ok) return opened;
  const { file, document } = opened.value;
  const edit = editFor(document.getText(), request);
  if (edit.kind === "refused") return { ok: false, problem: edit.problem };
  if (edit.edits.length === 0) return inserted(edit, !document.isDirty);
  if (document.isDirty || file.lineEnds !== "mixed") return throughEditor(opened.value, request);
  const choice = await ask(file.name);
  if (choice === undefined) return { ok: false, cancelled: true };
  return choice === "bytes" ? asBytes(file, request) : throughEditor(opened.value, request);
}

/** The edit for all jobs that were asked for, or why one of them cannot have it. */
function editFor(
  text: string,
  { uri: _uri, ...request }: InsertRequest,
): PipelineEdit | { readonly kind: "refused"; readonly problem: Problem } {
  const edit = insertAuthStep(text, request);
  if (isProblem(edit)) return { kind: "refused", problem: toProblem(edit) };
  const problem = edit.jobs.map(whyNot).find((why) => why !== undefined);
  return problem === undefined ? edit : { kind: "refused", problem };
}

async function throughEditor(
  { file, document }: OpenConfig,
  request: InsertRequest,
): Promise<Result<Insertion>> {
  // Shown and active before the edit: between edit and save nothing else is to happen.
  await showConfig(document);
  const wasDirty = document.isDirty;
  const text = document.getText();
  const edit = editFor(text, request);
  if (edit.kind === "refused") return { ok: false, problem: edit.problem };
  const { edits } = edit;
  const lineEnd = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  const wanted = withLineEnds(applyEdits(text, edits), lineEnd);

  if (!(await vscode.workspace.applyEdit(workspaceEdit(document, edits, lineEnd)))) return changed(file);
  if (document.getText() !== wanted) return failed(file, "otherEdit");
  reveal(document, (edits[0]?.offset ?? 0) + 1);
  if (wasDirty) return inserted(edit, false);

  if (!(await saveUnformatted(document))) return failed(file, "notSaved");
  const bytes = await vscode.workspace.fs.readFile(document.uri);
  // An editor that is read-only takes an edit and leaves the disk as it is, without a word; it has no Undo either.
  if (sameBytes(bytes, file.bytes)) {
    return failed(file, (await putBack(document, wanted, text)) ? "readOnly" : "notSaved");
  }
  return sameBytes(bytes, encodeFile(wanted, file.bom)) ? inserted(edit, true) : failed(file, "otherBytes");
}

function workspaceEdit(
  document: vscode.TextDocument,
  edits: readonly TextEdit[],
  lineEnd: "\n" | "\r\n",
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    document.uri,
    edits.map(({ offset, length, text }) => {
      const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
      return vscode.TextEdit.replace(range, withLineEnds(text, lineEnd));
    }),
  );
  return edit;
}

/** Gives a document that nothing else has edited since its earlier text back. */
async function putBack(document: vscode.TextDocument, text: string, earlier: string): Promise<boolean> {
  if (document.getText() !== text) return false;
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, whole, earlier);
  return (await vscode.workspace.applyEdit(edit)) && document.getText() === earlier;
}

/** Writes the file without the editor, which would make all its line ends the same. */
async function asBytes(file: ConfigFile, request: InsertRequest): Promise<Result<Insertion>> {
  const again = await readConfig(file.uri);
  if (!again.ok) return again;
  if (!sameBytes(again.value.bytes, file.bytes)) return changed(file);
  const edit = editFor(file.text, request);
  if (edit.kind === "refused") return { ok: false, problem: edit.problem };
  const bytes = encodeFile(applyEdits(file.text, edit.edits), file.bom);
  try {
    await vscode.workspace.fs.writeFile(file.uri, bytes);
  } catch (error) {
    const problem = fileProblem("pipelineEditor.write.failed", file.name);
    return { ok: false, problem: { ...problem, detail: String(error) } };
  }
  return inserted(edit, true);
}

/** Asks the user, who can change their mind. */
export async function askAboutLineEnds(file: string): Promise<LineEndChoice> {
  const normalise = t(msg("pipelineEditor.mixed.normalise"));
  const bytes = t(msg("pipelineEditor.mixed.bytes"));
  const choice = await vscode.window.showWarningMessage(
    t(msg("pipelineEditor.mixed.question", { file })),
    { modal: true, detail: t(msg("pipelineEditor.mixed.detail")) },
    normalise,
    bytes,
  );
  if (choice === undefined) return undefined;
  return choice === bytes ? "bytes" : "normalise";
}

function inserted({ jobs }: PipelineEdit, saved: boolean): Result<Insertion> {
  const names = jobs.map(({ name }) => name);
  const reached = jobs.flatMap((job) => ("alsoIn" in job ? (job.alsoIn ?? []) : []));
  const alsoIn = [...new Set(reached)].filter((name) => !names.includes(name));
  return { ok: true, value: { jobs: names, alsoIn, saved } };
}

function changed({ name }: ConfigFile): Result<never> {
  const problem = fileProblem("pipelineEditor.write.changed", name, "pipelineEditor.write.tryAgain");
  return { ok: false, problem };
}

function failed(
  { name }: ConfigFile,
  what: "otherEdit" | "notSaved" | "readOnly" | "otherBytes",
): Result<never> {
  const id = `pipelineEditor.write.${what}` as const;
  return { ok: false, problem: fileProblem(id, name, `${id}.advice`) };
}
