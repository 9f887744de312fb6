import type {
  Simulation,
  TrustCondition,
  TrustDocument,
  TrustStatement,
} from "../../../src/core/trust/index.ts";
import { OPERATORS, operatorBase } from "../../../src/core/trust/operators.ts";
import { ACTION, PROVIDER, SUB } from "./fixtures.ts";

/** A pair of policy and token that had a certain answer. */
type Answered = { readonly document: TrustDocument; readonly answer: Simulation };
type Rule = (pair: Answered) => boolean;

const condition =
  (holds: (condition: TrustCondition, statement: TrustStatement, document: TrustDocument) => boolean): Rule =>
  ({ document, answer }) =>
    answer.by.stage === "policy" &&
    document.statements.some((one) => one.conditions.some((each) => holds(each, one, document)));

const statement =
  (holds: (statement: TrustStatement) => boolean): Rule =>
  ({ document, answer }) =>
    answer.by.stage === "policy" && document.statements.some(holds);

/** Keys that no request with a CircleCI token has. */
const ABSENT = /:oidc\.circleci\.com\/(?:vcs-ref|context-ids)$|^sts:ExternalId$/;

const variable = ({ values }: TrustCondition): boolean => values.some((value) => value.includes("${"));

/**
 * The semantic rules that a comparison of two readings must have met, by name. `docs/trust.md` lists them with the
 * AWS page that each comes from.
 */
export const SEMANTICS: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    Object.keys(OPERATORS).map((name) => [name, condition(({ operator }) => operator === name)]),
  ),
  ForAllValues: condition(({ qualifier }) => qualifier === "ForAllValues"),
  ForAnyValue: condition(({ qualifier }) => qualifier === "ForAnyValue"),
  IfExists: condition(({ ifExists }) => ifExists),
  "several values": condition(({ values }) => values.length > 1),
  "an absent key": condition(({ key }) => ABSENT.test(key)),
  "an absent key with a negated operator": condition(
    ({ key, operator, qualifier }) =>
      ABSENT.test(key) && operatorBase(operator).negated && qualifier === "none",
  ),
  "an absent key with IfExists": condition(({ key, ifExists }) => ABSENT.test(key) && ifExists),
  "an absent key with ForAllValues": condition(
    ({ key, qualifier }) => ABSENT.test(key) && qualifier === "ForAllValues",
  ),
  "an absent key with ForAnyValue": condition(
    ({ key, qualifier }) => ABSENT.test(key) && qualifier === "ForAnyValue",
  ),
  "a key in another letter case": condition(({ key }) => key === SUB.toUpperCase()),
  "a wildcard": condition(
    ({ operator, values }) =>
      operatorBase(operator).family === "like" && values.some((value) => /[*?]/.test(value)),
  ),
  "a variable": condition((one, _, { version }) => variable(one) && version === "2012-10-17"),
  "a variable in an old version": condition(
    (one, _, { version }) => variable(one) && version !== "2012-10-17",
  ),
  "no conditions": statement(({ conditions }) => conditions.length === 0),
  NotAction: statement(({ notActions }) => notActions !== undefined),
  "an action in another letter case": statement(({ actions = [] }) =>
    actions.some(({ value }) => value !== ACTION && value.toLowerCase() === ACTION.toLowerCase()),
  ),
  "an action with a wildcard": statement(({ actions = [] }) =>
    actions.some(({ value }) => /[*?]/.test(value)),
  ),
  "another action": statement(({ actions = [] }) => actions.some(({ value }) => value === "sts:AssumeRole")),
  "another provider": statement(({ principals }) =>
    principals.some(({ kind, value }) => kind === "Federated" && value !== PROVIDER),
  ),
  "an AWS principal": statement(({ principals }) => principals.some(({ kind }) => kind === "AWS")),
  "several statements": ({ document, answer }) =>
    answer.by.stage === "policy" && document.statements.length > 1,
  "an explicit Deny": ({ answer }) => answer.reason.id === "trust.deny.explicit",
  "a Deny that does not apply": ({ document, answer }) =>
    answer.verdict === "ALLOW" && document.statements.some(({ effect }) => effect === "Deny"),
  "an audience that is not registered": ({ answer }) => answer.error?.message === "Incorrect token audience",
  "several audiences without azp": ({ answer }) =>
    answer.error?.message.includes("authorized party") === true,
  "a claim that is missing": ({ answer }) =>
    answer.error?.message.startsWith("Missing a required claim") === true,
  "an expired token": ({ answer }) => answer.error?.code === "ExpiredTokenException",
  "a token from the future": ({ answer }) => answer.error?.message.includes("in the future") === true,
};
