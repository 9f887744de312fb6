import { describe, expect, it } from "vitest";
import { jobClaims } from "../../../src/core/trust/index.ts";
import {
  ABSENT,
  AUD,
  ISSUER,
  job,
  ORG,
  PROJECT,
  PROJECT_ID,
  PROVIDER,
  simulate,
  statement,
  SUB,
  USER,
  when,
} from "./fixtures.ts";
import { GIVEN, table } from "./table.ts";

const V2 = `org/${ORG}/project/${PROJECT}/user/${USER}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main`;
const AMR = `${ISSUER}:amr`;

describe("strings", () => {
  table([
    ["StringEquals", SUB, V2, "ALLOW"],
    ["StringEquals", SUB, V2.toUpperCase(), "DENY"],
    ["StringEquals", SUB.toUpperCase(), V2, "ALLOW"],
    ["StringEquals", SUB, ["other", V2], "ALLOW"],
    ["StringEquals", SUB, `${V2.slice(0, -1)}?`, "DENY"],
    ["StringEquals", SUB, "*", "DENY"],
    ["StringNotEquals", SUB, "other", "ALLOW"],
    ["StringNotEquals", SUB, ["other", V2], "DENY"],
    ["StringEqualsIgnoreCase", SUB, V2.toUpperCase(), "ALLOW"],
    ["StringNotEqualsIgnoreCase", SUB, V2.toUpperCase(), "DENY"],
    ["StringLike", SUB, `org/${ORG}/*`, "ALLOW"],
    ["StringLike", SUB, `org/${ORG}/*/refs/heads/main`, "ALLOW"],
    ["StringLike", SUB, `org/${ORG}/?`, "DENY"],
    ["StringLike", SUB, `ORG/*`, "DENY"],
    ["StringLike", SUB, ["x*", `*/vcs-ref/refs/heads/mai?`], "ALLOW"],
    ["StringNotLike", SUB, "*/refs/pull/*", "ALLOW"],
    ["StringNotLike", SUB, ["*/refs/pull/*", "org/*"], "DENY"],
    ["StringEquals", PROJECT_ID, PROJECT, "ALLOW"],
    ["StringEquals", PROJECT_ID, PROJECT.toUpperCase(), "DENY"],
  ]);
});

describe("a key that is absent", () => {
  table([
    ["StringEquals", ABSENT, "a", "DENY"],
    ["StringLike", ABSENT, "*", "DENY"],
    ["StringNotEquals", ABSENT, "a", "ALLOW"],
    ["StringNotLike", ABSENT, "*", "ALLOW"],
    ["StringEqualsIfExists", ABSENT, "a", "ALLOW"],
    ["StringNotEqualsIfExists", ABSENT, "a", "ALLOW"],
    ["StringEqualsIfExists", SUB, "a", "DENY"],
    ["NumericNotEquals", ABSENT, "1", "ALLOW"],
    ["NumericLessThan", ABSENT, "1", "DENY"],
    ["DateGreaterThan", ABSENT, "2020-01-01T00:00:00Z", "DENY"],
    ["Bool", ABSENT, "false", "DENY"],
    ["BoolIfExists", ABSENT, "true", "ALLOW"],
    ["IpAddress", ABSENT, "0.0.0.0/0", "DENY"],
    ["NotIpAddress", ABSENT, "0.0.0.0/0", "ALLOW"],
    ["ArnNotLike", ABSENT, "*", "ALLOW"],
    ["BinaryEquals", ABSENT, "QQ==", "DENY"],
    ["ForAllValues:StringEquals", ABSENT, "a", "ALLOW"],
    ["ForAllValues:StringNotEquals", ABSENT, "a", "ALLOW"],
    ["ForAllValues:StringEqualsIfExists", ABSENT, "a", "ALLOW"],
    ["ForAnyValue:StringEquals", ABSENT, "a", "DENY"],
    ["ForAnyValue:StringNotEquals", ABSENT, "a", "DENY"],
    ["ForAnyValue:StringEqualsIfExists", ABSENT, "a", "UNCERTAIN"],
    ["Null", ABSENT, "true", "ALLOW"],
    ["Null", ABSENT, "false", "DENY"],
    ["Null", SUB, "true", "DENY"],
    ["Null", SUB, "false", "ALLOW"],
    ["Null", SUB, ["true", "false"], "ALLOW"],
    ["Null", SUB, true, "DENY"],
    ["Null", SUB, "no", "UNCERTAIN"],
    ["ForAnyValue:Null", SUB, "false", "UNCERTAIN"],
  ]);
});

describe("which keys AWS exposes", () => {
  table([
    ["StringEquals", AUD, ORG, "ALLOW"],
    ["StringEquals", `${ISSUER}:oidc.circleci.com/vcs-ref`, "refs/heads/main", "DENY"],
    ["StringNotEquals", `${ISSUER}:oidc.circleci.com/vcs-ref`, "refs/heads/main", "ALLOW"],
    ["StringEquals", `${ISSUER}:oidc.circleci.com/vcs-origin`, "github.com/acme/shop", "DENY"],
    ["ForAnyValue:StringLike", `${ISSUER}:oidc.circleci.com/context-ids`, "*", "DENY"],
    ["Bool", `${ISSUER}:oidc.circleci.com/ssh-rerun`, "false", "DENY"],
    ["Null", `${ISSUER}:oidc.circleci.com/org-id`, "true", "ALLOW"],
    ["Null", `${ISSUER}:iss`, "true", "ALLOW"],
    ["StringLike", `${ISSUER}:oaud`, "*", "UNCERTAIN"],
    ["StringLikeIfExists", `${ISSUER}:oaud`, "*", "ALLOW"],
    ["StringEquals", `${ISSUER}:oaud`, "other", "DENY"],
    ["Null", `${ISSUER}:email`, "true", "ALLOW"],
    ["Null", "token.actions.githubusercontent.com:sub", "true", "ALLOW"],
    ["StringLike", "aws:SourceIp", "*", "UNCERTAIN"],
    ["Bool", "aws:SecureTransport", "true", "ALLOW"],
    ["StringLike", "aws:PrincipalArn", "*", "DENY"],
    ["StringLike", "sts:ExternalId", "*", "DENY"],
    ["StringEquals", "aws:FederatedProvider", PROVIDER, "ALLOW"],
    ["Bool", "sts:RoleAuthorizedByIdp", "false", "ALLOW"],
    ["StringEquals", GIVEN, "given", "ALLOW"],
    ["StringEquals", "STS:rolesessionname", "given", "ALLOW"],
  ]);

  it("the project key outside the aws partition is not established", () => {
    const role = { partition: "aws-cn", accountId: "111122223333" } as const;
    const Principal = { Federated: PROVIDER.replace("arn:aws:", "arn:aws-cn:") };
    const ask = (Condition: unknown) =>
      simulate({ Statement: statement({ Principal, Condition }) }, jobClaims(job), { role }).verdict;
    expect(ask({ StringEquals: { [PROJECT_ID]: PROJECT } })).toBe("UNCERTAIN");
    expect(ask({ StringEquals: { [PROJECT_ID]: "other" } })).toBe("DENY");
    expect(ask({ StringLike: { [SUB]: `org/${ORG}/project/${PROJECT}/*` } })).toBe("ALLOW");
  });

  it("the project key does not come with tokens of the root issuer", () => {
    const root = PROVIDER.replace(`/org/${ORG}`, "");
    const ask = (key: string) =>
      simulate(
        { Statement: statement({ Principal: { Federated: root }, Condition: { Null: { [key]: "true" } } }) },
        jobClaims({ ...job, rootIssuer: true }),
      ).verdict;
    expect(ask("oidc.circleci.com:oidc.circleci.com/project-id")).toBe("ALLOW");
    expect(ask("oidc.circleci.com:sub")).toBe("DENY");
  });
});

describe("set operators on several values", () => {
  const claims = { ...jobClaims(job), amr: ["mfa", "pwd"] };
  table(
    [
      ["ForAnyValue:StringEquals", AMR, "mfa", "ALLOW"],
      ["ForAnyValue:StringEquals", AMR, "otp", "DENY"],
      ["ForAnyValue:StringNotEquals", AMR, "mfa", "ALLOW"],
      ["ForAnyValue:StringNotEquals", AMR, ["mfa", "pwd"], "DENY"],
      ["ForAllValues:StringEquals", AMR, ["mfa", "pwd", "otp"], "ALLOW"],
      ["ForAllValues:StringEquals", AMR, "mfa", "DENY"],
      ["ForAllValues:StringNotEquals", AMR, "otp", "ALLOW"],
      ["ForAllValues:StringNotLike", AMR, "m*", "DENY"],
      ["StringEquals", AMR, "mfa", "UNCERTAIN"],
      ["StringNotEquals", AMR, "otp", "UNCERTAIN"],
      ["Null", AMR, "false", "ALLOW"],
    ],
    "given",
    claims,
  );
});

describe("set operators on a single value", () => {
  table([
    ["ForAnyValue:StringLike", SUB, "org/*", "ALLOW"],
    ["ForAnyValue:StringLike", SUB, "x*", "DENY"],
    ["ForAllValues:StringLike", SUB, "org/*", "ALLOW"],
    ["ForAllValues:StringLike", SUB, "x*", "DENY"],
  ]);
});

describe("an empty value in the request", () => {
  table(
    [
      ["ForAllValues:StringEquals", GIVEN, "a", "ALLOW"],
      ["ForAnyValue:StringEquals", GIVEN, "a", "DENY"],
      ["ForAnyValue:StringLike", GIVEN, "*", "UNCERTAIN"],
      ["StringLike", GIVEN, "*", "ALLOW"],
      ["StringEquals", GIVEN, "a", "DENY"],
      ["Null", GIVEN, "false", "UNCERTAIN"],
    ],
    "",
  );
});

describe("an empty list of values", () => {
  table([
    ["StringEquals", SUB, [], "UNCERTAIN"],
    ["StringNotEquals", SUB, [], "UNCERTAIN"],
    ["StringEqualsIfExists", SUB, [], "DENY"],
    ["StringEqualsIfExists", ABSENT, [], "ALLOW"],
    ["ForAnyValue:StringEquals", SUB, [], "DENY"],
    ["ForAllValues:StringEquals", SUB, [], "DENY"],
    ["ForAllValues:StringEquals", ABSENT, [], "ALLOW"],
    ["ForAnyValue:StringEquals", ABSENT, [], "DENY"],
  ]);
});

it("all conditions of a statement must hold", () => {
  const both = { StringEquals: { [AUD]: ORG, [PROJECT_ID]: PROJECT }, StringLike: { [SUB]: "org/*" } };
  expect(simulate(when(both)).verdict).toBe("ALLOW");
  expect(simulate(when({ ...both, StringLike: { [SUB]: "x*" } })).verdict).toBe("DENY");
  expect(simulate(when({ ...both, StringEquals: { [AUD]: ORG, [PROJECT_ID]: "x" } })).verdict).toBe("DENY");
});
