import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  applyEdits,
  auditLogClaims,
  jobClaims,
  lintTrustPolicy,
  parseTrustDocument,
  simulateWebIdentity,
  type CircleCiJob,
  type LintFinding,
  type LintRuleId,
  type TokenClaims,
  type Verdict,
} from "../../../src/core/trust/index.ts";
import { ACCOUNT, job, NOW, ORG, PROJECT, simulate } from "./fixtures.ts";
import { claims, policies } from "./generate.ts";
import { lintablePolicies } from "./lintable.ts";

/** How many policies a run tries; more with `LINT_RUNS`, the same ones again with `LINT_SEED`. */
const RUNS = Number(process.env["LINT_RUNS"] ?? 600);
const SEED = Number(process.env["LINT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const request = { "sts:RoleSessionName": "ci-build", "aws:SourceIp": "127.0.0.1" };

const anyPolicy: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: lintablePolicies },
  { weight: 1, arbitrary: policies.map((policy) => JSON.stringify(policy)) },
);

function onBranch(
  change: Partial<CircleCiJob>,
  name: string,
  repository = "github.com/acme/shop",
): TokenClaims {
  const ref = { kind: "branch" as const, name };
  return jobClaims({ ...job, ...change, trigger: { kind: "vcs", repository, ref } });
}

/** Tokens of a project that no generated policy names, with each audience a job could choose. */
const strangers: readonly TokenClaims[] = [ORG, "deploy", "sts.amazonaws.com", "elsewhere"].flatMap(
  (audience) => {
    const outside = { projectId: "cccccccc-0000-4000-8000-cccccccccccc", audience };
    return [
      onBranch(outside, "main"),
      onBranch(outside, "dev"),
      onBranch(outside, `x/project/${PROJECT}/user/x`),
      onBranch(outside, "x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main"),
      onBranch(outside, "x/vcs-ref/refs/heads/y"),
      onBranch(outside, "main", "github.com/eve/shop"),
      onBranch(outside, "x/vcs-ref/refs/heads/main", "github.com/eve/shop"),
      onBranch(outside, "x/vcs-ref/refs/heads/y", "github.com/eve/shop"),
      jobClaims({ ...job, ...outside, token: "V1" }),
      jobClaims({ ...job, ...outside, trigger: { kind: "webhook" } }),
      jobClaims({ ...job, ...outside, sshRerun: true }),
    ];
  },
);

const found = (policy: string): readonly LintFinding[] => lintTrustPolicy({ policy });

const verdict = (policy: string, token: TokenClaims): Verdict =>
  simulate(policy, token, { request, stored: true }).verdict;

/** How much a verdict lets in. */
const admission = (policy: string, token: TokenClaims): number =>
  ({ ALLOW: 2, UNCERTAIN: 1, DENY: 0, INVALID: 0 })[verdict(policy, token)];

it(
  "calls a policy critical that lets another project in, and warns of log streaming",
  { timeout: 300_000 },
  () => {
    let admitting = 0;
    fc.assert(
      fc.property(anyPolicy, (policy) => {
        const severities = new Set(found(policy).map(({ severity }) => severity));
        if (strangers.some((token) => verdict(policy, token) === "ALLOW")) {
          admitting += 1;
          expect(severities).toContain("critical");
        }
        const isNamed = policy.includes("file-streaming");
        const streamed = verdict(policy, auditLogClaims({ organizationId: ORG, issuedAt: NOW - 60 }));
        if (streamed === "ALLOW" && !isNamed)
          expect([...severities].some((one) => one !== "info")).toBe(true);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    console.log(
      `lint: ${String(RUNS)} policies, seed ${String(SEED)}: ${String(admitting)} let strangers in`,
    );
    expect(admitting).toBeGreaterThan(RUNS / 20);
  },
);

it(
  "calls no policy critical for its projects that lets none of the strangers in",
  { timeout: 300_000 },
  () => {
    const about: readonly LintRuleId[] = ["any-project", "open-subject", "only-exclusions", "caller-chosen"];
    fc.assert(
      fc.property(lintablePolicies, (policy) => {
        if (!found(policy).some(({ rule }) => about.includes(rule))) return;
        // Whoever only the request or what is not documented keeps out counts as getting in.
        const verdicts = strangers.map(
          (claims) =>
            simulateWebIdentity({
              policy,
              claims,
              role: { partition: "aws", accountId: ACCOUNT },
              stored: true,
            }).verdict,
        );
        expect(verdicts.some((one) => one !== "DENY")).toBe(true);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  },
);

it(
  "offers fixes that parse, take the finding away, and let nobody in who was not",
  { timeout: 300_000 },
  () => {
    const fixed = new Map<string, number>();
    fc.assert(
      fc.property(anyPolicy, fc.array(claims, { minLength: 4, maxLength: 4 }), (policy, tokens) => {
        const before = found(policy);
        for (const { rule, fix } of before) {
          if (fix === undefined) continue;
          fixed.set(fix.title.id, (fixed.get(fix.title.id) ?? 0) + 1);
          const after = applyEdits(policy, fix.edits);
          expect([after, parseTrustDocument(after).kind]).toEqual([after, "document"]);
          const count = (findings: readonly LintFinding[]): number =>
            findings.filter((finding) => finding.rule === rule).length;
          expect([after, count(found(after))]).toEqual([after, expect.any(Number)]);
          expect(count(found(after))).toBeLessThan(count(before));
          for (const token of [
            ...tokens,
            ...strangers,
            jobClaims(job),
            onBranch({}, "main"),
            onBranch({}, "dev"),
          ])
            expect([after, admission(after, token) <= admission(policy, token)]).toEqual([after, true]);
        }
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: SEED },
    );
    console.log(`fixes: ${[...fixed].map(([title, count]) => `${title} ${String(count)}`).join(", ")}`);
    expect(fixed.size).toBeGreaterThanOrEqual(6);
  },
);
