import { msg } from "../messages.ts";
import { compilePattern, matchesPattern, type PatternPart } from "./match.ts";
import { operatorBase, type OperatorName } from "./operators.ts";
import { networkContains, readDate, readNumber } from "./scalars.ts";
import type { Truth } from "./truth.ts";
import { plainText, resolveVariables, type Lookup } from "./values.ts";

/**
 * Whether one value of the request matches one value of the policy, a negated operator read as its positive
 * one. Variables are replaced for string and ARN operators only.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-conditionelement
 */
export function matchesValue(
  operator: OperatorName,
  actual: string,
  expected: string,
  scope: { readonly lookup: Lookup; readonly hasVariables: boolean },
): Truth {
  const { family } = operatorBase(operator);
  if (family !== "string" && family !== "like" && family !== "arn")
    return matchesScalar(operator, actual, expected);
  const resolved = resolveVariables(expected, scope.lookup, scope.hasVariables);
  if (resolved.kind === "null") return false;
  if (resolved.kind === "doubt") return { doubt: resolved.doubt };
  if (family === "string") return matchesText(operator, actual, plainText(resolved.parts));
  const match = (parts: readonly PatternPart[], actual: string): Truth =>
    family === "like"
      ? matchesLike(parts, actual)
      : (matchesArn(parts, actual) ?? { doubt: msg("trust.doubt.type", { operator, expected, actual }) });
  const literal = match(resolved.parts, actual);
  if (!resolved.replaced) return literal;
  // Whether a star that a variable brings in is a wildcard is not documented.
  const open = match(
    resolved.parts.map(({ text, literal: kept }) => ({ text, literal: kept && /^[*?$]$/.test(text) })),
    actual,
  );
  return literal === open || typeof literal === "object"
    ? literal
    : { doubt: msg("trust.doubt.variable", { value: expected }) };
}

function matchesText(operator: OperatorName, actual: string, expected: string): boolean {
  return operatorBase(operator).ignoreCase === true
    ? actual.toLowerCase() === expected.toLowerCase()
    : actual === expected;
}

function matchesLike(parts: readonly PatternPart[], actual: string): boolean {
  return matchesPattern(compilePattern(parts), actual);
}

/** The six parts of an ARN, of which the last may hold colons; undefined where there are fewer. */
function arnParts(parts: readonly PatternPart[]): readonly (readonly PatternPart[])[] | undefined {
  const found: PatternPart[][] = [[]];
  for (const { text, literal } of parts) {
    const pieces = text.split(":");
    for (const [index, piece] of pieces.entries()) {
      if (index > 0 && found.length < 6) found.push([]);
      else if (index > 0) found.at(-1)?.push({ text: ":", literal: true });
      found.at(-1)?.push({ text: piece, literal });
    }
  }
  return found.length === 6 ? found : undefined;
}

/**
 * `ArnEquals` and `ArnLike` are the same: each of the six parts between colons is matched by itself. Undefined
 * where one of the two is no ARN.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
function matchesArn(parts: readonly PatternPart[], actual: string): boolean | undefined {
  const expected = arnParts(parts);
  const pieces = arnParts([{ text: actual, literal: true }]);
  if (expected === undefined || pieces === undefined) return undefined;
  return expected.every((part, index) => matchesLike(part, plainText(pieces[index] ?? [])));
}

function matchesScalar(operator: OperatorName, actual: string, expected: string): Truth {
  const { family } = operatorBase(operator);
  const doubt = { doubt: msg("trust.doubt.type", { operator, expected, actual }) };
  switch (family) {
    case "numeric":
    case "date": {
      const read = family === "date" ? readDate : readNumber;
      const [left, right] = [read(actual), read(expected)];
      return left === undefined || right === undefined ? doubt : ordered(operator, left, right);
    }
    case "bool": {
      const isBool = (text: string): boolean => text === "true" || text === "false";
      return isBool(actual) && isBool(expected) ? actual === expected : doubt;
    }
    case "ip":
      return networkContains(expected, actual) ?? doubt;
    case "binary":
    case "null":
    case "string":
    case "like":
    case "arn":
      // No key of a web identity request holds binary data.
      return doubt;
  }
}

function ordered(operator: OperatorName, left: number, right: number): boolean {
  const { order = "equal" } = operatorBase(operator);
  switch (order) {
    case "less":
      return left < right;
    case "lessEqual":
      return left <= right;
    case "greater":
      return left > right;
    case "greaterEqual":
      return left >= right;
    case "equal":
      return left === right;
  }
}
