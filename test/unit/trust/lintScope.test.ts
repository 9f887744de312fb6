import { describe, expect, it } from "vitest";
import { applyEdits, pathText } from "../../../src/core/trust/index.ts";
import {
  ACCOUNT,
  AUD,
  ISSUER,
  ORG,
  OTHER_PROJECT,
  policy,
  PROJECT,
  PROJECT_ID,
  PROVIDER,
  statement,
  SUB,
  when,
} from "./fixtures.ts";
import { MASK, BASE, AUDIENCE, PINNED, lint, rulesOf } from "./lintFixtures.ts";

describe("who gets in", () => {
  it.each([
    ["a whole project ID by its own key", { StringEquals: PINNED }, []],
    ["several projects", { StringEquals: { ...AUDIENCE, [PROJECT_ID]: [PROJECT, OTHER_PROJECT] } }, []],
    ["a project by the subject", { StringEquals: AUDIENCE, StringLike: { [SUB]: `${BASE}/user/*` } }, []],
    [
      "audit log streaming and nothing else",
      { StringEquals: { ...AUDIENCE, [SUB]: `org/${ORG}/file-streaming/audit-logs` } },
      [],
    ],
    ["the organization by a star", { StringEquals: AUDIENCE, StringLike: { [SUB]: "*" } }, ["open-subject"]],
    [
      "a star as the project",
      { StringEquals: AUDIENCE, StringLike: { [PROJECT_ID]: "*" } },
      ["open-subject"],
    ],
    [
      "a mask as the project",
      { StringEquals: AUDIENCE, StringLike: { [SUB]: `org/${ORG}/project/${MASK}/user/*` } },
      ["open-subject"],
    ],
    [
      "a star before the project, which a branch name of another project can fill",
      { StringEquals: AUDIENCE, StringLike: { [SUB]: `org/*/project/${PROJECT}/user/*` } },
      ["open-subject"],
    ],
    [
      "one star among the projects",
      { StringEquals: AUDIENCE, StringLike: { [PROJECT_ID]: [PROJECT, "*"] } },
      ["open-subject"],
    ],
    [
      "an empty list for a key that is not there",
      { StringEquals: AUDIENCE, "ForAllValues:StringEquals": { [`${ISSUER}:x`]: [] } },
      ["absent-key-holds", "any-project", "empty-values"],
    ],
    [
      "an empty list of exclusions",
      { StringEquals: AUDIENCE, StringNotLike: { [SUB]: [] } },
      ["empty-values", "only-exclusions"],
    ],
    ["an empty list of projects", { StringEquals: { ...AUDIENCE, [PROJECT_ID]: [] } }, ["empty-values"]],
    ["another audience alone", { StringEquals: { [AUD]: "deploy" } }, ["caller-chosen"]],
    [
      "only that the project is there",
      { StringEquals: AUDIENCE, Null: { [PROJECT_ID]: "false" } },
      ["any-project"],
    ],
    [
      "all but one project",
      { StringEquals: AUDIENCE, StringNotEquals: { [PROJECT_ID]: OTHER_PROJECT } },
      ["only-exclusions"],
    ],
    [
      "ForAllValues on the project",
      { StringEquals: AUDIENCE, "ForAllValues:StringEquals": { [PROJECT_ID]: PROJECT } },
      ["audit-log-stream", "set-operator"],
    ],
    [
      "ForAnyValue on the project",
      { StringEquals: AUDIENCE, "ForAnyValue:StringEquals": { [PROJECT_ID]: PROJECT } },
      ["set-operator"],
    ],
    [
      "IfExists on the project",
      { StringEquals: AUDIENCE, StringEqualsIfExists: { [PROJECT_ID]: PROJECT } },
      ["audit-log-stream", "if-exists"],
    ],
  ])("%s", (_what, condition, expected) => {
    expect(rulesOf(when(condition))).toEqual(expected);
  });

  it("judges each statement by itself, and the Deny statements with it", () => {
    const open = statement({ Condition: { StringEquals: AUDIENCE } });
    const tight = statement({ Condition: { StringEquals: PINNED } });
    const deny = statement({ Effect: "Deny", Condition: { StringNotEquals: { [PROJECT_ID]: PROJECT } } });
    const [finding] = lint(policy(tight, open)).filter(({ severity }) => severity === "critical");
    expect(pathText(finding?.path ?? [])).toBe("Statement[1].Condition");
    expect(rulesOf(policy(open, deny))).toEqual([]);
    expect(
      rulesOf(policy(open, { ...deny, Condition: { StringNotEquals: { [PROJECT_ID]: "x" } } })),
    ).toContain("matches-no-token");
  });

  it("finds the one open value of a list and takes it out", () => {
    const text = JSON.stringify(
      when({ StringEquals: AUDIENCE, StringLike: { [SUB]: [`${BASE}/user/*`, `org/${ORG}/*`] } }),
      undefined,
      2,
    );
    const [finding] = lint(text).filter(({ rule }) => rule === "open-subject");
    expect(text.slice(finding?.span.start, finding?.span.end)).toBe(`"org/${ORG}/*"`);
    const fixed = applyEdits(text, finding?.fix?.edits ?? []);
    expect(JSON.parse(fixed)).toEqual(
      when({ StringEquals: AUDIENCE, StringLike: { [SUB]: [`${BASE}/user/*`] } }),
    );
  });

  it.each([
    ["no condition", policy(statement())],
    ["other conditions", when({ StringEquals: AUDIENCE })],
    ["no StringEquals", when({ StringLike: { [AUD]: ORG } })],
    ["a lone statement", { Version: "2012-10-17", Statement: statement() }],
  ])("pins the projects that are meant where there is %s", (_what, document) => {
    const text = JSON.stringify(document, undefined, 2);
    const projectIds = [PROJECT, OTHER_PROJECT];
    const fix = lint(text, { projectIds }).find(({ rule }) => rule === "any-project")?.fix;
    const fixed = applyEdits(text, fix?.edits ?? []);
    expect(fixed).toContain(`"${PROJECT_ID}": ["${PROJECT}","${OTHER_PROJECT}"]`);
    expect(rulesOf(fixed).filter((rule) => rule !== "no-audience")).toEqual([]);
  });

  it("pins nothing where it is not known which projects are meant", () => {
    const [finding] = lint(when({ StringEquals: AUDIENCE }));
    expect([finding?.rule, finding?.fix]).toEqual(["any-project", undefined]);
    const root = "oidc.circleci.com";
    const atRoot = policy(
      statement({
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${root}` },
        Condition: {
          StringEquals: { [`${root}:aud`]: ORG },
          StringLike: { [`${root}:sub`]: `org/${ORG}/*` },
        },
      }),
    );
    const open = lint(atRoot, { projectIds: [PROJECT] }).find(({ rule }) => rule === "open-subject");
    expect(open).toBeDefined();
    expect(open?.fix).toBeUndefined();
  });

  it("tries what a Deny exempts", () => {
    const open = statement({ Condition: { StringEquals: AUDIENCE } });
    const exempt = (key: string) =>
      statement({
        Effect: "Deny",
        Condition: { StringNotLike: { [key]: "*/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main" } },
      });
    expect(rulesOf(policy(open, exempt(SUB)))).toEqual(["any-project"]);
    // Without its key the Deny holds for everyone.
    expect(rulesOf(policy(open, exempt(`${ISSUER}:x`)))).toEqual(["absent-key-holds"]);
  });

  it("counts on no Deny that is for others, for less, or under more conditions", () => {
    const open = statement({ Condition: { StringEquals: AUDIENCE } });
    const pinned = { StringNotEquals: { [PROJECT_ID]: PROJECT } };
    const deny = statement({ Effect: "Deny", Condition: pinned });
    const elsewhere = { Principal: { Federated: PROVIDER.replace(ORG, OTHER_PROJECT) } };
    const more = { Condition: { ...pinned, StringEquals: { [SUB]: "x" } } };
    for (const change of [elsewhere, { Action: "sts:TagSession" }, more])
      expect(rulesOf(policy(open, { ...deny, ...change }))).toContain("any-project");
  });

  it("knows no fix for a provider without a key for the project", () => {
    const elsewhere = policy(
      statement({ Principal: { Federated: PROVIDER.replace("arn:aws:", "arn:aws-cn:") } }),
    );
    const finding = lint(elsewhere, { projectIds: [PROJECT] }).find(({ rule }) => rule === "any-project");
    expect(finding).toBeDefined();
    expect(finding?.fix).toBeUndefined();
  });

  it.each([
    ["a slash at the end", `${ISSUER}/`, "matches-no-token"],
    ["no ID", "oidc.circleci.com/org/acme", "matches-no-token"],
    ["capital letters", ISSUER.replace(ORG, OTHER_PROJECT.toUpperCase()), "wrong-case"],
    ["a placeholder", "oidc.circleci.com/org/<organization_id>", "placeholder"],
  ])("finds a provider whose name has %s", (_what, issuer, rule) => {
    const principal = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` };
    const condition = { StringEquals: { [`${issuer}:aud`]: ORG } };
    expect(rulesOf(policy(statement({ Principal: principal, Condition: condition })))).toContain(rule);
  });

  it("knows no other than the given organization and account", () => {
    const pinned = when({ StringEquals: PINNED });
    expect(rulesOf(pinned, { organizationId: ORG, accountId: ACCOUNT })).toEqual([]);
    expect(rulesOf(pinned, { organizationId: OTHER_PROJECT })).toEqual(["foreign-organization"]);
    expect(rulesOf(pinned, { accountId: "444455556666" })).toEqual(["foreign-provider"]);
    const google = policy(
      statement({
        Principal: { Federated: "accounts.google.com" },
        Condition: { StringEquals: { "accounts.google.com:aud": "x" } },
      }),
    );
    expect(rulesOf(google, { accountId: "444455556666" })).toEqual([]);
  });

  it("knows a CircleCI Server by its subjects", () => {
    const server = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/ci.acme.test` };
    const like = (subject: string) =>
      policy(
        statement({
          Principal: server,
          Condition: {
            StringEquals: { "ci.acme.test:aud": ORG },
            StringLike: { "ci.acme.test:sub": subject },
          },
        }),
      );
    expect(rulesOf(like(`${BASE}/user/*`))).toEqual([]);
    expect(rulesOf(like(`org/${ORG}/project/*`))).toEqual(["open-subject"]);
  });
});
