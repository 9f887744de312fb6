import { isMap, isScalar } from "yaml";
import { endOf, field, startOf, type PipelineDocument } from "./document.ts";
import { runMap, type FoundStep, type JobSteps } from "./jobs.ts";
import { afterStep, contentIndent, hyphens, lineBreak, lineStart, nextLine } from "./layout.ts";
import type { InsertionPoint, TextEdit } from "./layout.ts";

/** The step as it stands in a pipeline. */
export type AuthStep = { readonly name: string; readonly command: string };

/** The edits that write a step at its place, in the order of their offsets. */
export function insertion(text: string, point: InsertionPoint, step: AuthStep): TextEdit[] {
  const lines = [
    ...point.before.map((source) => `${point.indent}- ${source}`),
    `${point.indent}- run:`,
    `${point.indent}    name: ${step.name}`,
    `${point.indent}    command: |`,
    ...scriptLines(step, contentIndent(point.indent)),
    ...point.after.map((source) => `${point.indent}- ${source}`),
  ];
  const eol = lineBreak(text, point.at);
  const block = lines.join(eol);
  // Only the last line of the text can be without a line break, and it stays so.
  const open = point.at > 0 && text[point.at - 1] !== "\n";
  const edit = { offset: point.at, length: 0, text: open ? eol + block : block + eol };
  return point.removed === undefined ? [edit] : [{ ...point.removed, text: "" }, edit];
}

function scriptLines(step: AuthStep, indent: number): string[] {
  return step.command
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(indent) + line));
}

/** The edit that gives a step of ours another script and leaves its other keys; undefined if it is laid out oddly. */
export function replacement(
  document: PipelineDocument,
  steps: JobSteps,
  found: FoundStep,
  step: AuthStep,
): TextEdit | undefined {
  const { text } = document;
  const item: unknown = steps.seq.items[found.index];
  const run = isMap(item) ? runMap(document, item) : undefined;
  const command = run === undefined ? undefined : field(document, run, "command");
  if (run?.srcToken?.type !== "block-map" || command?.anchor !== undefined) return undefined;
  if (command === undefined || !isScalar(command.value)) return undefined;
  const keyStart = startOf(command.key);
  const margin = text.slice(lineStart(text, keyStart), keyStart);
  const start = startOf(command.value);
  const end = endOf(text, command.value);
  const rest = text.slice(end, nextLine(text, end));
  if (!/^ +$/.test(margin) || rest.trim() !== "") return undefined;
  // An anchor or a tag in front of the script would stay behind without it.
  if (!/^[ \t]*:[ \t]*$/.test(text.slice(endOf(text, command.key), start))) return undefined;
  const eol = lineBreak(text, start);
  const lines = ["|", ...scriptLines(step, margin.length + 2)];
  return { offset: start, length: end - start, text: lines.join(eol) };
}

/** The edit that takes a step out, line by line; undefined if it shares a line with something else. */
export function removal(
  { text }: PipelineDocument,
  steps: JobSteps,
  { index }: FoundStep,
): TextEdit | undefined {
  const hyphen = hyphens(steps)[index];
  const item: unknown = steps.seq.items[index];
  if (hyphen === undefined || !isMap(item)) return undefined;
  const start = lineStart(text, hyphen);
  const next = afterStep(text, item);
  if (next === undefined || text.slice(start, hyphen).trim() !== "") return undefined;
  // The last line of a text that ends without a line break takes the one before it along.
  const open = next === text.length && text[next - 1] !== "\n";
  const lead = open ? lineBreak(text, start).length : 0;
  return { offset: start - lead, length: next - start + lead, text: "" };
}

/** Applies edits to the text they were made for. They may stand in any order and must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    if (edit.offset < at) throw new RangeError("Text edits overlap.");
    result += text.slice(at, edit.offset) + edit.text;
    at = edit.offset + edit.length;
  }
  return result + text.slice(at);
}
