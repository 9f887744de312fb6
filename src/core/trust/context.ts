import { msg } from "../messages.ts";
import type { Partition } from "../ids.ts";
import type { TokenClaims } from "./claims.ts";
import type { Lookup, Reading } from "./values.ts";

/** Keys that only the request itself can answer, where the caller knows them. Names ignore case. */
export type RequestKeys = Readonly<Record<string, string | readonly string[]>>;

export type RequestFacts = {
  readonly claims: TokenClaims;
  readonly partition: Partition;
  readonly accountId: string;
  /** The issuer without `https://`, as condition keys begin. */
  readonly issuer: string;
  readonly providerArn: string;
  /** Seconds since 1970. */
  readonly now: number | undefined;
  readonly request: RequestKeys;
};

/** The claim behind the one CircleCI key that AWS exposes, and its name behind the issuer. */
export const PROJECT_CLAIM = "oidc.circleci.com/project-id";

/**
 * The condition keys of a request with a CircleCI token. Of the token AWS exposes `aud`, `sub`, `amr` and, for
 * an organization's own issuer, the project ID; the documented `oaud` and `email` are not established for
 * CircleCI, nor is the project ID outside the `aws` partition. No other claim ever becomes a key.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html,
 * https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/ (AWS)
 */
export function requestLookup(facts: RequestFacts): Lookup {
  const given = new Map(
    Object.entries(facts.request).map(([key, value]): [string, readonly Reading[]] => [
      key.toLowerCase(),
      [typeof value === "string" ? [value] : value],
    ]),
  );
  const known = new Map([...tokenKeys(facts), ...globalKeys(facts), ...given]);
  return (key) => {
    const name = key.toLowerCase();
    const exposed = name.startsWith(`${facts.issuer.toLowerCase()}:`);
    return {
      readings: known.get(name) ?? [/^(?:aws|sts):/.test(name) ? "unknown" : undefined],
      doubt: exposed ? msg("trust.doubt.exposed", { key }) : msg("trust.doubt.key", { key }),
    };
  };
}

/** The audience AWS goes by: `azp` where there is one, else `aud`. */
export function effectiveAudience(claims: TokenClaims): string | undefined {
  const { azp } = claims;
  if (typeof azp === "string") return azp;
  return audiences(claims)[0];
}

/** `aud` as a list. */
export function audiences(claims: TokenClaims): readonly string[] {
  return texts(claims["aud"]);
}

function texts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === "string");
}

function tokenKeys({ claims, issuer, partition }: RequestFacts): readonly [string, readonly Reading[]][] {
  const one = (value: string | undefined): Reading => (value === undefined ? undefined : [value]);
  const name = issuer.toLowerCase();
  const project = texts(claims[PROJECT_CLAIM])[0];
  const email = texts(claims["email"])[0];
  const amr = texts(claims["amr"]);
  const subject = claims["sub"];
  const keys: [string, readonly Reading[]][] = [
    [`${name}:aud`, [one(effectiveAudience(claims))]],
    [`${name}:sub`, [one(typeof subject === "number" ? String(subject) : texts(subject)[0])]],
    [`${name}:amr`, [amr.length === 0 ? undefined : amr]],
    [`${name}:oaud`, [audiences(claims), undefined]],
    [`${name}:email`, email === undefined ? [undefined] : [[email], undefined]],
  ];
  if (project !== undefined && issuer.startsWith("oidc.circleci.com/org/"))
    keys.push([`${name}:${PROJECT_CLAIM}`, partition === "aws" ? [[project]] : [[project], undefined]]);
  return keys;
}

/**
 * Keys of every request. The call is not signed, so there is no principal yet; STS speaks HTTPS only; CircleCI
 * sends no session tags and no source identity; external IDs belong to `AssumeRole`. What is left open here,
 * such as the session name that the caller chooses, is unknown unless given.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
function globalKeys({
  accountId,
  providerArn,
  now,
  claims,
}: RequestFacts): readonly [string, readonly Reading[]][] {
  const time: readonly [string, readonly Reading[]][] =
    now === undefined
      ? []
      : [
          ["aws:currenttime", [[new Date(now * 1000).toISOString()]]],
          ["aws:epochtime", [[String(now)]]],
        ];
  const byIdp: readonly Reading[] =
    claims["https://aws.amazon.com/roles"] === undefined ? [["false"]] : ["unknown"];
  return [
    ...time,
    ["aws:securetransport", [["true"]]],
    ["aws:federatedprovider", [[providerArn]]],
    ["aws:principalarn", [undefined]],
    ["aws:username", [undefined]],
    ["aws:tagkeys", [undefined]],
    // Seen by observers, not in the documentation.
    ["aws:principalaccount", [[accountId], undefined]],
    ["aws:userid", [[providerArn], undefined]],
    ["sts:externalid", [undefined]],
    ["sts:sourceidentity", [undefined]],
    ["sts:transitivetagkeys", [undefined]],
    ["sts:roleauthorizedbyidp", byIdp],
  ];
}
