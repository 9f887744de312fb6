import { isAlias, isScalar, isSeq } from "yaml";
import type { Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { endOf, isMergeKey, startOf, type PipelineDocument } from "./document.ts";
import type { StepItem } from "./items.ts";
import type { JobSteps } from "./jobs.ts";
import { blockLines, hyphens, isNode, lineStart, linesAt, marginOf } from "./layout.ts";
import { nextLine, pastDeepLines, restOfLine, withoutLines, type TextEdit } from "./layout.ts";
import { copyMark, insteadOf } from "./names.ts";

/** At the start of a line: what follows went on the lines above as a comment. */
const continued = "#= ";

/**
 * Puts the step into steps that are not written one per line: in brackets, or through an alias. They are
 * written again below, each on lines of its own, and what was there stays as a comment, from which removing the
 * step restores it. Undefined where that cannot be done: a step over several lines in brackets, a comment.
 */
export function insteadOfValue(
  document: PipelineDocument,
  key: Node,
  value: Node,
  index: number,
  items: readonly StepItem[],
): TextEdit[] | undefined {
  const { text } = document;
  const margin = marginOf(text, startOf(key));
  const [start, end] = [startOf(value), endOf(text, value)];
  const next = nextLine(text, end);
  if (margin === undefined || !restOfLine.test(text.slice(end, next).replace(/\n$/, ""))) return undefined;
  const own = ownLines(document, value, `${margin}  `);
  if (own === undefined) return undefined;
  const lines = [
    ...own.slice(0, index).flat(),
    ...blockLines(items, `${margin}  `),
    ...own.slice(index).flat(),
  ];
  const commented: TextEdit[] = [{ offset: start, length: 0, text: insteadOf }];
  for (let at = nextLine(text, start); at < end; at = nextLine(text, at)) {
    commented.push({ offset: at, length: 0, text: continued });
  }
  // A comment that is deeper than the hyphens would become part of a script that is written out above it.
  const below = pastDeepLines(text, next, margin.length + "  ".length + 1);
  return [...commented, linesAt(text, below, lines)];
}

/**
 * Gives a job steps of its own, below the merge key that brings them: a copy of these, with ours among them.
 * Undefined where the layout is odd.
 */
export function besideMerge(
  document: PipelineDocument,
  map: YAMLMap,
  steps: YAMLSeq,
  index: number,
  items: readonly StepItem[],
): TextEdit[] | undefined {
  const { text } = document;
  const merge = mergePair(map);
  const margin = merge === undefined ? undefined : marginOf(text, startOf(merge.key));
  if (merge === undefined || margin === undefined || !isNode(merge.value)) return undefined;
  const end = endOf(text, merge.value);
  const next = nextLine(text, end);
  const own = linesOf(document, steps, `${margin}  `);
  if (own === undefined || !restOfLine.test(text.slice(end, next).replace(/\n$/, ""))) return undefined;
  const lines = [
    `${margin}steps: ${copyMark}`,
    ...own.slice(0, index).flat(),
    ...blockLines(items, `${margin}  `),
    ...own.slice(index).flat(),
  ];
  return [linesAt(text, pastDeepLines(text, next, margin.length + "  ".length + 1), lines)];
}

/** The first merge key of a map, with what it merges. */
export function mergePair(map: YAMLMap): { readonly key: Scalar; readonly value: unknown } | undefined {
  for (const { key, value } of map.items) if (isScalar(key) && isMergeKey(key)) return { key, value };
  return undefined;
}

/** Takes out steps that are a copy of ours, whole; undefined where they are none. */
export function withoutCopy({ text }: PipelineDocument, { key, seq }: JobSteps): TextEdit | undefined {
  const start = startOf(key);
  const line = text.slice(start, nextLine(text, start)).trimEnd();
  if (line !== `steps: ${copyMark}` || marginOf(text, start) === undefined) return undefined;
  return withoutLines(text, lineStart(text, start), nextLine(text, endOf(text, seq)));
}

/** The lines of each item of what is to be written out, at an indentation. */
function ownLines(document: PipelineDocument, value: Node, indent: string): string[][] | undefined {
  if (isAlias(value)) {
    const target = document.survey.targets.get(value);
    return isSeq(target) ? linesOf(document, target, indent) : undefined;
  }
  return isSeq(value) ? linesOf(document, value, indent) : undefined;
}

function linesOf(document: PipelineDocument, seq: YAMLSeq, indent: string): string[][] | undefined {
  return seq.srcToken?.type === "flow-collection"
    ? flowLines(document.text, seq, indent)
    : copiedLines(document.text, seq, indent);
}

/** Simple items in brackets: no comments between, one line each. */
function flowLines(text: string, seq: YAMLSeq, indent: string): string[][] | undefined {
  const items: string[][] = [];
  let between = "";
  let at = startOf(seq);
  for (const item of seq.items) {
    if (!isNode(item)) return undefined;
    const from = startOf(item);
    const source = text.slice(from, endOf(text, item));
    if (source.includes("\n")) return undefined;
    between += text.slice(at, from);
    at = from + source.length;
    items.push([`${indent}- ${source}`]);
  }
  between += text.slice(at, endOf(text, seq));
  return /^[[\],\s]*$/.test(between) ? items : undefined;
}

/** Items of a block sequence, moved to another indentation, with what stands between them. */
function copiedLines(text: string, seq: YAMLSeq, indent: string): string[][] | undefined {
  const starts = hyphens(seq);
  const [first] = starts;
  if (first === undefined || starts.length !== seq.items.length) return undefined;
  const margin = marginOf(text, first);
  const end = nextLine(text, endOf(text, seq));
  if (margin === undefined) return undefined;
  const bounds = [...starts.map((offset) => lineStart(text, offset)), end];
  return starts.map((_, i) =>
    text
      .slice(bounds[i], bounds[i + 1])
      .replace(/\r?\n$/, "")
      .split(/\r?\n/)
      .map((line) =>
        line.trim() === "" ? "" : indent + line.replace(new RegExp(`^ {0,${margin.length}}`), ""),
      ),
  );
}

/**
 * Restores what the lines of the steps took the place of, if the comment is still there and the steps are still
 * the ones that were written out, with ours among them. The caller sees to it that the content is the same.
 */
export function restored({ text }: PipelineDocument, { key, seq }: JobSteps): TextEdit[] | undefined {
  const [first] = hyphens(seq);
  if (first === undefined) return undefined;
  const from = endOf(text, key);
  const block = lineStart(text, first);
  const mark = text.indexOf(insteadOf, from);
  if (mark < 0 || mark >= block) return undefined;
  const edits: TextEdit[] = [{ offset: mark, length: insteadOf.length, text: "" }];
  let at = nextLine(text, mark);
  for (; text.startsWith(continued, at) && at < block; at = nextLine(text, at)) {
    edits.push({ offset: at, length: continued.length, text: "" });
  }
  return [...edits, withoutLines(text, block, nextLine(text, endOf(text, seq)))];
}
