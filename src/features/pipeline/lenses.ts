import { msg, type Message } from "../../core/messages.ts";
import {
  isProblem,
  outline,
  updateAuthStep,
  type AuthStepOptions,
  type JobOutline,
} from "../../core/pipeline/index.ts";

/** What stands above a job: `offset` is that of its name, in UTF-16 units. */
export type Lens = {
  readonly offset: number;
  readonly length: number;
  readonly title: Message;
  /** The job that the step can be inserted into, or updated in; left out where there is nothing to do. */
  readonly job?: string;
  readonly action?: "insert" | "update";
};

/**
 * The CodeLenses of a config, read from its text and from the steps of setups that were finished here. Jobs that
 * cannot take the step have none, and neither has a text that is not a pipeline or not valid YAML.
 */
export function lensesOf(text: string, known: readonly AuthStepOptions[] = []): readonly Lens[] {
  const read = outline(text);
  return isProblem(read) ? [] : read.jobs.flatMap((job) => lensesOfJob(text, job, known));
}

function lensesOfJob(text: string, job: JobOutline, known: readonly AuthStepOptions[]): readonly Lens[] {
  const { name, offset, length, authSteps, blocker } = job;
  const at = { offset, length };
  if (authSteps.length > 0) {
    const roles = new Set(authSteps.flatMap(({ roleArn }) => roleArn?.split("/").at(-1) ?? []));
    const role = [...roles].join(", ");
    const title =
      role === "" ? msg("pipelineEditor.lens.presentUnknown") : msg("pipelineEditor.lens.present", { role });
    const step = updatedStep(job, known);
    const update = step !== undefined && wouldChange(text, name, step);
    const action = { title: msg("pipelineEditor.lens.update"), job: name, action: "update" as const };
    return [{ ...at, title }, ...(update ? [{ ...at, ...action }] : [])];
  }
  if (blocker !== undefined) return [];
  return [{ ...at, title: msg("pipelineEditor.lens.insert"), job: name, action: "insert" }];
}

/** The step of the setup whose role a job has, with the lifetime that was set in the file. */
export function updatedStep(
  { authSteps }: JobOutline,
  known: readonly AuthStepOptions[],
): AuthStepOptions | undefined {
  const [found] = authSteps;
  const step = known.find(({ roleArn }) => roleArn === found?.roleArn);
  if (step === undefined || found?.durationSeconds === undefined) return undefined;
  return { ...step, durationSeconds: found.durationSeconds };
}

function wouldChange(text: string, job: string, step: AuthStepOptions): boolean {
  const dryRun = updateAuthStep(text, { jobs: [job], step });
  return !isProblem(dryRun) && dryRun.jobs.some(({ result }) => result === "replaced");
}
