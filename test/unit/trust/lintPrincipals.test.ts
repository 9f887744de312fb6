import { describe, expect, it } from "vitest";
import { applyEdits, lintRolePermissions } from "../../../src/core/trust/index.ts";
import { ACCOUNT, policy, PROVIDER, statement } from "./fixtures.ts";
import { PINNED, HUB, lint, rulesOf, assume } from "./lintFixtures.ts";

describe("roles, accounts and everyone", () => {
  it.each([
    ["one role", { AWS: HUB }, undefined, []],
    ["everyone", { AWS: "*" }, undefined, ["everyone"]],
    ["everyone with an external ID", { AWS: "*" }, { StringEquals: { "sts:ExternalId": "x" } }, ["everyone"]],
    [
      "everyone with a tag of their own",
      { AWS: "*" },
      { StringEquals: { "aws:PrincipalTag/team": "x" } },
      ["everyone"],
    ],
    [
      "an organization",
      { AWS: "*" },
      { StringEquals: { "aws:PrincipalOrgID": "o-acme" } },
      ["organization-wide"],
    ],
    [
      "ForAllValues on the organization",
      { AWS: "*" },
      { "ForAllValues:StringEquals": { "aws:PrincipalOrgID": "o-acme" } },
      ["organization-wide", "set-operator"],
    ],
    [
      "IfExists on the organization",
      { AWS: "*" },
      { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-acme" } },
      ["if-exists", "organization-wide"],
    ],
    [
      "one role of an organization",
      { AWS: "*" },
      { StringEquals: { "aws:PrincipalOrgID": "o-acme" }, ArnEquals: { "aws:PrincipalArn": HUB } },
      [],
    ],
    [
      "a role of that name in any account",
      { AWS: "*" },
      { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/hub" } },
      ["everyone"],
    ],
    [
      "all but one account",
      { AWS: "*" },
      { StringNotEquals: { "aws:PrincipalAccount": "444455556666" } },
      ["everyone"],
    ],
    [
      "an account by condition",
      { AWS: "*" },
      { StringEquals: { "aws:PrincipalAccount": "444455556666" } },
      ["account-wide"],
    ],
    ["an account", { AWS: "444455556666" }, undefined, ["account-wide"]],
    ["an account's root", { AWS: "arn:aws:iam::444455556666:root" }, undefined, ["account-wide"]],
    [
      "one role of an account",
      { AWS: "arn:aws:iam::444455556666:root" },
      { ArnEquals: { "aws:PrincipalArn": HUB } },
      [],
    ],
    ["a deleted role", { AWS: "AROAEXAMPLEEXAMPLE1" }, undefined, ["deleted-principal"]],
    ["a service", { Service: "ec2.amazonaws.com" }, undefined, []],
    [
      "a web identity, by the wrong action",
      { Federated: PROVIDER },
      { StringEquals: PINNED },
      ["action-mismatch"],
    ],
  ])("%s", (_what, principal, condition, expected) => {
    const document = assume({
      Principal: principal,
      ...(condition === undefined ? {} : { Condition: condition }),
    });
    expect(rulesOf(document)).toEqual(expected);
  });

  it.each([
    ["arn:aws-cn:iam::*:role/hub", ["everyone"]],
    ["arn:aws-us-gov:iam::444455556666:role/*", []],
    ["arn:aws-us-gov:iam::444455556666:role/hub", []],
  ])("knows the partition of %s", (arn, expected) => {
    const condition = { ArnLike: { "aws:PrincipalArn": arn } };
    expect(rulesOf(assume({ Principal: { AWS: "*" }, Condition: condition }))).toEqual(expected);
  });

  it("finds an account in another partition that is let in as a whole", () => {
    const principal = { AWS: "arn:aws-cn:iam::444455556666:root" };
    const condition = { ArnLike: { "aws:PrincipalArn": "arn:aws-cn:iam::444455556666:role/*" } };
    expect(rulesOf(assume({ Principal: principal, Condition: condition }))).toEqual(["account-wide"]);
  });

  it("takes a deleted role out of a list", () => {
    const text = JSON.stringify(assume({ Principal: { AWS: ["AROAEXAMPLEEXAMPLE1", HUB] } }));
    const [finding] = lint(text);
    expect(JSON.parse(applyEdits(text, finding?.fix?.edits ?? []))).toEqual(
      assume({ Principal: { AWS: [HUB] } }),
    );
  });

  it.each([
    ["o-acme/*", ["organization-wide"]],
    ["o-acme/r-1/ou-1/*", []],
    ["*", ["everyone"]],
  ])("knows the organization in the path %s", (path, expected) => {
    const condition = { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": path } };
    expect(rulesOf(assume({ Principal: { AWS: "*" }, Condition: condition }))).toEqual(expected);
  });

  it("is silent about SAML", () => {
    const saml = { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/idp` };
    expect(rulesOf(policy(statement({ Principal: saml, Action: "sts:AssumeRoleWithSAML" })))).toEqual([]);
    expect(rulesOf(policy(statement({ Principal: saml })))).toEqual(["action-mismatch"]);
  });

  it("heeds a Deny for several, and none for somebody else", () => {
    const root = statement({
      Action: "sts:AssumeRole",
      Principal: { AWS: "arn:aws:iam::444455556666:root" },
    });
    const deny = (principals: readonly string[]) => ({
      ...root,
      Effect: "Deny",
      Principal: { AWS: principals },
    });
    expect(rulesOf(policy(root, deny(["arn:aws:iam::777788889999:root"])))).toEqual(["account-wide"]);
    expect(rulesOf(policy(root, deny(["777788889999", "444455556666"])))).toEqual([]);
    expect(rulesOf(policy(root, deny(["arn:aws:iam::444455556666:role/other"])))).toEqual(["account-wide"]);
  });

  it("heeds a Deny for everyone from elsewhere", () => {
    const open = statement({ Action: "sts:AssumeRole", Principal: { AWS: "*" } });
    const deny = {
      ...open,
      Effect: "Deny",
      Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-acme" } },
    };
    expect(rulesOf(policy(open))).toEqual(["everyone"]);
    expect(rulesOf(policy(open, deny))).toEqual([]);
  });
});

describe("other issuers", () => {
  const github = "token.actions.githubusercontent.com";
  const at = (issuer: string, condition: Readonly<Record<string, unknown>>) =>
    policy(
      statement({
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
        Condition: condition,
      }),
    );
  const audience = { [`${github}:aud`]: "sts.amazonaws.com" };

  it.each([
    ["repo:acme/app:*", []],
    ["repo:acme/*", []],
    ["repo:acme*", ["outsider-subject"]],
    ["repo:*/app:ref:refs/heads/main", ["outsider-subject"]],
    ["*", ["outsider-subject"]],
  ])("GitHub's %s", (subject, expected) => {
    const condition = { StringEquals: audience, StringLike: { [`${github}:sub`]: subject } };
    expect(rulesOf(at(github, condition))).toEqual(expected);
  });

  it.each([
    [
      "GitHub's repository ID in place of the subject",
      { StringEquals: { ...audience, [`${github}:repository_id`]: "7" } },
      [],
    ],
    [
      "GitHub's issuer, which is no key",
      {
        StringEquals: { ...audience, [`${github}:sub`]: "repo:acme@1/app@2:x" },
        "ForAllValues:StringEquals": { [`${github}:iss`]: "x" },
      },
      ["absent-key-holds"],
    ],
    ["nothing", { StringEquals: audience }, ["outsider-subject"]],
  ])("%s", (_what, condition, expected) => {
    expect(rulesOf(at(github, condition))).toEqual(expected);
  });

  it("is content with one condition that lets no stranger in", () => {
    const wide = { StringLike: { [`${github}:sub`]: "*" } };
    expect(rulesOf(at(github, { ...wide, StringEquals: audience }))).toEqual(["outsider-subject"]);
    const narrow = { StringEquals: { ...audience, [`${github}:repository_id`]: "7" } };
    expect(rulesOf(at(github, { ...wide, ...narrow }))).toEqual([]);
  });

  it("asks an issuer that is named by its domain for the audience, once", () => {
    const google = (claim: string) =>
      policy(
        statement({
          Principal: { Federated: "accounts.google.com" },
          Condition: { StringEquals: { [`accounts.google.com:${claim}`]: "x" } },
        }),
      );
    expect(rulesOf(google("aud"))).toEqual([]);
    expect(rulesOf(google("sub"))).toEqual(["outsider-subject"]);
  });

  it("asks Pulumi for the audience and GitLab for the subject", () => {
    expect(
      rulesOf(at("api.pulumi.com/oidc", { StringEquals: { "api.pulumi.com/oidc:aud": "aws:acme" } })),
    ).toEqual([]);
    expect(rulesOf(at("gitlab.com", { StringEquals: { "gitlab.com:aud": "x" } }))).toEqual([
      "outsider-subject",
    ]);
  });
});

describe("what a role may do", () => {
  const allow = (Action: unknown, Resource: unknown, more = {}) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action, Resource, ...more }],
  });
  const roleArn = "arn:aws:iam::111122223333:role/ci/deploy";
  const rulesFor = (...policies: readonly unknown[]): readonly string[] =>
    lintRolePermissions({ policies, roleArn }).map(({ rule }) => rule);

  it.each([
    ["everything", allow("*", "*"), ["administrator-access"]],
    ["all of IAM", allow(["s3:*", "iam:*"], ["*"]), ["administrator-access"]],
    [
      "everything but IAM",
      { Statement: { Effect: "Allow", NotAction: ["aws-portal:*", "iam:*"], Resource: "*" } },
      ["cdk-bootstrap"],
    ],
    [
      "everything but billing",
      { Statement: { Effect: "Allow", NotAction: "aws-portal:*", Resource: "*" } },
      ["administrator-access"],
    ],
    ["everything in a bucket", allow("*", "arn:aws:s3:::acme/*"), []],
    ["policies of all roles", allow("iam:Put*", "arn:aws:iam::*:role/*"), ["widens-itself"]],
    [
      "policies of roles in another path",
      allow("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/app/*"),
      [],
    ],
    [
      "new versions of policies, among other things",
      allow("iam:CreatePolicyVersion", ["arn:aws:s3:::x", "*"]),
      ["widens-itself"],
    ],
    ["passing itself on", allow("iam:PassRole", roleArn), ["widens-itself"]],
    ["new versions of policies", allow("iam:CreatePolicyVersion", "*"), ["widens-itself"]],
    ["CDK's roles", allow("sts:AssumeRole", "arn:aws:iam::*:role/cdk-hnb659fds-*"), ["cdk-bootstrap"]],
    [
      "CDK's lookup role",
      allow(
        "sts:AssumeRole",
        "arn:aws:iam::111122223333:role/cdk-hnb659fds-lookup-role-111122223333-eu-west-1",
      ),
      [],
    ],
    ["a denial", { Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] }, []],
    ["no policy", "no JSON", []],
  ])("%s", (_what, document, expected) => {
    expect(rulesFor(document)).toEqual(expected);
  });

  it("knows the managed policies of administrators, and says which one it is", () => {
    const attached = [
      "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "arn:aws-cn:iam::aws:policy/AdministratorAccess",
    ];
    const findings = lintRolePermissions({ attached, policies: [allow("s3:*", "*"), allow("*", "*")] });
    expect(findings.map(({ path }) => path)).toEqual([
      ["attached", 1],
      ["policies", 1, "Statement", 0],
    ]);
  });
});
