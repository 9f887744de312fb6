import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admittedSubjects,
  fitsOwner,
  jobClaims,
  simulateWebIdentity,
  subjectRefs,
  type CircleCiJob,
} from "../../../src/core/trust/index.ts";

const organizationId = "0a1b2c3d-0000-4000-8000-000000000001";
const projects = ["0a1b2c3d-0000-4000-8000-000000000002", "0a1b2c3d-0000-4000-8000-000000000003"] as const;
const repositories = ["github.com/acme/web-shop", "github.com/acme/api", "gitlab.com/a/b/c"] as const;
const issuer = `oidc.circleci.com/org/${organizationId}`;
const role = { partition: "aws", accountId: "111111111111" } as const;
const policyOf = (conditions: readonly object[], effect = "Allow"): object => ({
  Version: "2012-10-17",
  Statement: conditions.map((Condition) => ({
    Effect: effect,
    Principal: { Federated: `arn:aws:iam::111111111111:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition,
  })),
});

const job = fc.record({
  organizationId: fc.constant(organizationId),
  projectId: fc.constantFrom(...projects),
  userId: fc.constantFrom(...projects),
  token: fc.constantFrom("V1" as const, "V2" as const),
  issuedAt: fc.constant(0),
  trigger: fc.oneof(
    fc.constant({ kind: "webhook" as const }),
    fc.record({
      kind: fc.constant("vcs" as const),
      repository: fc.constantFrom(...repositories),
      ref: fc.record({
        kind: fc.constantFrom("branch" as const, "tag" as const),
        name: fc.constantFrom("main", "release/1.x", "v1", "a/b/c", "user/x"),
      }),
    }),
  ),
});

/** The subject of a job with parts of it replaced by wildcards. */
const patternOf = (given: CircleCiJob, cuts: readonly (readonly [number, number, string])[]): string => {
  let text = String(jobClaims(given)["sub"]);
  for (const [at, length, by] of cuts) {
    const from = at % text.length;
    text = text.slice(0, from) + by + text.slice(from + length);
  }
  return text;
};
const cuts = fc.array(fc.tuple(fc.nat(200), fc.nat(90), fc.constantFrom("*", "?", "**")), { maxLength: 4 });

describe("the subjects that a trust policy admits", () => {
  it("leave out no run that the simulator lets in", () => {
    let admitted = 0;
    fc.assert(
      fc.property(job, job, cuts, fc.boolean(), (run, like, holes, byProject) => {
        const sub = { StringLike: { [`${issuer}:sub`]: patternOf(like, holes) } };
        const key = `${issuer}:oidc.circleci.com/project-id`;
        const policy = policyOf([byProject ? { StringEquals: { [key]: like.projectId } } : sub]);
        const subjects = admittedSubjects({ policy });
        expect(subjects).toHaveLength(1);
        const { verdict } = simulateWebIdentity({ policy, role, claims: jobClaims(run) });
        if (verdict !== "ALLOW") return;
        admitted += 1;
        const { projectId, trigger } = run;
        const repository = trigger.kind === "vcs" ? { repository: trigger.repository } : {};
        for (const owner of [{}, { projectId }, { organizationId, projectId, ...repository }]) {
          expect(subjects?.some((one) => fitsOwner(one, owner))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
    expect(admitted).toBeGreaterThan(100);
  });

  it("are not known where a statement has no such condition, or one that others pass too", () => {
    const key = `${issuer}:sub`;
    const sub = { StringLike: { [key]: "org/o/project/p/*" } };
    const subjects = (...conditions: readonly object[]) => admittedSubjects({ policy: policyOf(conditions) });
    expect(subjects(sub)).toEqual(["org/o/project/p/*"]);
    expect(subjects({ StringLike: { [key]: ["a/${aws:x}/b", "${*}"] } })).toEqual(["a/*/b", "*"]);
    expect(subjects(sub, { StringEquals: { [`${issuer}:aud`]: "o" } })).toBeUndefined();
    expect(subjects({ StringNotLike: { [key]: "x" } })).toBeUndefined();
    expect(subjects({ StringLikeIfExists: { [key]: "x" } })).toBeUndefined();
    expect(subjects({ "ForAllValues:StringLike": { [key]: "x" } })).toBeUndefined();
    expect(admittedSubjects({ policy: policyOf([sub], "Deny") })).toBeUndefined();
    expect(admittedSubjects({ policy: "{" })).toBeUndefined();
  });

  it.each([
    [["x/vcs-ref/refs/heads/main", "y/vcs-ref/refs/heads/main"], [{ kind: "branch", name: "main" }]],
    [["x/vcs-ref/refs/heads/rel/*"], [{ kind: "branchPrefix", prefix: "rel/" }]],
    [["x/vcs-ref/refs/tags/*"], [{ kind: "tagPrefix", prefix: "" }]],
    [["x/vcs-ref/refs/heads/a?", "x"], undefined],
    [["x/vcs-ref/refs/heads/main", "x/*"], undefined],
    [["x/vcs-ref/refs/heads/"], undefined],
    [[], undefined],
  ])("end in branches and tags, or not: %j", (patterns, refs) => {
    expect(subjectRefs(patterns)).toEqual(refs);
  });
});
