import { Composer, LineCounter, Parser, isAlias, isMap, isPair, isScalar, isSeq } from "yaml";
import type { Alias, CST, Document, Node, Scalar, YAMLMap } from "yaml";
import { problem, type PipelineProblem, type Place } from "./problem.ts";
import { survey, type Survey } from "./survey.ts";

/** A pipeline file, parsed, within its limits, with every alias resolved. Offsets are UTF-16 units of `text`. */
export type PipelineDocument = {
  readonly kind: "document";
  readonly text: string;
  readonly root: YAMLMap;
  readonly survey: Survey;
  readonly place: (offset: number) => Place;
};

/** What stands under a key, whether written there or brought in by an alias or a merge key. */
export type Field = {
  readonly key: Scalar;
  readonly value: Node | undefined;
  /** The anchor it comes from, where it is not written at this place. */
  readonly anchor?: string;
};

const limits = { characters: 1_000_000, depth: 60 };

/**
 * Parses a pipeline without trusting it: size, depth and alias expansion are limited before anything is built
 * from it. Duplicate keys, tabs as indentation and everything else YAML 1.2 forbids are problems with a place.
 * Source: https://yaml.org/spec/1.2.2/
 */
export function readDocument(text: string): PipelineDocument | PipelineProblem {
  if (text.length > limits.characters) {
    return problem("pipeline.tooLarge", { size: text.length, limit: limits.characters });
  }
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) return problem("pipeline.tooDeep", { limit: limits.depth }, place(deep));

  const options = { merge: true, keepSourceTokens: true, uniqueKeys: false, logLevel: "silent" } as const;
  const [document, second] = [...new Composer(options).compose(tokens)];
  const error = document?.errors[0];
  if (error !== undefined) return notYaml(text, error.message, place(error.pos[0]));
  if (second !== undefined) return problem("pipeline.severalDocuments", {}, place(second.range[0]));
  return document === undefined ? problem("pipeline.notPipeline") : within(text, document, place);
}

/** Generators are often fed from templates that end in `.yml` but are no YAML before they are filled in. */
function notYaml(text: string, detail: string, where: Place): PipelineProblem {
  // In the middle of a line `{{` is usual: keys of caches have it.
  const mark = /^[ \t]*(?:- )?(\{\{|\{%|<%)/m.exec(text)?.[1];
  if (mark === undefined) return problem("pipeline.notYaml", { detail }, where);
  return problem("pipeline.template", { mark }, where);
}

function within(
  text: string,
  document: Document.Parsed,
  place: (offset: number) => Place,
): PipelineDocument | PipelineProblem {
  const root = document.contents;
  if (!isMap(root)) return problem("pipeline.notPipeline");
  const result = survey(root);
  if (result.kind === "fault") {
    const where = place(result.offset);
    return result.reason === "expansion"
      ? problem("pipeline.tooManyAliases", {}, where)
      : problem("pipeline.notYaml", { detail: result.reason }, where);
  }
  return { kind: "document", text, root, survey: result, place };
}

/** The offset at which the tokens nest beyond the limit; a loop, as recursion is what the limit protects. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limits.depth) return token.offset;
    if (token.type === "document") {
      if (token.value !== undefined) open.push({ token: token.value, depth: 1 });
    } else if ("items" in token) {
      for (const { key, value } of token.items) {
        if (key !== undefined && key !== null) open.push({ token: key, depth: depth + 1 });
        if (value !== undefined) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** Follows an alias to what it stands for. */
export function resolve(document: PipelineDocument, node: unknown): Node | undefined {
  if (isAlias(node)) return document.survey.targets.get(node);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}

/** The text of a scalar as it is written (so that version 2.10 stays that), or undefined for anything else. */
export function textOf(node: Node | undefined): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}

/** The own entries of a map with plain keys, in order; merge keys are left out. */
export function entries(document: PipelineDocument, map: YAMLMap): Field[] {
  return map.items.flatMap((pair) => {
    if (!isScalar(pair.key) || isMergeKey(pair.key)) return [];
    const value = resolve(document, pair.value);
    return [{ key: pair.key, value, ...(isAlias(pair.value) ? { anchor: pair.value.source } : {}) }];
  });
}

/** Looks up a key in a map: its own entries first, then what its merge keys bring, the first of them winning. */
export function field(document: PipelineDocument, map: YAMLMap, name: string): Field | undefined {
  const own = entries(document, map).find(({ key }) => textOf(key) === name);
  if (own !== undefined) return own;
  for (const { key, value } of map.items) {
    if (!isScalar(key) || !isMergeKey(key)) continue;
    for (const source of isSeq(value) ? value.items : [value]) {
      const merged = resolve(document, source);
      const found = isMap(merged) ? field(document, merged, name) : undefined;
      if (found !== undefined) return { ...found, anchor: isAlias(source) ? source.source : "<<" };
    }
  }
  return undefined;
}

/** The map under a key, if there is one. */
export function mapAt(document: PipelineDocument, map: YAMLMap, name: string): YAMLMap | undefined {
  const found = field(document, map, name)?.value;
  return isMap(found) ? found : undefined;
}

/** Whether a key merges other maps into its own. */
export function isMergeKey(key: Scalar): boolean {
  return key.value === "<<" || typeof key.value === "symbol";
}

/** Where a node's own text begins. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/**
 * Where a node's own text ends, without the comments and line breaks after it.
 */
export function endOf(text: string, node: Node | Alias): number {
  if (isMap(node) || isSeq(node)) {
    const last = node.srcToken?.type === "flow-collection" ? undefined : node.items.at(-1);
    const inner = isPair(last) ? [last.value, last.key] : [last];
    for (const candidate of inner) {
      if (isAlias(candidate) || isMap(candidate) || isSeq(candidate)) return endOf(text, candidate);
      if (isScalar(candidate) && hasText(candidate)) return endOf(text, candidate);
    }
  }
  const [start, end] = node.range ?? [0, 0];
  return start + text.slice(start, end).trimEnd().length;
}

function hasText(scalar: Scalar): boolean {
  return scalar.range !== undefined && scalar.range !== null && scalar.range[1] > scalar.range[0];
}
