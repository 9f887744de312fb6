import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { AwsError } from "../../support/aws-sandbox/errors.ts";
import { createKnobs } from "../../support/aws-sandbox/knobs.ts";
import type { World } from "../../support/aws-sandbox/model.ts";
import { readTrustPolicy } from "../../support/aws-sandbox/policy/trust.ts";
import { assumeRoleWithWebIdentity } from "../../support/aws-sandbox/sts/web-identity.ts";
import type { TokenClaims, Verdict } from "../../../src/core/trust/index.ts";
import { ACCOUNT, ISSUER, NOW, ORG, PROVIDER } from "./fixtures.ts";

export const SESSION_NAME = "ci-build";

const ROLE = `arn:aws:iam::${ACCOUNT}:role/ci`;

export type SecondOpinion = { readonly verdict: Verdict; readonly code: string };

/** The sandbox's own reading of AWS's rules: whether it stores a policy, and whether a token passes it. */
export async function secondOpinion(): Promise<
  (policy: string, claims: TokenClaims) => Promise<SecondOpinion>
> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k", use: "sig" }];
  const discovery = {
    issuer: `https://${ISSUER}`,
    jwks_uri: `https://${ISSUER}/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
  const world = emptyWorld((url) => Promise.resolve(url.endsWith("/jwks") ? { keys } : discovery));
  return async (policy, claims) => {
    try {
      store(world, policy);
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "k" })
        .sign(privateKey);
      const params = new Map([
        ["RoleArn", ROLE],
        ["RoleSessionName", SESSION_NAME],
        ["WebIdentityToken", token],
      ]);
      await assumeRoleWithWebIdentity(world, params, "test");
      return { verdict: "ALLOW", code: "" };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const invalid = error.code === "MalformedPolicyDocument";
      return { verdict: invalid ? "INVALID" : "DENY", code: error.code };
    }
  };
}

function emptyWorld(fetchJson: World["fetchJson"]): World {
  const provider = {
    arn: PROVIDER,
    url: ISSUER,
    clientIds: [ORG, "deploy"],
    thumbprints: [],
    tags: [],
    at: 0,
  };
  const account = {
    id: ACCOUNT,
    name: "test",
    organization: undefined,
    users: new Map(),
    providers: new Map([[PROVIDER, provider]]),
    roles: new Map(),
    policies: new Map(),
  };
  return {
    accounts: new Map([[ACCOUNT, account]]),
    credentials: new Map(),
    knobs: createKnobs({}),
    now: () => NOW * 1000,
    fetchJson,
    calls: [],
  };
}

function store(world: World, policy: string): void {
  const stored = readTrustPolicy(world, policy);
  world.credentials.clear();
  world.accounts.get(ACCOUNT)?.roles.set("ci", {
    name: "ci",
    path: "/",
    arn: ROLE,
    id: "AROAEXAMPLEEXAMPLE123",
    description: undefined,
    maxSession: 3600,
    boundary: undefined,
    tags: [],
    trusts: [{ stored, at: 0 }],
    inline: new Map(),
    attached: new Map(),
    lastUsed: undefined,
    at: 0,
  });
}
