import { differentNote } from "../../core/insertion/offer.ts";
import { msg, type Message, type MessageId } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import {
  insertAuthStep,
  isProblem,
  type InsertRequest,
  type JobResult,
  type PipelineProblem,
} from "../../core/pipeline/index.ts";

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
      const message = differentNote(job);
      return { code: message.id, message };
    }
    case "inserted":
    case "replaced":
    case "removed":
    case "unchanged":
      return undefined;
  }
}

/** What is to be said after an insertion: what may carry the credentials away, and what wins over them. */
export function warningsAbout(text: string, request: InsertRequest): readonly Message[] {
  const edit = insertAuthStep(text, request);
  if (isProblem(edit)) return [];
  return edit.warnings.map(({ id, args }) => msg(id, args));
}

/** A problem with a file, whose code is its sentence's ID. */
export function fileProblem(id: MessageId, file: string, advice?: MessageId): Problem {
  return { code: id, message: msg(id, { file }), ...(advice === undefined ? {} : { advice: msg(advice) }) };
}
