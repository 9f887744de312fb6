import { describe, expect, it } from "vitest";
import { english, msg } from "../../../src/core/messages.ts";
import { ENVIRONMENT_PROFILE } from "../../../src/core/setup.ts";
import { connectedRoles } from "../../../src/features/roles/connected.ts";
import { isConsoleUrl, policyConsoleUrl, providerConsoleUrl } from "../../../src/features/roles/console.ts";
import { profileChoices } from "../../../src/features/roles/profileChoices.ts";
import { ACCOUNT, aProvider, aReady, aRole, ORGANIZATION, providerArn, roleArn } from "./fixtures.ts";

describe("the profile picker", () => {
  it("names kind and region, marks the current one and takes unreadable files first", () => {
    const problem = {
      code: "aws.profilesUnreadable",
      message: msg("aws.profile.unreadable", { path: "/home/dev/.aws/config" }),
      advice: msg("aws.profile.unreadable.advice", { code: "EACCES" }),
    };
    const list = {
      problems: [problem],
      profiles: [
        { name: ENVIRONMENT_PROFILE, kind: "environment", region: "us-east-1" },
        { name: "dev", kind: "sso", region: "eu-central-1" },
        { name: "old", kind: "static" },
      ],
    } as const;
    expect(profileChoices(list, "dev", english)).toEqual([
      {
        label: "$(warning) The AWS profiles in /home/dev/.aws/config cannot be read.",
        detail: "Check that the file exists and that you may read it (EACCES).",
        problem,
      },
      {
        label: "Environment variables (AWS_ACCESS_KEY_ID)",
        description: "us-east-1",
        profile: ENVIRONMENT_PROFILE,
      },
      { label: "dev", description: "IAM Identity Center · eu-central-1 · current", profile: "dev" },
      { label: "old", description: "access key", profile: "old" },
    ]);
  });

  it("shows hidden characters in names but chooses the name itself", () => {
    const name = "dev\u202Eved";
    const [choice] = profileChoices(
      { problems: [], profiles: [{ name, kind: "static" }] },
      undefined,
      english,
    );
    expect(choice).toMatchObject({ label: "dev⟨U+202E⟩ved", profile: name });
  });
});

describe("connected roles", () => {
  it("lists every loaded role once, with where it is", () => {
    const second = aProvider({ roles: [aRole(), aRole({ name: "other" })] });
    const ready = { ...aReady({ providers: [aProvider(), second] }), region: "eu-central-1" };
    const detail = `Account ${ACCOUNT}, organization ${ORGANIZATION}`;
    const { trust } = aRole();
    expect(connectedRoles(ready, english)).toEqual([
      { label: "deploy", detail, roleArn: roleArn("deploy"), region: "eu-central-1", trust },
      { label: "other", detail, roleArn: roleArn("other"), region: "eu-central-1", trust },
    ]);
  });

  it("has none before anything is loaded, and leaves the region out where it is unknown", () => {
    expect(connectedRoles({ kind: "remembered", profile: "dev" }, english)).toEqual([]);
    expect(connectedRoles({ kind: "loading", profile: "dev" }, english)).toEqual([]);
    expect(connectedRoles(aReady(), english)[0]).not.toHaveProperty("region");
  });

  it("keeps those of the same profile during a refresh", () => {
    const state = { kind: "loading", profile: "dev", previous: aReady() } as const;
    expect(connectedRoles(state, english).map((role) => role.roleArn)).toEqual([roleArn("deploy")]);
  });
});

describe("console addresses", () => {
  it("follow the partition and encode the ARN", () => {
    const arn = "arn:aws-cn:iam::111122223333:policy/team/own";
    expect(policyConsoleUrl("aws-cn", arn)).toBe(
      "https://console.amazonaws.cn/iam/home#/policies/details/arn%3Aaws-cn%3Aiam%3A%3A111122223333%3Apolicy%2Fteam%2Fown",
    );
    expect(providerConsoleUrl("aws-us-gov", providerArn)).toBe(
      `https://console.amazonaws-us-gov.com/iam/home#/identity_providers/details/OPENID/${encodeURIComponent(providerArn)}`,
    );
  });

  it.each([
    "https://console.aws.amazon.com/iam/home#/roles/details/deploy",
    "https://console.amazonaws.cn/iam/home",
    "https://console.amazonaws-us-gov.com/iam/home",
  ])("are recognised: %s", (url) => {
    expect(isConsoleUrl(url)).toBe(true);
  });

  it.each([
    "http://console.aws.amazon.com/iam/home",
    "https://console.aws.amazon.com.example.org/iam/home",
    "https://example.org/console.aws.amazon.com",
    "https://console.aws.amazon.com@example.org/",
    "https://user@console.aws.amazon.com/iam/home",
    "https://console.aws.amazon.com:8443/iam/home",
    "command:workbench.action.terminal.new",
    "file:///etc/passwd",
    "no address",
    "",
  ])("are told from others: %s", (url) => {
    expect(isConsoleUrl(url)).toBe(false);
  });
});
