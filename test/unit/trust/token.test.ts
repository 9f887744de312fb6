import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { jobClaims, simulateWebIdentity } from "../../../src/core/trust/index.ts";
import { ACCOUNT, AUD, ISSUER, job, NOW, ORG, policy, simulate, statement, when } from "./fixtures.ts";

describe("before the policy", () => {
  const open = policy(statement());
  const provider = { url: ISSUER, clientIds: [ORG, "deploy"] };
  const refused = (message: string) => ({ code: "InvalidIdentityToken", message });
  const severalAudiences = refused(
    "Token audience contains more than one audience while authorized party is not present",
  );

  it.each([
    ["a token that fits", {}, undefined],
    ["another registered audience", { aud: "deploy" }, undefined],
    ["a list of one audience", { aud: [ORG] }, undefined],
    ["several audiences with azp", { aud: [ORG, "x"], azp: "deploy" }, undefined],
    ["times as text", { iat: String(NOW - 60), exp: String(NOW + 60) }, undefined],
    ["expired within the tolerance", { exp: NOW - 290 }, undefined],
    ["issued a little ahead", { iat: NOW + 290 }, undefined],
    ["several audiences", { aud: [ORG, "deploy"] }, severalAudiences],
    ["another audience", { aud: "x" }, refused("Incorrect token audience")],
    ["azp instead of aud", { azp: "x" }, refused("Incorrect token audience")],
    [
      "another issuer",
      { iss: "https://oidc.circleci.com" },
      refused("No OpenIDConnect provider found in your account for https://oidc.circleci.com"),
    ],
    [
      "a slash at the end",
      { iss: `https://${ISSUER}/` },
      refused(`No OpenIDConnect provider found in your account for https://${ISSUER}/`),
    ],
    ["no https", { iss: ISSUER }, refused(`No OpenIDConnect provider found in your account for ${ISSUER}`)],
    ["no subject", { sub: undefined }, refused("Missing a required claim: sub")],
    ["no time of issue", { iat: undefined }, refused("Missing a required claim: iat")],
    ["an empty audience", { aud: [] }, refused("Invalid claim: aud")],
    ["a fractional time", { exp: NOW + 0.5 }, refused("Invalid claim: exp")],
    ["from the future", { iat: NOW + 310 }, refused("Token issued in the future.")],
    ["not yet valid", { nbf: NOW + 310 }, refused("Token is not yet valid.")],
  ])("%s", (_, change, error) => {
    const answer = simulate(open, { ...jobClaims(job), ...change }, { provider });
    if (error === undefined) {
      expect(answer.verdict).toBe("ALLOW");
      return;
    }
    expect(answer).toMatchObject({ verdict: "DENY", by: { stage: "token" }, error });
    expect(english(answer.reason)).toContain(error.message);
  });

  it("an expired token", () => {
    const expired = jobClaims({ ...job, issuedAt: NOW - 3600 - 600 });
    const answer = simulate(open, expired, { provider });
    expect(answer.error?.code).toBe("ExpiredTokenException");
    // Without a clock times are not checked.
    const { now: _now, ...timeless } = { policy: open, claims: expired, now: NOW };
    expect(simulateWebIdentity({ ...timeless, role: { partition: "aws", accountId: ACCOUNT } }).verdict).toBe(
      "ALLOW",
    );
  });

  it("the provider's URL may be given with or without its scheme", () => {
    const url = `https://${ISSUER}`;
    expect(simulate(open, jobClaims(job), { provider: { url, clientIds: [ORG] } }).verdict).toBe("ALLOW");
  });

  it("azp counts as the audience in the policy too", () => {
    const Condition = { StringEquals: { [AUD]: "deploy" } };
    expect(simulate(when(Condition), { ...jobClaims(job), azp: "deploy" }).verdict).toBe("ALLOW");
  });
});
