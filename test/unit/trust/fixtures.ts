import type { CircleCiJob, Simulation, SimulationInput, TokenClaims } from "../../../src/core/trust/index.ts";
import { jobClaims, simulateWebIdentity } from "../../../src/core/trust/index.ts";

export const ORG = "11111111-2222-4333-8444-555555555555";
export const PROJECT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
export const OTHER_PROJECT = "bbbbbbbb-cccc-4ddd-8eee-ffffffffffff";
export const USER = "99999999-8888-4777-8666-555555555555";
export const ACCOUNT = "111122223333";
export const NOW = 1_790_000_000;
export const ISSUER = `oidc.circleci.com/org/${ORG}`;
export const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
export const AUD = `${ISSUER}:aud`;
export const SUB = `${ISSUER}:sub`;
export const PROJECT_ID = `${ISSUER}:oidc.circleci.com/project-id`;
export const ACTION = "sts:AssumeRoleWithWebIdentity";

export const job: CircleCiJob = {
  organizationId: ORG,
  projectId: PROJECT,
  userId: USER,
  trigger: { kind: "vcs", repository: "github.com/acme/shop", ref: { kind: "branch", name: "main" } },
  token: "V2",
  issuedAt: NOW - 60,
};

export type Statement = Readonly<Record<string, unknown>>;

/** A statement that admits every token of the organization, changed as given; `undefined` takes a part out. */
export function statement(changes: Statement = {}): Statement {
  return { Effect: "Allow", Principal: { Federated: PROVIDER }, Action: ACTION, ...changes };
}

export function policy(...statements: readonly Statement[]): Readonly<Record<string, unknown>> {
  return { Version: "2012-10-17", Statement: statements };
}

/** A policy with one condition block. */
export function when(condition: unknown): Readonly<Record<string, unknown>> {
  return policy(statement({ Condition: condition }));
}

type Options = Partial<Omit<SimulationInput, "claims" | "document" | "policy">>;

/** Simulates a token, by default that of `job`, against a policy in the account. */
export function simulate(
  document: unknown,
  claims: TokenClaims = jobClaims(job),
  options: Options = {},
): Simulation {
  return simulateWebIdentity({
    policy: document,
    role: { partition: "aws", accountId: ACCOUNT },
    claims,
    now: NOW,
    ...options,
  });
}

/** A policy that names somebody. */
export function principal(value: unknown): Readonly<Record<string, unknown>> {
  return policy(statement({ Principal: value }));
}

/** What STS answers to whom the policy does not let in. */
export const DENIED = {
  code: "AccessDenied",
  message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
};

/** A key of the issuer that no token fills. */
export const ABSENT = `${ISSUER}:absent`;
