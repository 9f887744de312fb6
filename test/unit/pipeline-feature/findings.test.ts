import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import type { TrustRule } from "../../../src/core/trust/index.ts";
import { knownRoles, roleAt, whoMayAssume } from "../../../src/features/pipeline/findings.ts";

const arn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
const setup = (roleArn: string, branches?: readonly string[]) => {
  const step: AuthStepOptions = {
    roleArn,
    region: "eu-central-1",
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    subAccounts: [],
  };
  return { label: "x", detail: roleArn, step, rule: ruleFor(branches) };
};
function ruleFor(branches: readonly string[] | undefined): TrustRule {
  const refs = (branches ?? []).map((name) => ({ kind: "branch" as const, name }));
  const runs =
    branches === undefined
      ? ({ kind: "any" } as const)
      : ({ kind: "refs", repository: "github.com/acme/web-shop", refs } as const);
  const id = "11111111-2222-4333-8444-555555555555";
  const projects = [{ projectId: id, runs, users: { kind: "anyone" } as const }];
  return { partition: "aws", accountId: "111111111111", organizationId: id, audiences: [id], projects };
}

const project = "org/11111111-2222-4333-8444-555555555555/project/11111111-2222-4333-8444-555555555555";
const onMain = `${project}/user/????????-????-????-????-????????????/vcs-origin/github.com/acme/web-shop/vcs-ref/refs/heads/main`;
const connected = [{ label: "ci", detail: "In account 111111111111", roleArn: arn("111111111111", "ci") }];

describe("knownRoles", () => {
  it("takes a connected account's word for its own roles, and setups for those elsewhere", () => {
    const setups = [
      setup(arn("111111111111", "ci"), ["main"]),
      setup(arn("111111111111", "gone")),
      setup(arn("222222222222", "far"), ["main"]),
    ];
    expect(knownRoles(setups, connected)).toEqual({
      accounts: ["111111111111"],
      roles: [
        { roleArn: arn("111111111111", "ci"), subjects: [onMain] },
        { roleArn: arn("222222222222", "far"), subjects: [onMain] },
      ],
    });
    expect(knownRoles([], [])).toEqual({ accounts: [], roles: [] });
  });

  it("goes by the trust policy as it was read, whoever wrote it", () => {
    const role = arn("111111111111", "ci");
    const trust = (condition: object) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/oidc.circleci.com/org/o" },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: condition,
        },
      ],
    });
    const rolesOf = (condition: object) =>
      knownRoles(
        [setup(role, ["main"])],
        [{ label: "ci", detail: "", roleArn: role, trust: trust(condition) }],
      ).roles;
    expect(rolesOf({ StringLike: { "oidc.circleci.com/org/o:sub": ["org/o/*/main"] } })).toEqual([
      { roleArn: role, subjects: ["org/o/*/main"] },
    ]);
    expect(rolesOf({ StringEquals: { "oidc.circleci.com/org/o:aud": "o" } })).toEqual([{ roleArn: role }]);
  });
});

describe("roleAt", () => {
  it("finds the ARN under a column", () => {
    const line = `  role=${arn("111111111111", "a/b")} other`;
    expect(roleAt(line, 10)).toEqual({ start: 7, end: 7 + 34, roleArn: arn("111111111111", "a/b") });
    expect(roleAt(line, 3)).toBeUndefined();
    expect(roleAt("no role", 3)).toBeUndefined();
  });
});

describe("whoMayAssume", () => {
  const role = arn("111111111111", "ci");
  const say = (...given: Parameters<typeof whoMayAssume>): string =>
    whoMayAssume(...given)
      .map(english)
      .join(" ");

  it("says what the setup says, or nothing", () => {
    expect(say(role, [setup(role, ["main", "next"])], connected)).toContain(
      "whose token says branch main, next of github.com/acme/web-shop, started by anyone.",
    );
    expect(say(role, [setup(role)], [])).toContain("on any branch or tag");
    expect(say(role, [], connected)).toBe("");
  });

  it("goes by the trust policy where it was read: it may have been changed since", () => {
    const principal = { AWS: "arn:aws:iam::444455556666:root" };
    const trust = { Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] };
    expect(say(role, [setup(role, ["main"])], [{ label: "ci", detail: "", roleArn: role, trust }])).toBe(
      "These can assume the role: Everyone in the AWS account 444455556666 whose own policies allow it",
    );
  });
});
