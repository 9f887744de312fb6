/** Where something is in a document: member names and list indexes from the top. */
export type JsonPath = readonly (string | number)[];

type Span = {
  /** Offset of the first character in the text. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
};

export type JsonMember = { readonly name: string; readonly nameSpan: Span; readonly value: JsonNode };

/** JSON as it is written: members in order, numbers as text, and where each value is. */
export type JsonNode = Span &
  (
    | { readonly kind: "object"; readonly members: readonly JsonMember[] }
    | { readonly kind: "array"; readonly items: readonly JsonNode[] }
    | { readonly kind: "string"; readonly value: string }
    /** A number, `true`, `false` or `null`, as written. */
    | { readonly kind: "number" | "boolean" | "null"; readonly text: string }
  );

/** Deeper than any policy, and far from what the stack can hold. */
const MAX_DEPTH = 64;

type Cursor = { readonly text: string; at: number };

/**
 * Reads strict JSON. Unlike `JSON.parse` it refuses an object that has a name twice, as IAM does ("Individual
 * elements must not contain multiple instances of the same key"), and tells where each value is written.
 * Undefined where the text is not such JSON.
 * Sources: RFC 8259, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readJson(text: string): JsonNode | undefined {
  const read = readUntil(text);
  return typeof read === "number" ? undefined : read;
}

/** The offset at which a text ceases to be JSON as `readJson` reads it; undefined where it is that. */
export function jsonEndsAt(text: string): number | undefined {
  const read = readUntil(text);
  return typeof read === "number" ? read : undefined;
}

function readUntil(text: string): JsonNode | number {
  const cursor: Cursor = { text, at: 0 };
  try {
    const root = readValue(cursor, 0);
    skipSpace(cursor);
    return cursor.at === text.length ? root : cursor.at;
  } catch (error) {
    if (error instanceof SyntaxError) return Math.min(cursor.at, text.length);
    throw error;
  }
}

/** The value at a path, undefined where there is none. */
export function nodeAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const step of path) {
    if (node?.kind === "object") node = node.members.find(({ name }) => name === step)?.value;
    else if (node?.kind === "array" && typeof step === "number") node = node.items[step];
    else return undefined;
  }
  return node;
}

/** The value itself, as `JSON.parse` gives it. */
export function nodeValue(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries(node.members.map(({ name, value }) => [name, nodeValue(value)]));
    case "array":
      return node.items.map(nodeValue);
    case "string":
      return node.value;
    case "number":
    case "boolean":
    case "null": {
      const value: unknown = JSON.parse(node.text);
      return value;
    }
  }
}

/** A path as people write it: `Statement[0].Condition.StringEquals["x:aud"]`. */
export function pathText(path: JsonPath): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${String(step)}]`;
      if (!/^\w+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

function skipSpace(cursor: Cursor): void {
  while (/^[ \t\n\r]$/.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
}

function expect(cursor: Cursor, token: string): void {
  if (!cursor.text.startsWith(token, cursor.at)) throw new SyntaxError(`expected ${token}`);
  cursor.at += token.length;
}

function readValue(cursor: Cursor, depth: number): JsonNode {
  if (depth > MAX_DEPTH) throw new SyntaxError("too deep");
  skipSpace(cursor);
  const start = cursor.at;
  switch (cursor.text.charAt(start)) {
    case "{": {
      const members = readMembers(cursor, depth);
      return { kind: "object", members, start, end: cursor.at };
    }
    case "[": {
      const items = readItems(cursor, depth);
      return { kind: "array", items, start, end: cursor.at };
    }
    case '"': {
      const value = readString(cursor);
      return { kind: "string", value, start, end: cursor.at };
    }
    default:
      return readWord(cursor);
  }
}

function readMembers(cursor: Cursor, depth: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  const names = new Set<string>();
  expect(cursor, "{");
  skipSpace(cursor);
  while (cursor.text.charAt(cursor.at) !== "}") {
    if (members.length > 0) expect(cursor, ",");
    skipSpace(cursor);
    const start = cursor.at;
    const name = readString(cursor);
    const nameSpan = { start, end: cursor.at };
    if (names.has(name)) throw new SyntaxError(`${name} twice`);
    names.add(name);
    skipSpace(cursor);
    expect(cursor, ":");
    members.push({ name, nameSpan, value: readValue(cursor, depth + 1) });
    skipSpace(cursor);
  }
  expect(cursor, "}");
  return members;
}

function readItems(cursor: Cursor, depth: number): readonly JsonNode[] {
  const items: JsonNode[] = [];
  expect(cursor, "[");
  skipSpace(cursor);
  while (cursor.text.charAt(cursor.at) !== "]") {
    if (items.length > 0) expect(cursor, ",");
    items.push(readValue(cursor, depth + 1));
    skipSpace(cursor);
  }
  expect(cursor, "]");
  return items;
}

/** Finds the end of a string and lets `JSON.parse` check and read it. */
function readString(cursor: Cursor): string {
  const start = cursor.at;
  expect(cursor, '"');
  while (cursor.text.charAt(cursor.at) !== '"') {
    if (cursor.at >= cursor.text.length) throw new SyntaxError("unterminated string");
    cursor.at += cursor.text.charAt(cursor.at) === "\\" ? 2 : 1;
  }
  cursor.at += 1;
  const value: unknown = JSON.parse(cursor.text.slice(start, cursor.at));
  if (typeof value !== "string") throw new SyntaxError("no string");
  return value;
}

function readWord(cursor: Cursor): JsonNode {
  const start = cursor.at;
  const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
  word.lastIndex = start;
  const text = word.exec(cursor.text)?.[0];
  if (text === undefined) throw new SyntaxError("no value");
  cursor.at += text.length;
  const kind = text === "null" ? "null" : text === "true" || text === "false" ? "boolean" : "number";
  return { kind, text, start, end: cursor.at };
}
