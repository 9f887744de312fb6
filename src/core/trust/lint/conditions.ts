import { conditionHolds } from "../conditions.ts";
import { PROJECT_CLAIM } from "../context.ts";
import type { TrustCondition, TrustDocument } from "../document.ts";
import { nodeAt, type JsonPath } from "../json.ts";
import { msg } from "../../messages.ts";
import type { Truth } from "../truth.ts";
import { claimOf, isCircleCi, type Issuer } from "./issuer.ts";
import type { Trusted } from "./reach.ts";
import { anySubject, comparesText, patternsOf } from "./subjects.ts";
import { uuid, witness } from "./witness.ts";

/** The place of one value of a condition: the value itself where it stands alone. */
export function valuePath(
  { json }: Pick<TrustDocument, "json">,
  { path }: TrustCondition,
  index: number,
): JsonPath {
  return nodeAt(json, path)?.kind === "array" ? [...path, index] : path;
}

/**
 * Whether a token has a value for a claim as a condition key: what AWS exposes of CircleCI's tokens. "maybe"
 * where that is not established, undefined for issuers whose claims are not known here.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
 */
export function isExposed(claim: string, issuer: Issuer): "yes" | "no" | "maybe" | undefined {
  if (claim === "aud" || claim === "sub") return "yes";
  if (["iss", "iat", "exp", "nbf"].includes(claim)) return "no";
  if (["amr", "oaud", "email"].includes(claim)) return "maybe";
  if (claim === PROJECT_CLAIM && issuer.kind === "organization") return "yes";
  return isCircleCi(issuer) ? "no" : undefined;
}

/** Whether a condition holds where its key is not in the request. */
export function holdsWithoutKey(condition: TrustCondition): Truth {
  const lookup = () => ({ readings: [undefined], doubt: msg("trust.doubt.key", { key: condition.key }) });
  return conditionHolds(condition, { lookup, hasVariables: false });
}

/** False where no token of the issuer can meet the condition, true where every one does, else undefined. */
export function conditionTruth(condition: TrustCondition, { issuer }: Trusted): boolean | undefined {
  const claim = claimOf(condition, issuer);
  if (claim === undefined) {
    const holds = isIssuerKey(condition.key) ? holdsWithoutKey(condition) : undefined;
    return typeof holds === "boolean" ? holds : undefined;
  }
  if (isExposed(claim, issuer) === "no") {
    const holds = holdsWithoutKey(condition);
    return typeof holds === "boolean" ? holds : undefined;
  }
  if (comparesText(condition) !== "asks" || !isCircleCi(issuer) || condition.values.length === 0)
    return undefined;
  return condition.values.every((_, index) => !canMatch(condition, index, issuer)) ? false : undefined;
}

/** Whether no condition of the statement is known to fail for every token. */
export function canHold(trusted: Trusted): boolean {
  return trusted.statement.conditions.every((condition) => conditionTruth(condition, trusted) !== false);
}

/** Whether a value of a condition on the subject or the project can be that of a token. */
export function canMatch(condition: TrustCondition, index: number, issuer: Issuer): boolean {
  const claim = claimOf(condition, issuer);
  const value = patternsOf(condition)[index];
  if (value === undefined) return true;
  // With ForAllValues an empty list of values passes; that never is one of these.
  if (claim === "sub")
    return anySubject(issuer.organization).some((template) => witness(value, template) !== undefined);
  if (claim === PROJECT_CLAIM) return witness(value, uuid) !== undefined;
  return true;
}

/** Whether a key begins with a host, as those of identity providers do. */
export function isIssuerKey(key: string): boolean {
  return /^[^:/]+\.[^:]+:/.test(key);
}
