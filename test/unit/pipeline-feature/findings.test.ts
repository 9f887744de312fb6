import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import { knownRoles, roleAt, whoMayAssume } from "../../../src/features/pipeline/findings.ts";

const arn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;
const setup = (roleArn: string, branches?: readonly string[]) => {
  const step: AuthStepOptions = {
    roleArn,
    region: "eu-central-1",
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    subAccounts: [],
  };
  const repository = "github.com/acme/web-shop";
  const branchRule =
    branches === undefined ? { kind: "any" as const } : { kind: "named" as const, repository, branches };
  return { label: "x", detail: roleArn, step, branchRule };
};
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
        { roleArn: arn("111111111111", "ci"), needsBranch: true },
        { roleArn: arn("222222222222", "far"), needsBranch: true },
      ],
    });
    expect(knownRoles([], [])).toEqual({ accounts: [], roles: [] });
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
  it("says what is known, or nothing", () => {
    const say = (role: string, setups: Parameters<typeof whoMayAssume>[1]): string | undefined => {
      const words = whoMayAssume(role, setups, connected);
      return words === undefined || typeof words === "string" ? words : english(words);
    };
    const role = arn("111111111111", "ci");
    expect(say(role, [setup(role, ["main", "next"])])).toBe(
      "Set up here: runs of github.com/acme/web-shop whose token names main, next may assume this role.",
    );
    expect(say(role, [setup(role)])).toBe(
      "Set up here: every run of the CircleCI project may assume this role.",
    );
    expect(say(role, [])).toBe("In account 111111111111");
    expect(say(arn("333333333333", "x"), [])).toBeUndefined();
  });
});
