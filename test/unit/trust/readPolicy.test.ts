import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { readingLines, readTrustPolicy, type TrustReading } from "../../../src/core/trust/index.ts";
import { canonicalRule } from "../../../src/core/trust/rule.ts";
import {
  ACTION,
  AUD,
  ISSUER,
  ORG,
  policy,
  PROJECT,
  PROJECT_ID,
  statement,
  SUB,
  USER,
  when,
} from "./fixtures.ts";
import { policies } from "./generate.ts";
import { rules } from "./generateRules.ts";
import { onBranches, policyFor, policyOf, ruleFor } from "./rules.ts";

function read(value: unknown, names: Readonly<Record<string, string>> = {}): TrustReading {
  const reading = readTrustPolicy({ policy: value }, names);
  if (reading.kind === "invalid") throw new Error(reading.message);
  return reading;
}

const words = (value: unknown, names: Readonly<Record<string, string>> = {}): readonly string[] =>
  readingLines(read(value, names)).map(({ depth, text }) => `${"  ".repeat(depth)}${english(text)}`);

describe("a policy that we built", () => {
  it("gives its rule back, whatever the rule", () => {
    fc.assert(
      fc.property(rules, (rule) => {
        expect(read(policyOf(rule)).rule).toEqual(canonicalRule(rule));
      }),
      { numRuns: 500 },
    );
  });

  it("gives it back from text, URL-encoded, with lists for single values and in another order", () => {
    const rule = ruleFor({ runs: onBranches("main", "next") });
    const built = policyOf(rule);
    const encoded = encodeURIComponent(JSON.stringify(built));
    const [first] = built.Statement;
    const other = {
      Statement: { Sid: "Shop", ...first, Action: [ACTION] },
      Version: "2012-10-17",
    };
    for (const form of [built, encoded, other]) expect(read(form).rule).toEqual(canonicalRule(rule));
  });

  it("is said in plain words, with who can bring about such a token", () => {
    expect(words(policyFor({ runs: onBranches("main") }), { [PROJECT]: "web-shop" })).toEqual([
      "These can assume the role:",
      "  Jobs of the CircleCI project web-shop whose token says branch main of github.com/acme/shop, started by anyone.",
      "  Every job of the project can ask CircleCI for a token, whether or not it has the step.",
      "  The branch or tag in the token is the change that triggered the pipeline. Whoever may trigger pipelines can choose the config and the checkout from other branches.",
      "  Pipelines started by a custom webhook have no branch in their token and are refused.",
    ]);
    const refs = [
      { kind: "branchPrefix", prefix: "release/" },
      { kind: "tagPrefix", prefix: "" },
    ] as const;
    const users = { kind: "named", ids: [USER] } as const;
    const said = words(
      policyFor({ runs: { kind: "refs", repository: "github.com/acme/shop", refs }, users }),
    );
    expect(said[1]).toBe(
      `  Jobs of the CircleCI project ${PROJECT} whose token says a branch of github.com/acme/shop that begins with release/, started by ${USER}.`,
    );
    expect(said[2]).toBe(
      `  Jobs of the CircleCI project ${PROJECT} whose token says any tag of github.com/acme/shop, started by ${USER}.`,
    );
  });
});

describe("a policy that others wrote", () => {
  it.each([
    ["another operator", when({ StringLike: { [AUD]: ORG, [PROJECT_ID]: PROJECT } })],
    ["IfExists", when({ StringEqualsIfExists: { [AUD]: ORG, [PROJECT_ID]: PROJECT } })],
    [
      "a condition more",
      when({ StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT, "aws:RequestedRegion": "x" } }),
    ],
    [
      "a star for the user before a ref",
      when({
        StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT },
        StringLike: {
          [SUB]: `org/${ORG}/project/${PROJECT}/user/*/vcs-origin/github.com/a/b/vcs-ref/refs/heads/main`,
        },
      }),
    ],
    ["no audience", when({ StringEquals: { [PROJECT_ID]: PROJECT } })],
    [
      "a Deny",
      policy(
        statement({ Effect: "Deny", Condition: { StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT } } }),
      ),
    ],
    ["NotAction", policy({ ...statement({ Action: undefined }), NotAction: "sts:TagSession" })],
  ])("is not taken for a rule of ours because of %s", (_why, other) => {
    expect(read(other).rule).toBeUndefined();
    expect(read(other).statements[0]?.rule).toBeUndefined();
  });

  it("is said condition by condition, and none is left out", () => {
    const other = when({
      StringEquals: { [AUD]: [ORG, "b"] },
      StringNotLike: { [SUB]: "*x" },
      "ForAllValues:StringEquals": { [`${ISSUER}:oidc.circleci.com/context-ids`]: "c" },
      Null: { "aws:TokenIssueTime": "false" },
      DateLessThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" },
    });
    expect(words(other)).toEqual([
      "These can assume the role, if every condition holds:",
      `  Whoever has a token of the CircleCI organization ${ORG}`,
      `    ${AUD} is ${ORG}, b`,
      `    ${SUB} does not match *x`,
      `    it also holds where the request has no ${SUB}`,
      `    ${ISSUER}:oidc.circleci.com/context-ids is c`,
      `    it also holds where the request has no ${ISSUER}:oidc.circleci.com/context-ids`,
      `    AWS gives a request with a CircleCI token no ${ISSUER}:oidc.circleci.com/context-ids`,
      "    the request has aws:TokenIssueTime",
      "    DateLessThan on aws:CurrentTime: 2030-01-01T00:00:00Z",
    ]);
  });

  it("names every kind of principal", () => {
    const said = words(
      policy({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: {
          AWS: [
            "111122223333",
            "arn:aws:iam::444455556666:root",
            "arn:aws:iam::444455556666:role/a",
            "AROA1234567890ABCDEFG",
            "*",
          ],
          Service: "ec2.amazonaws.com",
        },
      }),
    );
    expect(said).toEqual([
      "These can assume the role:",
      "  Everyone in the AWS account 111122223333 whose own policies allow it",
      "  Everyone in the AWS account 444455556666 whose own policies allow it",
      "  Whoever works as arn:aws:iam::444455556666:role/a",
      "  A role or user that was deleted, of which only the unique ID AROA1234567890ABCDEFG is left: nobody today",
      "  Everyone, in any AWS account, whose own policies allow it",
      "  The AWS service ec2.amazonaws.com",
    ]);
  });

  it("says that nobody gets in where no statement allows it", () => {
    expect(words(policy(statement({ Effect: "Deny" })))[0]).toMatch(/^Nobody can assume the role/);
    expect(words(policy(statement({ Action: "sts:TagSession" })))[0]).toMatch(/^Nobody can assume the role/);
  });

  it("is invalid with IAM's message where IAM would refuse it", () => {
    expect(readTrustPolicy({ policy: "{" })).toMatchObject({ kind: "invalid", message: /invalid Json/ });
  });

  it("is read whatever it is: every statement, every principal and every condition has its line", () => {
    fc.assert(
      fc.property(policies, (value) => {
        const reading = readTrustPolicy({ policy: value });
        if (reading.kind === "invalid") return;
        for (const { statement: one, who, conditions, rule } of reading.statements) {
          if (rule !== undefined) continue;
          expect(who).toHaveLength(one.principals.length);
          expect(conditions).toHaveLength(one.conditions.length);
        }
      }),
    );
  });
});
