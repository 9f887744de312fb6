import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import {
  buildTrustPolicy,
  jobClaims,
  simulateWebIdentity,
  type CircleCiJob,
  type JobRef,
  type ProjectRule,
  type TrustRule,
} from "../../../src/core/trust/index.ts";
import { ACCOUNT, AUD, ISSUER, job, ORG, OTHER_PROJECT, PROJECT, PROJECT_ID, SUB, USER } from "./fixtures.ts";
import { rules } from "./generateRules.ts";
import { onBranches, policyFor, policyOf, ruleFor } from "./rules.ts";

const MASK = "????????-????-????-????-????????????";
const stem = `org/${ORG}/project/${PROJECT}/user`;

/** The condition of the one statement. */
function conditionOf(project: Partial<ProjectRule>, changes: Partial<TrustRule> = {}): unknown {
  return policyFor(project, changes).Statement[0]?.Condition;
}

function problemOf(rule: TrustRule): string | undefined {
  const built = buildTrustPolicy(rule);
  return built.ok ? undefined : english(built.problem);
}

describe("a rule becomes one statement that", () => {
  it("needs no subject where the project's own key says it all", () => {
    expect(conditionOf({})).toEqual({ StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT } });
  });

  it("pins the project by the subject where AWS is not known to have that key", () => {
    const equals = { [`${ISSUER}:aud`]: ORG };
    expect(conditionOf({}, { partition: "aws-cn" })).toEqual({
      StringEquals: equals,
      StringLike: { [SUB]: `${stem}/*` },
    });
    expect(conditionOf({}, { projectKey: false })).toEqual(conditionOf({}, { partition: "aws-us-gov" }));
    expect(conditionOf({}, { partition: "aws-cn", projectKey: true })).toEqual(conditionOf({}));
  });

  it("masks the user and pins the repository wherever a ref follows", () => {
    const refs = [
      { kind: "branch", name: "main" },
      { kind: "branchPrefix", prefix: "release/" },
      { kind: "tag", name: "v1" },
      { kind: "tagPrefix", prefix: "" },
    ] as const;
    const origin = `${stem}/${MASK}/vcs-origin/github.com/acme/shop/vcs-ref`;
    expect(conditionOf({ runs: { kind: "refs", repository: "github.com/acme/shop", refs } })).toEqual({
      StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT },
      // A tag is covered by all tags.
      StringLike: {
        [SUB]: [`${origin}/refs/heads/main`, `${origin}/refs/heads/release/*`, `${origin}/refs/tags/*`],
      },
    });
  });

  it("names users exactly, with and without what follows in V2", () => {
    const users = { kind: "named", ids: [USER] } as const;
    expect(conditionOf({ users })).toMatchObject({
      StringLike: { [SUB]: [`${stem}/${USER}`, `${stem}/${USER}/*`] },
    });
    expect(conditionOf({ users, subject: "V1" })).toEqual({
      StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT, [SUB]: `${stem}/${USER}` },
    });
    expect(conditionOf({ subject: "V1" })).toMatchObject({ StringLike: { [SUB]: `${stem}/${MASK}` } });
    expect(conditionOf({ users, runs: onBranches("main") })).toMatchObject({
      StringEquals: { [SUB]: `${stem}/${USER}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main` },
    });
  });

  it("takes the issuer of a CircleCI Server, and more audiences", () => {
    const issuer = "ci.acme.example/oidc";
    const policy = policyFor({}, { issuer, audiences: ["sts.amazonaws.com", ORG, ORG] });
    expect(policy.Statement[0]).toMatchObject({
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
      Condition: {
        StringEquals: { [`${issuer}:aud`]: [ORG, "sts.amazonaws.com"] },
        StringLike: { [`${issuer}:sub`]: `${stem}/*` },
      },
    });
  });

  it("counts its length as the quota does", () => {
    const built = buildTrustPolicy(ruleFor({ runs: onBranches("main") }));
    expect(built).toMatchObject({ ok: true });
    if (built.ok)
      expect(built.value.length).toBe(JSON.stringify(built.value.document).replaceAll(/\s/g, "").length);
  });
});

describe("a rule that cannot be stated is refused, in words", () => {
  it.each([
    [ruleFor({}, { accountId: "1" }), /12 digits/],
    [ruleFor({}, { organizationId: PROJECT.toUpperCase() }), /organization ID is a UUID/],
    [ruleFor({ projectId: "*" }), /project ID is a UUID/],
    [ruleFor({ users: { kind: "named", ids: ["*"] } }), /user ID is a UUID/],
    [ruleFor({}, { issuer: "oidc.circleci.com" }), /shared by all customers/],
    [ruleFor({}, { issuer: `oidc.circleci.com/org/${OTHER_PROJECT}` }), /cannot be the issuer/],
    [ruleFor({}, { issuer: "https://ci.acme.example" }), /cannot be the issuer/],
    [ruleFor({}, { issuer: "ci.acme.example:8443" }), /cannot be the issuer/],
    [ruleFor({}, { issuer: "ci.acme.example", projectKey: true }), /nobody would be let in/],
    [ruleFor({}, { audiences: [] }), /cannot be an audience/],
    [ruleFor({}, { audiences: ["${aws:username}"] }), /cannot be an audience/],
    [ruleFor({}, { projects: [] }), /at least one project/],
    [ruleFor({}, { projects: [...ruleFor({}).projects, ...ruleFor({}).projects] }), /twice/],
    [ruleFor({ subject: "V1", runs: onBranches("main") }), /CIRCLE_OIDC_TOKEN_V2/],
    [ruleFor({ runs: onBranches() }), /at least one branch or tag/],
    [ruleFor({ runs: onBranches("re*") }), /as Git writes it/],
    [ruleFor({ runs: onBranches("<branch>") }), /placeholder that nobody has filled in/],
    [
      ruleFor({ runs: { kind: "refs", repository: "*", refs: [{ kind: "branch", name: "m" }] } }),
      /host\/owner\/name/,
    ],
  ])("%#", (rule, reason) => expect(problemOf(rule)).toMatch(reason));
});

/** Whether the policy of a rule admits a job's token, with the provider it belongs to. */
function admits(rule: TrustRule, changed: Partial<CircleCiJob>): boolean {
  const [project] = rule.projects;
  const issuer = rule.issuer === undefined ? {} : { serverIssuer: `https://${rule.issuer}` };
  const claims = jobClaims({
    ...job,
    organizationId: rule.organizationId,
    ...(project === undefined ? {} : { projectId: project.projectId }),
    ...issuer,
    ...changed,
  });
  const { partition, accountId } = rule;
  // A key that AWS is not known to have there is uncertain, which is not admitted here.
  return (
    simulateWebIdentity({ policy: policyOf(rule), role: { partition, accountId }, claims }).verdict ===
    "ALLOW"
  );
}

/** What a rule says, word by word, without any pattern: a second reading to hold the policy to. */
function saysSo(rule: TrustRule, changed: CircleCiJob): boolean {
  const project = rule.projects.find(({ projectId }) => projectId === changed.projectId);
  if (project === undefined) return false;
  const { runs, users, subject } = project;
  if (users.kind === "named" && !users.ids.includes(changed.userId)) return false;
  const short = changed.token === "V1" || changed.trigger.kind === "webhook";
  if (subject === "V1" && !short) return false;
  if (runs.kind === "any") return true;
  if (short || changed.trigger.kind !== "vcs") return false;
  const { repository, ref } = changed.trigger;
  return (
    repository === runs.repository &&
    runs.refs.some((one) => {
      const kind = one.kind === "tag" || one.kind === "tagPrefix" ? "tag" : "branch";
      if (ref.kind !== kind) return false;
      return "name" in one ? one.name === ref.name : ref.name.startsWith(one.prefix);
    })
  );
}

describe("for any rule the policy", () => {
  const refOf = (rule: TrustRule): fc.Arbitrary<JobRef> => {
    const named = rule.projects.flatMap(({ runs }) => (runs.kind === "refs" ? runs.refs : []));
    const names = named.map((one) => ("name" in one ? one.name : `${one.prefix}x`));
    const origins = rule.projects.flatMap(({ runs }) => (runs.kind === "refs" ? [runs.repository] : []));
    const injected = names.flatMap((name) =>
      origins.flatMap((origin) => [
        `x/vcs-origin/${origin}/vcs-ref/refs/heads/${name}`,
        `${USER}/vcs-origin/${origin}/vcs-ref/refs/heads/${name}`,
      ]),
    );
    return fc
      .record({ tag: fc.boolean(), name: fc.constantFrom("main", "other", ...names, ...injected) })
      .map(({ tag, name }) => ({ kind: tag ? "tag" : "branch", name }));
  };

  it("admits the very runs that the rule names, and no others", () => {
    let allowed = 0;
    const cases = rules.chain((rule) => {
      const known = rule.projects.map(({ projectId }) => projectId);
      const ids = rule.projects.flatMap(({ users }) => (users.kind === "named" ? users.ids : []));
      const repositories = rule.projects.flatMap(({ runs }) =>
        runs.kind === "refs" ? [runs.repository] : [],
      );
      return fc.record({
        rule: fc.constant(rule),
        projectId: fc.constantFrom(...known, OTHER_PROJECT),
        userId: fc.constantFrom(USER, ...ids),
        token: fc.constantFrom("V1" as const, "V2" as const),
        webhook: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
        repository: fc.constantFrom("github.com/mallory/shop", "github.com/acme/shop", ...repositories),
        ref: refOf(rule),
      });
    });
    fc.assert(
      fc.property(cases, ({ rule, webhook, repository, ref, ...who }) => {
        const trigger = webhook
          ? ({ kind: "webhook" } as const)
          : ({ kind: "vcs", repository, ref } as const);
        const asked: CircleCiJob = { ...job, organizationId: rule.organizationId, ...who, trigger };
        const wanted = saysSo(rule, asked);
        if (rule.projectKey === true && rule.partition !== "aws") return;
        if (wanted) allowed += 1;
        expect(admits(rule, asked)).toBe(wanted);
      }),
      { numRuns: 2000 },
    );
    // Otherwise the property would say little.
    expect(allowed).toBeGreaterThan(200);
  });

  it("is the same text for the same rule, in whatever order it is written", () => {
    fc.assert(
      fc.property(rules, (rule) => {
        const mixed: TrustRule = {
          ...rule,
          audiences: rule.audiences.toReversed(),
          projects: rule.projects.toReversed().map((project) => ({
            ...project,
            users:
              project.users.kind === "named"
                ? { kind: "named", ids: [...project.users.ids.toReversed(), ...project.users.ids] }
                : project.users,
          })),
        };
        expect(JSON.stringify(policyOf(mixed))).toBe(JSON.stringify(policyOf(rule)));
      }),
    );
  });
});
