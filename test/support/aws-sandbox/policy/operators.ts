import { BlockList, isIP } from "node:net";
import { compile, literal, matchesArn, matchesTokens } from "./pattern.ts";
import type { Scope, Token } from "./pattern.ts";

/** How one base operator compares a request value with a policy value. */
type Operator = {
  readonly negated: boolean;
  readonly test: (actual: string, expected: string, scope: Scope) => boolean;
};

const exact =
  (fold: (text: string) => string) =>
  (actual: string, expected: string, scope: Scope): boolean => {
    const tokens = compile(expected, scope, "literal");
    return tokens !== undefined && fold(literal(tokens)) === fold(actual);
  };

const like = (match: (tokens: readonly Token[], text: string) => boolean) =>
  function matchPattern(actual: string, expected: string, scope: Scope): boolean {
    const tokens = compile(expected, scope, "wildcards");
    return tokens !== undefined && match(tokens, actual);
  };

const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

const number = (text: string): number => (NUMBER.test(text) ? Number(text) : Number.NaN);

const date = (text: string): number => {
  if (/^\d+$/.test(text) && text.length > 4) return Number(text) * 1000;
  return /^\d{4}(?:-\d{2}){0,2}(?:T.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
};

const ordered =
  (read: (text: string) => number, holds: (actual: number, expected: number) => boolean) =>
  (actual: string, expected: string): boolean => {
    const [a, b] = [read(actual), read(expected)];
    return !Number.isNaN(a) && !Number.isNaN(b) && holds(a, b);
  };

const inNetwork = (actual: string, expected: string): boolean => {
  const [address = "", length] = expected.split("/");
  const family = isIP(address);
  if (family === 0 || isIP(actual) !== family) return false;
  const kind = family === 6 ? "ipv6" : "ipv4";
  const bits = length === undefined ? (family === 6 ? 128 : 32) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) return false;
  const network = new BlockList();
  network.addSubnet(address, bits, kind);
  return network.check(actual, kind);
};

const bool = (actual: string, expected: string): boolean =>
  ["true", "false"].includes(expected.toLowerCase()) && actual.toLowerCase() === expected.toLowerCase();

const both = (name: string, negative: string, test: Operator["test"]): [string, Operator][] => [
  [name, { negated: false, test }],
  [negative, { negated: true, test }],
];

const comparisons = (family: string, read: (text: string) => number): [string, Operator][] => [
  ...both(
    `${family}Equals`,
    `${family}NotEquals`,
    ordered(read, (a, b) => a === b),
  ),
  [`${family}LessThan`, { negated: false, test: ordered(read, (a, b) => a < b) }],
  [`${family}LessThanEquals`, { negated: false, test: ordered(read, (a, b) => a <= b) }],
  [`${family}GreaterThan`, { negated: false, test: ordered(read, (a, b) => a > b) }],
  [`${family}GreaterThanEquals`, { negated: false, test: ordered(read, (a, b) => a >= b) }],
];

/**
 * Every base operator of IAM policies except `Null`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...both(
    "StringEquals",
    "StringNotEquals",
    exact((text) => text),
  ),
  ...both(
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    exact((text) => text.toLowerCase()),
  ),
  ...both("StringLike", "StringNotLike", like(matchesTokens)),
  // AWS: ArnEquals and ArnLike behave identically.
  ...both("ArnEquals", "ArnNotEquals", like(matchesArn)),
  ...both("ArnLike", "ArnNotLike", like(matchesArn)),
  ...both("IpAddress", "NotIpAddress", inNetwork),
  ...comparisons("Numeric", number),
  ...comparisons("Date", date),
  ["Bool", { negated: false, test: bool }],
  ["BinaryEquals", { negated: false, test: (actual, expected) => actual === expected }],
]);

/** An operator as written in a policy, taken apart. */
export type ParsedOperator = {
  readonly set: "any" | "all" | undefined;
  readonly ifExists: boolean;
  readonly base: "Null" | Operator;
};

const WRITTEN = /^(?:(ForAnyValue|ForAllValues):)?([A-Za-z]+?)(IfExists)?$/;

/** Reads an operator name, which is case-sensitive; `undefined` for one that IAM does not have. */
export const parseOperator = (name: string): ParsedOperator | undefined => {
  const [, set, base, suffix] = WRITTEN.exec(name) ?? [];
  if (base === undefined) return undefined;
  if (base === "Null")
    return set === undefined && suffix === undefined ? { set, ifExists: false, base } : undefined;
  const operator = OPERATORS.get(base);
  if (operator === undefined) return undefined;
  const qualifier = set === "ForAnyValue" ? "any" : set === "ForAllValues" ? "all" : undefined;
  return { set: qualifier, ifExists: suffix !== undefined, base: operator };
};
