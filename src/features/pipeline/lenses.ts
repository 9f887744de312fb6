import { msg, type Message } from "../../core/messages.ts";
import {
  isProblem,
  outline,
  updateAuthStep,
  updatedStep,
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
  if (isProblem(read)) return [];
  const outdated = outdatedJobs(text, read.jobs, known);
  return read.jobs.flatMap((job) => lensesOfJob(job, outdated.has(job.name)));
}

function lensesOfJob(job: JobOutline, outdated: boolean): readonly Lens[] {
  const { name, offset, length, authSteps, blocker } = job;
  const at = { offset, length };
  if (authSteps.length > 0) {
    const roles = new Set(authSteps.flatMap(({ roleArn }) => roleArn?.split("/").at(-1) ?? []));
    const role = [...roles].join(", ");
    const title =
      role === "" ? msg("pipelineEditor.lens.presentUnknown") : msg("pipelineEditor.lens.present", { role });
    const update = { title: msg("pipelineEditor.lens.update"), job: name, action: "update" as const };
    return [{ ...at, title }, ...(outdated ? [{ ...at, ...update }] : [])];
  }
  const isShared = blocker?.id === "pipeline.stepsFromAnchor" || blocker?.id === "pipeline.jobFromAnchor";
  if (blocker !== undefined && !isShared) return [];
  return [{ ...at, title: msg("pipelineEditor.lens.insert"), job: name, action: "insert" }];
}

/** The jobs whose step a setup would write in another way. One dry run for all jobs of a step: it costs a parse. */
function outdatedJobs(
  text: string,
  jobs: readonly JobOutline[],
  known: readonly AuthStepOptions[],
): ReadonlySet<string> {
  const bySettings = new Map<string, { step: AuthStepOptions; names: string[] }>();
  for (const job of jobs) {
    const step = updatedStep(job.authSteps, known);
    if (step === undefined) continue;
    const key = JSON.stringify(step);
    const group = bySettings.get(key) ?? { step, names: [] };
    group.names.push(job.name);
    bySettings.set(key, group);
  }
  return new Set(
    [...bySettings.values()].flatMap(({ step, names }) => {
      const dryRun = updateAuthStep(text, { jobs: names, step, shared: "edit" });
      if (isProblem(dryRun)) return [];
      return dryRun.jobs.flatMap(({ name, result }) => (result === "replaced" ? [name] : []));
    }),
  );
}
