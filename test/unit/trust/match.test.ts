import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, matchesPattern, matchesWildcards } from "../../../src/core/trust/match.ts";

describe("wildcards", () => {
  it.each([
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["?", "", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a*c", "ac", true],
    ["a*a", "a", false],
    ["*a*a*", "aba", true],
    ["org/*/main", "org/a/b/c/main", true],
    ["x*", "X1", false],
    ["?", "😀", true],
    ["**??", "a", false],
    ["*ab?d*", "xxabcabcd", true],
    ["*ab?d", "abxdabyd", true],
    [".*", "abc", false],
    ["[a]", "a", false],
  ] as const)("%s against %j: %s", (pattern, text, matches) => {
    expect(matchesWildcards(pattern, text)).toBe(matches);
  });

  it("mean what the regular expression means", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 10 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 14 });
    fc.assert(
      fc.property(pattern, text, (pattern, subject) => {
        const source = pattern.replaceAll("*", String.raw`[\s\S]*`).replaceAll("?", String.raw`[\s\S]`);
        expect(matchesWildcards(pattern, subject)).toBe(new RegExp(`^${source}$`).test(subject));
      }),
      { numRuns: 5000 },
    );
  });

  it("are plain characters in a literal part", () => {
    const pattern = compilePattern([
      { text: "a*", literal: true },
      { text: "*", literal: false },
      { text: "?", literal: true },
    ]);
    expect(matchesPattern(pattern, "a*bc?")).toBe(true);
    expect(matchesPattern(pattern, "abc?")).toBe(false);
    expect(matchesPattern(pattern, "a*bcd")).toBe(false);
  });
});

describe("hostile patterns and texts", () => {
  // As long as a token and a policy can be: what tries every place of every star would not come back.
  const text = "a".repeat(20_000);
  it.each([
    ["many stars", `${"a*".repeat(60_000)}b`, false],
    ["stars only", "*".repeat(130_000), true],
    ["one long segment", `*${"a".repeat(9_999)}b*`, false],
    ["one long segment of question marks", `*${"a?".repeat(5_000)}b*`, false],
    ["many middling segments", `${`*${"a".repeat(99)}b`.repeat(1_000)}*`, false],
    ["many question marks with stars", "*?".repeat(10_000), true],
    ["one question mark too many", "*?".repeat(20_001), false],
  ] as const)("%s", (_, pattern, matches) => {
    expect(matchesWildcards(pattern, text)).toBe(matches);
  });

  it("of every other kind come to an end", () => {
    const piece = fc.tuple(
      fc.constantFrom("a", "*", "?", "a*", "*a", "a?", "aab*", "?*a"),
      fc.integer({ min: 1, max: 20_000 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
        const pattern = pieces
          .map(([unit, count]) => unit.repeat(count))
          .join("")
          .slice(0, 131_000);
        expect(typeof matchesWildcards(pattern, text)).toBe("boolean");
      }),
      { numRuns: 100 },
    );
  });
});
