import type { pipelineMessages } from "./messages.ts";

export type PipelineProblemId = keyof typeof pipelineMessages;

/** Why something cannot be read or done. The sentence is `pipelineMessages[id]`. */
export type PipelineProblem = {
  readonly kind: "problem";
  readonly id: PipelineProblemId;
  /** For the placeholders of the sentence; `line` and `column` are among them where the problem has a place. */
  readonly args: Readonly<Record<string, string | number>>;
  /** Both from 1. */
  readonly line?: number;
  readonly column?: number;
};

/** A place in the text, both from 1. */
export type Place = { readonly line: number; readonly column: number };

/** Makes a problem value; a place goes into its arguments too, for the sentence. */
export function problem(
  id: PipelineProblemId,
  args: Readonly<Record<string, string | number>> = {},
  place?: Place,
): PipelineProblem {
  if (place === undefined) return { kind: "problem", id, args };
  const { line, column } = place;
  return { kind: "problem", id, args: { ...args, line, column }, line, column };
}

/** Tells a problem from a result. */
export function isProblem(value: object): value is PipelineProblem {
  return "kind" in value && value.kind === "problem";
}
