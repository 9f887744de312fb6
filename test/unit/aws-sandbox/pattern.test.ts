import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compile,
  matchesAction,
  matchesResource,
  matchesTokens,
} from "../../support/aws-sandbox/policy/pattern.ts";

const SCOPE = { context: new Map<string, readonly string[]>(), variables: true };

const matches = (pattern: string, text: string): boolean => {
  const tokens = compile(pattern, SCOPE, "wildcards");
  return tokens !== undefined && matchesTokens(tokens, text);
};

/** The meaning of a pattern, said as a regular expression. */
const asRegExp = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll("*", "[\\s\\S]*").replaceAll("?", "[\\s\\S]")}$`);

describe("wildcards", () => {
  it("mean what the regular expression means", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 12 });
    fc.assert(
      fc.property(letters, text, (pattern, subject) => {
        expect(matches(pattern, subject)).toBe(asRegExp(pattern).test(subject));
      }),
      { numRuns: 2000 },
    );
  });

  it("do not explode: a pattern of many stars ends at once", () => {
    expect(matches(`${"a*".repeat(400)}b`, "a".repeat(4000))).toBe(false);
    expect(matches("*".repeat(2000), "x".repeat(2000))).toBe(true);
  });

  it("count characters, not code units", () => {
    expect(matches("?", "😀")).toBe(true);
  });
});

describe("actions", () => {
  it.each([
    ["iam:GetRole", "iam:GetRole", true],
    ["IAM:getrole", "iam:GetRole", true],
    ["iam:Get*", "iam:GetRole", true],
    ["*", "sts:AssumeRole", true],
    ["iam:Get?ole", "iam:GetRole", true],
    ["iam:Get", "iam:GetRole", false],
    ["sts:*", "iam:GetRole", false],
  ] as const)("%s against %s: %s", (pattern, action, expected) => {
    expect(matchesAction(pattern, action)).toBe(expected);
  });
});

describe("resources", () => {
  const ROLE = "arn:aws:iam::111122223333:role/circleci/ci";
  it.each([
    ["*", true],
    [ROLE, true],
    ["arn:aws:iam::111122223333:role/*", true],
    ["arn:aws:iam::*:role/circleci/*", true],
    ["arn:*:iam::*:*", true],
    ["arn:aws:iam::111122223333:role/circleci/CI", false],
    // A wildcard ends at the colon of its part.
    ["arn:aws:iam:*:role/circleci/ci", false],
    ["arn:aws:*", false],
    ["arn:aws:iam::444455556666:role/circleci/ci", false],
  ] as const)("%s: %s", (pattern, expected) => {
    expect(matchesResource(pattern, ROLE, SCOPE)).toBe(expected);
  });

  it("take in variables, and match nothing without a value", () => {
    const context = new Map([["aws:username", ["ci"]]]);
    const pattern = "arn:aws:iam::111122223333:role/circleci/${aws:username}";
    expect(matchesResource(pattern, ROLE, { context, variables: true })).toBe(true);
    expect(matchesResource(pattern, ROLE, SCOPE)).toBe(false);
    expect(matchesResource(pattern, ROLE, { context, variables: false })).toBe(false);
  });
});
