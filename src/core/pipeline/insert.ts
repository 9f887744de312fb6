import { readDocument, type PipelineDocument } from "./document.ts";
import { left, refused } from "./draft.ts";
import type { Context, Draft, JobResult, Placement, SharedSteps, WriteContext } from "./draft.ts";
import { prepare } from "./items.ts";
import { readJobs, type Job } from "./jobs.ts";
import type { TextEdit } from "./layout.ts";
import type { AuthStepOptions } from "./options.ts";
import { orbJobDraft, orbJobRemoval } from "./orbJobs.ts";
import { insertDraft } from "./place.ts";
import { isProblem, problem, type PipelineProblem } from "./problem.ts";
import { reachOf } from "./reach.ts";
import { removeDraft } from "./remove.ts";
import { presentDraft } from "./replace.ts";
import { stanzaFor, unusedStanzas, type Stanza } from "./sections.ts";
import { tried } from "./tryOut.ts";
import { warningsFor, type PipelineWarning } from "./warnings.ts";
import { jobReferences } from "./workflows.ts";

/** Edits, in the order of their offsets, and what became of each job asked for, in the order asked. */
export type PipelineEdit = {
  readonly kind: "edit";
  readonly edits: readonly TextEdit[];
  readonly jobs: readonly JobResult[];
  readonly warnings: readonly PipelineWarning[];
};

/** What is to be inserted, where, and how far it may reach. */
export type InsertRequest = {
  readonly jobs: readonly string[];
  readonly step: AuthStepOptions;
  /** Gives a step that is there other settings; left alone where this is not set. */
  readonly replace?: boolean;
  /** `afterCheckout` by default. */
  readonly placement?: Placement;
  /** `refuse` by default. */
  readonly shared?: SharedSteps;
};

/**
 * Inserts the step into jobs: after `checkout`, first, or before the first step that uses AWS; into every use of
 * an orb's job as `pre-steps`. A job that has it already is left alone, also if its settings differ, unless
 * `replace` is set. Every other byte of the text stays, and the result is parsed again to see that nothing but
 * the step is new: a job for which that cannot be had is refused.
 */
export function insertAuthStep(text: string, request: InsertRequest): PipelineEdit | PipelineProblem {
  return writing(text, request, (context, name, job) => {
    if (job === undefined) return orbJobDraft(context, name, usesOf(context, name));
    const found = job.steps === undefined ? [] : context.reach.steps(job.steps).found;
    return found.length === 0 ? insertDraft(context, job) : presentDraft(context, job, found);
  });
}

/**
 * Gives our step in jobs other settings, in place: its script, its style, the shell it names. Keys that were
 * added to it stay. A job that does not have the step is refused.
 */
export function updateAuthStep(
  text: string,
  request: Omit<InsertRequest, "replace" | "placement">,
): PipelineEdit | PipelineProblem {
  return writing(text, { ...request, replace: true }, (context, name, job) => {
    if (job === undefined) {
      const there = orbJobRemoval(context, name, usesOf(context, name)).result.result !== "unchanged";
      return there ? orbJobDraft(context, name, usesOf(context, name)) : absent(context, name);
    }
    const found = job.steps === undefined ? [] : context.reach.steps(job.steps).found;
    return found.length === 0 ? absent(context, name) : presentDraft(context, job, found);
  });
}

/**
 * Takes our step, whatever its settings, out of jobs, with the orb or the command that was added for it where
 * nothing uses that any longer. What it took the place of is restored. A job without it is `unchanged`.
 */
export function removeAuthStep(
  text: string,
  jobs: readonly string[],
  options: { readonly shared?: Exclude<SharedSteps, "inline"> } = {},
): PipelineEdit | PipelineProblem {
  const document = readDocument(text);
  if (document.kind === "problem") return document;
  const context = contextOf(document, options.shared ?? "refuse");
  const drafts = forJobs(context, jobs, (name, job) =>
    job === undefined ? orbJobRemoval(context, name, usesOf(context, name)) : removeDraft(context, job),
  );
  const cleanUp = unusedStanzas(
    document,
    drafts.flatMap(({ gone }) => gone ?? []),
  );
  const some = drafts.some(({ edits }) => edits.length > 0);
  return finish(some ? tried(context, drafts, cleanUp, []) : { drafts, edits: [] }, []);
}

type Make<C> = (context: C, name: string, job: Job | undefined) => Draft;

function writing(
  text: string,
  request: InsertRequest,
  make: Make<WriteContext>,
): PipelineEdit | PipelineProblem {
  const prepared = prepare(request.step);
  if (isProblem(prepared)) return prepared;
  const document = readDocument(text);
  if (document.kind === "problem") return document;
  const plain = contextOf(document, request.shared ?? "refuse");
  const stanza = stanzaFor(document, plain.reach, prepared);
  if (isProblem(stanza)) {
    return finish({ drafts: [...new Set(request.jobs)].map((name) => refused(name, stanza)), edits: [] }, []);
  }
  const { placement = "afterCheckout", replace = false } = request;
  const context: WriteContext = { ...plain, prepared, stanza, placement, replace };
  const made = forJobs(context, request.jobs, (name, job) => make(context, name, job));
  const drafts = withSameCommand(stanza, made);
  if (drafts.every(({ edits }) => edits.length === 0)) return finish({ drafts, edits: [] }, []);
  const needed = drafts.some(({ needsStanza }) => needsStanza === true);
  const cleanUp = unusedStanzas(
    document,
    drafts.flatMap(({ gone }) => gone ?? []),
    prepared.kind === "run" ? undefined : prepared.kind === "orb" ? "orbs" : "commands",
  );
  const parts = [...(needed ? [stanza] : []), cleanUp];
  const extra = {
    edits: parts.flatMap(({ edits }) => edits),
    expected: parts.flatMap(({ expected }) => expected),
  };
  const scripts = prepared.kind === "orb" ? [] : [prepared.script];
  const result = tried(context, drafts, extra, scripts);
  const done = new Set(
    result.drafts.flatMap(({ result: { name, result: what } }) =>
      what === "inserted" || what === "replaced" ? [name] : [],
    ),
  );
  return finish(
    result,
    context.jobs.filter(({ name }) => done.has(name)).flatMap((job) => warningsFor(context, job)),
  );
}

/** Refuses jobs that would come to call a command with other settings, unless these are changed in the same edit. */
function withSameCommand({ other }: Stanza, drafts: readonly Draft[]): readonly Draft[] {
  const updated = drafts.some(({ expected }) =>
    expected.some((one) => one.kind === "set" && one.key === "command"),
  );
  if (other === undefined || updated) return drafts;
  return drafts.map((draft) => (draft.needsStanza === true ? refused(draft.result.name, other) : draft));
}

function contextOf(document: PipelineDocument, shared: SharedSteps): Context {
  const references = jobReferences(document);
  return { document, references, jobs: readJobs(document, references), reach: reachOf(document), shared };
}

function usesOf({ references }: Context, name: string) {
  return references.filter(({ job }) => job === name);
}

/** Makes a draft for each job; one whose steps another draft has changed already is done with that. */
function forJobs(
  context: Context,
  names: readonly string[],
  make: (name: string, job: Job | undefined) => Draft,
): readonly Draft[] {
  const jobs = new Map(context.jobs.map((job) => [job.name, job]));
  const offsets = new Set<number>();
  return [...new Set(names)].map((name) => {
    const job = jobs.get(name);
    if (job === undefined && !name.includes("/")) return refused(name, unknownJob(context, name));
    if (job === undefined && usesOf(context, name).length === 0)
      return refused(name, unknownJob(context, name));
    const draft = make(name, job);
    // The same edit again: the steps are shared, and the job they are shared with was asked for too.
    if (draft.edits.length > 0 && draft.edits.every(({ offset }) => offsets.has(offset))) {
      return left(draft.result);
    }
    for (const { offset } of draft.edits) offsets.add(offset);
    return draft;
  });
}

function unknownJob({ references }: Context, name: string): PipelineProblem {
  const alias = references.find(({ run }) => run.name === name);
  return alias === undefined
    ? problem("pipeline.noSuchJob", { job: name })
    : problem("pipeline.otherName", { name, job: alias.job });
}

function absent({ document }: Context, name: string): Draft {
  return refused(name, problem("pipeline.noStep", { job: name }, document.place(0)));
}

function finish(
  { drafts, edits }: { readonly drafts: readonly Draft[]; readonly edits: readonly TextEdit[] },
  warnings: readonly PipelineWarning[],
): PipelineEdit {
  return {
    kind: "edit",
    edits: [...drafts.flatMap((draft) => draft.edits), ...edits].toSorted((a, b) => a.offset - b.offset),
    jobs: drafts.map(({ result }) => result),
    warnings,
  };
}
