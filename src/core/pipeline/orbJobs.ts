import { isMap, isScalar, isSeq } from "yaml";
import type { Scalar, YAMLMap, YAMLSeq } from "yaml";
import { outOfBrackets, textsOf } from "./brackets.ts";
import { endOf, field, startOf, textOf, type PipelineDocument } from "./document.ts";
import { intoSteps, left, oddLayout, refused, withItems } from "./draft.ts";
import type { Context, Draft, WriteContext } from "./draft.ts";
import { itemsOf, runItem, type StepItem } from "./items.ts";
import { blockLines, contentIndent, isInBraces, lineRanges, lineStart, linesAt } from "./layout.ts";
import { marginOf, nextLine, pastDeepLines, restOfLine, withoutLines, type TextEdit } from "./layout.ts";
import { marker } from "./names.ts";
import type { Expected } from "./plain.ts";
import { isProblem, problem, type PipelineProblem } from "./problem.ts";
import { isSame, replaced } from "./replace.ts";
import { restoredSteps } from "./remove.ts";
import type { JobReference } from "./workflows.ts";

const key = "pre-steps";
/** The comment of a `pre-steps` of ours, and of one for which the job's name got its colon. */
const marks = { key: marker, colon: `${marker}, with the colon above` };

type Part = { readonly edits: readonly TextEdit[]; readonly expected: readonly Expected[] };

/**
 * Puts the step into every use of an orb's job, as its first `pre-steps`: its own steps are in the orb.
 * Source: https://circleci.com/docs/reference/configuration-reference/#pre-steps-and-post-steps
 */
export function orbJobDraft(context: WriteContext, name: string, uses: readonly JobReference[]): Draft {
  const { document, prepared, stanza, reach, replace } = context;
  const old = needs21(document);
  if (old !== undefined) return refused(name, old);
  const items = itemsOf(prepared, stanza.orbName);
  const states = uses.map((use) => {
    const seq = preSteps(document, use);
    const found = seq === undefined ? [] : reach.steps(seq).found;
    return { use, seq, found, same: found.length > 0 && isSame(context, undefined, found, items) };
  });
  if (states.every(({ same }) => same)) return left({ name, result: "unchanged" });
  const others = states.flatMap(({ found, same }) => (same ? [] : found));
  const [other] = others;
  if (other !== undefined && !replace) {
    return left({
      name,
      result: "different",
      ...(other.roleArn === undefined ? {} : { roleArn: other.roleArn }),
    });
  }
  const drafts = states
    .filter(({ same }) => !same)
    .map(({ use, seq, found }) =>
      found.length === 0
        ? added(document, name, use, items)
        : replaced(context, name, undefined, seq, found, items),
    );
  const bad = drafts.find(({ result }) => result.result === "refused");
  return (
    bad ?? {
      result: { name, result: other === undefined ? "inserted" : "replaced" },
      edits: eachOnce(drafts),
      expected: drafts.flatMap(({ expected }) => expected),
      gone: drafts.flatMap(({ gone }) => gone ?? []),
      needsStanza: true,
    }
  );
}

function preSteps(document: PipelineDocument, { settings }: JobReference): YAMLSeq | undefined {
  const seq = settings === undefined ? undefined : field(document, settings, key)?.value;
  return isSeq(seq) ? seq : undefined;
}

/** The edits of several uses; those of a command that all of them call are the same. */
function eachOnce(drafts: readonly Draft[]): TextEdit[] {
  const edits = drafts.flatMap((draft) => draft.edits);
  return edits.filter(
    (edit, index) =>
      edits.findIndex(({ offset, text }) => offset === edit.offset && text === edit.text) === index,
  );
}

/** Why an orb's job cannot take the step, if so. */
export function orbJobBlocker(
  document: PipelineDocument,
  name: string,
  uses: readonly JobReference[],
): PipelineProblem | undefined {
  const old = needs21(document);
  if (old !== undefined) return old;
  for (const use of uses) {
    const { result } = added(document, name, use, [runItem("true\n")]);
    if (result.result === "refused") return result.problem;
  }
  return undefined;
}

function needs21(document: PipelineDocument): PipelineProblem | undefined {
  const version = textOf(field(document, document.root, "version")?.value) ?? "1";
  return version === "2.1" ? undefined : problem("pipeline.needs21", { version }, document.place(0));
}

function added(
  document: PipelineDocument,
  name: string,
  use: JobReference,
  items: readonly StepItem[],
): Draft {
  const known = use.settings === undefined ? undefined : field(document, use.settings, key);
  if (known !== undefined && isSeq(known.value) && known.anchor === undefined) {
    const edits = intoSteps(document, name, { key: known.key, seq: known.value }, 0, items);
    if (isProblem(edits)) return refused(name, edits);
    return { result: { name, result: "inserted" }, edits, expected: [withItems(known.value, 0, items)] };
  }
  const part =
    known === undefined
      ? (withKey(document, use, items) ?? withKeyInBraces(document, use, items))
      : undefined;
  if (part === undefined) return refused(name, oddLayout(document, name, startOf(use.at)));
  return { result: { name, result: "inserted" }, ...part };
}

/** Writes `pre-steps` as the first setting of the job's use; a use without settings gets the colon as well. */
function withKey(
  document: PipelineDocument,
  use: JobReference,
  items: readonly StepItem[],
): Part | undefined {
  const { text } = document;
  const { at, settings, seq, index } = use;
  const hyphen = marginOf(text, text.lastIndexOf("-", startOf(at)));
  const end = endOf(text, at);
  const next = nextLine(text, end);
  const item: unknown = seq.items[index];
  if (hyphen === undefined || !restOfLine.test(text.slice(end, next).replace(/\n$/, ""))) return undefined;
  const bare = isScalar(item);
  if (!bare && !isMap(item)) return undefined;
  const first = settings?.srcToken?.type === "block-map" ? settings.items[0]?.key : undefined;
  if (settings !== undefined && !isScalar(first)) return undefined;
  const margin = isScalar(first) ? marginOf(text, startOf(first)) : `${hyphen}      `;
  if (margin === undefined) return undefined;
  const lines = [`${margin}${key}: ${bare ? marks.colon : marks.key}`, ...blockLines(items, `${margin}  `)];
  const below = pastDeepLines(text, next, contentIndent(`${margin}  `));
  // Below deeper comments the key would not be in front any more, which no reader would expect.
  if (below !== next && settings !== undefined) return undefined;
  const values = items.map(({ value }) => value);
  const name = textOf(at) ?? "";
  const expected: Expected = settings
    ? { kind: "set", map: settings, key, value: values }
    : bare
      ? { kind: "items", seq, index, removed: 1, values: [{ [name]: { [key]: values } }] }
      : { kind: "set", map: item, key: name, value: { [key]: values } };
  const colon = bare ? [{ offset: end, length: 0, text: ":" }] : [];
  return { edits: [...colon, linesAt(text, below, lines)], expected: [expected] };
}

/** The same where the use, or what it sets, stands in brackets. */
function withKeyInBraces(
  { text }: PipelineDocument,
  { at, settings, seq, index }: JobReference,
  items: readonly StepItem[],
): Part | undefined {
  const item: unknown = seq.items[index];
  const list = textsOf(items)?.join(", ");
  if (list === undefined) return undefined;
  const field = `"${key}": [${list}]`;
  const values = items.map(({ value }) => value);
  if (settings !== undefined && isInBraces(settings)) {
    const comma = settings.items.length === 0 ? "" : ", ";
    const edit = { offset: startOf(settings) + 1, length: 0, text: field + comma };
    return { edits: [edit], expected: [{ kind: "set", map: settings, key, value: values }] };
  }
  if (!isScalar(item) || !isInBraces(seq)) return undefined;
  const [start, end] = [startOf(item), endOf(text, item)];
  const name = text.slice(start, end);
  const edit = { offset: start, length: end - start, text: `{${name}: {${field}}}` };
  const value = { [textOf(at) ?? ""]: { [key]: values } };
  return { edits: [edit], expected: [{ kind: "items", seq, index, removed: 1, values: [value] }] };
}

/** Takes `pre-steps` of ours out of braces again; undefined where somebody has written more there. */
function outOfBraces(
  { text }: PipelineDocument,
  use: JobReference,
  settings: YAMLMap,
  steps: { readonly key: Scalar; readonly seq: YAMLSeq },
): Part | undefined {
  const [from, to] = [startOf(steps.key), endOf(text, steps.seq)];
  if (settings.items.length > 1) {
    const comma = /^, ?/.exec(text.slice(to))?.[0];
    if (comma === undefined || settings.items[0]?.key !== steps.key) return undefined;
    const edit = { offset: from, length: to - from + comma.length, text: "" };
    return { edits: [edit], expected: [{ kind: "unset", map: settings, key }] };
  }
  const item: unknown = use.seq.items[use.index];
  if (!isMap(item)) return undefined;
  const name = text.slice(startOf(use.at), endOf(text, use.at));
  const [start, end] = [startOf(item), endOf(text, item)];
  // As it was put in: the name had no braces then.
  if (text.slice(start, end) === `{${name}: {${text.slice(from, to)}}}`) {
    const plain: Expected = { kind: "items", seq: use.seq, index: use.index, removed: 1, values: [use.job] };
    return { edits: [{ offset: start, length: end - start, text: name }], expected: [plain] };
  }
  const edit = { offset: from, length: to - from, text: "" };
  return { edits: [edit], expected: [{ kind: "unset", map: settings, key }] };
}

/** Takes our steps out of every use of an orb's job. */
export function orbJobRemoval(context: Context, name: string, uses: readonly JobReference[]): Draft {
  const { document, reach } = context;
  const gone: unknown[] = [];
  const parts: (Part | undefined)[] = [];
  for (const use of uses) {
    const seq = preSteps(document, use);
    const direct =
      seq === undefined
        ? []
        : seq.items.flatMap((_, index) => (reach.item(seq, index).found.length > 0 ? [index] : []));
    if (seq === undefined || direct.length === 0) continue;
    gone.push(...direct.map((index) => seq.items[index]));
    parts.push(withoutItems(document, use, seq, direct));
  }
  if (parts.length === 0) return left({ name, result: "unchanged" });
  const whole = parts.flatMap((part) => part ?? []);
  const [first] = uses;
  if (whole.length < parts.length) {
    return refused(name, oddLayout(document, name, first === undefined ? 0 : startOf(first.at)));
  }
  return {
    result: { name, result: "removed" },
    edits: whole.flatMap(({ edits }) => edits),
    expected: whole.flatMap(({ expected }) => expected),
    gone,
  };
}

function withoutItems(
  document: PipelineDocument,
  use: JobReference,
  seq: YAMLSeq,
  indexes: readonly number[],
): Part | undefined {
  const { text } = document;
  const { settings } = use;
  const known = settings === undefined ? undefined : field(document, settings, key);
  if (settings === undefined || known === undefined || known.anchor !== undefined) return undefined;
  const items = indexes.map((index) => ({ kind: "items" as const, seq, index, removed: 1, values: [] }));
  const back = restoredSteps(document, { key: known.key, seq }, indexes);
  if (back !== undefined) return { edits: back, expected: items };
  if (indexes.length < seq.items.length) {
    const edits = isInBraces(seq) ? outOfBrackets(text, seq, indexes) : lineRanges(text, seq, indexes);
    return edits === undefined ? undefined : { edits, expected: items };
  }
  if (isInBraces(settings)) return outOfBraces(document, use, settings, { key: known.key, seq });
  const line = text.slice(startOf(known.key), nextLine(text, startOf(known.key))).trimEnd();
  const start = lineStart(text, startOf(known.key));
  const lines = withoutLines(text, start, nextLine(text, endOf(text, seq)));
  if (line.endsWith(marks.colon) && settings.items.length === 1) {
    const colon = text.indexOf(":", endOf(text, use.at));
    const plain: Expected = { kind: "items", seq: use.seq, index: use.index, removed: 1, values: [use.job] };
    return { edits: [{ offset: colon, length: 1, text: "" }, lines], expected: [plain] };
  }
  if (!line.endsWith(marks.key)) return undefined;
  if (settings.items.length > 1) return { edits: [lines], expected: [{ kind: "unset", map: settings, key }] };
  const item: unknown = use.seq.items[use.index];
  if (!isMap(item)) return undefined;
  return { edits: [lines], expected: [{ kind: "set", map: item, key: use.job, value: null }] };
}
