import { generateKeyPair } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HOST, ISSUER, ORG, createIssuer, failure } from "./kit.ts";
import { INVALID, ROLE, startWebKit } from "./web-kit.ts";
import type { WebKit } from "./web-kit.ts";

let kit: WebKit;

beforeEach(async () => {
  kit = await startWebKit();
});
afterEach(() => kit.end());

const minutes = (count: number): number => Math.floor(Date.now() / 1000) + count * 60;

type TokenRow = readonly [
  rule: string,
  claims: () => Readonly<Record<string, unknown>>,
  error: readonly [name: string, status: number, message: RegExp] | undefined,
];

const TOKENS: readonly TokenRow[] = [
  ["no iss", () => ({ iss: undefined }), [INVALID, 400, /Missing a required claim: iss/]],
  ["no sub", () => ({ sub: undefined }), [INVALID, 400, /Missing a required claim: sub/]],
  ["no aud", () => ({ aud: undefined }), [INVALID, 400, /Missing a required claim: aud/]],
  ["no iat", () => ({ iat: undefined }), [INVALID, 400, /Missing a required claim: iat/]],
  ["no exp", () => ({ exp: undefined }), [INVALID, 400, /Missing a required claim: exp/]],
  [
    "another organization's issuer",
    () => ({ iss: `${ISSUER}x` }),
    [INVALID, 400, /No OpenIDConnect provider/],
  ],
  ["issuer with a slash", () => ({ iss: `${ISSUER}/` }), [INVALID, 400, /No OpenIDConnect provider/]],
  [
    "issuer in another case",
    () => ({ iss: ISSUER.replace("oidc", "OIDC") }),
    [INVALID, 400, /No OpenIDConnect provider found in your account for https:\/\/OIDC/],
  ],
  ["issuer without scheme", () => ({ iss: HOST }), [INVALID, 400, /No OpenIDConnect provider/]],
  ["root issuer", () => ({ iss: "https://oidc.circleci.com" }), [INVALID, 400, /No OpenIDConnect provider/]],
  ["another audience", () => ({ aud: "sts.amazonaws.com" }), [INVALID, 400, /Incorrect token audience/]],
  ["audience in another case", () => ({ aud: `${ORG}A` }), [INVALID, 400, /Incorrect token audience/]],
  ["two audiences", () => ({ aud: [ORG, "x"] }), [INVALID, 400, /more than one audience while authorized/]],
  ["no audience in the list", () => ({ aud: [] }), [INVALID, 400, /Invalid claim: aud/]],
  ["azp that is not registered", () => ({ azp: "x" }), [INVALID, 400, /Incorrect token audience/]],
  ["one audience in a list", () => ({ aud: [ORG] }), undefined],
  ["two audiences and an azp", () => ({ aud: [ORG, "x"], azp: ORG }), undefined],
  ["issued in six minutes", () => ({ iat: minutes(6) }), [INVALID, 400, /issued in the future/]],
  ["issued in four minutes", () => ({ iat: minutes(4) }), undefined],
  ["not before six minutes", () => ({ nbf: minutes(6) }), [INVALID, 400, /not yet valid/]],
  ["expired six minutes ago", () => ({ exp: minutes(-6) }), ["ExpiredTokenException", 400, /Token expired/]],
  ["expired four minutes ago", () => ({ exp: minutes(-4) }), undefined],
  ["a fraction of a second", () => ({ iat: minutes(0) + 0.5 }), [INVALID, 400, /Invalid timestamp/]],
  ["a subject that is no text", () => ({ sub: {} }), [INVALID, 400, /Invalid claim: sub/]],
  [
    "a roles claim for another role",
    () => ({ "https://aws.amazon.com/roles": [`${ROLE}2`] }),
    [INVALID, 400, /not present in the roles claim/],
  ],
  [
    "a roles claim with this role",
    () => ({ "https://aws.amazon.com/roles": `${ROLE}2; ${ROLE}` }),
    undefined,
  ],
];

describe("a token with", () => {
  it.each(TOKENS)("%s", async (_, claims, error) => {
    const outcome = await failure(kit.assume(await kit.issuer.token(claims())));
    if (error === undefined) expect(outcome).toBeUndefined();
    else
      expect(outcome).toMatchObject({
        name: error[0],
        status: error[1],
        message: expect.stringMatching(error[2]),
      });
  });
});

const NO_KEY = {
  name: INVALID,
  status: 400,
  message: expect.stringContaining("Couldn't retrieve verification key"),
};
const DISCOVERY = "/.well-known/openid-configuration";
const JWKS = "/.well-known/jwks-pub.json";

describe("signatures", () => {
  it("refuses what is no JWT, and algorithms that prove nothing", async () => {
    const [header, payload, signature] = (await kit.issuer.token()).split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    for (const token of [
      "not-a-token",
      `${header}.${payload}`,
      `x.${payload}.${signature}`,
      `${none}.${payload}.`,
    ])
      expect(await failure(kit.assume(token))).toMatchObject({
        name: INVALID,
        message: expect.stringContaining("not a valid JWT"),
      });
  });

  it("refuses a forged payload and another signer with the same key id", async () => {
    const [header, , signature] = (await kit.issuer.token()).split(".");
    const [, payload] = (await kit.issuer.token({ sub: "org/x" })).split(".");
    const forged = `${header}.${payload}.${signature}`;
    const other = await (await createIssuer(undefined, ISSUER, generateKeyPair("RS256"))).token();
    for (const token of [forged, other])
      expect(await failure(kit.assume(token))).toMatchObject({
        name: INVALID,
        status: 400,
        message: expect.stringContaining("signature"),
      });
  });

  it("needs the key id, a signing key and a complete discovery document", async () => {
    expect(await failure(kit.assume(await kit.issuer.token({}, "other")))).toMatchObject(NO_KEY);
    const token = await kit.issuer.token();
    const [key] = kit.issuer.jwks().keys;
    const { kid: _, ...anonymous } = { kid: "", ...key };
    for (const bad of [{ ...key, use: "enc" }, { ...key, key_ops: ["verify"] }, anonymous]) {
      kit.issuer.answer(JWKS, { keys: [bad] });
      expect(await failure(kit.assume(token))).toMatchObject(NO_KEY);
    }
    kit.issuer.answer(JWKS, { keys: Array.from({ length: 101 }, () => key) });
    expect(await failure(kit.assume(token))).toMatchObject(NO_KEY);
    kit.issuer.answer(JWKS, kit.issuer.jwks());
    expect(await failure(kit.assume(token))).toBeUndefined();

    const discovery = {
      issuer: ISSUER,
      jwks_uri: `${ISSUER}${JWKS}`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    };
    const lacking = Object.keys(discovery).map((name) =>
      Object.fromEntries(Object.entries(discovery).filter(([key]) => key !== name)),
    );
    const wrong = [
      { ...discovery, issuer: `${ISSUER}/` },
      { ...discovery, jwks_uri: `http://oidc.circleci.com/org/${ORG}${JWKS}` },
      undefined,
    ];
    for (const bad of [...lacking, ...wrong]) {
      kit.issuer.answer(DISCOVERY, bad);
      expect(await failure(kit.assume(token))).toMatchObject(NO_KEY);
    }
    kit.issuer.answer(DISCOVERY, discovery);
    expect(await failure(kit.assume(token))).toBeUndefined();
  });
});
