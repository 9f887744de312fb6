/** What kind of value an operator compares. */
export type Family = "string" | "like" | "numeric" | "date" | "bool" | "binary" | "ip" | "arn" | "null";

type Base = {
  readonly family: Family;
  readonly negated: boolean;
  readonly ignoreCase?: true;
  /** How the request's number or time stands to the policy's. */
  readonly order?: "equal" | "less" | "lessEqual" | "greater" | "greaterEqual";
};

/**
 * The condition operators, as they must be written: their names are case-sensitive.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS = {
  StringEquals: { family: "string", negated: false },
  StringNotEquals: { family: "string", negated: true },
  StringEqualsIgnoreCase: { family: "string", negated: false, ignoreCase: true },
  StringNotEqualsIgnoreCase: { family: "string", negated: true, ignoreCase: true },
  StringLike: { family: "like", negated: false },
  StringNotLike: { family: "like", negated: true },
  NumericEquals: { family: "numeric", negated: false, order: "equal" },
  NumericNotEquals: { family: "numeric", negated: true, order: "equal" },
  NumericLessThan: { family: "numeric", negated: false, order: "less" },
  NumericLessThanEquals: { family: "numeric", negated: false, order: "lessEqual" },
  NumericGreaterThan: { family: "numeric", negated: false, order: "greater" },
  NumericGreaterThanEquals: { family: "numeric", negated: false, order: "greaterEqual" },
  DateEquals: { family: "date", negated: false, order: "equal" },
  DateNotEquals: { family: "date", negated: true, order: "equal" },
  DateLessThan: { family: "date", negated: false, order: "less" },
  DateLessThanEquals: { family: "date", negated: false, order: "lessEqual" },
  DateGreaterThan: { family: "date", negated: false, order: "greater" },
  DateGreaterThanEquals: { family: "date", negated: false, order: "greaterEqual" },
  Bool: { family: "bool", negated: false },
  BinaryEquals: { family: "binary", negated: false },
  IpAddress: { family: "ip", negated: false },
  NotIpAddress: { family: "ip", negated: true },
  ArnEquals: { family: "arn", negated: false },
  ArnLike: { family: "arn", negated: false },
  ArnNotEquals: { family: "arn", negated: true },
  ArnNotLike: { family: "arn", negated: true },
  Null: { family: "null", negated: false },
} as const satisfies Record<string, Base>;

export type OperatorName = keyof typeof OPERATORS;

export type Qualifier = "none" | "ForAllValues" | "ForAnyValue";

/** An operator taken apart: `ForAnyValue:StringLikeIfExists` is `StringLike` with both additions. */
export type Operator = {
  readonly operator: OperatorName;
  readonly qualifier: Qualifier;
  readonly ifExists: boolean;
};

/** What an operator does, by its name. */
export function operatorBase(name: OperatorName): Base {
  return OPERATORS[name];
}

function isOperatorName(name: string): name is OperatorName {
  return Object.hasOwn(OPERATORS, name);
}

/**
 * Takes an operator as written in a policy apart; undefined where there is none of that name. `IfExists` goes
 * with every operator but `Null`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 */
export function parseOperator(written: string): Operator | undefined {
  const [, prefix, name = "", suffix] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
  const ifExists = suffix !== undefined;
  if (!isOperatorName(name) || (name === "Null" && ifExists)) return undefined;
  const qualifier = prefix === "ForAllValues" || prefix === "ForAnyValue" ? prefix : "none";
  return { operator: name, qualifier, ifExists };
}

/** An operator as it is written in a policy. */
export function operatorText({ operator, qualifier, ifExists }: Operator): string {
  return `${qualifier === "none" ? "" : `${qualifier}:`}${operator}${ifExists ? "IfExists" : ""}`;
}
