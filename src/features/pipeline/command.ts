import * as vscode from "vscode";
import type { ChosenStep } from "../../core/insertion/choices.ts";
import type { JobOffer, StepRequest } from "../../core/insertion/offer.ts";
import { msg, type Message } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import { isProblem, outline, updatedStep } from "../../core/pipeline/index.ts";
import type { Insertion, PipelineFile } from "../../core/wizard/state.ts";
import { logLine, unexpected, type Boundary } from "../shared/boundary.ts";
import type { Documents } from "../shared/documents.ts";
import { t } from "../shared/words.ts";
import { openConfig, untrusted } from "./configFile.ts";
import { askAboutLineEnds, insertSteps, type LineEndChoice } from "./insert.ts";
import { outlineFile } from "./outlineFile.ts";
import { pickConfig, pickJobs, pickStep, type RoleSource } from "./pick.ts";
import { pickHow } from "./pickChoices.ts";
import { isConfigPath } from "./place.ts";
import { toProblem, warningsAbout } from "./problems.ts";

/** A notification is no report: what is more shows when the config is looked at. */
const MOST_WARNINGS = 3;

/** What the feature works with. */
export type PipelinePorts = {
  readonly boundary: Boundary;
  readonly documents: Documents;
  readonly roles: RoleSource;
};

/**
 * **Insert AWS Auth Step**, from the palette or, with its arguments, from a CodeLens. The third one is `update`
 * where the job has the step already and it is to get the settings of the setup.
 */
export async function runInsertCommand(
  ports: PipelinePorts,
  uri: unknown,
  job: unknown,
  action?: unknown,
): Promise<void> {
  const given = argumentsOf(uri, job);
  const problem =
    action === "update" && given.uri !== undefined && given.job !== undefined
      ? await updateCommand(ports, given.uri, given.job)
      : await insertCommand(ports, given);
  if (problem !== undefined) await ports.boundary.show(problem);
}

/** Updates the step of a job in place. */
async function updateCommand(
  ports: PipelinePorts,
  uri: vscode.Uri,
  job: string,
): Promise<Problem | undefined> {
  const refusal = untrusted();
  if (refusal !== undefined) return refusal;
  const opened = await openConfig(uri);
  if (!opened.ok) return opened.problem;
  const before = opened.value.document.getText();
  const read = outline(before);
  if (isProblem(read)) return toProblem(read);
  const found = read.jobs.find(({ name }) => name === job);
  const known = (await ports.roles.setups()).map(({ step }) => step);
  const step = found === undefined ? undefined : updatedStep(found.authSteps, known);
  if (step === undefined) {
    return { code: "pipeline.noStep", message: msg("pipeline.noStep", { job }) };
  }
  let choice: LineEndChoice;
  const result = await insertSteps(
    { uri, step, jobs: [job], replace: true, shared: "edit" },
    async (file) => {
      choice = await askAboutLineEnds(file);
      return choice;
    },
  );
  if (!result.ok) return "problem" in result ? result.problem : undefined;
  const { saved, alsoIn } = result.value;
  const name = opened.value.file.name;
  const compare = (): Promise<void> => {
    const title = t(msg("pipelineEditor.changes.title", { file: name }));
    return ports.documents.compare(title, { name, text: before }, uri);
  };
  const sentence = saved
    ? msg(choice === "bytes" ? "pipelineEditor.updated.written" : "pipelineEditor.updated", { job })
    : msg("pipelineEditor.updated.unsaved", { job });
  offer(ports, [sentence, ...alsoInSentence(alsoIn)], compare);
  return undefined;
}

/** Says what was done and offers the changes. It may stay for long: the command is done before it is answered. */
function offer(ports: PipelinePorts, sentences: readonly Message[], compare: () => Promise<void>): void {
  const shown = async (): Promise<void> => {
    const show = t(msg("pipelineEditor.inserted.show"));
    const choice = await vscode.window.showInformationMessage(sentences.map(t).join(" "), show);
    if (choice === show) await compare();
  };
  shown().catch((error: unknown) => ports.boundary.log.error(logLine(unexpected(error))));
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
  const asked = await jobsAndStep(ports, request, outlined.value, given.job);
  if (asked === undefined || "code" in asked) return asked;
  const { jobs, chosen } = asked;

  const before = opened.value.document.getText();
  let choice: LineEndChoice;
  const result = await insertSteps({ uri, jobs, ...chosen }, async (file) => {
    choice = await askAboutLineEnds(file);
    return choice;
  });
  if (!result.ok) return "problem" in result ? result.problem : undefined;
  const done = { ...result.value, undoable: choice !== "bytes" };
  const warnings = warningsAbout(before, { jobs, ...chosen });
  const compare = (): Promise<void> => {
    const { file } = outlined.value;
    const title = t(msg("pipelineEditor.changes.title", { file }));
    return ports.documents.compare(title, { name: file, text: before }, uri);
  };
  offer(ports, [...sentencesOf(done), ...warnings.slice(0, MOST_WARNINGS)], compare);
  return undefined;
}

/** Asks for the jobs and for how the step is to work in them, and for the jobs again where others are wanted. */
async function jobsAndStep(
  { roles }: PipelinePorts,
  request: StepRequest,
  file: PipelineFile,
  given: string | undefined,
): Promise<{ readonly jobs: readonly string[]; readonly chosen: ChosenStep } | Problem | undefined> {
  for (let job = given; ; job = undefined) {
    const jobs = await jobsToTake(file, job);
    if (jobs === undefined || !Array.isArray(jobs)) return jobs;
    const how = await pickHow(request, file, jobs);
    if (how === "widen") await roles.startWizard();
    if (how === undefined || how === "widen") return undefined;
    if (how !== "otherJobs") return { jobs, chosen: how };
  }
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
function tell(jobs: readonly JobOffer[], lead?: Message): Problem | undefined {
  const [first] = jobs.filter(({ status }) => status !== "present");
  if (first?.note !== undefined) {
    const message = lead ?? first.note;
    return { code: first.note.id, message, ...(lead === undefined ? {} : { advice: first.note }) };
  }
  const present = jobs.flatMap(({ note }) => note ?? []).map(t);
  void vscode.window.showInformationMessage(present.join(" "));
  return undefined;
}

function sentencesOf({
  jobs,
  alsoIn,
  saved,
  undoable,
}: Insertion & { readonly undoable: boolean }): readonly Message[] {
  const names = { jobs: jobs.join(", ") };
  return [insertedMessage(jobs.length, { saved, undoable }, names), ...alsoInSentence(alsoIn)];
}

function alsoInSentence(jobs: readonly string[]): readonly Message[] {
  return jobs.length === 0 ? [] : [msg("pipelineEditor.alsoIn", { jobs: jobs.join(", ") })];
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
