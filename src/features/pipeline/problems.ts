import { msg, type MessageId } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { JobResult, PipelineProblem } from "../../core/pipeline/index.ts";

/** A problem of the pipeline as every feature shows problems. */
export function toProblem({ id, args }: PipelineProblem): Problem {
  return { code: id, message: msg(id, args) };
}

/** Why a job does not get the step, where it does not. */
export function whyNot(job: JobResult): Problem | undefined {
  switch (job.result) {
    case "refused":
      return toProblem(job.problem);
    case "different": {
      const { name, roleArn } = job;
      const message =
        roleArn === undefined
          ? msg("pipelineEditor.job.different", { job: name })
          : msg("pipelineEditor.job.otherRole", { job: name, role: roleArn });
      return { code: message.id, message };
    }
    case "inserted":
    case "replaced":
    case "removed":
    case "unchanged":
      return undefined;
  }
}

/** A problem with a file, whose code is its sentence's ID. */
export function fileProblem(id: MessageId, file: string, advice?: MessageId): Problem {
  return { code: id, message: msg(id, { file }), ...(advice === undefined ? {} : { advice: msg(advice) }) };
}
