import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { endOf, isMergeKey, startOf, type PipelineDocument } from "./document.ts";
import type { StepItem } from "./items.ts";
import { mapOf, type JobSteps } from "./jobs.ts";
import { blockLines, hyphens, isInBraces, isNode, lineStart, linesAt, marginOf } from "./layout.ts";
import { nextLine, pastDeepLines, restOfLine, withoutLines, type TextEdit } from "./layout.ts";
import { copyMark, insteadOf } from "./names.ts";

/** At the start of a line: what follows went on the lines above as a comment. */
const continued = "#= ";

/**
 * Puts the step into steps that are not written one per line: in brackets, or through an alias. They are
 * written again below, each on lines of its own, and what was there stays as a comment, from which removing the
 * step restores it. Undefined where that cannot be done, as in a job that is in braces itself.
 */
export function insteadOfValue(
  document: PipelineDocument,
  key: Node,
  value: Node,
  index: number,
  items: readonly StepItem[],
): TextEdit[] | undefined {
  const margin = marginAt(document, key);
  const own = margin === undefined ? undefined : ownLines(document, value, `${margin}  `);
  if (margin === undefined || own === undefined) return undefined;
  return below(document, value, margin, withItems(own, index, items, `${margin}  `));
}

/**
 * The same for a map in braces, or an alias of one, that has the steps or merges them in: all of it is written
 * again below, each of its keys on lines of its own. Undefined where that cannot be done.
 */
export function insteadOfMap(
  document: PipelineDocument,
  key: Node,
  value: Node,
  steps: YAMLSeq,
  index: number,
  items: readonly StepItem[],
): TextEdit[] | undefined {
  const margin = marginAt(document, key);
  const inner = `${margin ?? ""}  `;
  const own = linesOf(document, steps, `${inner}  `);
  const fields = isAlias(value)
    ? [{ name: "<<", source: document.text.slice(startOf(value), endOf(document.text, value)) }]
    : isMap(value)
      ? fieldsInBraces(document.text, value)
      : undefined;
  if (margin === undefined || own === undefined || fields === undefined) return undefined;
  const copied = withItems(own, index, items, `${inner}  `);
  const lines = fields.flatMap(({ name, source, steps: anchor }) =>
    anchor === undefined
      ? movedLines(`${name}: ${source}`.trimEnd(), inner)
      : [`${inner}${name}:${anchor}`, ...copied],
  );
  const there = fields.some((one) => one.steps !== undefined);
  return below(document, value, margin, there ? lines : [...lines, `${inner}steps:`, ...copied]);
}

/** The margin of a key below which there can be lines: one that is not in braces itself. */
function marginAt(document: PipelineDocument, key: Node): string | undefined {
  const map = mapOf(document, key);
  return map === undefined || isInBraces(map) ? undefined : marginOf(document.text, startOf(key));
}

function withItems(
  own: readonly (readonly string[])[],
  index: number,
  items: readonly StepItem[],
  indent: string,
): string[] {
  return [...own.slice(0, index).flat(), ...blockLines(items, indent), ...own.slice(index).flat()];
}

/** Turns a value into a comment, with lines below it in its place. */
function below(
  { text }: PipelineDocument,
  value: Node,
  margin: string,
  lines: readonly string[],
): TextEdit[] | undefined {
  const [start, end] = [startOf(value), endOf(text, value)];
  const next = nextLine(text, end);
  if (!restOfLine.test(text.slice(end, next).replace(/\n$/, ""))) return undefined;
  const commented: TextEdit[] = [{ offset: start, length: 0, text: insteadOf }];
  for (let at = nextLine(text, start); at < end; at = nextLine(text, at)) {
    commented.push({ offset: at, length: 0, text: continued });
  }
  // A comment that is deeper than the hyphens would become part of a script that is written out above it.
  return [...commented, linesAt(text, pastDeepLines(text, next, margin.length + "  ".length + 1), lines)];
}

type FieldInBraces = {
  readonly name: string;
  readonly source: string;
  /** Of `steps`: what stands before the value, which is nothing or an anchor. */
  readonly steps?: string;
};

/** The keys of a map in braces as they are written. */
function fieldsInBraces(text: string, map: YAMLMap): FieldInBraces[] | undefined {
  if (!isInBraces(map)) return undefined;
  const fields: FieldInBraces[] = [];
  let between = "";
  let at = startOf(map);
  for (const { key, value } of map.items) {
    if (!isScalar(key)) return undefined;
    const from = startOf(key);
    const name = text.slice(from, endOf(text, key));
    const until = isNode(value) ? endOf(text, value) : endOf(text, key);
    const source = text.slice(from + name.length, until).replace(/^\s*:\s*/, "");
    between += text.slice(at, from);
    at = until;
    if (key.value === "steps" && isNode(value)) {
      const anchor = source.slice(0, source.length - (until - startOf(value))).trim();
      if (!/^(?:&\S+)?$/.test(anchor)) return undefined;
      fields.push({ name, source, steps: anchor === "" ? "" : ` ${anchor}` });
    } else {
      fields.push({ name, source });
    }
  }
  between += text.slice(at, endOf(text, map));
  return isPunctuation(between) ? fields : undefined;
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
  const lines = [`${margin}steps: ${copyMark}`, ...withItems(own, index, items, `${margin}  `)];
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
  return isInBraces(seq) ? flowLines(document.text, seq, indent) : copiedLines(document.text, seq, indent);
}

/** Items in brackets, each on lines of its own. */
function flowLines(text: string, seq: YAMLSeq, indent: string): string[][] | undefined {
  const items: string[][] = [];
  let between = "";
  let at = startOf(seq);
  for (const item of seq.items) {
    if (!isNode(item)) return undefined;
    const from = startOf(item);
    between += text.slice(at, from);
    at = endOf(text, item);
    items.push(movedLines(`- ${text.slice(from, at)}`, indent));
  }
  between += text.slice(at, endOf(text, seq));
  return isPunctuation(between) ? items : undefined;
}

/**
 * What stood between brackets or braces at another indentation: there the spaces at the start of a line mean
 * nothing. Source: https://yaml.org/spec/1.2.2/#74-flow-collection-styles
 */
function movedLines(source: string, indent: string): string[] {
  const [first = "", ...rest] = source.split(/\r?\n/);
  return [
    indent + first,
    ...rest.map((line) => (line.trim() === "" ? "" : `${indent}    ${line.trimStart()}`)),
  ];
}

/** Whether text between items holds nothing but what the brackets need, and comments. */
function isPunctuation(between: string): boolean {
  return /^[[\]{},\s]*$/.test(between.replace(/#.*/g, ""));
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
 * Restores what lines took the place of, if the comment is still there between the key and them: `block` is where
 * the first of them begins, `end` where the last of them ends. The caller sees to it that the content is the same.
 */
export function restored(
  { text }: PipelineDocument,
  key: Node,
  lines: { readonly block: number; readonly end: number },
): TextEdit[] | undefined {
  const block = lineStart(text, lines.block);
  const mark = text.indexOf(insteadOf, endOf(text, key));
  if (mark < 0 || mark >= block) return undefined;
  const edits: TextEdit[] = [{ offset: mark, length: insteadOf.length, text: "" }];
  let at = nextLine(text, mark);
  for (; text.startsWith(continued, at) && at < block; at = nextLine(text, at)) {
    edits.push({ offset: at, length: continued.length, text: "" });
  }
  return [...edits, withoutLines(text, block, nextLine(text, lines.end))];
}
