/** A JSON value; objects are maps so that no key is special. */
export type Json = string | number | boolean | null | readonly Json[] | ReadonlyMap<string, Json>;

type Cursor = { readonly text: string; at: number };

const MAX_DEPTH = 32;
const SPACE = new Set([" ", "\t", "\n", "\r"]);

const skip = (c: Cursor): void => {
  while (SPACE.has(c.text.charAt(c.at))) c.at += 1;
};

const expect = (c: Cursor, token: string): void => {
  if (!c.text.startsWith(token, c.at)) throw new SyntaxError(`expected ${token} at ${c.at}`);
  c.at += token.length;
};

/** Reads a scalar token by its own grammar and lets JSON.parse give its value. */
const scalar = (c: Cursor, grammar: RegExp): string | number => {
  grammar.lastIndex = c.at;
  const token = grammar.exec(c.text)?.[0];
  if (token === undefined) throw new SyntaxError(`unexpected text at ${c.at}`);
  c.at += token.length;
  const value: unknown = JSON.parse(token);
  if (typeof value !== "string" && typeof value !== "number") throw new SyntaxError("not a scalar");
  return value;
};

const readString = (c: Cursor): string => String(scalar(c, /"(?:[^"\\]|\\.)*"/gy));

const readObject = (c: Cursor, depth: number): ReadonlyMap<string, Json> => {
  const object = new Map<string, Json>();
  expect(c, "{");
  skip(c);
  while (c.text.charAt(c.at) !== "}") {
    if (object.size > 0) expect(c, ",");
    skip(c);
    const key = readString(c);
    if (object.has(key)) throw new SyntaxError(`duplicate key ${key}`);
    skip(c);
    expect(c, ":");
    object.set(key, readValue(c, depth + 1));
    skip(c);
  }
  expect(c, "}");
  return object;
};

const readArray = (c: Cursor, depth: number): readonly Json[] => {
  const items: Json[] = [];
  expect(c, "[");
  skip(c);
  while (c.text.charAt(c.at) !== "]") {
    if (items.length > 0) expect(c, ",");
    items.push(readValue(c, depth + 1));
    skip(c);
  }
  expect(c, "]");
  return items;
};

const WORDS = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

const readValue = (c: Cursor, depth: number): Json => {
  if (depth > MAX_DEPTH) throw new SyntaxError("too deep");
  skip(c);
  const next = c.text.charAt(c.at);
  if (next === "{") return readObject(c, depth);
  if (next === "[") return readArray(c, depth);
  if (next === '"') return readString(c);
  for (const [word, value] of WORDS) {
    if (!c.text.startsWith(word, c.at)) continue;
    c.at += word.length;
    return value;
  }
  return scalar(c, /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gy);
};

/**
 * Parses JSON and, unlike JSON.parse, refuses an object that repeats a key: a policy whose second
 * `Condition` hides its first must not be read as if it had one.
 */
export const parseStrictJson = (text: string): Json => {
  const cursor: Cursor = { text, at: 0 };
  const value = readValue(cursor, 0);
  skip(cursor);
  if (cursor.at !== text.length) throw new SyntaxError("text after the document");
  return value;
};

/** Whether a JSON value is an object (and not an array). */
export const isObject = (value: Json | undefined): value is ReadonlyMap<string, Json> => value instanceof Map;

/** Whether a JSON value is an array. */
export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The value with maps turned into plain objects, for printing and for dumps. */
export const toPlain = (value: Json): unknown => {
  if (isObject(value)) return Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)]));
  if (isArray(value)) return value.map((item) => toPlain(item));
  return value;
};
