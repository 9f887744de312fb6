import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { any, some, text, uuid, witness, type Template } from "../../../src/core/trust/lint/witness.ts";
import { matchesWildcards } from "../../../src/core/trust/match.ts";

const NAME = /[ab]/;
const template: Template = [...text("o/"), ...some(NAME, "a"), ...text("/p/"), ...any(/[abp/]/, "b")];
/** The same as the template. */
const EXPRESSION = /^o\/[ab]+\/p\/[abp/]*$/;

const like = (pattern: string, ignoreCase = false) => ({ text: pattern, wildcards: true, ignoreCase });
const pattern = fc.string({ unit: fc.constantFrom("o", "/", "a", "p", "*", "?"), maxLength: 10 });

/** All texts of up to so many of the characters. */
function texts(characters: readonly string[], length: number): readonly string[] {
  if (length === 0) return [""];
  return ["", ...texts(characters, length - 1).flatMap((rest) => characters.map((one) => one + rest))];
}

/** Every text of the template with a few characters at its open places. */
const ALL = texts(["a", "b"], 3)
  .filter((name) => name !== "")
  .flatMap((name) => texts(["a", "b", "p", "/"], 3).map((rest) => `o/${name}/p/${rest}`));

describe("a witness", () => {
  it("matches both the pattern and the template", () => {
    fc.assert(
      fc.property(pattern, (value) => {
        const found = witness(like(value), template);
        if (found === undefined) return;
        expect([found, matchesWildcards(value, found)]).toEqual([found, true]);
        expect(found).toMatch(EXPRESSION);
      }),
      { numRuns: 2000 },
    );
  });

  it("is found wherever there is one", () => {
    fc.assert(
      fc.property(pattern, (value) => {
        const isThere = ALL.some((one) => matchesWildcards(value, one));
        if (isThere) expect([value, witness(like(value), template)]).toEqual([value, expect.any(String)]);
      }),
      { numRuns: 500 },
    );
  });

  it("reads wildcards only where the operator does, and letter case only where it counts", () => {
    expect(witness({ text: "o/*", wildcards: false, ignoreCase: false }, template)).toBeUndefined();
    expect(witness(like("O/A/P/"), template)).toBeUndefined();
    expect(witness(like("O/A/P/", true), template)).toBe("o/a/p/");
    expect(witness(like("*"), uuid)).toBe("00000000-0000-0000-0000-000000000000");
    expect(witness(like("ABCDEF??-*"), uuid)).toBeUndefined();
  });

  it("takes a policy variable for any text, and an escaped character for itself", () => {
    expect(witness(like("o/${x:y}/p/"), template)).toMatch(EXPRESSION);
    expect(witness(like("o/${*}/p/"), template)).toBeUndefined();
    expect(witness(like("${?}"), text("?"))).toBe("?");
  });

  it("is not looked for in a value that no policy can hold", () => {
    expect(witness(like("*".repeat(5000)), template)).toBeUndefined();
  });
});
