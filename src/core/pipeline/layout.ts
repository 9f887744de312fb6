import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Node } from "yaml";
import { endOf, startOf, type PipelineDocument } from "./document.ts";
import { checkoutIndex, type JobSteps } from "./jobs.ts";
import { problem, type PipelineProblem } from "./problem.ts";

/** Replace `length` UTF-16 units at `offset` of the unedited text by `text`. */
export type TextEdit = { readonly offset: number; readonly length: number; readonly text: string };

/** Where a new step goes. */
export type InsertionPoint = {
  /** The new step's index. */
  readonly index: number;
  /** The start of a line, or the end of the text. */
  readonly at: number;
  /** What stands before the hyphen. */
  readonly indent: string;
  /** Steps that were in brackets and are written again above or below the new one, as they are. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly removed?: { readonly offset: number; readonly length: number };
};

const blank = /^[ \t]*\r?$/;
const comment = /^[ \t]*#/;
/** Nothing more of the step on this line; the colon is that of a key without a value. */
const restOfLine = /^[ \t]*:?[ \t]*(?:[ \t]#.*)?\r?$/;

/** Finds where the step goes: after `checkout`, or first where a job does not check out. */
export function insertionPoint(
  document: PipelineDocument,
  job: string,
  steps: JobSteps,
): InsertionPoint | PipelineProblem {
  const checkout = checkoutIndex(document, steps.seq);
  const { srcToken } = steps.seq;
  const place = document.place(startOf(steps.seq));
  if (srcToken?.type === "flow-collection") {
    return flowPoint(document, steps, checkout + 1) ?? problem("pipeline.flowSteps", { job }, place);
  }
  return blockPoint(document, steps, checkout) ?? problem("pipeline.stepsLayout", { job }, place);
}

/** The offset of the hyphen of each step of a block sequence. */
export function hyphens({ seq }: JobSteps): number[] {
  if (seq.srcToken?.type !== "block-seq") return [];
  return seq.srcToken.items.flatMap(
    ({ start }) => start.find(({ type }) => type === "seq-item-ind")?.offset ?? [],
  );
}

function blockPoint(
  { text }: PipelineDocument,
  steps: JobSteps,
  checkout: number,
): InsertionPoint | undefined {
  const hyphen = hyphens(steps)[Math.max(checkout, 0)];
  if (hyphen === undefined) return undefined;
  const indent = text.slice(lineStart(text, hyphen), hyphen);
  if (!/^ *$/.test(indent.replace("\uFEFF", ""))) return undefined;
  const start = checkout < 0 ? beforeComments(text, lineStart(text, hyphen)) : undefined;
  const item: unknown = steps.seq.items[checkout];
  const at = start ?? (isNode(item) ? afterStep(text, item) : undefined);
  if (at === undefined) return undefined;
  const safe = pastDeepLines(text, at, contentIndent(indent));
  return { index: checkout + 1, at: safe, indent, before: [], after: [] };
}

/** The start of the line after a step, if nothing but a comment follows the step on its last line. */
export function afterStep(text: string, item: Node): number | undefined {
  const end = endOf(text, item);
  const next = nextLine(text, end);
  return restOfLine.test(text.slice(end, next).replace(/\n$/, "")) ? next : undefined;
}

/** Comment lines right above the first step belong to it: the new step goes above them. */
function beforeComments(text: string, first: number): number {
  let at = first;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!comment.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}

/**
 * A comment or a blank line below that is indented like the script would become part of it: the new step goes
 * below such lines. Source: https://yaml.org/spec/1.2.2/#812-block-chomping-indicator
 */
function pastDeepLines(text: string, from: number, depth: number): number {
  let safe = from;
  for (let at = from; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, nextLine(text, at)).replace(/\n$/, "");
    if (!blank.test(line) && !comment.test(line)) break;
    const spaces = /^ */.exec(line)?.[0].length ?? 0;
    if (comment.test(line) && spaces < depth) break;
    if (spaces >= depth || line.includes("\t")) safe = nextLine(text, at);
  }
  return safe;
}

/** How far the lines of the script are indented below a hyphen. */
export function contentIndent(indent: string): number {
  return indent.length + 6;
}

/** Steps in brackets are put on lines of their own, if they are simple: no comments between, one line each. */
function flowPoint({ text }: PipelineDocument, steps: JobSteps, index: number): InsertionPoint | undefined {
  const { key, seq } = steps;
  const keyStart = startOf(key);
  const margin = text.slice(lineStart(text, keyStart), keyStart);
  const [start, end] = seq.range ?? [0, 0];
  const next = nextLine(text, end);
  if (!/^ *$/.test(margin) || !restOfLine.test(text.slice(end, next).replace(/\n$/, ""))) return undefined;

  const items: string[] = [];
  let between = "";
  let at = start;
  for (const item of seq.items) {
    if (!isNode(item)) return undefined;
    const from = startOf(item);
    const source = text.slice(from, endOf(text, item));
    if (source.includes("\n")) return undefined;
    between += text.slice(at, from);
    at = from + source.length;
    items.push(source);
  }
  between += text.slice(at, end);
  if (!/^[[\],\s]*$/.test(between)) return undefined;

  const space = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const removed = { offset: start - space, length: end - start + space };
  const indent = `${margin}  `;
  const below = pastDeepLines(text, next, contentIndent(indent));
  return { index, at: below, indent, before: items.slice(0, index), after: items.slice(index), removed };
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** The offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset at which the line after that of an offset begins, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** The line break in use just before an offset: that of the nearest line above, or else below. */
export function lineBreak(text: string, offset: number): "\n" | "\r\n" {
  const above = text.lastIndexOf("\n", offset - 1);
  const near = offset > 0 && above >= 0 ? above : text.indexOf("\n", offset);
  return near > 0 && text[near - 1] === "\r" ? "\r\n" : "\n";
}
