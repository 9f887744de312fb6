import { isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import type { Node, YAMLMap, YAMLSeq } from "yaml";
import { endOf, type PipelineDocument } from "./document.ts";
import type { StepItem } from "./items.ts";

/** Replace `length` UTF-16 units at `offset` of the unedited text by `text`. */
export type TextEdit = { readonly offset: number; readonly length: number; readonly text: string };

const blank = /^[ \t]*\r?$/;
const comment = /^[ \t]*#/;
/** Nothing more of the step on this line; the colon is that of a key without a value. */
export const restOfLine = /^[ \t]*:?[ \t]*(?:[ \t]#.*)?\r?$/;

/** The offset of the hyphen of each item of a block sequence. */
export function hyphens(seq: YAMLSeq): number[] {
  if (seq.srcToken?.type !== "block-seq") return [];
  return seq.srcToken.items.flatMap(
    ({ start }) => start.find(({ type }) => type === "seq-item-ind")?.offset ?? [],
  );
}

/** Puts items into a block sequence before the one at `index`; undefined where the layout is odd. */
export function intoBlock(
  { text }: PipelineDocument,
  seq: YAMLSeq,
  index: number,
  items: readonly StepItem[],
): TextEdit | undefined {
  const hyphen = hyphens(seq)[Math.max(index - 1, 0)];
  if (hyphen === undefined) return undefined;
  const indent = text.slice(lineStart(text, hyphen), hyphen);
  if (!/^ *$/.test(indent.replace("\uFEFF", ""))) return undefined;
  const before: unknown = seq.items[index - 1];
  const at =
    index === 0
      ? beforeComments(text, lineStart(text, hyphen))
      : isNode(before)
        ? afterStep(text, before)
        : undefined;
  if (at === undefined) return undefined;
  return linesAt(text, pastDeepLines(text, at, contentIndent(indent)), blockLines(items, indent));
}

/** The lines of items at an indentation; a byte order mark that stands before the hyphen is not repeated. */
export function blockLines(items: readonly StepItem[], indent: string): string[] {
  const margin = indent.replace("\uFEFF", "");
  return items.flatMap(({ lines }) => lines.map((line) => (line === "" ? "" : margin + line)));
}

/** Inserts whole lines at the start of a line, or at the end of a text that has no last line break. */
export function linesAt(text: string, at: number, lines: readonly string[]): TextEdit {
  const eol = lineBreak(text, at);
  const block = lines.join(eol);
  // Only the last line of the text can be without a line break, and it stays so.
  const open = at > 0 && text[at - 1] !== "\n";
  return { offset: at, length: 0, text: open ? eol + block : block + eol };
}

/** The start of the line after a step, if nothing but a comment follows the step on its last line. */
export function afterStep(text: string, item: Node): number | undefined {
  const kept = keptBreaks(item);
  if (kept !== undefined) return kept;
  const end = endOf(text, item);
  const next = nextLine(text, end);
  return restOfLine.test(text.slice(end, next).replace(/\n$/, "")) ? next : undefined;
}

/** The end of a script that keeps the blank lines below it (`|+`): they belong to it. */
function keptBreaks(node: unknown): number | undefined {
  if (isMap(node) || isSeq(node)) {
    const last: unknown = node.items.at(-1);
    return isInBraces(node) ? undefined : keptBreaks(isPair(last) ? last.value : last);
  }
  const token = isScalar(node) ? node.srcToken : undefined;
  if (token?.type !== "block-scalar") return undefined;
  const kept = token.props.some((prop) => prop.type === "block-scalar-header" && prop.source.includes("+"));
  return kept && isScalar(node) ? node.range?.[1] : undefined;
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
export function pastDeepLines(text: string, from: number, depth: number): number {
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

/**
 * The edits that take out items, line by line, those that follow each other in one; undefined if one shares a
 * line with something else.
 */
export function lineRanges(text: string, seq: YAMLSeq, indexes: readonly number[]): TextEdit[] | undefined {
  const starts = hyphens(seq);
  const ranges: { start: number; next: number }[] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const hyphen = starts[index];
    const item: unknown = seq.items[index];
    if (hyphen === undefined || !isNode(item)) return undefined;
    const start = lineStart(text, hyphen);
    const next = afterStep(text, item);
    if (next === undefined || text.slice(start, hyphen).replace("\uFEFF", "").trim() !== "") return undefined;
    const last = ranges.at(-1);
    if (last?.next === start) last.next = next;
    else ranges.push({ start, next });
  }
  return ranges.map(({ start, next }) => withoutLines(text, start, next));
}

/** Takes out whole lines; the last line of a text without a last line break takes the one before it along. */
export function withoutLines(text: string, start: number, next: number): TextEdit {
  const open = next === text.length && text[next - 1] !== "\n";
  const lead = open && start > 0 ? lineBreak(text, start).length : 0;
  return { offset: start - lead, length: next - start + lead, text: "" };
}

/** Whether a value of the parser's tree is a node. */
export function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** Whether a map or a sequence is written in braces or brackets. */
export function isInBraces({ srcToken }: YAMLMap | YAMLSeq): boolean {
  return srcToken?.type === "flow-collection";
}

/** What stands before an offset on its line, if that is nothing but spaces. */
export function marginOf(text: string, offset: number): string | undefined {
  const margin = text.slice(lineStart(text, offset), offset);
  return /^\uFEFF? *$/.test(margin) ? margin.replace("\uFEFF", "") : undefined;
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
