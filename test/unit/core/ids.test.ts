import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkAccountId,
  checkBranch,
  checkCiProfile,
  checkRegion,
  checkRepository,
  checkRoleName,
  checkUuid,
  parseArn,
} from "../../../src/core/ids.ts";

describe("a UUID", () => {
  it("comes out lowercase, whatever case it goes in, because IAM compares case-sensitively", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), (id, upper) => {
        const typed = upper ? ` ${id.toUpperCase()}\n` : id;
        expect(checkUuid(typed, "organization ID")).toEqual({ ok: true, value: id });
      }),
    );
  });

  it.each([
    "",
    "abc",
    "5034460f-c7c4-4c43-9457-de07e2029e7",
    "5034460fc7c44c439457de07e2029e7b",
    "5034460f-c7c4-4c43-9457-de07e2029e7b/x",
  ])("is not %j", (text) => expect(checkUuid(text, "organization ID").ok).toBe(false));
});

describe("other answers", () => {
  it.each([
    [checkAccountId, "1111-2222-3333", "111122223333"],
    [checkAccountId, "11112222333", undefined],
    [checkAccountId, "11112222333a", undefined],
    [checkRegion, "EU-central-1", "eu-central-1"],
    [checkRegion, "us-gov-west-1", "us-gov-west-1"],
    [checkRegion, "eusc-de-east-1", "eusc-de-east-1"],
    [checkRegion, "frankfurt", undefined],
    [checkRegion, "eu-central-1; id", undefined],
    [checkRoleName, "circleci-oidc", "circleci-oidc"],
    [checkRoleName, "a".repeat(65), undefined],
    [checkRoleName, "a b", undefined],
    [checkCiProfile, "staging", "staging"],
    [checkCiProfile, "Default", undefined],
    [checkCiProfile, "a]b", undefined],
    [checkRepository, "https://github.com/acme/shop.git", "github.com/acme/shop"],
    [checkRepository, "gitlab.com/group/sub/project", "gitlab.com/group/sub/project"],
    [checkRepository, "github.com/acme/*", undefined],
    [checkRepository, "github.com/acme", undefined],
  ] as const)("%o of %j is %j", (check, text, value) => {
    const checked = check(text);
    expect(checked.ok ? checked.value : undefined).toBe(value);
  });

  it("reads partition and account from an ARN", () => {
    expect(parseArn("arn:aws-cn:sts::111122223333:assumed-role/a/b")).toEqual({
      partition: "aws-cn",
      account: "111122223333",
    });
    expect(parseArn("arn:aws-iso:iam::111122223333:role/a")).toBeUndefined();
    expect(parseArn("nonsense")).toBeUndefined();
  });
});

describe("a branch name", () => {
  it.each(["main", "release/1.2", "feature/a_b-c", "user@home", "a$b", "x{y}"])("may be %s", (name) =>
    expect(checkBranch(name)).toEqual({ ok: true, value: name }),
  );

  it.each([
    "",
    "@",
    "HEAD",
    "-x",
    "/x",
    "x/",
    "x.",
    "a..b",
    "a//b",
    "a@{b",
    "a~b",
    "a^b",
    "a:b",
    "a[b",
    String.raw`a\b`,
    ".a",
    "a/.b",
    "a.lock",
  ])("is not %j: git says so", (name) => expect(checkBranch(name).ok).toBe(false));

  it("never holds what IAM reads as a pattern or a variable, nor a character IAM refuses", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (name) => {
        const checked = checkBranch(name);
        if (checked.ok) expect(checked.value).not.toMatch(/[*?\s]|\$\{|[^\x21-\x7e]/);
      }),
    );
  });
});
