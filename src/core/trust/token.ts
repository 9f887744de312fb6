import { audiences, effectiveAudience } from "./context.ts";
import type { TokenClaims } from "./claims.ts";

/** An error as STS answers it. */
export type StsError = { readonly code: string; readonly message: string };

/** What the account knows of the issuer; `url` with or without `https://`. */
export type KnownProvider = { readonly url: string; readonly clientIds: readonly string[] };

/** AWS allows clocks to differ by so many seconds. */
const TOLERANCE = 300;

const REQUIRED = ["iss", "sub", "aud", "iat", "exp"];

/**
 * What AWS checks of a token before it looks at the role's trust policy, with AWS's own words; undefined where
 * the token passes. The signature is taken for good, the times are checked only against a given `now`
 * (seconds since 1970), issuer and audience only against a given provider.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
 * https://repost.aws/knowledge-center/iam-sts-invalididentitytoken
 */
export function tokenError(
  claims: TokenClaims,
  now: number | undefined,
  provider: KnownProvider | undefined,
): StsError | undefined {
  const missing = REQUIRED.find((name) => claims[name] === undefined || claims[name] === null);
  if (missing !== undefined) return refused(`Missing a required claim: ${missing}`);
  const malformed = malformedClaim(claims);
  if (malformed !== undefined) return refused(`Invalid claim: ${malformed}`);
  if (claims["azp"] === undefined && audiences(claims).length > 1)
    return refused("Token audience contains more than one audience while authorized party is not present");
  return timeError(claims, now) ?? providerError(claims, provider);
}

/** The token's issuer as IAM names its provider: without `https://`. */
export function issuerOf(claims: TokenClaims): string {
  const issuer = claims["iss"];
  return typeof issuer === "string" ? issuer.replace(/^https:\/\//, "") : "";
}

function refused(message: string): StsError {
  return { code: "InvalidIdentityToken", message };
}

function malformedClaim(claims: TokenClaims): string | undefined {
  const { aud, azp, iss, sub } = claims;
  const list: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (typeof iss !== "string") return "iss";
  if (typeof sub !== "string" && typeof sub !== "number") return "sub";
  if (list.length === 0 || !list.every((item) => typeof item === "string")) return "aud";
  if (azp !== undefined && typeof azp !== "string") return "azp";
  return ["iat", "exp"].find((name) => seconds(claims[name]) === undefined);
}

function seconds(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d{1,12}$/.test(value)) return Number(value);
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function timeError(claims: TokenClaims, now: number | undefined): StsError | undefined {
  if (now === undefined) return undefined;
  const issued = seconds(claims["iat"]) ?? 0;
  const notBefore = seconds(claims["nbf"]) ?? issued;
  const expires = seconds(claims["exp"]) ?? 0;
  if (issued > now + TOLERANCE) return refused("Token issued in the future.");
  if (notBefore > now + TOLERANCE) return refused("Token is not yet valid.");
  if (expires > now - TOLERANCE) return undefined;
  return {
    code: "ExpiredTokenException",
    message: `Token expired: current date/time ${String(now)} must be before the expiration date/time ${String(expires)}`,
  };
}

function providerError(claims: TokenClaims, provider: KnownProvider | undefined): StsError | undefined {
  if (provider === undefined) return undefined;
  const issuer = String(claims["iss"]);
  // The comparison is exact: letter case and a trailing slash count.
  if (`https://${provider.url.replace(/^https:\/\//, "")}` !== issuer)
    return refused(`No OpenIDConnect provider found in your account for ${issuer}`);
  const audience = effectiveAudience(claims);
  return audience !== undefined && provider.clientIds.includes(audience)
    ? undefined
    : refused("Incorrect token audience");
}
