import { msg, type Message } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import {
  admissionOf,
  insertAuthStep,
  isProblem,
  outline,
  type AuthStepOptions,
  type InsertRequest,
  type JobOutline,
  type JobResult,
} from "../../core/pipeline/index.ts";
import { refAsTyped, type RunRule } from "../../core/trust/index.ts";
import type { PipelineJob } from "../../core/wizard/state.ts";
import { toProblem, whyNot } from "./problems.ts";

/** The step to insert and, where known, the branches its role admits. */
export type StepRequest = { readonly step: AuthStepOptions; readonly runs?: RunRule };

/**
 * What each job of a config could do with the step, from a dry run of the insertion: `ready` jobs can take it,
 * `present` ones have the same, `different` ones another, and `unavailable` ones come with the reason.
 */
export function jobStatuses(text: string, request: StepRequest): readonly PipelineJob[] | Problem {
  const read = outline(text);
  if (isProblem(read)) return toProblem(read);
  const dryRun = insertAuthStep(text, { jobs: read.jobs.map(({ name }) => name), step: request.step });
  if (isProblem(dryRun)) return toProblem(dryRun);
  const results = new Map(dryRun.jobs.map((job) => [job.name, job]));
  return read.jobs.flatMap((job) => {
    const result = results.get(job.name);
    return result === undefined ? [] : [statusOf(job, result, request.runs)];
  });
}

function statusOf(job: JobOutline, result: JobResult, rule: RunRule | undefined): PipelineJob {
  const { name } = job;
  switch (result.result) {
    case "unchanged":
      return { name, status: "present", note: msg("pipelineEditor.job.present", { job: name }) };
    case "different":
    case "refused": {
      const status = result.result === "different" ? "different" : "unavailable";
      const why = whyNot(result);
      return why === undefined ? { name, status } : { name, status, note: why.message };
    }
    case "inserted":
    case "replaced":
    case "removed": {
      const note = branchNote(job, rule) ?? executorNote(job);
      return note === undefined ? { name, status: "ready" } : { name, status: "ready", note };
    }
  }
}

/** Says so where the job runs on branches or tags that the role refuses. */
function branchNote({ runs }: JobOutline, rule: RunRule | undefined): Message | undefined {
  if (rule?.kind !== "refs" || runs.length === 0) return undefined;
  const { branches, named, tags } = admissionOf(runs, rule.refs);
  const admitted = rule.refs
    .filter(({ kind }) => kind === "branch" || kind === "branchPrefix")
    .map(refAsTyped)
    .join(", ");
  if (branches !== "all" && admitted === "") return msg("pipelineEditor.job.tagsOnly");
  if (branches === "none") {
    return msg("pipelineEditor.job.noBranch", { runs: named.join(", "), branches: admitted });
  }
  if (branches === "some") return msg("pipelineEditor.job.branches", { branches: admitted });
  return tags
    ? msg("pipelineEditor.job.tags", { admitted: rule.refs.map(refAsTyped).join(", ") })
    : undefined;
}

function executorNote({ executor }: JobOutline): Message | undefined {
  const open = executor.os === "unknown" || executor.shell?.includes("<<") === true;
  return open ? msg("pipelineEditor.job.unknownExecutor") : undefined;
}

/** What is to be said after an insertion: what may carry the credentials away, and what wins over them. */
export function warningsAbout(text: string, request: InsertRequest): readonly Message[] {
  const edit = insertAuthStep(text, request);
  if (isProblem(edit)) return [];
  return edit.warnings.map(({ id, args }) => msg(id, args));
}

/** Whether the step would stand elsewhere if it went right before the first step that is seen to use AWS. */
export function placementsDiffer(text: string, request: InsertRequest): boolean {
  const [first, second] = (["afterCheckout", "beforeAws"] as const).map((placement) =>
    insertAuthStep(text, { ...request, placement }),
  );
  if (first === undefined || second === undefined || isProblem(first) || isProblem(second)) return false;
  return JSON.stringify(first.edits) !== JSON.stringify(second.edits);
}
