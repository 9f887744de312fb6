import { mapAt, entries, field, readDocument, startOf, textOf, type PipelineDocument } from "./document.ts";
import type { Executor } from "./executor.ts";
import { checkoutIndex, findSteps, readJobs, type Job } from "./jobs.ts";
import { insertionPoint } from "./layout.ts";
import { isProblem, problem, type PipelineProblem, type Place } from "./problem.ts";
import { jobReferences, type JobReference, type JobRun } from "./workflows.ts";

/** A name in the file and where it stands; offset and length are UTF-16 units, line and column start at 1. */
export type Named = Place & { readonly name: string; readonly offset: number; readonly length: number };

/** What the file tells about one job; an orb's job stands where the first workflow names it. */
export type JobOutline = Named & {
  readonly kind: Job["kind"] | "orb";
  readonly executor: Executor;
  readonly steps: number;
  readonly hasCheckout: boolean;
  /** Why the job cannot take the step; it can where this is left out. */
  readonly blocker?: PipelineProblem;
  /** Our steps in this job, usually none or one. */
  readonly authSteps: readonly (Place & { readonly offset: number; readonly roleArn?: string })[];
  /** Which workflows run the job; none if nothing does. */
  readonly runs: readonly JobRun[];
};

export type PipelineOutline = {
  readonly kind: "outline";
  /** As written: `2`, `2.0` or `2.1`. */
  readonly version?: string;
  /** A setup pipeline: the jobs that deploy are in another file. */
  readonly setup: boolean;
  readonly jobs: readonly JobOutline[];
  readonly commands: readonly Named[];
};

/**
 * Reads what a pipeline file is made of. Opens no other file and calls nobody.
 * Source: https://circleci.com/docs/reference/configuration-reference/
 */
export function outline(text: string): PipelineOutline | PipelineProblem {
  const document = readDocument(text);
  if (document.kind === "problem") return document;
  const { root } = document;
  const isPipeline = ["version", "jobs", "workflows"].some((key) => field(document, root, key) !== undefined);
  if (!isPipeline) return problem("pipeline.notPipeline");
  const references = jobReferences(document);
  const jobs = readJobs(document);
  const version = textOf(field(document, root, "version")?.value);
  const commands = mapAt(document, root, "commands");
  return {
    kind: "outline",
    ...(version === undefined ? {} : { version }),
    setup: textOf(field(document, root, "setup")?.value) === "true",
    jobs: [
      ...jobs.map((job) => jobOutline(document, job, references)),
      ...orbJobs(document, new Set(jobs.map(({ name }) => name)), references),
    ],
    commands:
      commands === undefined ? [] : entries(document, commands).map(({ key }) => named(document, key)),
  };
}

function named(document: PipelineDocument, key: JobReference["at"]): Named {
  const [offset = 0, end = 0] = key.range ?? [];
  return { name: textOf(key) ?? "", offset, length: end - offset, ...document.place(offset) };
}

function jobOutline(document: PipelineDocument, job: Job, references: readonly JobReference[]): JobOutline {
  const { name, kind, executor, steps } = job;
  const place = isProblem(job.own) ? job.own : insertionPoint(document, name, job.own);
  const blocker = isProblem(place) ? place : undefined;
  const runs = references.filter(({ job: reference }) => reference === name).map(({ run }) => run);
  // Without workflows CircleCI runs the job called build, on every branch.
  const alone = name === "build" && field(document, document.root, "workflows") === undefined;
  return {
    ...named(document, job.key),
    kind,
    executor,
    steps: steps?.items.length ?? 0,
    hasCheckout: steps !== undefined && checkoutIndex(document, steps) >= 0,
    ...(blocker === undefined ? {} : { blocker }),
    authSteps:
      steps === undefined
        ? []
        : findSteps(document, steps).map(({ offset, roleArn }) => ({
            offset,
            ...document.place(offset),
            ...(roleArn === undefined ? {} : { roleArn }),
          })),
    runs: alone ? [{ workflow: "build", branches: "any" }] : runs,
  };
}

function orbJobs(
  document: PipelineDocument,
  defined: ReadonlySet<string>,
  references: readonly JobReference[],
): JobOutline[] {
  const firsts = new Map<string, JobReference>();
  for (const reference of references) {
    const { job } = reference;
    if (job.includes("/") && !defined.has(job) && !firsts.has(job)) firsts.set(job, reference);
  }
  return [...firsts.values()].map(({ job, at }) => ({
    ...named(document, at),
    kind: "orb",
    executor: { kind: "unknown", os: "unknown" },
    steps: 0,
    hasCheckout: false,
    blocker: problem("pipeline.orbJob", { job }, document.place(startOf(at))),
    authSteps: [],
    runs: references.filter((reference) => reference.job === job).map(({ run }) => run),
  }));
}
