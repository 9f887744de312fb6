import { compactVerify, importJWK } from "jose";
import * as v from "valibot";
import { expiredIdentityToken, invalidIdentityToken } from "../errors.ts";
import type { World } from "../model.ts";

/** The claims of a web identity token that STS looks at, before or after its signature was checked. */
export type Claims = {
  readonly iss: string;
  readonly sub: string;
  /** `azp` if there is one, else the only audience. */
  readonly audience: string;
  /** `aud` as it is in the token. */
  readonly rawAudiences: readonly string[];
  readonly all: Readonly<Record<string, unknown>>;
};

type Parsed = {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
};

const notAJwt = (): Error =>
  invalidIdentityToken(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
  );

const record = v.record(v.string(), v.unknown());

const decodePart = (part: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    if (v.is(record, value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw notAJwt();
};

const ALGORITHMS = new Set(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]);

/** Takes a JWT apart without believing it. */
export const decodeToken = (token: string): Parsed => {
  const parts = token.split(".");
  if (parts.length !== 3) throw notAJwt();
  const header = decodePart(parts[0]);
  const { alg, kid } = header;
  if (typeof alg !== "string" || !ALGORITHMS.has(alg)) throw notAJwt();
  return { alg, kid: typeof kid === "string" ? kid : undefined, claims: decodePart(parts[1]) };
};

const REQUIRED = ["iss", "sub", "aud", "iat", "exp"];

const text = (value: unknown, name: string): string => {
  if (typeof value === "string") return value;
  throw invalidIdentityToken(`Invalid claim: ${name}`);
};

const audiences = (value: unknown): readonly string[] => {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length === 0) throw invalidIdentityToken("Invalid claim: aud");
  return items.map((item) => text(item, "aud"));
};

const audienceOf = (claims: Readonly<Record<string, unknown>>, raw: readonly string[]): string => {
  if (claims["azp"] !== undefined) return text(claims["azp"], "azp");
  const [only, ...more] = raw;
  if (only === undefined || more.length > 0)
    throw invalidIdentityToken(
      "Token audience contains more than one audience while authorized party is not present",
    );
  return only;
};

const seconds = (value: unknown): number => {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number))
    throw invalidIdentityToken("Invalid timestamp in token claims.");
  return number;
};

const TOLERANCE = 300;

const checkTimes = (claims: Readonly<Record<string, unknown>>, nowMs: number): void => {
  const now = Math.floor(nowMs / 1000);
  if (seconds(claims["iat"]) > now + TOLERANCE) throw invalidIdentityToken("Token issued in the future.");
  if (claims["nbf"] !== undefined && seconds(claims["nbf"]) > now + TOLERANCE)
    throw invalidIdentityToken("Token is not yet valid.");
  const exp = seconds(claims["exp"]);
  if (now - TOLERANCE >= exp)
    throw expiredIdentityToken(
      `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
    );
};

/**
 * Checks what every token must have: `iss`, `sub`, `aud`, `iat` and `exp`, one audience or an `azp`, and
 * times within five minutes of the clock.
 */
export const readClaims = (claims: Readonly<Record<string, unknown>>, nowMs: number): Claims => {
  const missing = REQUIRED.find((name) => claims[name] === undefined);
  if (missing !== undefined) throw invalidIdentityToken(`Missing a required claim: ${missing}`);
  const rawAudiences = audiences(claims["aud"]);
  const audience = audienceOf(claims, rawAudiences);
  checkTimes(claims, nowMs);
  const sub = typeof claims["sub"] === "number" ? String(claims["sub"]) : text(claims["sub"], "sub");
  return { iss: text(claims["iss"], "iss"), sub, audience, rawAudiences, all: claims };
};

const noKey = (): Error =>
  invalidIdentityToken(
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  );

const texts = v.pipe(v.array(v.string()), v.minLength(1));

/** What AWS asks of a discovery document. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
const discoveryShape = v.object({
  issuer: v.string(),
  jwks_uri: v.pipe(v.string(), v.startsWith("https://")),
  response_types_supported: texts,
  subject_types_supported: texts,
  id_token_signing_alg_values_supported: texts,
});

const jwksShape = v.object({
  keys: v.array(
    v.looseObject({
      kty: v.string(),
      kid: v.exactOptional(v.string()),
      use: v.exactOptional(v.string()),
      key_ops: v.exactOptional(v.array(v.string())),
    }),
  ),
});

const FETCH_LIMIT_MS = 5000;

const fetchJson = async (world: World, url: string): Promise<unknown> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer from ${url}`)), FETCH_LIMIT_MS);
  try {
    return await Promise.race([world.fetchJson(url), late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

type Key = v.InferOutput<typeof jwksShape>["keys"][number];

const signingKeys = async (world: World, iss: string): Promise<readonly Key[]> => {
  const document = await fetchJson(world, `${iss}/.well-known/openid-configuration`);
  const discovery = v.parse(discoveryShape, document);
  if (discovery.issuer !== iss) throw new Error("the discovery document is another issuer's");
  return v.parse(jwksShape, await fetchJson(world, discovery.jwks_uri)).keys;
};

const MAX_KEYS = 100;

const selectKey = (keys: readonly Key[], { alg, kid }: Parsed): Key | undefined => {
  const type = alg.startsWith("RS") ? "RSA" : "EC";
  const ofType = keys.filter(({ kty }) => kty === type);
  if (ofType.length > MAX_KEYS) return undefined;
  const usable = ofType.filter(
    ({ use, kid: own, key_ops }) => own !== undefined && (use ?? "sig") === "sig" && key_ops === undefined,
  );
  if (kid === undefined) return usable.length === 1 ? usable[0] : undefined;
  return usable.findLast((key) => key.kid === kid);
};

/** Fetches the issuer's keys, as published now, and verifies the token's signature with the one it names. */
export const verifyToken = async (
  world: World,
  token: string,
  parsed: Parsed,
  iss: string,
): Promise<void> => {
  const key = await signingKeys(world, iss)
    .then((keys) => selectKey(keys, parsed))
    .catch(() => undefined);
  if (key === undefined) throw noKey();
  try {
    await compactVerify(token, await importJWK({ ...key, alg: parsed.alg }, parsed.alg), {
      algorithms: [parsed.alg],
    });
  } catch {
    throw invalidIdentityToken("The web identity token signature is invalid.");
  }
};
