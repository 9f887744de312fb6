import { msg, type Message } from "../messages.ts";
import { PROJECT_CLAIM } from "./context.ts";
import type { TrustCondition, TrustStatement } from "./document.ts";
import { operatorBase, operatorText } from "./operators.ts";

/** A condition in words, and what is to be known about it. */
export type ConditionWords = { readonly text: Message; readonly remarks: readonly Message[] };

/** The conditions of a statement in words, each with its remarks. */
export function conditionWords({ conditions, principals }: TrustStatement): readonly ConditionWords[] {
  const cci = principals.some(({ value }) => value.includes(":oidc-provider/oidc.circleci.com"));
  return conditions.map((condition) => ({
    text: conditionText(condition),
    remarks: [
      ...(holdsWhereAbsent(condition) ? [msg("trust.read.orAbsent", { key: condition.key })] : []),
      ...(cci && isUnexposedClaim(condition.key) ? [msg("trust.read.unknown", { key: condition.key })] : []),
    ],
  }));
}

function conditionText(condition: TrustCondition): Message {
  const { operator, qualifier, key } = condition;
  const values = condition.values.join(", ");
  const { family, negated } = operatorBase(operator);
  if (operator === "Null" && qualifier === "none" && condition.values.length === 1)
    return condition.values[0] === "true"
      ? msg("trust.read.absent", { key })
      : msg("trust.read.present", { key });
  if (qualifier === "none" || condition.values.length === 1) {
    if (operator === "StringEquals" || operator === "StringNotEquals")
      return msg(negated ? "trust.read.equalsNot" : "trust.read.equals", { key, values });
    if (family === "like") return msg(negated ? "trust.read.likeNot" : "trust.read.like", { key, values });
  }
  return msg("trust.read.other", { operator: operatorText(condition), key, values });
}

/**
 * Whether a condition holds of a request that has no such key: negated operators, `IfExists`, `ForAllValues`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holdsWhereAbsent({ operator, qualifier, ifExists }: TrustCondition): boolean {
  if (operator === "Null" || qualifier === "ForAnyValue") return false;
  return ifExists || qualifier === "ForAllValues" || operatorBase(operator).negated;
}

const EXPOSED = ["aud", "sub", "amr", "oaud", "email", PROJECT_CLAIM];

/** A claim of CircleCI's tokens that AWS makes no condition key of. */
function isUnexposedClaim(key: string): boolean {
  const name = /^oidc\.circleci\.com(?:\/org\/[^:]+)?:(.+)$/i.exec(key)?.[1];
  return name !== undefined && !EXPOSED.includes(name.toLowerCase());
}
