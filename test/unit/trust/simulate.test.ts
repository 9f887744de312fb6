import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import {
  auditLogClaims,
  jobClaims,
  type JobTrigger,
  parseTrustDocument,
  pathText,
  simulateWebIdentity,
} from "../../../src/core/trust/index.ts";
import {
  ACCOUNT,
  AUD,
  DENIED,
  ISSUER,
  job,
  NOW,
  ORG,
  OTHER_PROJECT,
  policy,
  PROJECT,
  PROJECT_ID,
  simulate,
  statement,
  SUB,
  when,
} from "./fixtures.ts";
import { claims, policies } from "./generate.ts";
import { onBranches, policyFor } from "./rules.ts";

describe("what decides", () => {
  it("is the condition that fails, with what it asks for and what there is", () => {
    const answer = simulate(when({ StringEquals: { [AUD]: ORG, [PROJECT_ID]: [OTHER_PROJECT, "x"] } }));
    expect(answer).toMatchObject({
      verdict: "DENY",
      by: {
        stage: "policy",
        statement: { index: 0 },
        condition: {
          operator: "StringEquals",
          key: PROJECT_ID,
          expected: [OTHER_PROJECT, "x"],
          actual: [PROJECT],
          path: ["Statement", 0, "Condition", "StringEquals", PROJECT_ID],
        },
      },
      error: DENIED,
      smallestChange: [{ id: "trust.change.add", args: { value: PROJECT } }],
    });
    expect(english(answer.reason)).toBe(
      `Statement 1 does not admit this token: StringEquals on ${PROJECT_ID} asks for ${OTHER_PROJECT}, x, and the request has ${PROJECT}.`,
    );
  });

  it("is the statement that lacks least", () => {
    const far = statement({ Sid: "Far", Condition: { StringEquals: { [AUD]: "x", [PROJECT_ID]: "x" } } });
    const near = statement({ Sid: "Near", Condition: { StringEquals: { [AUD]: ORG, [PROJECT_ID]: "x" } } });
    expect(simulate(policy(far, near)).by).toMatchObject({ statement: { sid: "Near" } });
    expect(simulate(policy(far)).smallestChange).toHaveLength(2);
  });

  it("is a missing provider or action where that is what lacks", () => {
    const answer = simulate(policy(statement({ Principal: { AWS: "*" } })));
    expect(answer.reason.id).toBe("trust.deny.provider");
    expect(answer.by).toEqual({ stage: "policy" });
    expect(answer.smallestChange.map(({ id }) => id)).toEqual(["trust.change.provider"]);
    const other = simulate(policy(statement({ Action: "sts:AssumeRole" })));
    expect(other.reason.id).toBe("trust.deny.action");
    expect(other.smallestChange.map(({ id }) => id)).toEqual(["trust.change.action"]);
  });

  it.each([
    [
      "a key AWS does not expose",
      { StringEquals: { [`${ISSUER}:oidc.circleci.com/vcs-ref`]: "x" } },
      "trust.change.remove",
      "trust.deny.absent",
    ],
    [
      "what a negated operator excludes",
      { StringNotLike: { [SUB]: "org/*" } },
      "trust.change.exempt",
      "trust.deny.condition",
    ],
    [
      "a value that is not listed",
      { StringLike: { [SUB]: "x*" } },
      "trust.change.add",
      "trust.deny.condition",
    ],
    [
      "a time that has passed",
      { DateLessThan: { "aws:CurrentTime": "2020-01-01T00:00:00Z" } },
      "trust.change.remove",
      "trust.deny.condition",
    ],
  ])("%s", (_, condition, change, reason) => {
    const answer = simulate(when(condition));
    expect(answer.smallestChange.map(({ id }) => id)).toEqual([change]);
    expect(answer.reason.id).toBe(reason);
  });

  it("of a V1 token at a policy for V2 is the token", () => {
    const condition = {
      StringLike: { [SUB]: `org/${ORG}/project/${PROJECT}/user/*/vcs-origin/github.com/acme/shop/*` },
    };
    for (const claims of [
      jobClaims({ ...job, token: "V1" }),
      jobClaims({ ...job, trigger: { kind: "webhook" } }),
    ])
      expect(simulate(when(condition), claims).smallestChange.map(({ id }) => id)).toEqual([
        "trust.change.vcs",
      ]);
  });

  it("of a policy IAM does not store is what IAM says", () => {
    const answer = simulate(policy(statement({ Resource: "*" })));
    expect(answer).toMatchObject({
      verdict: "INVALID",
      by: { stage: "document", path: ["Statement", 0, "Resource"] },
      error: { code: "MalformedPolicyDocument", message: "Has prohibited field Resource" },
    });
    expect(english(answer.reason)).toContain("Has prohibited field Resource (Statement[0].Resource)");
  });

  it("does not depend on how the policy is given", () => {
    const document = when({ StringEquals: { [AUD]: "x" } });
    const text = JSON.stringify(document);
    const role = { partition: "aws", accountId: ACCOUNT } as const;
    const answer = simulateWebIdentity({ policy: document, role, claims: jobClaims(job), now: NOW });
    for (const given of [
      { policy: text },
      { policy: encodeURIComponent(text) },
      { document: parseTrustDocument(text) },
    ])
      expect(simulateWebIdentity({ ...given, role, claims: jobClaims(job), now: NOW })).toEqual(answer);
  });

  it("follows the smallest change where it says to add values", () => {
    const built = (values: readonly string[]) =>
      when({ StringEquals: { [AUD]: ORG }, StringLike: { [SUB]: values } });
    const [change] = simulate(built(["x"])).smallestChange;
    const value = String(change?.args?.["value"]);
    expect(simulate(built(["x", value])).verdict).toBe("ALLOW");
    // Whoever starts the run is rarely meant, and a star would let more in than that.
    expect(value).toContain("/user/????????-????-????-????-????????????/vcs-origin/");
  });
});

describe("a policy we build", () => {
  const main = policyFor({ runs: onBranches("main") });
  const any = policyFor({ runs: { kind: "any" } });
  const on = (repository: string, name: string): JobTrigger => ({
    kind: "vcs",
    repository,
    ref: { kind: "branch", name },
  });

  it("for a branch admits that branch of that repository alone", () => {
    expect(simulate(main).verdict).toBe("ALLOW");
    expect(simulate(main, jobClaims({ ...job, sshRerun: true })).verdict).toBe("ALLOW");
    for (const trigger of [
      on("github.com/acme/shop", "dev"),
      on("github.com/acme/shop", "main2"),
      on("github.com/acme/shop", "Main"),
      on("github.com/eve/shop", "main"),
      on("github.com/acme/shop", "x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main"),
      { kind: "vcs", repository: "github.com/acme/shop", ref: { kind: "tag", name: "main" } },
      { kind: "vcs", repository: "github.com/eve/shop", ref: { kind: "pull", number: 1 } },
      { kind: "webhook" },
    ] satisfies JobTrigger[])
      expect([trigger, simulate(main, jobClaims({ ...job, trigger })).verdict]).toEqual([trigger, "DENY"]);
    expect(simulate(main, jobClaims({ ...job, token: "V1" })).verdict).toBe("DENY");
    expect(simulate(main, jobClaims({ ...job, audience: "deploy" })).verdict).toBe("DENY");
  });

  it("for any branch admits the project alone", () => {
    expect(simulate(any).verdict).toBe("ALLOW");
    expect(simulate(any, jobClaims({ ...job, token: "V1" })).verdict).toBe("ALLOW");
    expect(simulate(any, jobClaims({ ...job, trigger: { kind: "webhook" } })).verdict).toBe("ALLOW");
    expect(simulate(any, jobClaims({ ...job, projectId: OTHER_PROJECT })).verdict).toBe("DENY");
    expect(simulate(any, auditLogClaims({ organizationId: ORG, issuedAt: NOW })).verdict).toBe("DENY");
  });

  it("for a branch admits no other branch, whatever its name", () => {
    const name = fc.oneof(
      fc.string(),
      fc.string().map((text) => `${text}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main`),
      fc.string({ unit: fc.constantFrom("main", "*", "?", "${", "}", "/", "'", "$(id)", "\u202e", "\n") }),
    );
    fc.assert(
      fc.property(name, (branch) => {
        const trigger = on("github.com/acme/shop", branch);
        expect(simulate(main, jobClaims({ ...job, trigger })).verdict).toBe(
          branch === "main" ? "ALLOW" : "DENY",
        );
      }),
      { numRuns: 2000 },
    );
  });
});

describe("hostile input", () => {
  it("comes to an end: long patterns, many values, many variables", () => {
    const long = "a".repeat(20_000);
    const token = { ...jobClaims(job), sub: long };
    expect(simulate(when({ StringLike: { [SUB]: `${"*a".repeat(30_000)}b` } }), token).verdict).toBe("DENY");
    expect(
      simulate(
        when({ StringLike: { [SUB]: Array.from({ length: 2000 }, () => `${"*a?".repeat(10)}b`) } }),
        token,
      ).verdict,
    ).toBe("DENY");
    expect(simulate(when({ StringLike: { [SUB]: `\${${SUB}}`.repeat(1000) } }), token).verdict).toBe(
      "UNCERTAIN",
    );
    expect(simulate(when({ StringEquals: { [SUB]: "${".repeat(60_000) } }), token).verdict).toBe("UNCERTAIN");
    expect(simulate(when({ StringEquals: { [SUB]: `\${${":".repeat(60_000)}"}` } }), token).verdict).toBe(
      "UNCERTAIN",
    );
    expect(
      simulate(when({ ArnLike: { [SUB]: ":*".repeat(10_000) } }), { ...token, sub: ":".repeat(20_000) })
        .verdict,
    ).toBe("ALLOW");
    expect(simulate(when({ [`${"ForAnyValue:".repeat(9000)}Bool`]: { [SUB]: "a" } })).verdict).toBe(
      "INVALID",
    );
    expect(simulate(policy(statement({ Principal: { Federated: `${"a-".repeat(60_000)}.` } }))).verdict).toBe(
      "INVALID",
    );
  });

  it("gets one of the four answers, with every sentence complete", () => {
    const value: fc.Arbitrary<unknown> = fc.anything({ maxDepth: 2 });
    const odd = fc.tuple(
      claims,
      fc.constantFrom("sub", "aud", "azp", "iss", "iat", "exp", "nbf", "amr", "email"),
      value,
    );
    fc.assert(
      fc.property(policies, odd, (document, [token, name, changed]) => {
        const answer = simulate(document, { ...token, [name]: changed });
        const messages = [
          answer.reason,
          ...answer.smallestChange,
          ...(answer.readings ?? []).map(({ when }) => when),
        ];
        for (const { id, args } of messages)
          expect(
            english({
              id,
              ...(args === undefined
                ? {}
                : { args: Object.fromEntries(Object.keys(args).map((key) => [key, "x"])) }),
            }),
          ).not.toMatch(/[{}]/);
        if (answer.by.stage === "document") expect(pathText(answer.by.path)).toEqual(expect.any(String));
        expect(answer.readings === undefined).toBe(answer.verdict !== "UNCERTAIN");
        expect(answer.error === undefined).toBe(answer.verdict === "ALLOW" || answer.verdict === "UNCERTAIN");
      }),
      { numRuns: 500 },
    );
  });
});
