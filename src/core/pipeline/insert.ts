import { isAlias } from "yaml";
import { readDocument, type PipelineDocument } from "./document.ts";
import { applyEdits, insertion, removal, replacement, type AuthStep } from "./edit.ts";
import { findSteps, readJobs, type FoundStep, type Job, type JobSteps } from "./jobs.ts";
import { insertionPoint, type TextEdit } from "./layout.ts";
import { checkAuthStep, type AuthStepOptions } from "./options.ts";
import { isProblem, problem, type PipelineProblem } from "./problem.ts";
import { script, stepName } from "./script.ts";
import { onlyStepsDiffer, type Placed } from "./verify.ts";

/** What became of one job. */
export type JobResult =
  | { readonly name: string; readonly result: "inserted" | "replaced" | "removed" | "unchanged" }
  /** It has our step with other settings, which is left alone unless replacing is asked for. */
  | { readonly name: string; readonly result: "different"; readonly roleArn?: string }
  | { readonly name: string; readonly result: "refused"; readonly problem: PipelineProblem };

/** Edits, in the order of their offsets, and what became of each job asked for, in the order asked. */
export type PipelineEdit = {
  readonly kind: "edit";
  readonly edits: readonly TextEdit[];
  readonly jobs: readonly JobResult[];
};

/** The edits of one job, before they are tried. */
type Draft = { readonly result: JobResult; readonly edits: readonly TextEdit[]; readonly placed?: Placed };

/** Writes the step. Options that must not stand in a script are a problem, and none of them is repaired. */
export function authStep(options: AuthStepOptions): AuthStep | PipelineProblem {
  const checked = checkAuthStep(options);
  return isProblem(checked) ? checked : { name: stepName, command: script(checked) };
}

/**
 * Inserts the step into jobs, after `checkout` or first. A job that has it already is left alone, also if its
 * settings differ, unless `replace` is set. Every other byte of the text stays, and the result is parsed again
 * to see that nothing but the step is new: a job for which that cannot be had is refused.
 */
export function insertAuthStep(
  text: string,
  request: { readonly jobs: readonly string[]; readonly step: AuthStepOptions; readonly replace?: boolean },
): PipelineEdit | PipelineProblem {
  const step = authStep(request.step);
  if (isProblem(step)) return step;
  const document = readDocument(text);
  if (document.kind === "problem") return document;
  const drafts = forJobs(document, request.jobs, (job) =>
    draft(document, job, step, request.replace === true),
  );
  const tried = drafts.some(({ edits }) => edits.length > 0) ? tryOut(document, drafts, step) : drafts;
  return finish(tried);
}

/** Takes our step, whatever its settings, out of jobs. A job without it is `unchanged`. */
export function removeAuthStep(text: string, jobs: readonly string[]): PipelineEdit | PipelineProblem {
  const document = readDocument(text);
  if (document.kind === "problem") return document;
  return finish(
    forJobs(document, jobs, (job) => {
      const { name, own, steps } = job;
      const found = steps === undefined ? [] : findSteps(document, steps);
      if (found.length === 0) return { result: { name, result: "unchanged" }, edits: [] };
      if (isProblem(own)) return refused(name, own);
      const edits = found.flatMap((step) => removal(document, own, step) ?? []);
      const whole = edits.length === found.length && found.length < own.seq.items.length;
      return whole
        ? { result: { name, result: "removed" }, edits }
        : refused(name, odd(document, name, found));
    }),
  );
}

function forJobs(
  document: PipelineDocument,
  names: readonly string[],
  make: (job: Job) => Draft,
): readonly Draft[] {
  const jobs = new Map(readJobs(document).map((job) => [job.name, job]));
  return [...new Set(names)].map((name) => {
    const job = jobs.get(name);
    if (job !== undefined) return make(job);
    return refused(
      name,
      problem(name.includes("/") ? "pipeline.orbJob" : "pipeline.noSuchJob", { job: name }),
    );
  });
}

function refused(name: string, why: PipelineProblem): Draft {
  return { result: { name, result: "refused", problem: why }, edits: [] };
}

function odd(document: PipelineDocument, job: string, found: readonly FoundStep[]): PipelineProblem {
  return problem("pipeline.stepsLayout", { job }, document.place(found[0]?.offset ?? 0));
}

function draft(document: PipelineDocument, job: Job, step: AuthStep, replace: boolean): Draft {
  const { name, own, steps } = job;
  const found = steps === undefined ? [] : findSteps(document, steps);
  const first = found[0];
  if (found.some(({ command }) => command.trimEnd() === step.command.trimEnd())) {
    return { result: { name, result: "unchanged" }, edits: [] };
  }
  if (first !== undefined && !replace) {
    const role = first.roleArn === undefined ? {} : { roleArn: first.roleArn };
    return { result: { name, result: "different", ...role }, edits: [] };
  }
  if (isProblem(own)) return refused(name, own);
  if (first !== undefined) return replaceDraft(document, name, own, first, step);
  const point = insertionPoint(document, name, own);
  if (isProblem(point)) return refused(name, point);
  return {
    result: { name, result: "inserted" },
    edits: insertion(document.text, point, step),
    placed: { job: name, index: point.index, isNew: true },
  };
}

function replaceDraft(
  document: PipelineDocument,
  name: string,
  own: JobSteps,
  found: FoundStep,
  step: AuthStep,
): Draft {
  const item: unknown = own.seq.items[found.index];
  if (isAlias(item)) {
    const place = document.place(found.offset);
    return refused(name, problem("pipeline.stepsFromAnchor", { job: name, anchor: item.source }, place));
  }
  const edit = replacement(document, own, found, step);
  if (edit === undefined) return refused(name, odd(document, name, [found]));
  const placed = { job: name, index: found.index, isNew: false };
  return { result: { name, result: "replaced" }, edits: [edit], placed };
}

/** Keeps the drafts whose edits change their own job and nothing else, alone and together. */
function tryOut(document: PipelineDocument, drafts: readonly Draft[], step: AuthStep): readonly Draft[] {
  const holds = (some: readonly Draft[]): boolean => {
    const after = applyEdits(
      document.text,
      some.flatMap(({ edits }) => edits),
    );
    const placed = some.flatMap((one) => one.placed ?? []);
    return onlyStepsDiffer(document, after, placed, step);
  };
  if (holds(drafts)) return drafts;
  const kept = drafts.map((one) => (one.placed === undefined || holds([one]) ? one : shared(document, one)));
  return holds(kept) ? kept : kept.map((one) => (one.placed === undefined ? one : shared(document, one)));
}

/** Says why an edit would reach further than its job: an alias uses the steps elsewhere, or the layout is odd. */
function shared(document: PipelineDocument, { result, edits }: Draft): Draft {
  const { name } = result;
  const place = document.place(edits[0]?.offset ?? 0);
  const used = aliasLines(document, edits[0]?.offset ?? 0);
  if (used.length === 0) return refused(name, problem("pipeline.stepsLayout", { job: name }, place));
  return refused(name, problem("pipeline.stepsShared", { job: name, others: used.join(", ") }, place));
}

/** The lines of the aliases whose anchors enclose an offset. */
function aliasLines(document: PipelineDocument, offset: number): number[] {
  const lines = [...document.survey.targets].flatMap(([alias, target]) => {
    const [start = 0, , end = 0] = target.range ?? [];
    return start <= offset && offset <= end ? [document.place(alias.range?.[0] ?? 0).line] : [];
  });
  return [...new Set(lines)].toSorted((a, b) => a - b);
}

function finish(drafts: readonly Draft[]): PipelineEdit {
  return {
    kind: "edit",
    edits: drafts.flatMap(({ edits }) => edits).toSorted((a, b) => a.offset - b.offset),
    jobs: drafts.map(({ result }) => result),
  };
}
