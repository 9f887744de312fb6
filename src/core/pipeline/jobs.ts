import { isMap, isPair, isScalar, isSeq, visit } from "yaml";
import type { Scalar, YAMLMap, YAMLSeq } from "yaml";
import { entries, field, mapAt, startOf, textOf } from "./document.ts";
import type { Field, PipelineDocument } from "./document.ts";
import { executorOf, isPosixShell, parameterValues, unknownExecutor, type Executor } from "./executor.ts";
import { isProblem, problem, type PipelineProblem } from "./problem.ts";
import type { JobReference } from "./workflows.ts";

/** Steps at the place where they are written. The key is that of the map they are a value of. */
export type JobSteps = { readonly key: Scalar; readonly seq: YAMLSeq };

/** A job of the file's `jobs`, with the nodes an edit needs. */
export type Job = {
  readonly name: string;
  readonly key: Scalar;
  readonly map: YAMLMap | undefined;
  readonly kind: "build" | "noSteps" | "jobFromAnchor" | "stepsFromAnchor";
  readonly executor: Executor;
  /** The steps as they run, wherever they are written. */
  readonly steps: YAMLSeq | undefined;
  /** The steps, where they may be edited without reaching further than this job's own lines. */
  readonly own: JobSteps | PipelineProblem;
  /** The shell that the step has to name, as the job's own is no POSIX one. */
  readonly shell?: string;
};

/** Lists the jobs that the file defines, in its order. */
export function readJobs(document: PipelineDocument, references: readonly JobReference[]): Job[] {
  const jobs = mapAt(document, document.root, "jobs");
  if (jobs === undefined) return [];
  const uses = new Map<string, (YAMLMap | undefined)[]>();
  for (const { job, settings } of references) uses.set(job, [...(uses.get(job) ?? []), settings]);
  return entries(document, jobs).map((entry) => readJob(document, entry, uses));
}

function readJob(
  document: PipelineDocument,
  entry: Field,
  uses: ReadonlyMap<string, readonly (YAMLMap | undefined)[]>,
): Job {
  const { key, value } = entry;
  const name = textOf(key) ?? "";
  const args = { job: name };
  const place = document.place(startOf(key));
  const map = isMap(value) ? value : undefined;
  const executor =
    map === undefined
      ? unknownExecutor
      : executorOf(document, map, parameterValues(document, map, uses.get(name) ?? []));
  const steps = map === undefined ? undefined : field(document, map, "steps");
  const seq = isSeq(steps?.value) ? steps.value : undefined;
  const base = { name, key, map, executor, steps: seq };
  if (steps === undefined || seq === undefined) {
    const anchor = entry.anchor === undefined ? "noSteps" : "jobFromAnchor";
    return { ...base, kind: anchor, own: problem("pipeline.noSteps", args, place) };
  }
  const shell = shellFor(executor, args, place);
  const fit = isProblem(shell) ? shell : undefined;
  const full = { ...base, ...(fit === undefined ? shell : {}) };
  if (entry.anchor !== undefined) {
    const own = problem("pipeline.jobFromAnchor", { ...args, anchor: entry.anchor }, place);
    return { ...full, kind: "jobFromAnchor", own: fit ?? own };
  }
  if (steps.anchor !== undefined) {
    const own = problem("pipeline.stepsFromAnchor", { ...args, anchor: steps.anchor }, place);
    return { ...full, kind: "stepsFromAnchor", own: fit ?? own };
  }
  return { ...full, kind: "build", own: fit ?? { key: steps.key, seq } };
}

/**
 * The shell the step has to name. Windows runs PowerShell unless told otherwise, and has Git's `bash.exe`;
 * everywhere else there is `/bin/sh`.
 * Source: https://circleci.com/docs/guides/execution-managed/using-windows/
 */
function shellFor(
  { os, shell }: Executor,
  args: { job: string },
  place: { line: number; column: number },
): { readonly shell?: string } | PipelineProblem {
  if (os === "mixed") return problem("pipeline.mixedExecutors", args, place);
  if (shell !== undefined && isPosixShell(shell)) return {};
  if (os === "windows") return { shell: "bash.exe" };
  if (shell === undefined) return {};
  return os === "unknown" ? problem("pipeline.shell", { ...args, shell }, place) : { shell: "/bin/sh" };
}

/** The place where a sequence that an alias or a merge key brings in is written. */
export function writtenAt(document: PipelineDocument, seq: YAMLSeq): JobSteps | undefined {
  let found: JobSteps | undefined;
  visit(document.root, {
    Pair: (_, pair) => {
      const key: unknown = pair.key;
      if (pair.value !== seq || !isScalar(key)) return undefined;
      found = { key, seq };
      return visit.BREAK;
    },
  });
  return found;
}

type KeyPlace = { readonly map: YAMLMap; readonly owner?: Scalar };

const keyPlaces = new WeakMap<PipelineDocument, ReadonlyMap<unknown, KeyPlace>>();

/** Where each key of a document stands, looked up once for all of its jobs. */
function placesOf(document: PipelineDocument): ReadonlyMap<unknown, KeyPlace> {
  const known = keyPlaces.get(document);
  if (known !== undefined) return known;
  const places = new Map<unknown, KeyPlace>();
  visit(document.root, {
    Map: (_, map, path) => {
      const parent = path.at(-1);
      const owner = isPair(parent) && isScalar(parent.key) ? { owner: parent.key } : {};
      for (const { key } of map.items) places.set(key, { map, ...owner });
    },
  });
  keyPlaces.set(document, places);
  return places;
}

/** The map that a key belongs to. */
export function mapOf(document: PipelineDocument, key: unknown): YAMLMap | undefined {
  return placesOf(document).get(key)?.map;
}

/** The pair whose value is the map that a key belongs to. */
export function ownerOf(
  document: PipelineDocument,
  key: Scalar,
): { readonly key: Scalar; readonly value: YAMLMap } | undefined {
  const place = placesOf(document).get(key);
  return place?.owner === undefined ? undefined : { key: place.owner, value: place.map };
}
