import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseStrictJson, toPlain } from "../../support/aws-sandbox/policy/strict-json.ts";

describe("strict JSON", () => {
  it("reads what JSON.parse reads, to the same value", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const value: unknown = JSON.parse(text);
        const written = JSON.stringify(value, undefined, indent);
        // Through JSON once more: a map cannot carry the prototype that `__proto__` would set.
        expect(JSON.stringify(toPlain(parseStrictJson(written)))).toBe(JSON.stringify(value));
      }),
    );
  });

  it("refuses every text that JSON.parse refuses", () => {
    const unit = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "a",
      "1",
      "-",
      ".",
      "e",
      "\\",
      " ",
      "true",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 10 }), (text) => {
        const verdict = (parse: (text: string) => unknown): boolean => {
          try {
            parse(text);
            return true;
          } catch {
            return false;
          }
        };
        if (verdict(parseStrictJson)) expect(verdict(JSON.parse)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ["a key twice", '{"a":1,"a":2}'],
    ["a key twice by an escape", '{"a":1,"\\u0061":2}'],
    ["text after the end", "{} x"],
    ["a trailing comma", '{"a":1,}'],
    ["a comment", "{/**/}"],
    ["a leading zero", "[01]"],
    ["a raw line break in a string", '["a\nb"]'],
    ["an endless nesting", "[".repeat(100)],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(() => parseStrictJson(text)).toThrow(SyntaxError);
  });
});
