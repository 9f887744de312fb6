import { describe, expect, it } from "vitest";
import { applyEdits, type LintEdit } from "../../../src/core/trust/index.ts";
import { readJson, type JsonNode } from "../../../src/core/trust/json.ts";
import {
  addCondition,
  insertFirst,
  removeAt,
  renameMember,
  replaceValue,
  type Source,
} from "../../../src/core/trust/lint/edits.ts";

function source(text: string): Source & { readonly json: JsonNode } {
  const json = readJson(text);
  if (json === undefined) throw new Error("the test's text is no JSON");
  return { text, json };
}

/** The text after an edit; undefined where there is none to make. */
function after(text: string, edit: (of: Source) => LintEdit | undefined): string | undefined {
  const made = edit(source(text));
  return made === undefined ? undefined : applyEdits(text, [made]);
}

describe("removing", () => {
  it.each([
    ["the first of several items", '{ "a": [1, 2, 3] }', ["a", 0], '{ "a": [2, 3] }'],
    ["one in the middle", '{ "a": [1, 2, 3] }', ["a", 1], '{ "a": [1, 3] }'],
    ["the last", '{ "a": [1, 2, 3] }', ["a", 2], '{ "a": [1, 2] }'],
    ["the first member", '{ "a": 1, "b": 2 }', ["a"], '{ "b": 2 }'],
    ["the last member", '{\n  "a": 1,\n  "b": 2\n}', ["b"], '{\n  "a": 1\n}'],
    ["the only one, with what it leaves empty", '{ "a": { "b": [1] }, "c": 2 }', ["a", "b", 0], '{ "c": 2 }'],
  ])("%s", (_what, text, path, expected) => {
    expect(after(text, (of) => removeAt(of, path))).toBe(expected);
  });

  it.each([
    ["what is not there", '{ "a": 1, "b": 2 }', ["c"]],
    ["an item beyond the list", '{ "a": [1, 2] }', ["a", 2]],
    ["what would leave nothing at all", '{ "a": [1] }', ["a", 0]],
    ["something inside a string", '{ "a": "x", "b": 1 }', ["a", "x"]],
  ])("leaves %s", (_what, text, path) => {
    expect(after(text, (of) => removeAt(of, path))).toBeUndefined();
  });
});

describe("renaming", () => {
  it("gives a member another name", () => {
    expect(after('{ "a": { "b": 1 } }', (of) => renameMember(of, ["a", "b"], 'c"'))).toBe(
      '{ "a": { "c\\"": 1 } }',
    );
  });

  it("leaves a member whose new name is taken, in whatever letter case, and one that is not there", () => {
    expect(after('{ "b": 1, "C": 2 }', (of) => renameMember(of, ["b"], "c"))).toBeUndefined();
    expect(after('{ "b": 1 }', (of) => renameMember(of, ["x"], "c"))).toBeUndefined();
    expect(after('{ "b": [1] }', (of) => renameMember(of, ["b", 0], "c"))).toBeUndefined();
  });
});

describe("adding a condition", () => {
  const add = (of: Source) => addCondition(of, ["Statement"], { key: "x:aud", value: "1" });

  it.each([
    [
      "a statement without one",
      '{ "Statement": { "Effect": "Allow" } }',
      '{ "Statement": { "Condition": { "StringEquals": { "x:aud": "1" } }, "Effect": "Allow" } }',
    ],
    [
      "another operator",
      '{ "Statement": { "Condition": { "Bool": {} } } }',
      '{ "Statement": { "Condition": { "StringEquals": { "x:aud": "1" }, "Bool": {} } } }',
    ],
    [
      "the same operator",
      '{ "Statement": { "Condition": { "StringEquals": { "y:z": "2" } } } }',
      '{ "Statement": { "Condition": { "StringEquals": { "x:aud": "1", "y:z": "2" } } } }',
    ],
    [
      "an empty operator",
      '{ "Statement": { "Condition": { "StringEquals": {} } } }',
      '{ "Statement": { "Condition": { "StringEquals": {"x:aud": "1"} } } }',
    ],
    [
      "no conditions",
      '{ "Statement": { "Condition": {} } }',
      '{ "Statement": { "Condition": {"StringEquals": { "x:aud": "1" }} } }',
    ],
  ])("works with %s", (_what, text, expected) => {
    expect(after(text, add)).toBe(expected);
  });

  it("leaves a key that is there, and what is no statement", () => {
    expect(
      after('{ "Statement": { "Condition": { "StringEquals": { "X:AUD": "2" } } } }', add),
    ).toBeUndefined();
    expect(after('{ "Statement": [] }', add)).toBeUndefined();
    expect(after('{ "Statement": { "Condition": 1 } }', add)).toBeUndefined();
  });

  it("keeps the indentation", () => {
    const text = '{\n  "Statement": {\n    "Effect": "Allow"\n  }\n}';
    expect(after(text, add)).toContain(
      '{\n    "Condition": { "StringEquals": { "x:aud": "1" } },\n    "Effect"',
    );
  });
});

it("replaces a value, and makes several edits from the end on", () => {
  expect(after('{ "a": ["x", "y"] }', (of) => replaceValue(of, ["a", 1], "z"))).toBe('{ "a": ["x", "z"] }');
  expect(after('{ "a": 1 }', (of) => replaceValue(of, ["b"], "z"))).toBeUndefined();
  expect(after("[1]", (of) => insertFirst(of, of.json, '"a": 1'))).toBeUndefined();
  const edits = [
    { offset: 0, length: 1, text: "AAA" },
    { offset: 2, length: 1, text: "" },
  ];
  expect(applyEdits("abc", edits)).toBe("AAAb");
});
