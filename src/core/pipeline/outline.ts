import { isMap, isScalar, isSeq } from "yaml";
import type { YAMLMap } from "yaml";
import { isAwsOrb, looksLikeDeploy, usesOfJob, type AwsUse } from "./aws.ts";
import { entries, field, mapAt, readDocument, startOf, textOf, type PipelineDocument } from "./document.ts";
import { intoSteps } from "./draft.ts";
import { executorEntry, unknownExecutor, type Executor } from "./executor.ts";
import { runItem } from "./items.ts";
import { readJobs, type Job } from "./jobs.ts";
import { orbJobBlocker } from "./orbJobs.ts";
import { placeIndex } from "./place.ts";
import { isProblem, problem, type PipelineProblem, type Place } from "./problem.ts";
import { reachOf, runMap, type FoundStep, type Reach, type Summary } from "./reach.ts";
import type { StepSettings } from "./settings.ts";
import { jobReferences, type JobReference, type JobRun } from "./workflows.ts";

/** A name in the file and where it stands; offset and length are UTF-16 units, line and column start at 1. */
export type Named = Place & { readonly name: string; readonly offset: number; readonly length: number };

/** Something that has to do with AWS, and its place. */
export type AwsFact = AwsUse & Place;

/** A step of ours; `via` is the reusable command it stands in. */
export type AuthStepOutline = Place &
  StepSettings & {
    readonly offset: number;
    readonly kind: "run" | "orb";
    readonly via?: string;
  };

/** What the file tells about one job; an orb's job stands where the first workflow names it. */
export type JobOutline = Named & {
  readonly kind: Job["kind"] | "orb";
  readonly executor: Executor;
  readonly steps: number;
  readonly hasCheckout: boolean;
  /** Why the job cannot take the step by an edit of its own lines; it can where this is left out. */
  readonly blocker?: PipelineProblem;
  /** Our steps in this job, usually none or one. */
  readonly authSteps: readonly AuthStepOutline[];
  /** What it does with AWS beside them, itself or through commands of the file. */
  readonly aws: readonly AwsFact[];
  readonly looksLikeDeploy: boolean;
  /** Whether right before its first step that uses AWS is another place than after checkout. */
  readonly placesDiffer: boolean;
  /** The other jobs whose steps are these very ones, through an anchor. */
  readonly sharedWith: readonly string[];
  /** The reusable commands of the file that it calls, directly or not. */
  readonly commands: readonly string[];
  /** Which workflows run the job; none if nothing does. */
  readonly runs: readonly JobRun[];
};

/** An anchor and the lines of the aliases of it. */
export type AnchorOutline = Place & { readonly name: string; readonly aliases: readonly number[] };

export type PipelineOutline = {
  readonly kind: "outline";
  /** As written: `2`, `2.0` or `2.1`. */
  readonly version?: string;
  /** A setup pipeline: the jobs that deploy are in another file. */
  readonly setup: boolean;
  readonly jobs: readonly JobOutline[];
  readonly commands: readonly (Named & { readonly authSteps: readonly AuthStepOutline[] })[];
  readonly workflows: readonly (Named & { readonly jobs: readonly string[] })[];
  /** `source` is left out for an orb that is written in the file. */
  readonly orbs: readonly (Named & { readonly source?: string; readonly aws: boolean })[];
  readonly executors: readonly (Named & { readonly executor: Executor })[];
  readonly anchors: readonly AnchorOutline[];
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
  const jobs = readJobs(document, references);
  const reach = reachOf(document);
  const version = textOf(field(document, root, "version")?.value);
  return {
    kind: "outline",
    ...(version === undefined ? {} : { version }),
    setup: textOf(field(document, root, "setup")?.value) === "true",
    jobs: [
      ...jobs.map((job) => jobOutline(document, reach, job, jobs, references)),
      ...orbJobs(document, reach, new Set(jobs.map(({ name }) => name)), references),
    ],
    commands: section(document, "commands").map(({ key, value }) => {
      const steps = isMap(value) ? field(document, value, "steps")?.value : undefined;
      const found = isSeq(steps) ? reach.steps(steps).found : [];
      return { ...named(document, key), authSteps: found.map((one) => authStepOutline(document, one)) };
    }),
    workflows: section(document, "workflows").flatMap(({ key, value }) => {
      if (!isMap(value)) return [];
      const own = references.filter(({ run }) => run.workflow === textOf(key));
      return [{ ...named(document, key), jobs: own.map(({ job, run }) => run.name ?? job) }];
    }),
    orbs: section(document, "orbs").map(({ key, value }) => {
      const source = isScalar(value) ? textOf(value) : undefined;
      return { ...named(document, key), ...(source === undefined ? {} : { source }), aws: isAwsOrb(source) };
    }),
    executors: section(document, "executors").map(({ key, value }) => {
      return { ...named(document, key), executor: executorEntry(document, value) };
    }),
    anchors: anchors(document),
  };
}

function section(document: PipelineDocument, name: string) {
  const map = mapAt(document, document.root, name);
  return map === undefined ? [] : entries(document, map);
}

function named(document: PipelineDocument, key: JobReference["at"]): Named {
  const [offset = 0, end = 0] = key.range ?? [];
  return { name: textOf(key) ?? "", offset, length: end - offset, ...document.place(offset) };
}

function anchors(document: PipelineDocument): AnchorOutline[] {
  const aliases = new Map<object, { name: string; offset: number; lines: number[] }>();
  for (const [alias, target] of document.survey.targets) {
    const known = aliases.get(target) ?? { name: alias.source, offset: startOf(target), lines: [] };
    known.lines.push(document.place(alias.range?.[0] ?? 0).line);
    aliases.set(target, known);
  }
  return [...aliases.values()].map(({ name, offset, lines }) => {
    return { name, aliases: lines, ...document.place(offset) };
  });
}

function authStepOutline(document: PipelineDocument, found: FoundStep): AuthStepOutline {
  const { seq: _seq, index: _index, command: _command, ...settings } = found;
  return { ...settings, ...document.place(found.offset) };
}

function located(document: PipelineDocument, uses: readonly AwsUse[]): AwsFact[] {
  return uses.map((use) => ({ ...use, ...document.place(use.offset) }));
}

function jobOutline(
  document: PipelineDocument,
  reach: Reach,
  job: Job,
  jobs: readonly Job[],
  references: readonly JobReference[],
): JobOutline {
  const { name, kind, executor, steps, map } = job;
  const blocker = blockerOf(document, reach, job);
  const runs = references.filter(({ job: reference }) => reference === name).map(({ run }) => run);
  // Without workflows CircleCI runs the job called build, on every branch.
  const alone = name === "build" && field(document, document.root, "workflows") === undefined;
  const summary = steps === undefined ? undefined : reach.steps(steps);
  const uses = [...(map === undefined ? [] : usesOfJob(document, map)), ...(summary?.uses ?? [])];
  const names = [name, ...runs.flatMap((run) => run.name ?? [])];
  return {
    ...named(document, job.key),
    kind,
    executor,
    steps: steps?.items.length ?? 0,
    hasCheckout: summary?.checkout ?? false,
    ...(blocker === undefined ? {} : { blocker }),
    authSteps: (summary?.found ?? []).map((found) => authStepOutline(document, found)),
    aws: located(document, uses),
    looksLikeDeploy: looksLikeDeploy(names, uses, scriptsOf(document, job)),
    placesDiffer:
      steps !== undefined &&
      placeIndex(reach, steps, "afterCheckout") !== placeIndex(reach, steps, "beforeAws"),
    sharedWith: jobs.flatMap((other) =>
      other !== job && steps !== undefined && other.steps === steps ? [other.name] : [],
    ),
    commands: [...(summary?.commands ?? [])],
    runs: alone ? [{ workflow: "build", branches: "any" }] : runs,
  };
}

function scriptsOf(document: PipelineDocument, { steps }: Job): string {
  return (steps?.items ?? [])
    .map((item) => {
      const run = runMap(document, item);
      return run === undefined
        ? runText(document, item)
        : (textOf(field(document, run, "command")?.value) ?? "");
    })
    .join("\n");
}

function runText(document: PipelineDocument, item: unknown): string {
  return isMap(item) ? (textOf(field(document, item, "run")?.value) ?? "") : "";
}

function blockerOf(
  document: PipelineDocument,
  reach: Reach,
  { name, own }: Job,
): PipelineProblem | undefined {
  if (isProblem(own)) return own;
  const tried = intoSteps(document, name, own, placeIndex(reach, own.seq, "afterCheckout"), [
    runItem("true\n"),
  ]);
  return isProblem(tried) ? tried : undefined;
}

function orbJobs(
  document: PipelineDocument,
  reach: Reach,
  defined: ReadonlySet<string>,
  references: readonly JobReference[],
): JobOutline[] {
  const uses = new Map<string, JobReference[]>();
  for (const reference of references) {
    const { job } = reference;
    if (job.includes("/") && !defined.has(job)) uses.set(job, [...(uses.get(job) ?? []), reference]);
  }
  return [...uses.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const summaries = all.flatMap(({ settings }) => preSteps(document, reach, settings));
    const source = textOf(
      section(document, "orbs").find(({ key }) => textOf(key) === first.job.split("/")[0])?.value,
    );
    const blocker = orbJobBlocker(document, first.job, all);
    const [offset = 0, end = 0] = first.at.range ?? [];
    const orb: AwsUse[] = isAwsOrb(source)
      ? [{ kind: "orb", name: first.job, offset, length: end - offset }]
      : [];
    const found = [...orb, ...summaries.flatMap((one) => one.uses)];
    return [
      {
        ...named(document, first.at),
        kind: "orb" as const,
        executor: unknownExecutor,
        steps: 0,
        hasCheckout: false,
        ...(blocker === undefined ? {} : { blocker }),
        authSteps: summaries.flatMap(({ found }) => found.map((one) => authStepOutline(document, one))),
        aws: located(document, found),
        looksLikeDeploy: looksLikeDeploy([first.job], found, ""),
        placesDiffer: false,
        sharedWith: [],
        commands: [],
        runs: all.map(({ run }) => run),
      },
    ];
  });
}

function preSteps(document: PipelineDocument, reach: Reach, settings: YAMLMap | undefined): Summary[] {
  const seq = settings === undefined ? undefined : field(document, settings, "pre-steps")?.value;
  return isSeq(seq) ? [reach.steps(seq)] : [];
}
