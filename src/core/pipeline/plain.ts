import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Node, YAMLMap, YAMLSeq } from "yaml";
import { isMergeKey, readDocument, resolve, textOf, type PipelineDocument } from "./document.ts";

/** What an edit is meant to change, said of the nodes of the text before it. */
export type Expected =
  /** `removed` items at `index` make room for `values`. */
  | {
      readonly kind: "items";
      readonly seq: YAMLSeq;
      readonly index: number;
      readonly removed: number;
      readonly values: readonly unknown[];
    }
  /**
   * The map gets a sequence of its own under `key`: a copy of `seq` with `values` at `index`. With `as` a copy of
   * the map gets it, and takes the map's place there.
   */
  | {
      readonly kind: "copy";
      readonly map: YAMLMap;
      readonly key: string;
      readonly seq: YAMLSeq;
      readonly index: number;
      readonly values: readonly unknown[];
      readonly as?: { readonly map: YAMLMap; readonly key: string };
    }
  | { readonly kind: "set"; readonly map: YAMLMap; readonly key: string; readonly value: unknown }
  | { readonly kind: "unset"; readonly map: YAMLMap; readonly key: string };

/**
 * The content of a document as maps and arrays in which what is one node in the text is one value: a change
 * of it shows everywhere an alias or a merge key brings it.
 */
export type Plain = { readonly root: unknown; readonly at: (node: Node) => unknown };

/** Expands a document. Anchors stand before their aliases, so nothing is walked twice. */
export function plainOf(document: PipelineDocument): Plain {
  const known = new Map<Node, unknown>();
  const convert = (value: unknown): unknown => {
    const node = isAlias(value) ? document.survey.targets.get(value) : value;
    if (!isMap(node) && !isSeq(node)) return isScalar(node) ? node.value : null;
    const before = known.get(node);
    if (before !== undefined) return before;
    const made = isSeq(node) ? node.items.map(convert) : new Map<string, unknown>();
    known.set(node, made);
    if (isMap(node) && made instanceof Map) fill(made, node);
    return made;
  };
  const fill = (made: Map<string, unknown>, node: YAMLMap): void => {
    const merged: unknown[] = [];
    for (const { key, value } of node.items) {
      if (isScalar(key) && isMergeKey(key)) merged.push(...(isSeq(value) ? value.items : [value]));
      else made.set(keyOf(document, key), convert(value));
    }
    for (const source of merged.map(convert)) {
      if (!(source instanceof Map)) continue;
      for (const [key, value] of source) if (!made.has(String(key))) made.set(String(key), value);
    }
  };
  const root = convert(document.root);
  return { root, at: (node) => known.get(node) };
}

function keyOf(document: PipelineDocument, key: unknown): string {
  const node = resolve(document, key);
  return isScalar(node) ? (textOf(node) ?? "") : `complex ${canonical(String(node))}`;
}

/** The content that edits are to lead to. */
export function expectedContent(document: PipelineDocument, changes: readonly Expected[]): Plain {
  const plain = plainOf(document);
  // From the last item to the first, so that an index still means what it meant before.
  const ordered = changes.toSorted((a, b) => ("index" in b ? b.index : 0) - ("index" in a ? a.index : 0));
  for (const change of ordered) expect(plain, change);
  return plain;
}

function expect(plain: Plain, change: Expected): void {
  const seq = "seq" in change ? plain.at(change.seq) : undefined;
  const map = "map" in change ? plain.at(change.map) : undefined;
  switch (change.kind) {
    case "items":
      if (Array.isArray(seq)) seq.splice(change.index, change.removed, ...change.values.map(mapped));
      return;
    case "copy":
      if (map instanceof Map && Array.isArray(seq)) {
        const target = change.as === undefined ? map : new Map(map);
        target.set(change.key, seq.toSpliced(change.index, 0, ...change.values.map(mapped)));
        const parent = change.as === undefined ? undefined : plain.at(change.as.map);
        if (change.as !== undefined && parent instanceof Map) parent.set(change.as.key, target);
      }
      return;
    case "set":
      if (map instanceof Map) map.set(change.key, mapped(change.value));
      return;
    case "unset":
      if (map instanceof Map) map.delete(change.key);
  }
}

/** Plain objects as the maps that a document becomes. */
function mapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, mapped(inner)]));
}

/** The content as text in which the order of keys does not count. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!(value instanceof Map)) return JSON.stringify(value) ?? "null";
  const entries = [...value].map(([key, inner]) => `${JSON.stringify(String(key))}:${canonical(inner)}`);
  return `{${entries.toSorted().join()}}`;
}

/**
 * Parses an edited text again and tells whether its expanded content is what was meant: no alias has carried a
 * step elsewhere and nothing was read in another way. A script that ends the text may lack its last line break.
 */
export function becomes(after: string, wanted: Plain, scripts: readonly string[]): boolean {
  const edited = readDocument(after);
  if (edited.kind === "problem") return false;
  const withoutBreak = (text: string): string =>
    scripts.reduce(
      (whole, one) => whole.replaceAll(JSON.stringify(one), JSON.stringify(one.trimEnd())),
      text,
    );
  return withoutBreak(canonical(plainOf(edited).root)) === withoutBreak(canonical(wanted.root));
}

/** Which entries of a section, such as `jobs`, differ. */
export function changedEntries(before: Plain, after: Plain, section: string): string[] {
  const [old, now] = [sectionOf(before, section), sectionOf(after, section)];
  return [...old].flatMap(([name, value]) =>
    canonical(value) === canonical(now.get(name)) ? [] : [String(name)],
  );
}

function sectionOf({ root }: Plain, name: string): Map<unknown, unknown> {
  const section: unknown = root instanceof Map ? root.get(name) : undefined;
  return section instanceof Map ? section : new Map();
}
