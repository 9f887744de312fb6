import * as vscode from "vscode";
import { msg, type Message } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { Insertion, PipelineFile, PipelineJob } from "../../core/wizard/state.ts";
import { logLine, unexpected, type Boundary } from "../shared/boundary.ts";
import type { Documents } from "../shared/documents.ts";
import { t } from "../shared/words.ts";
import { openConfig, untrusted } from "./configFile.ts";
import { askAboutLineEnds, insertSteps, type LineEndChoice } from "./insert.ts";
import { outlineFile } from "./outlineFile.ts";
import { pickConfig, pickJobs, pickStep, type RoleSource } from "./pick.ts";
import { isConfigPath } from "./place.ts";

/** What the feature works with. */
export type PipelinePorts = {
  readonly boundary: Boundary;
  readonly documents: Documents;
  readonly roles: RoleSource;
};

/** **Insert AWS Auth Step**, from the palette or, with its two arguments, from a CodeLens. */
export async function runInsertCommand(ports: PipelinePorts, uri: unknown, job: unknown): Promise<void> {
  const problem = await insertCommand(ports, argumentsOf(uri, job));
  if (problem !== undefined) await ports.boundary.show(problem);
}

/** A CodeLens sends the config and the job. Anybody can call a command: what is neither is left out. */
function argumentsOf(uri: unknown, job: unknown): { uri?: vscode.Uri; job?: string } {
  if (!(uri instanceof vscode.Uri) || !isConfigPath(uri.path)) return {};
  return typeof job === "string" ? { uri, job } : { uri };
}

/** Asks for what is not known yet and inserts. Undefined when done or when the user thought better of it. */
async function insertCommand(
  ports: PipelinePorts,
  given: { readonly uri?: vscode.Uri; readonly job?: string },
): Promise<Problem | undefined> {
  const refusal = untrusted();
  if (refusal !== undefined) return refusal;
  const uri = given.uri ?? (await pickConfig());
  if (!(uri instanceof vscode.Uri)) return uri;
  const opened = await openConfig(uri);
  if (!opened.ok) return opened.problem;
  const request = await pickStep(ports.roles);
  if (request === undefined) return undefined;
  const outlined = await outlineFile(uri, request);
  if (!outlined.ok) return "problem" in outlined ? outlined.problem : undefined;
  const jobs = await jobsToTake(outlined.value, given.job);
  if (jobs === undefined || !Array.isArray(jobs)) return jobs;

  const before = opened.value.document.getText();
  let choice: LineEndChoice;
  const result = await insertSteps({ uri, step: request.step, jobs }, async (file) => {
    choice = await askAboutLineEnds(file);
    return choice;
  });
  if (!result.ok) return "problem" in result ? result.problem : undefined;
  const done = { ...result.value, undoable: choice !== "bytes" };
  const note = jobs.length === 1 ? outlined.value.jobs.find(({ name }) => name === jobs[0])?.note : undefined;
  const compare = (): Promise<void> => {
    const { file } = outlined.value;
    const title = t(msg("pipelineEditor.changes.title", { file }));
    return ports.documents.compare(title, { name: file, text: before }, uri);
  };
  // A notification may stay for long: the command is done before it is answered.
  report(done, note, compare).catch((error: unknown) => ports.boundary.log.error(logLine(unexpected(error))));
  return undefined;
}

/** The jobs that get the step; a problem where none can take it. */
async function jobsToTake(
  file: PipelineFile,
  given: string | undefined,
): Promise<string[] | Problem | undefined> {
  if (given !== undefined) {
    const job = file.jobs.find(({ name }) => name === given);
    if (job === undefined)
      return { code: "pipeline.noSuchJob", message: msg("pipeline.noSuchJob", { job: given }) };
    return job.status === "ready" ? [given] : tell([job]);
  }
  if (!file.jobs.some(({ status }) => status === "ready")) {
    const message = msg("pipelineEditor.job.none", { file: file.file });
    return file.jobs.length === 0 ? { code: message.id, message } : tell(file.jobs, message);
  }
  const jobs = await pickJobs(file);
  return jobs === undefined || jobs.length === 0 ? undefined : [...jobs];
}

/** Says why jobs that are not ready are left as they are; one that has the step already is no problem. */
function tell(jobs: readonly PipelineJob[], lead?: Message): Problem | undefined {
  const [first] = jobs.filter(({ status }) => status !== "present");
  if (first?.note !== undefined) {
    const message = lead ?? first.note;
    return { code: first.note.id, message, ...(lead === undefined ? {} : { advice: first.note }) };
  }
  const present = jobs.flatMap(({ note }) => note ?? []).map(t);
  void vscode.window.showInformationMessage(present.join(" "));
  return undefined;
}

async function report(
  { jobs, saved, undoable }: Insertion & { readonly undoable: boolean },
  note: Message | undefined,
  compare: () => Promise<void>,
): Promise<void> {
  const names = { jobs: jobs.join(", ") };
  const sentences = [
    insertedMessage(jobs.length, { saved, undoable }, names),
    ...(note === undefined ? [] : [note]),
  ];
  const show = t(msg("pipelineEditor.inserted.show"));
  const choice = await vscode.window.showInformationMessage(sentences.map(t).join(" "), show);
  if (choice === show) await compare();
}

function insertedMessage(
  count: number,
  { saved, undoable }: { readonly saved: boolean; readonly undoable: boolean },
  names: { readonly jobs: string },
): Message {
  if (!saved) return msg("pipelineEditor.inserted.unsaved", names);
  if (!undoable) return msg("pipelineEditor.inserted.written", names);
  return msg(count === 1 ? "pipelineEditor.inserted.one" : "pipelineEditor.inserted.many", names);
}
