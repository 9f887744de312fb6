import { nodeAt, type JsonNode, type JsonPath } from "../json.ts";

/** Replaces `length` characters at `offset` of the policy's text. */
export type LintEdit = { readonly offset: number; readonly length: number; readonly text: string };

/** A policy's text and its values with their places in it. */
export type Source = { readonly text: string; readonly json: JsonNode };

/** The text with all edits made; they must not overlap. */
export function applyEdits(text: string, edits: readonly LintEdit[]): string {
  return edits
    .toSorted((one, other) => other.offset - one.offset)
    .reduce(
      (changed, { offset, length, text }) => changed.slice(0, offset) + text + changed.slice(offset + length),
      text,
    );
}

/** Puts a string in the place of a value; undefined where there is none. */
export function replaceValue({ json }: Source, path: JsonPath, value: string): LintEdit | undefined {
  const node = nodeAt(json, path);
  return node === undefined ? undefined : replaceSpan(node, JSON.stringify(value));
}

/** Gives a member another name, unless its object has that name already. */
export function renameMember({ json }: Source, path: JsonPath, name: string): LintEdit | undefined {
  const parent = nodeAt(json, path.slice(0, -1));
  if (parent?.kind !== "object") return undefined;
  const taken = parent.members.some((member) => member.name.toLowerCase() === name.toLowerCase());
  const member = parent.members.find((candidate) => candidate.name === path.at(-1));
  return taken || member === undefined ? undefined : replaceSpan(member.nameSpan, JSON.stringify(name));
}

/** Takes a member or an item out, and with it the objects and lists around it that it leaves empty. */
export function removeAt({ json }: Source, path: JsonPath): LintEdit | undefined {
  const parent = nodeAt(json, path.slice(0, -1));
  const last = path.at(-1);
  if (parent?.kind !== "object" && parent?.kind !== "array") return undefined;
  const spans =
    parent.kind === "array"
      ? parent.items.map(({ start, end }) => ({ start, end }))
      : parent.members.map(({ nameSpan, value }) => ({ start: nameSpan.start, end: value.end }));
  const index =
    parent.kind === "array" ? Number(last) : parent.members.findIndex(({ name }) => name === last);
  if (spans.length === 1)
    return path.length === 1 ? undefined : removeAt({ json, text: "" }, path.slice(0, -1));
  const [own, next, previous] = [spans[index], spans[index + 1], spans[index - 1]];
  if (own === undefined) return undefined;
  if (next !== undefined) return replaceSpan({ start: own.start, end: next.start }, "");
  return previous === undefined ? undefined : replaceSpan({ start: previous.end, end: own.end }, "");
}

/** Adds `StringEquals` on a key to a statement, unless the statement has that very condition already. */
export function addCondition(
  source: Source,
  statement: JsonPath,
  condition: { readonly key: string; readonly value: string | readonly string[] },
): LintEdit | undefined {
  const node = nodeAt(source.json, statement);
  if (node?.kind !== "object") return undefined;
  const { key, value } = condition;
  const pair = `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  const block = nodeAt(source.json, [...statement, "Condition", "StringEquals"]);
  if (block?.kind === "object") {
    const taken = block.members.some(({ name }) => name.toLowerCase() === key.toLowerCase());
    return taken ? undefined : insertFirst(source, block, pair);
  }
  const conditions = nodeAt(source.json, [...statement, "Condition"]);
  const added = `"StringEquals": { ${pair} }`;
  if (conditions?.kind === "object") return insertFirst(source, conditions, added);
  return conditions === undefined ? insertFirst(source, node, `"Condition": { ${added} }`) : undefined;
}

/** Puts a member before the first one of an object, indented like it. */
export function insertFirst({ text }: Source, object: JsonNode, member: string): LintEdit | undefined {
  if (object.kind !== "object") return undefined;
  const [first] = object.members;
  const offset = object.start + 1;
  if (first === undefined) return { offset, length: 0, text: member };
  return { offset, length: 0, text: `${text.slice(offset, first.nameSpan.start)}${member},` };
}

function replaceSpan(span: { readonly start: number; readonly end: number }, text: string): LintEdit {
  return { offset: span.start, length: span.end - span.start, text };
}
