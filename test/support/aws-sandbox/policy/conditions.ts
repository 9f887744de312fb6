import { parseOperator } from "./operators.ts";
import type { ParsedOperator } from "./operators.ts";
import type { Context, Scope } from "./pattern.ts";

/** One line of a `Condition` block: all lines of a statement must hold. */
export type Condition = {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
};

/** `{"Null": {"key": "true"}}` holds where the key is absent, `"false"` where it is there. */
const nullHolds = (actual: readonly string[] | undefined, values: readonly string[]): boolean =>
  values.some((value) => value.toLowerCase() === (actual === undefined ? "true" : "false"));

const holds = (
  operator: ParsedOperator,
  actual: readonly string[] | undefined,
  condition: Condition,
  scope: Scope,
): boolean => {
  const { base } = operator;
  if (base === "Null") return nullHolds(actual, condition.values);
  const matches = (value: string): boolean =>
    condition.values.some((expected) => base.test(value, expected, scope));
  const fits = (value: string): boolean => matches(value) !== base.negated;
  if (actual === undefined && operator.ifExists) return true;
  // "…also returns true if there are no context keys in the request, or if the context key value
  // resolves to a null dataset, such as an empty string."
  if (operator.set === "all") return (actual ?? []).filter((value) => value !== "").every(fits);
  if (operator.set === "any") return (actual ?? []).some(fits);
  // Without IfExists an absent key is a mismatch, which is what a negated operator asks for.
  return (actual ?? []).some(matches) !== base.negated;
};

/**
 * Whether every line of a condition block holds for the request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export const conditionsHold = (
  conditions: readonly Condition[],
  context: Context,
  variables: boolean,
): boolean =>
  conditions.every((condition) => {
    const operator = parseOperator(condition.operator);
    if (operator === undefined) return false;
    const actual = context.get(condition.key.toLowerCase());
    return holds(operator, actual, condition, { context, variables });
  });
