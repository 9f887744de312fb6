import type { PipelineDocument } from "./document.ts";
import { oddLayout, refused, type Context, type Draft } from "./draft.ts";
import { applyEdits, disjoint } from "./edit.ts";
import type { TextEdit } from "./layout.ts";
import { becomes, changedEntries, expectedContent, plainOf, type Expected } from "./plain.ts";
import { problem, type PipelineProblem } from "./problem.ts";

type Extra = { readonly edits: readonly TextEdit[]; readonly expected: readonly Expected[] };
type Tried = { readonly drafts: readonly Draft[]; readonly edits: readonly TextEdit[] };

/**
 * Keeps the drafts whose edits do what they are meant to and reach no further than their own jobs, unless that
 * was asked for; a draft that does not hold is refused. `extra` is what is edited beside the jobs.
 */
export function tried(
  context: Context,
  drafts: readonly Draft[],
  extra: Extra,
  scripts: readonly string[],
): Tried {
  const far =
    othersReached(
      context,
      drafts,
      drafts.flatMap(({ expected }) => expected),
    ).length > 0;
  const within = far
    ? drafts.map((draft) => (draft.edits.length === 0 ? draft : reaching(context, drafts, draft)))
    : drafts;
  const holds = (some: readonly Draft[]): boolean => {
    const edits = [...some.flatMap((one) => one.edits), ...extra.edits];
    if (!disjoint(edits)) return false;
    const expected = [...some.flatMap((one) => one.expected), ...extra.expected];
    return becomes(
      applyEdits(context.document.text, edits),
      expectedContent(context.document, expected),
      scripts,
    );
  };
  const able = within.filter(({ edits }) => edits.length > 0);
  if (able.length === 0) return { drafts: within, edits: [] };
  if (holds(able)) return { drafts: within, edits: extra.edits };
  const kept = within.map((one) =>
    one.edits.length === 0 || holds([one]) ? one : odd(context.document, one),
  );
  const rest = kept.filter(({ edits }) => edits.length > 0);
  if (rest.length > 0 && holds(rest)) return { drafts: kept, edits: extra.edits };
  return {
    drafts: kept.map((one) => (one.edits.length === 0 ? one : odd(context.document, one))),
    edits: [],
  };
}

function odd(document: PipelineDocument, { result, edits }: Draft): Draft {
  return refused(result.name, oddLayout(document, result.name, edits[0]?.offset ?? 0));
}

/** Names the other jobs that an edit reaches, or refuses it for their sake. */
function reaching(context: Context, drafts: readonly Draft[], draft: Draft): Draft {
  const { document, shared } = context;
  const { result } = draft;
  const alsoIn = othersReached(context, drafts, draft.expected);
  if (alsoIn.length === 0) return draft;
  const edited = result.result === "inserted" || result.result === "replaced" || result.result === "removed";
  if (shared === "edit" && edited) return { ...draft, result: { ...result, alsoIn } };
  const [command] = changes(document, draft.expected).commands;
  return refused(
    result.name,
    command === undefined
      ? sharedSteps(document, result.name, draft)
      : inCommand(context, draft, command, alsoIn),
  );
}

/** The jobs that changes reach, directly or through a command, and that were not asked for. */
function othersReached(
  { document, jobs, reach }: Context,
  drafts: readonly Draft[],
  expected: readonly Expected[],
): string[] {
  const asked = new Set(drafts.flatMap(({ result }) => (result.result === "refused" ? [] : [result.name])));
  const { direct, commands } = changes(document, expected);
  return jobs.flatMap(({ name, steps }) => {
    if (asked.has(name)) return [];
    if (direct.has(name)) return [name];
    const called = steps === undefined || commands.size === 0 ? [] : [...reach.steps(steps).commands];
    return called.some((one) => commands.has(one)) ? [name] : [];
  });
}

function changes(document: PipelineDocument, expected: readonly Expected[]) {
  const [before, after] = [plainOf(document), expectedContent(document, expected)];
  return {
    direct: new Set(changedEntries(before, after, "jobs")),
    commands: new Set(changedEntries(before, after, "commands")),
  };
}

function inCommand(
  { document }: Context,
  { result, edits }: Draft,
  command: string,
  others: readonly string[],
): PipelineProblem {
  const args = { job: result.name, command, others: others.join(", ") };
  return problem("pipeline.inCommand", args, document.place(edits[0]?.offset ?? 0));
}

/** Says why an edit would reach further than its job: an alias uses the steps elsewhere, or the layout is odd. */
function sharedSteps(document: PipelineDocument, job: string, { edits }: Draft) {
  const offset = edits[0]?.offset ?? 0;
  const used = aliasLines(document, offset);
  if (used.length === 0) return oddLayout(document, job, offset);
  return problem("pipeline.stepsShared", { job, others: used.join(", ") }, document.place(offset));
}

/** The lines of the aliases whose anchors enclose an offset. */
function aliasLines(document: PipelineDocument, offset: number): number[] {
  const lines = [...document.survey.targets].flatMap(([alias, target]) => {
    const [start = 0, , end = 0] = target.range ?? [];
    return start <= offset && offset <= end ? [document.place(alias.range?.[0] ?? 0).line] : [];
  });
  return [...new Set(lines)].toSorted((a, b) => a - b);
}
