import type { TrustCondition, TrustDocument, TrustStatement } from "../document.ts";
import { operatorBase, operatorText } from "../operators.ts";
import { PROJECT_CLAIM } from "../context.ts";
import { isPlaceholder } from "../placeholder.ts";
import { canMatch, valuePath } from "./conditions.ts";
import type { Draft } from "./finding.ts";
import { claimOf, isCircleCi, issuersOf, UUID, type Issuer } from "./issuer.ts";
import { comparesText } from "./subjects.ts";

/** Values that do not say what they seem to say, or that no token has. */
export function valueRules(document: TrustDocument, statement: TrustStatement): readonly Draft[] {
  const issuers = issuersOf(statement);
  return [
    ...issuers.flatMap((issuer) => issuerRules(issuer)),
    ...statement.conditions.flatMap((condition) => conditionRules(document, condition, issuers)),
  ];
}

/** The name of a provider: that of an issuer is exact, letter case and a slash at the end included. */
function issuerRules({ principal, name }: Issuer): readonly Draft[] {
  const { value, path } = principal;
  if (isPlaceholder(value)) return [{ rule: "placeholder", path, args: { value } }];
  if (!/^oidc\.circleci\.com(?:\/|$)/i.test(name) || /^oidc\.circleci\.com$/.test(name)) return [];
  const organization = /^oidc\.circleci\.com\/org\/([^/]+)$/.exec(name)?.[1] ?? "";
  if (UUID.test(organization)) return [];
  const rule = UUID.test(organization.toLowerCase()) ? "wrong-case" : "matches-no-token";
  return [{ rule, path, args: { value: name } }];
}

function conditionRules(
  document: TrustDocument,
  condition: TrustCondition,
  issuers: readonly Issuer[],
): readonly Draft[] {
  const { key, path, values } = condition;
  if (isPlaceholder(key)) return [{ rule: "placeholder", path, args: { value: key } }];
  const args = { key, operator: operatorText(condition) };
  if (values.length === 0) return [{ rule: "empty-values", path, args }];
  const issuer = issuers.find((candidate) => claimOf(condition, candidate) !== undefined);
  return values.flatMap((value, index) => {
    const rule = valueRule(condition, index, issuer);
    return rule === undefined
      ? []
      : [{ rule, path: valuePath(document, condition, index), args: { ...args, value } }];
  });
}

function valueRule(
  condition: TrustCondition,
  index: number,
  issuer: Issuer | undefined,
): Draft["rule"] | undefined {
  const value = condition.values[index] ?? "";
  const { family, ignoreCase } = operatorBase(condition.operator);
  if (isPlaceholder(value)) return "placeholder";
  if (family === "string" && /[*?]/.test(value) && isIdentity(condition, issuer)) return "wildcard-in-equals";
  if (issuer === undefined || !isCircleCi(issuer)) return undefined;
  const claim = claimOf(condition, issuer) ?? "";
  if (!["aud", "sub", PROJECT_CLAIM].includes(claim) || comparesText(condition) === undefined)
    return undefined;
  if (ignoreCase !== true && hasUpperId(value)) return "wrong-case";
  return canMatch(condition, index, issuer) ? undefined : "matches-no-token";
}

/** Keys of which no value has a star or a question mark in it. */
function isIdentity(condition: TrustCondition, issuer: Issuer | undefined): boolean {
  return issuer !== undefined || /^aws:Principal(?:Arn|Account|OrgID|OrgPaths)$/i.test(condition.key);
}

/** Whether a UUID in the text has capital letters: AWS compares by letter case, and CircleCI writes small ones. */
function hasUpperId(text: string): boolean {
  const ids = text.match(/[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}/g) ?? [];
  return ids.some((id) => !UUID.test(id));
}
