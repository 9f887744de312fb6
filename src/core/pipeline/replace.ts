import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { YAMLMap, YAMLSeq } from "yaml";
import { endOf, entries, field, resolve, startOf, textOf } from "./document.ts";
import type { Field, PipelineDocument } from "./document.ts";
import { left, oddLayout, refused, type Draft, type WriteContext } from "./draft.ts";
import { scriptLines, type StepItem } from "./items.ts";
import type { Job } from "./jobs.ts";
import {
  blockLines,
  hyphens,
  isInBraces,
  lineBreak,
  lineRanges,
  lineStart,
  nextLine,
  type TextEdit,
} from "./layout.ts";
import { commandName } from "./names.ts";
import { fromAnchor, itemsFor } from "./place.ts";
import { canonical, type Expected } from "./plain.ts";
import { isProblem, problem } from "./problem.ts";
import { callsOurCommand, runMap, type FoundStep } from "./reach.ts";

/** Gives a job that has the step its new settings, if they differ and that is asked for. */
export function presentDraft(context: WriteContext, job: Job, found: readonly FoundStep[]): Draft {
  const { replace, shared } = context;
  const { name, own } = job;
  const items = itemsFor(context, job);
  if (isProblem(items)) return refused(name, items);
  if (isSame(context, job.shell, found, items)) return left({ name, result: "unchanged" });
  const [first] = found;
  if (first === undefined || !replace) {
    return left({
      name,
      result: "different",
      ...(first?.roleArn === undefined ? {} : { roleArn: first.roleArn }),
    });
  }
  if (isProblem(own) && (!fromAnchor(own) || shared !== "edit")) return refused(name, own);
  return replaced(context, name, job.shell, job.steps, found, items);
}

/** Whether what is there does the same; where replacing is asked for it has to be in the same style too. */
export function isSame(
  { document, prepared, replace }: WriteContext,
  shell: string | undefined,
  found: readonly FoundStep[],
  items: readonly StepItem[],
): boolean {
  if (prepared.kind === "orb") {
    const there = found.map(({ seq, index }) => canonical(valueOf(document, seq.items[index])));
    const wanted = items.map(({ value }) => canonical(asMap(value)));
    return found.every(({ kind }) => kind === "orb") && canonical(there) === canonical(wanted);
  }
  return found.some((one) => {
    if (one.kind !== "run" || one.command.trimEnd() !== prepared.script.trimEnd()) return false;
    if (replace && (one.via === commandName) !== (prepared.kind === "command")) return false;
    const run = runMap(document, one.seq.items[one.index]);
    const named = run === undefined ? undefined : textOf(field(document, run, "shell")?.value);
    return shell === undefined || shell === named;
  });
}

/** Gives a step that is there other settings: in place, or by putting the items of another style there. */
export function replaced(
  { document, prepared }: WriteContext,
  name: string,
  shell: string | undefined,
  seq: YAMLSeq | undefined,
  found: readonly FoundStep[],
  items: readonly StepItem[],
): Draft {
  const [first] = found;
  const stays = prepared.kind === "command" ? first?.via === commandName : first?.via !== commandName;
  return first?.kind === "run" && prepared.kind !== "orb" && stays
    ? inPlace(document, name, shell, first, prepared.script)
    : swapped(document, name, seq, found, items);
}

function valueOf(document: PipelineDocument, item: unknown): unknown {
  const node = resolve(document, item);
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((one) => valueOf(document, one));
  if (!isMap(node)) return null;
  return new Map(entries(document, node).map(({ key, value }) => [textOf(key), valueOf(document, value)]));
}

function asMap(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, asMap(inner)]));
}

/** The edit that gives the step another script, and a shell where it needs one, and leaves its other keys. */
export function inPlace(
  document: PipelineDocument,
  name: string,
  shell: string | undefined,
  found: FoundStep,
  script: string,
): Draft {
  const item: unknown = found.seq.items[found.index];
  if (isAlias(item)) {
    const args = { job: name, anchor: item.source };
    return refused(name, problem("pipeline.stepsFromAnchor", args, document.place(found.offset)));
  }
  const run = runMap(document, item);
  const edits = run === undefined ? undefined : replacement(document, run, script, shell);
  if (run === undefined || edits === undefined) return refused(name, oddLayout(document, name, found.offset));
  const named: Expected[] =
    shell === undefined ? [] : [{ kind: "set", map: run, key: "shell", value: shell }];
  const command: Expected = { kind: "set", map: run, key: "command", value: script };
  return { result: { name, result: "replaced" }, edits, expected: [command, ...named] };
}

function replacement(
  document: PipelineDocument,
  run: YAMLMap,
  script: string,
  shell: string | undefined,
): TextEdit[] | undefined {
  const { text } = document;
  const command = field(document, run, "command");
  if (command === undefined || command.anchor !== undefined || !isScalar(command.value)) return undefined;
  if (isInBraces(run)) return inBraces(document, run, command, script, shell);
  if (run.srcToken?.type !== "block-map") return undefined;
  const keyStart = startOf(command.key);
  const margin = text.slice(lineStart(text, keyStart), keyStart);
  const start = startOf(command.value);
  const end = endOf(text, command.value);
  const rest = text.slice(end, nextLine(text, end));
  if (!/^ +$/.test(margin) || rest.trim() !== "") return undefined;
  // An anchor or a tag in front of the script would stay behind without it.
  if (!/^[ \t]*:[ \t]*$/.test(text.slice(endOf(text, command.key), start))) return undefined;
  const eol = lineBreak(text, start);
  const lines = ["|", ...scriptLines(script, margin.length + 2)];
  const edit = { offset: start, length: end - start, text: lines.join(eol) };
  const known = field(document, run, "shell");
  if (shell === undefined || textOf(known?.value) === shell) return [edit];
  if (known !== undefined) return undefined;
  return [{ offset: lineStart(text, keyStart), length: 0, text: `${margin}shell: ${shell}${eol}` }, edit];
}

/** In braces a script is one long text; a shell that is missing is not added. */
function inBraces(
  document: PipelineDocument,
  run: YAMLMap,
  { key, value }: Field,
  script: string,
  shell: string | undefined,
): TextEdit[] | undefined {
  const { text } = document;
  const known = textOf(field(document, run, "shell")?.value);
  if (value === undefined || (shell !== undefined && known !== shell)) return undefined;
  const [start, end] = [startOf(value), endOf(text, value)];
  if (!/^\s*:\s*$/.test(text.slice(endOf(text, key), start))) return undefined;
  return [{ offset: start, length: end - start, text: JSON.stringify(script) }];
}

/** Takes the items of one style out and puts those of another in their place. */
export function swapped(
  document: PipelineDocument,
  name: string,
  seq: YAMLSeq | undefined,
  found: readonly FoundStep[],
  items: readonly StepItem[],
): Draft {
  const { text } = document;
  const odd = refused(name, oddLayout(document, name, found[0]?.offset ?? 0));
  const indexes = seq === undefined ? [] : directIndexes(document, seq, found);
  const [index] = indexes;
  const hyphen = seq === undefined || index === undefined ? undefined : hyphens(seq)[index];
  if (seq === undefined || index === undefined || hyphen === undefined) return odd;
  const ranges = lineRanges(text, seq, indexes);
  const [range] = ranges ?? [];
  // Steps of ours that stand apart, or that somebody added settings to, are not thrown away.
  if (range === undefined || ranges?.length !== 1 || !indexes.every((one) => isPlain(document, seq, one))) {
    return odd;
  }
  const start = lineStart(text, hyphen);
  const margin = text.slice(start, hyphen).replace("\uFEFF", "");
  const eol = lineBreak(text, start);
  const block = blockLines(items, margin).join(eol);
  const edit = { ...range, text: start > range.offset ? eol + block : block + eol };
  const values = items.map(({ value }) => value);
  return {
    result: { name, result: "replaced" },
    edits: [edit],
    expected: [{ kind: "items", seq, index, removed: indexes.length, values }],
    gone: indexes.map((one) => seq.items[one]),
    needsStanza: true,
  };
}

/** The indexes of the items of a job that are ours: steps, and calls of our command. */
export function directIndexes(
  document: PipelineDocument,
  seq: YAMLSeq,
  found: readonly FoundStep[],
): number[] {
  return seq.items.flatMap((item, index) => {
    const ours = found.some((one) => one.via === undefined && one.seq === seq && one.index === index);
    return ours || callsOurCommand(document, item) ? [index] : [];
  });
}

/** Whether an item has no other keys than those it was written with. */
function isPlain(document: PipelineDocument, seq: YAMLSeq, index: number): boolean {
  const item: unknown = seq.items[index];
  if (isAlias(item)) return false;
  const run = runMap(document, item);
  if (run === undefined) return true;
  return entries(document, run).every(({ key }) => ["name", "shell", "command"].includes(textOf(key) ?? ""));
}
