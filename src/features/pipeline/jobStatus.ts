import { msg, type Message } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import {
  insertAuthStep,
  isProblem,
  outline,
  type AuthStepOptions,
  type JobOutline,
  type JobResult,
} from "../../core/pipeline/index.ts";
import { admitsBranch, refAsTyped, type RunRule } from "../../core/trust/index.ts";
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

/** Says so where the job runs on branches that the role refuses. */
function branchNote({ runs }: JobOutline, rule: RunRule | undefined): Message | undefined {
  if (rule?.kind !== "refs" || runs.length === 0) return undefined;
  const admits = (name: string): boolean => rule.refs.some((ref) => admitsBranch(ref, name));
  const admitted = rule.refs.filter(({ kind }) => kind === "branch" || kind === "branchPrefix");
  const branches = admitted.map(refAsTyped).join(", ");
  const lists = runs.map((run) => exactBranches(run.branches));
  const named = [...new Set(lists.flatMap((list) => list ?? []))];
  const open = lists.includes(undefined) && !admitted.some((ref) => "prefix" in ref && ref.prefix === "");
  if (!open && named.every(admits)) return undefined;
  if (admitted.length === 0) return msg("pipelineEditor.job.tagsOnly");
  return open || named.some(admits)
    ? msg("pipelineEditor.job.branches", { branches })
    : msg("pipelineEditor.job.noBranch", { runs: named.join(", "), branches });
}

/**
 * The branches that a filter names, if it does so exactly: undefined where others are let through too.
 * A name in slashes is a regular expression.
 * Source: https://circleci.com/docs/reference/configuration-reference/#branches
 */
function exactBranches(filter: JobOutline["runs"][number]["branches"]): readonly string[] | undefined {
  if (typeof filter === "string" || filter.only.length === 0) return undefined;
  return filter.only.some((name) => /^\/.*\/$/.test(name)) ? undefined : filter.only;
}

function executorNote({ executor }: JobOutline): Message | undefined {
  const open = executor.os === "unknown" || executor.shell?.includes("<<") === true;
  return open ? msg("pipelineEditor.job.unknownExecutor") : undefined;
}
