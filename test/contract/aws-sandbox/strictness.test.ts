import * as aws from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { HUB, PINNED, PROVIDER, SUB, failure, policy, startKit, webTrust } from "./kit.ts";
import type { Kit, Statement } from "./kit.ts";
import { policyRows, trustRows } from "./strict/documents.ts";
import { entityRows } from "./strict/entities.ts";
import { nameRows } from "./strict/names.ts";
import { providerRows, tagRows } from "./strict/providers.ts";
import { createRole, createPolicy } from "./strict/rows.ts";
import { updateRows } from "./strict/updates.ts";

// One row for everything IAM refuses. A row fails when the check it stands for is taken out of the sandbox.
const ROWS = [
  ...nameRows,
  ...tagRows,
  ...providerRows,
  ...entityRows,
  ...trustRows,
  ...policyRows,
  ...updateRows,
];

let kit: Kit;
beforeAll(async () => {
  kit = await startKit();
});
beforeEach(() => kit.sandbox.reset());
afterAll(() => kit.end());

it("has one row per rule", () => {
  const rules = ROWS.map(({ rule }) => rule);
  expect(new Set(rules).size).toBe(rules.length);
});

describe("refuses", () => {
  it.each(ROWS)("$rule", async ({ first, refused, error: [name, status, message] }) => {
    await first?.(kit);
    const before = kit.sandbox.dump();
    const error = await failure(refused(kit));
    expect(error).toMatchObject({ name, status, message: expect.stringMatching(message) });
    // What was refused has left no trace.
    expect(kit.sandbox.dump()).toEqual(before);
  });
});

// The other side: what looks similar and is right must pass, so that no check is simply too broad.
const TRUSTED: readonly (readonly [string, Statement])[] = [
  ["no condition at all (AWS asks none of CircleCI's issuers)", webTrust()],
  ["a provider that does not exist", { ...webTrust(), Principal: { Federated: `${PROVIDER}x` } }],
  ["a domain", { ...webTrust(), Principal: { Federated: "accounts.google.com" } }],
  ["a service", { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  ["an account by number", { Effect: "Allow", Principal: { AWS: SUB }, Action: "sts:AssumeRole" }],
  ["everybody in AWS", { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
  [
    "a user",
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${HUB}:user/admin` }, Action: "sts:AssumeRole" },
  ],
  ["every sts action", { ...webTrust(PINNED), Action: "sts:*" }],
  ["a misspelt action", { ...webTrust(), Action: "sts:AssumeRoleWithWebIdentiy" }],
  ["a set operator with IfExists", webTrust({ "ForAnyValue:StringLikeIfExists": { "a:b": ["c", "d"] } })],
  ["a key AWS never sets", webTrust({ Bool: { "a:oidc.circleci.com/ssh-rerun": false } })],
];

describe("accepts", () => {
  it.each(TRUSTED)("a trust policy with %s", async (_, statement) => {
    expect(await failure(createRole({ AssumeRolePolicyDocument: policy(statement) })(kit))).toBeUndefined();
  });

  it("2048 characters that count, however many spaces are between them", async () => {
    const minified = policy(webTrust({ StringLike: { "a:b": "" } }));
    const text = minified.replace('""', `"${"x".repeat(2048 - minified.length)}"`);
    const spaced = JSON.stringify(JSON.parse(text), undefined, 8);
    expect(spaced.length).toBeGreaterThan(2048);
    expect(await failure(createRole({ AssumeRolePolicyDocument: spaced })(kit))).toBeUndefined();
  });

  it("policies with variables and wildcards in their resources", async () => {
    const document = policy({
      Effect: "Allow",
      NotAction: ["iam:*"],
      Resource: ["arn:aws:s3:::b/${aws:username}/*", `arn:aws:iam::*:role/circleci/*`, "arn:aws:iam::*:*"],
    });
    expect(await failure(createPolicy({ PolicyDocument: document })(kit))).toBeUndefined();
  });

  it("a policy document of 2008 where a version is asked for", async () => {
    const document = policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }).replace("2012", "2008");
    expect(await failure(createPolicy({ PolicyDocument: document })(kit))).toBeUndefined();
  });

  it("a name in every allowed character and length", async () => {
    const RoleName = "Az09_+=,.@-".padEnd(64, "x");
    expect(await failure(createRole({ RoleName, Path: "/a/!~/" })(kit))).toBeUndefined();
  });
});

it("answers InvalidAction for what it does not have", async () => {
  const error = await failure(kit.hub.send(new aws.ListUsersCommand({})));
  expect(error).toMatchObject({ name: "InvalidAction", status: 400 });
});
