import { isAlias, isMap, isSeq } from "yaml";
import type { Scalar, YAMLMap, YAMLSeq } from "yaml";
import { entries, field, mapAt, resolve, startOf, textOf } from "./document.ts";
import type { Field, PipelineDocument } from "./document.ts";
import { executorOf, isPosixShell, type Executor } from "./executor.ts";
import { problem, type PipelineProblem } from "./problem.ts";
import { stepName } from "./script.ts";

/** A job that has steps of its own, written at this place. */
export type JobSteps = { readonly key: Scalar; readonly seq: YAMLSeq };

/** A job of the file's `jobs`, with the nodes an edit needs. */
export type Job = {
  readonly name: string;
  readonly key: Scalar;
  readonly kind: "build" | "noSteps" | "jobFromAnchor" | "stepsFromAnchor";
  readonly executor: Executor;
  /** The steps as they run, wherever they are written. */
  readonly steps: YAMLSeq | undefined;
  /** The steps, where they may be edited. */
  readonly own: JobSteps | PipelineProblem;
};

/** The step found in a job. */
export type FoundStep = {
  /** Its index among the steps. */
  readonly index: number;
  readonly offset: number;
  readonly command: string;
  readonly roleArn?: string;
};

/** Lists the jobs that the file defines, in its order. */
export function readJobs(document: PipelineDocument): Job[] {
  const jobs = mapAt(document, document.root, "jobs");
  return jobs === undefined ? [] : entries(document, jobs).map((entry) => readJob(document, entry));
}

function readJob(document: PipelineDocument, entry: Field): Job {
  const { key, value } = entry;
  const name = textOf(key) ?? "";
  const args = { job: name };
  const place = document.place(startOf(key));
  const map = isMap(value) ? value : undefined;
  const executor: Executor =
    map === undefined ? { kind: "unknown", os: "unknown" } : executorOf(document, map);
  const steps = map === undefined ? undefined : field(document, map, "steps");
  const seq = isSeq(steps?.value) ? steps.value : undefined;
  const base = { name, key, executor, steps: seq };

  if (entry.anchor !== undefined) {
    const own = problem("pipeline.jobFromAnchor", { ...args, anchor: entry.anchor }, place);
    return { ...base, kind: "jobFromAnchor", own };
  }
  if (steps === undefined || seq === undefined) {
    return { ...base, kind: "noSteps", own: problem("pipeline.noSteps", args, place) };
  }
  if (steps.anchor !== undefined) {
    const own = problem("pipeline.stepsFromAnchor", { ...args, anchor: steps.anchor }, place);
    return { ...base, kind: "stepsFromAnchor", own };
  }
  return { ...base, kind: "build", own: unfit(executor, args, place) ?? { key: steps.key, seq } };
}

function unfit(
  { os, shell }: Executor,
  args: { job: string },
  place: { line: number; column: number },
): PipelineProblem | undefined {
  if (os === "windows") return problem("pipeline.windows", args, place);
  if (shell === undefined || isPosixShell(shell)) return undefined;
  return problem("pipeline.shell", { ...args, shell }, place);
}

/** The index of the first `checkout` among steps, as a word or with settings; -1 where there is none. */
export function checkoutIndex(document: PipelineDocument, steps: YAMLSeq): number {
  return steps.items.findIndex((item) => {
    const node = resolve(document, item);
    return textOf(node) === "checkout" || (isMap(node) && field(document, node, "checkout") !== undefined);
  });
}

/** Finds every step of ours among steps: by its name, or by what its script is known by if it was renamed. */
export function findSteps(document: PipelineDocument, steps: YAMLSeq): FoundStep[] {
  return steps.items.flatMap((item, index) => {
    const run = runMap(document, item);
    if (run === undefined) return [];
    const command = textOf(field(document, run, "command")?.value) ?? "";
    const ours =
      textOf(field(document, run, "name")?.value) === stepName || command.includes(`'${stepName}: %s\\n'`);
    if (!ours) return [];
    const offset = isAlias(item) || isMap(item) ? startOf(item) : 0;
    const roleArn =
      /^role=(\S+)$/m.exec(command)?.[1] ?? /--role-arn[ =]["']?(arn:[^\s"']+)/.exec(command)?.[1];
    return [{ index, offset, command, ...(roleArn === undefined ? {} : { roleArn }) }];
  });
}

/** The map under `run:` of a step, if it has one. */
export function runMap(document: PipelineDocument, item: unknown): YAMLMap | undefined {
  const node = resolve(document, item);
  return isMap(node) ? mapAt(document, node, "run") : undefined;
}
