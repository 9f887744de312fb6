import { isMap, isScalar, isSeq, visit } from "yaml";
import type { Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { outOfBrackets } from "./brackets.ts";
import { endOf, field, readDocument, resolve, startOf, type PipelineDocument } from "./document.ts";
import { left, oddLayout, refused, type Context, type Draft } from "./draft.ts";
import { applyEdits } from "./edit.ts";
import { besideMerge, insteadOfMap, insteadOfValue, mergePair, restored, withoutCopy } from "./instead.ts";
import type { StepItem } from "./items.ts";
import { mapOf, ownerOf, writtenAt, type Job, type JobSteps } from "./jobs.ts";
import { hyphens, isInBraces, isNode, lineRanges, lineStart, type TextEdit } from "./layout.ts";
import { fromAnchor } from "./place.ts";
import { isProblem } from "./problem.ts";
import { directIndexes } from "./replace.ts";

/** Takes our steps out of a job, whatever their settings and style. */
export function removeDraft(context: Context, job: Job): Draft {
  const { document, reach, shared } = context;
  const { name, own, steps } = job;
  const found = steps === undefined ? [] : reach.steps(steps).found;
  if (steps === undefined || found.length === 0) return left({ name, result: "unchanged" });
  if (isProblem(own) && (!fromAnchor(own) || shared !== "edit")) return refused(name, own);
  const written = isProblem(own) ? writtenAt(document, steps) : own;
  const bySeq = new Map<YAMLSeq, number[]>([[steps, directIndexes(document, steps, found)]]);
  for (const { seq, index, via } of found) {
    if (seq === steps || (via !== undefined && bySeq.get(steps)?.length !== 0)) continue;
    bySeq.set(seq, [...(bySeq.get(seq) ?? []), index]);
  }
  const parts = [...bySeq].filter(([, indexes]) => indexes.length > 0);
  const edits = parts.map(([seq, indexes]) => {
    const whole = written?.seq === seq ? restoredSteps(document, written, indexes) : undefined;
    if (whole !== undefined) return whole;
    if (isInBraces(seq)) return outOfBrackets(document.text, seq, indexes);
    return indexes.length < seq.items.length ? lineRanges(document.text, seq, indexes) : undefined;
  });
  if (edits.includes(undefined)) return refused(name, oddLayout(document, name, found[0]?.offset ?? 0));
  return {
    result: { name, result: "removed" },
    edits: edits.flatMap((one) => one ?? []),
    expected: parts.flatMap(([seq, indexes]) =>
      indexes.map((index) => ({ kind: "items" as const, seq, index, removed: 1, values: [] })),
    ),
    gone: parts.flatMap(([seq, indexes]) => indexes.map((index) => seq.items[index])),
  };
}

/**
 * Brings back steps that were in brackets or braces, an alias or brought by a merge key, if writing them out again
 * gives the text as it is now: then nothing that somebody has added since gets lost.
 */
export function restoredSteps(
  document: PipelineDocument,
  steps: JobSteps,
  indexes: readonly number[],
): TextEdit[] | undefined {
  const copy = withoutCopy(document, steps);
  if (copy !== undefined) return isSameCopy(document, copy, steps, indexes) ? [copy] : undefined;
  const [index] = indexes;
  const item = itemText(document, steps.seq, indexes);
  if (index === undefined || item === undefined) return undefined;
  return (
    valueAgain(document, steps, index, item) ??
    // A mark above the steps' own key: the whole map was in braces.
    mapAgain(document, steps, index, item)
  );
}

/** Brings back the value of `steps`. */
function valueAgain(
  document: PipelineDocument,
  { key, seq }: JobSteps,
  index: number,
  item: StepItem,
): TextEdit[] | undefined {
  const [block] = hyphens(seq);
  if (block === undefined) return undefined;
  const edits = restored(document, key, { block, end: endOf(document.text, seq) });
  return again(document, key, edits, (before, pair) =>
    insteadOfValue(before, pair.key, pair.value, index, [item]),
  );
}

/** Brings back the map that has the steps. */
function mapAgain(
  document: PipelineDocument,
  steps: JobSteps,
  index: number,
  item: StepItem,
): TextEdit[] | undefined {
  const owner = ownerOf(document, steps.key);
  const first = owner?.value.items[0]?.key;
  if (owner === undefined || !isNode(first)) return undefined;
  const edits = restored(document, owner.key, {
    block: startOf(first),
    end: endOf(document.text, owner.value),
  });
  return again(document, owner.key, edits, (before, { key, value }) => {
    const map = resolve(before, value);
    const seq = isMap(map) ? field(before, map, "steps")?.value : undefined;
    return isSeq(seq) ? insteadOfMap(before, key, value, seq, index, [item]) : undefined;
  });
}

/** The edits that bring back what was below a key, if writing it out again gives the text as it is. */
function again(
  document: PipelineDocument,
  key: Node,
  edits: TextEdit[] | undefined,
  write: (before: PipelineDocument, pair: { key: Scalar; value: Node }) => TextEdit[] | undefined,
): TextEdit[] | undefined {
  if (edits === undefined) return undefined;
  const text = applyEdits(document.text, edits);
  const before = readDocument(text);
  const pair = before.kind === "problem" ? undefined : pairAt(before, startOf(key));
  if (before.kind === "problem" || pair === undefined) return undefined;
  const written = write(before, pair);
  return written !== undefined && applyEdits(text, written) === document.text ? edits : undefined;
}

/** Whether copying what the job's merge key brings, with our step, gives the text as it is. */
function isSameCopy(
  document: PipelineDocument,
  copy: TextEdit,
  { key, seq }: JobSteps,
  indexes: readonly number[],
): boolean {
  const text = applyEdits(document.text, [copy]);
  const before = readDocument(text);
  const [index] = indexes;
  const item = itemText(document, seq, indexes);
  // The merge key stands above its copy, so that it is at the same place in both texts.
  const merge = mapOf(document, key);
  const at = merge === undefined ? undefined : mergePair(merge)?.key;
  if (before.kind === "problem" || index === undefined || item === undefined || at === undefined)
    return false;
  const map = mapWith(before, (one) => {
    const found = mergePair(one);
    return found !== undefined && startOf(found.key) === startOf(at);
  });
  const steps = map === undefined ? undefined : field(before, map, "steps")?.value;
  if (map === undefined || !isSeq(steps)) return false;
  const again = besideMerge(before, map, steps, index, [item]);
  return again !== undefined && applyEdits(text, again) === document.text;
}

function mapWith(document: PipelineDocument, wanted: (map: YAMLMap) => boolean): YAMLMap | undefined {
  let found: YAMLMap | undefined;
  visit(document.root, {
    Map: (_, map) => {
      if (!wanted(map)) return undefined;
      found = map;
      return visit.BREAK;
    },
  });
  return found;
}

function itemText(
  { text }: PipelineDocument,
  seq: YAMLSeq,
  indexes: readonly number[],
): StepItem | undefined {
  const ranges = lineRanges(text, seq, indexes);
  const [range] = ranges ?? [];
  const hyphen = hyphens(seq)[indexes[0] ?? 0];
  if (range === undefined || ranges?.length !== 1 || hyphen === undefined) return undefined;
  const start = lineStart(text, hyphen);
  const margin = hyphen - start;
  const end = range.offset + range.length;
  const lines = text
    .slice(start, end)
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  return { lines: lines.map((line) => line.slice(margin)), value: null };
}

/** The pair whose key stands at an offset, with its value before aliases are followed. */
function pairAt(document: PipelineDocument, offset: number): { key: Scalar; value: Node } | undefined {
  let found: { key: Scalar; value: Node } | undefined;
  visit(document.root, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || startOf(key) !== offset || !isNode(value)) return undefined;
      found = { key, value };
      return visit.BREAK;
    },
  });
  return found;
}
