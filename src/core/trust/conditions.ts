import { msg } from "../messages.ts";
import { matchesValue } from "./compare.ts";
import type { TrustCondition } from "./document.ts";
import { operatorBase, operatorText } from "./operators.ts";
import { all, any, not, type Truth } from "./truth.ts";
import type { Lookup, Reading } from "./values.ts";

type Scope = { readonly lookup: Lookup; readonly hasVariables: boolean };

/**
 * Whether one condition holds: several values are alternatives, for a negated operator none of them may match.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function conditionHolds(condition: TrustCondition, scope: Scope): Truth {
  const { readings, doubt } = scope.lookup(condition.key);
  const truths = readings.map((reading): Truth => {
    if (reading === "unknown") return { doubt };
    return reading === undefined ? holdsAbsent(condition) : holdsPresent(condition, reading, scope);
  });
  const [first = false] = truths;
  return truths.every((truth) => truth === first) || typeof first !== "boolean" ? first : { doubt };
}

/** The readings of a key as far as they are values, for showing. */
export function shownValues(readings: readonly Reading[]): readonly string[] | undefined {
  return readings.find((reading): reading is readonly string[] => Array.isArray(reading));
}

const emptyList = (condition: TrustCondition): Truth => ({
  doubt: msg("trust.doubt.emptyList", { key: condition.key, operator: operatorText(condition) }),
});

/**
 * A key that is not in the request: a mismatch, which is what a negated operator asks for; `IfExists` and
 * `ForAllValues` are content, `ForAnyValue` never is.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function holdsAbsent(condition: TrustCondition): Truth {
  const { operator, qualifier, ifExists, key, values } = condition;
  if (operator === "Null") return isNull(condition, true);
  if (ifExists && qualifier === "ForAnyValue") return { doubt: msg("trust.doubt.ifExistsAny", { key }) };
  if (ifExists || qualifier === "ForAllValues") return true;
  if (qualifier === "ForAnyValue") return false;
  return values.length === 0 ? emptyList(condition) : operatorBase(operator).negated;
}

function holdsPresent(condition: TrustCondition, actual: readonly string[], scope: Scope): Truth {
  const { operator, qualifier, key, values } = condition;
  const emptyValue = { doubt: msg("trust.doubt.emptyValue", { key }) };
  const full = actual.filter((value) => value !== "");
  if (operator === "Null") return full.length === actual.length ? isNull(condition, false) : emptyValue;
  if (values.length === 0) return holdsWithoutValues(condition);
  const { negated } = operatorBase(operator);
  const holds = (value: string): Truth => {
    const match = any(values.map((expected) => matchesValue(operator, value, expected, scope)));
    return negated ? not(match) : match;
  };
  switch (qualifier) {
    case "ForAllValues": {
      // "…or if the key values resolve to a null data set, such as an empty string": true.
      const rest = all(full.map(holds));
      if (full.length === 0 || full.length === actual.length || rest !== true) return rest;
      return holds("") === true ? true : emptyValue;
    }
    case "ForAnyValue": {
      const some = any(full.map(holds));
      if (some !== false || full.length === actual.length) return some;
      return holds("") === false ? false : emptyValue;
    }
    case "none": {
      const [only, ...others] = actual;
      if (only === undefined || others.length > 0)
        return { doubt: msg("trust.doubt.several", { key, operator: operatorText(condition) }) };
      return holds(only);
    }
  }
}

/**
 * An empty list of values. What Access Analyzer says of a plain operator ("does not affect the policy",
 * "returns true", "provides no permissions") contradicts itself; of negated ones it says nothing.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
function holdsWithoutValues(condition: TrustCondition): Truth {
  const { operator, qualifier, ifExists } = condition;
  const said = qualifier !== "none" || ifExists;
  return said && !operatorBase(operator).negated ? false : emptyList(condition);
}

/**
 * `Null`: "true" asks that the key is absent, "false" that it is there.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
 */
function isNull(condition: TrustCondition, absent: boolean): Truth {
  const { key, qualifier, values } = condition;
  if (qualifier !== "none") return { doubt: msg("trust.doubt.setNull", { key }) };
  if (values.length === 0) return emptyList(condition);
  return any(
    values.map((value): Truth =>
      value === "true" || value === "false"
        ? value === String(absent)
        : { doubt: msg("trust.doubt.type", { operator: "Null", expected: value, actual: String(absent) }) },
    ),
  );
}
