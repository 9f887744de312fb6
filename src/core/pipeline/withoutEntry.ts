import { isMap, isScalar } from "yaml";
import type { Scalar, YAMLMap } from "yaml";
import { endOf, startOf, type PipelineDocument } from "./document.ts";
import { isNode, lineStart, marginOf, nextLine, withoutLines, type TextEdit } from "./layout.ts";

/** A map and the entry of another map that it is the value of. */
export type Owned = { readonly map: YAMLMap; readonly parent: YAMLMap };

/**
 * Takes an entry out of a map, and the whole map with the last one, as an empty map is often not what CircleCI wants.
 * Undefined where more would go with it: a comment inside braces, an anchor, or a line that holds something else.
 */
export function withoutEntry(
  document: PipelineDocument,
  { map, parent }: Owned,
  key: Scalar,
): TextEdit[] | undefined {
  if (map.items.length > 1) return withoutPair(document, map, key);
  const owner = parent.items.find((pair) => pair.value === map)?.key;
  if (!isScalar(owner) || map.anchor !== undefined || parent.items.length < 2) return undefined;
  return withoutPair(document, parent, owner);
}

function withoutPair({ text }: PipelineDocument, map: YAMLMap, key: Scalar): TextEdit[] | undefined {
  const at = map.items.findIndex((one) => one.key === key);
  const value = map.items[at]?.value;
  if (!isNode(value) || (isMap(value) && value.anchor !== undefined)) return undefined;
  const [start, end] = [startOf(key), endOf(text, value)];
  if (map.srcToken?.type === "block-map") {
    if (marginOf(text, start) === undefined) return undefined;
    return [withoutLines(text, lineStart(text, start), nextLine(text, end))];
  }
  const [before, after] = [map.items[at - 1]?.value, map.items[at + 1]?.key];
  const range = isNode(after)
    ? { from: start, to: startOf(after) }
    : isNode(before)
      ? { from: endOf(text, before), to: end }
      : undefined;
  if (range === undefined || text.slice(range.from, range.to).includes("#")) return undefined;
  return [{ offset: range.from, length: range.to - range.from, text: "" }];
}
