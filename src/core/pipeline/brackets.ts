import type { YAMLSeq } from "yaml";
import { endOf, startOf, type PipelineDocument } from "./document.ts";
import type { StepItem } from "./items.ts";
import { isNode, lineBreak, marginOf, type TextEdit } from "./layout.ts";
import { marker } from "./names.ts";

/**
 * Puts items among steps that cannot leave their brackets, as in JSON: a script is one long text there. Undefined for
 * items that are known by a comment, which has no place in a line that goes on.
 */
export function intoBrackets(
  { text }: PipelineDocument,
  seq: YAMLSeq,
  index: number,
  items: readonly StepItem[],
): TextEdit[] | undefined {
  const texts = textsOf(items);
  if (texts === undefined) return undefined;
  const [before, after]: readonly unknown[] = [seq.items[index - 1], seq.items[index]];
  const separator = separatorOf(text, before ?? after);
  const written = texts.join(separator);
  if (isNode(before)) return [{ offset: endOf(text, before), length: 0, text: separator + written }];
  // In front of an anchor that the first one may have.
  const inside = startOf(seq) + 1;
  const offset = inside + (/^\s*/.exec(text.slice(inside))?.[0].length ?? 0);
  if (text[offset] === "#") return undefined;
  const isAlone = seq.items.length === 0;
  return [{ offset: isAlone ? inside : offset, length: 0, text: isAlone ? written : written + separator }];
}

/** Items as JSON, which is YAML too; undefined for those that are known by a comment. */
export function textsOf(items: readonly StepItem[]): readonly string[] | undefined {
  return items.some(({ lines }) => lines[0]?.includes(marker) === true)
    ? undefined
    : items.map(({ value }) => JSON.stringify(value));
}

/** A comma, and a new line where the items have lines of their own. */
function separatorOf(text: string, neighbour: unknown): string {
  const margin = isNode(neighbour) ? marginOf(text, startOf(neighbour)) : undefined;
  return isNode(neighbour) && margin !== undefined
    ? `,${lineBreak(text, startOf(neighbour))}${margin}`
    : ", ";
}

/** Takes one item out of brackets with the comma that it brought; undefined where more stands between. */
export function outOfBrackets(
  text: string,
  seq: YAMLSeq,
  indexes: readonly number[],
): TextEdit[] | undefined {
  const [index = 0] = indexes;
  const [before, item]: readonly unknown[] = [seq.items[index - 1], seq.items[index]];
  if (indexes.length !== 1 || !isNode(item)) return undefined;
  const [start, end] = [startOf(item), endOf(text, item)];
  if (isNode(before)) {
    const from = endOf(text, before);
    return /^,\s*$/.test(text.slice(from, start))
      ? [{ offset: from, length: end - from, text: "" }]
      : undefined;
  }
  if (seq.items.length === 1) return [{ offset: start, length: end - start, text: "" }];
  const comma = /^,\s*/.exec(text.slice(end))?.[0];
  return comma === undefined ? undefined : [{ offset: start, length: end - start + comma.length, text: "" }];
}
