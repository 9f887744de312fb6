import type { TextEdit } from "./layout.ts";

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

/** Whether edits can be applied together. */
export function disjoint(edits: readonly TextEdit[]): boolean {
  const sorted = edits.toSorted((a, b) => a.offset - b.offset);
  return sorted.every((edit, i) => {
    const next = sorted[i + 1];
    return next === undefined || edit.offset + edit.length <= next.offset;
  });
}
