import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as fc from "fast-check";
import { base64url, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  jobClaims,
  simulateWebIdentity,
  type CircleCiJob,
  type JobTrigger,
  type TokenClaims,
} from "../../../src/core/trust/index.ts";
import { startJudge } from "../../support/judges.ts";

/*
 * A third opinion on trust policies, by an emulator that others wrote. It evaluates `aud` and `sub` with string
 * operators, `ForAnyValue` and `IfExists`, several statements and an explicit Deny; it does not know the project-id
 * key, and it checks neither signature nor audience of the token. Only what it can judge is put to it.
 */

const ACCOUNT = "111122223333";
const ORG = "11111111-2222-4333-8444-555555555555";
const PROJECT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const OTHER_PROJECT = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff";
const USER = "99999999-8888-4777-8666-555555555555";
const ISSUER = `oidc.circleci.com/org/${ORG}`;
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
const MASK = "????????-????-????-????-????????????";
const SHOP = "vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main";
const BASE = `org/${ORG}/project/${PROJECT}/user`;
const PAIRS = 200;

const judge = await startJudge("ministack");

const trigger = fc.constantFrom<JobTrigger>(
  { kind: "vcs", repository: "github.com/acme/shop", ref: { kind: "branch", name: "main" } },
  { kind: "vcs", repository: "github.com/acme/shop", ref: { kind: "branch", name: "dev" } },
  { kind: "vcs", repository: "github.com/eve/shop", ref: { kind: "branch", name: "main" } },
  { kind: "vcs", repository: "github.com/acme/shop", ref: { kind: "branch", name: `x/${SHOP}` } },
  { kind: "webhook" },
);

const tokens = fc
  .record({
    trigger,
    projectId: fc.constantFrom(PROJECT, PROJECT, OTHER_PROJECT),
    token: fc.constantFrom("V1" as const, "V2" as const, "V2" as const),
  })
  .map((changes): CircleCiJob => ({ organizationId: ORG, userId: USER, issuedAt: 0, ...changes }));

const line = fc.oneof(
  fc.record({
    operator: fc.constantFrom("StringEquals", "StringNotEquals", "ForAnyValue:StringEquals"),
    key: fc.constant("aud"),
    value: fc.constantFrom<string | readonly string[]>(ORG, OTHER_PROJECT, [OTHER_PROJECT, ORG]),
  }),
  fc.record({
    operator: fc.constantFrom(
      "StringLike",
      "StringLike",
      "StringNotLike",
      "StringLikeIfExists",
      "StringEquals",
    ),
    key: fc.constant("sub"),
    value: fc.constantFrom<string | readonly string[]>(
      `${BASE}/*`,
      `${BASE}/*/${SHOP}`,
      `${BASE}/${MASK}/${SHOP}`,
      `${BASE}/${USER}/${SHOP}`,
      [`${BASE}/${MASK}`, `${BASE}/${MASK}/${SHOP}`],
      `org/${ORG}/*`,
      "*",
    ),
  }),
);

const statement = (effect: "Allow" | "Deny") =>
  fc
    .uniqueArray(line, { minLength: effect === "Deny" ? 1 : 0, maxLength: 2, selector: ({ key }) => key })
    .map((lines) => ({
      Effect: effect,
      Principal: { Federated: PROVIDER },
      Action: "sts:AssumeRoleWithWebIdentity",
      ...(lines.length === 0
        ? {}
        : {
            Condition: Object.fromEntries(
              Object.entries(Object.groupBy(lines, ({ operator }) => operator)).map(([operator, some]) => [
                operator,
                Object.fromEntries(some.map(({ key, value }) => [`${ISSUER}:${key}`, value])),
              ]),
            ),
          }),
    }));

const policies = fc
  .tuple(
    fc.array(statement("Allow"), { minLength: 1, maxLength: 2 }),
    fc.array(statement("Deny"), { maxLength: 1 }),
  )
  .map(([allows, denies]) => ({ Version: "2012-10-17", Statement: [...denies, ...allows] }));

describe.skipIf(judge === undefined)("ministack, on trust policies", () => {
  const endpoint = judge?.endpoint ?? "http://127.0.0.1:9";
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "judge" };
  const iam = new IAMClient({ region: "us-east-1", endpoint, credentials });
  const sts = new STSClient({ region: "us-east-1", endpoint, credentials });
  const key = base64url.decode("c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA");

  beforeAll(async () => {
    const command = new CreateOpenIDConnectProviderCommand({ Url: `https://${ISSUER}`, ClientIDList: [ORG] });
    await iam.send(command);
  });
  afterAll(async () => {
    iam.destroy();
    sts.destroy();
    await judge?.stop();
  });

  async function opinion(policy: unknown, claims: TokenClaims): Promise<"ALLOW" | "DENY"> {
    const RoleName = "ci";
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(policy) }));
    try {
      const now = Math.floor(Date.now() / 1000);
      const token = await new SignJWT({ ...claims, iat: now, exp: now + 3600 })
        .setProtectedHeader({ alg: "HS256", kid: "k" })
        .sign(key);
      await sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
          RoleSessionName: "ci-build",
          WebIdentityToken: token,
        }),
      );
      return "ALLOW";
    } catch (error) {
      if (error instanceof Error && error.name === "AccessDenied") return "DENY";
      throw error;
    } finally {
      await iam.send(new DeleteRoleCommand({ RoleName }));
    }
  }

  it("agrees with the simulator wherever it can judge", async () => {
    const counts = { ALLOW: 0, DENY: 0 };
    const seed = Math.floor(Math.random() * 2 ** 31);
    await fc.assert(
      fc.asyncProperty(policies, tokens, async (policy, job) => {
        const claims = jobClaims(job);
        const mine = simulateWebIdentity({ policy, role: { partition: "aws", accountId: ACCOUNT }, claims });
        const theirs = await opinion(policy, claims);
        counts[theirs] += 1;
        expect(mine.verdict).toBe(theirs);
      }),
      { numRuns: PAIRS, seed },
    );
    console.log(
      `ministack: ${String(PAIRS)} pairs, seed ${String(seed)}: ALLOW ${String(counts.ALLOW)}, DENY ${String(counts.DENY)}`,
    );
    expect(counts.ALLOW).toBeGreaterThan(PAIRS / 5);
    expect(counts.DENY).toBeGreaterThan(PAIRS / 5);
  });

  it("does not know the project-id key, which AWS has since 2026", async () => {
    const policy = {
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { Federated: PROVIDER },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${ISSUER}:oidc.circleci.com/project-id`]: PROJECT } },
      },
    };
    const claims = jobClaims({
      organizationId: ORG,
      projectId: PROJECT,
      userId: USER,
      issuedAt: 0,
      token: "V2",
      trigger: { kind: "webhook" },
    });
    expect(await opinion(policy, claims), "ministack knows it now: put it to ministack too").toBe("DENY");
  });
});
