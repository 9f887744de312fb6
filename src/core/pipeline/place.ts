import { isAlias, isScalar } from "yaml";
import type { YAMLMap, YAMLSeq } from "yaml";
import {
  intoSteps,
  oddLayout,
  rawValue,
  refused,
  withItems,
  type Draft,
  type WriteContext,
} from "./draft.ts";
import { mapAt, startOf, type PipelineDocument } from "./document.ts";
import { besideMerge, insteadOfMap, insteadOfValue } from "./instead.ts";
import { itemsOf, type StepItem } from "./items.ts";
import { writtenAt, type Job } from "./jobs.ts";
import { isInBraces, isNode, type TextEdit } from "./layout.ts";
import { isProblem, problem, type PipelineProblem } from "./problem.ts";
import type { Reach } from "./reach.ts";
import type { Placement } from "./draft.ts";

/**
 * The index at which the step goes: after the first step that checks out (or first where none does), but before
 * any that is seen to use AWS; or right before that one.
 */
export function placeIndex(reach: Reach, seq: YAMLSeq, placement: Placement): number {
  const steps = seq.items.map((_, index) => reach.item(seq, index));
  const aws = steps.findIndex(({ needsAws }) => needsAws);
  const checkout = steps.findIndex((step) => step.checkout) + 1;
  if (placement === "beforeAws" && aws >= 0) return aws;
  return aws >= 0 ? Math.min(checkout, aws) : checkout;
}

/** The items for a job; a problem where the style cannot serve it. */
export function itemsFor(context: WriteContext, job: Job): readonly StepItem[] | PipelineProblem {
  const { document, prepared, stanza } = context;
  const place = document.place(startOf(job.key));
  if (prepared.kind !== "run" && job.shell !== undefined) {
    return problem("pipeline.styleShell", { job: job.name }, place);
  }
  return itemsOf(prepared, stanza.orbName, job.shell);
}

/** Puts the step into a job that does not have it. */
export function insertDraft(context: WriteContext, job: Job): Draft {
  const { document, reach, placement, shared } = context;
  const { name, own, steps } = job;
  const items = itemsFor(context, job);
  if (isProblem(items)) return refused(name, items);
  if (steps === undefined)
    return refused(name, isProblem(own) ? own : oddLayout(document, name, startOf(job.key)));
  const index = placeIndex(reach, steps, placement);
  if (isProblem(own)) {
    if (!fromAnchor(own) || shared === "refuse") return refused(name, own);
    if (shared === "inline") return inlined(document, job, steps, index, items) ?? refused(name, own);
  }
  const written = isProblem(own) ? writtenAt(document, steps) : own;
  if (written === undefined) return refused(name, oddLayout(document, name, startOf(steps)));
  const edits = intoSteps(document, name, written, index, items);
  if (isProblem(edits)) return refused(name, edits);
  return {
    result: { name, result: "inserted" },
    edits,
    expected: [withItems(steps, index, items)],
    needsStanza: true,
  };
}

/** Whether a job's steps are out of reach only because they are written elsewhere. */
export function fromAnchor({ id }: PipelineProblem): boolean {
  return id === "pipeline.stepsFromAnchor" || id === "pipeline.jobFromAnchor";
}

/** Gives a job whose steps are written elsewhere a copy of them with ours among them. */
function inlined(
  document: PipelineDocument,
  job: Job,
  steps: YAMLSeq,
  index: number,
  items: readonly StepItem[],
): Draft | undefined {
  const { name, map, kind } = job;
  const jobs = mapAt(document, document.root, "jobs");
  const entry = jobs === undefined ? undefined : rawValue(jobs, name);
  if (map === undefined || jobs === undefined || !isScalar(entry?.key) || !isNode(entry.value)) {
    return undefined;
  }
  const edits =
    kind === "jobFromAnchor" || isInBraces(map)
      ? insteadOfMap(document, entry.key, entry.value, steps, index, items)
      : copiedSteps(document, map, steps, index, items);
  if (edits === undefined) return undefined;
  const copy = { map, key: "steps", seq: steps, index, values: items.map(({ value }) => value) };
  return {
    result: { name, result: "inserted" },
    edits,
    expected: [
      kind === "stepsFromAnchor"
        ? { kind: "copy", ...copy }
        : { kind: "copy", ...copy, as: { map: jobs, key: name } },
    ],
    needsStanza: true,
  };
}

/** Writes the copy in place of `steps: *anchor`, or below the merge key that brings the steps. */
function copiedSteps(
  document: PipelineDocument,
  map: YAMLMap,
  steps: YAMLSeq,
  index: number,
  items: readonly StepItem[],
): TextEdit[] | undefined {
  const pair = rawValue(map, "steps");
  if (pair === undefined) return besideMerge(document, map, steps, index, items);
  return isScalar(pair.key) && isAlias(pair.value)
    ? insteadOfValue(document, pair.key, pair.value, index, items)
    : undefined;
}
