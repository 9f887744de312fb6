import { isScalar } from "yaml";
import type { YAMLSeq } from "yaml";
import { intoBrackets } from "./brackets.ts";
import { startOf, type PipelineDocument } from "./document.ts";
import type { Prepared, StepItem } from "./items.ts";
import { ownerOf, type Job, type JobSteps } from "./jobs.ts";
import { intoBlock, isInBraces, type TextEdit } from "./layout.ts";
import { insteadOfMap, insteadOfValue } from "./instead.ts";
import type { Expected } from "./plain.ts";
import { problem, type PipelineProblem } from "./problem.ts";
import type { Reach } from "./reach.ts";
import type { Stanza } from "./sections.ts";
import type { JobReference } from "./workflows.ts";

/** What became of one job. */
export type JobResult =
  | {
      readonly name: string;
      readonly result: "inserted" | "replaced" | "removed";
      /** The other jobs that the edit reaches, as they share the steps or the command. */
      readonly alsoIn?: readonly string[];
    }
  | { readonly name: string; readonly result: "unchanged" }
  /** It has our step with other settings, which is left alone unless replacing is asked for. */
  | { readonly name: string; readonly result: "different"; readonly roleArn?: string }
  | { readonly name: string; readonly result: "refused"; readonly problem: PipelineProblem };

/** Where the step goes: after `checkout`, or right before the first step that is seen to use AWS. */
export type Placement = "afterCheckout" | "beforeAws";

/**
 * What is done where steps are written once and used by several jobs, through an anchor or a command: nothing,
 * an edit that reaches them all, or a copy of the steps for this job alone.
 */
export type SharedSteps = "refuse" | "edit" | "inline";

/** Everything an edit of a file works with. */
export type Context = {
  readonly document: PipelineDocument;
  readonly references: readonly JobReference[];
  readonly jobs: readonly Job[];
  readonly reach: Reach;
  readonly shared: SharedSteps;
};

/** The same for an edit that writes the step. */
export type WriteContext = Context & {
  readonly prepared: Prepared;
  readonly stanza: Stanza;
  readonly placement: Placement;
  readonly replace: boolean;
};

/** The edits of one job, before they are tried. */
export type Draft = {
  readonly result: JobResult;
  readonly edits: readonly TextEdit[];
  readonly expected: readonly Expected[];
  /** Items that go. */
  readonly gone?: readonly unknown[];
  /** Needs the orb or the command. */
  readonly needsStanza?: boolean;
};

/** A job that is left as it is. */
export function left(result: JobResult): Draft {
  return { result, edits: [], expected: [] };
}

/** A job that cannot take the edit. */
export function refused(name: string, why: PipelineProblem): Draft {
  return left({ name, result: "refused", problem: why });
}

/** The refusal of a layout that cannot be edited safely. */
export function oddLayout(document: PipelineDocument, job: string, offset: number): PipelineProblem {
  return problem("pipeline.stepsLayout", { job }, document.place(offset));
}

/** The edits that put items into steps, in whatever layout these are; a problem where that is not possible. */
export function intoSteps(
  document: PipelineDocument,
  job: string,
  { key, seq }: JobSteps,
  index: number,
  items: readonly StepItem[],
): readonly TextEdit[] | PipelineProblem {
  if (isInBraces(seq)) {
    const owner = ownerOf(document, key);
    return (
      insteadOfValue(document, key, seq, index, items) ??
      (owner && insteadOfMap(document, owner.key, owner.value, seq, index, items)) ??
      intoBrackets(document, seq, index, items) ??
      problem("pipeline.flowSteps", { job }, document.place(startOf(seq)))
    );
  }
  const edit = intoBlock(document, seq, index, items);
  return edit === undefined ? oddLayout(document, job, startOf(seq)) : [edit];
}

/** What a sequence becomes with items put into it. */
export function withItems(seq: YAMLSeq, index: number, items: readonly StepItem[]): Expected {
  return { kind: "items", seq, index, removed: 0, values: items.map(({ value }) => value) };
}

/** The node that is written as the value of a key, before aliases are followed. */
export function rawValue(map: { readonly items: readonly { key: unknown; value: unknown }[] }, name: string) {
  return map.items.find(({ key }) => isScalar(key) && key.value === name);
}
