import { describe, expect, it } from "vitest";
import { isConfigPath, isWithin, projectFolderOf } from "../../../src/features/pipeline/place.ts";

describe("isConfigPath", () => {
  it.each([
    "/w/.circleci/config.yml",
    "/w/.circleci/continue.yaml",
    "/w/sub/.circleci/config.yml",
    "/w/.circleci/parts/deploy.yml",
    "/.circleci/config.yml",
  ])("takes %s", (file) => expect(isConfigPath(file)).toBe(true));

  it.each([
    "/w/.circleci/info.yml",
    "/w/.circleci/aws-oidc.json",
    "/w/.circleci/.yml",
    "/w/circleci/config.yml",
    "/w/x.circleci/config.yml",
    "/w/.circleci.yml",
    "/w/.github/workflows/ci.yml",
    "/w/.circleci/config.yml.orig",
  ])("leaves %s", (file) => expect(isConfigPath(file)).toBe(false));
});

describe("projectFolderOf", () => {
  it("is the folder that holds .circleci, the innermost one", () => {
    expect(projectFolderOf("/w/a/.circleci/config.yml")).toBe("/w/a");
    expect(projectFolderOf("/w/.circleci/a/.circleci/b/config.yml")).toBe("/w/.circleci/a");
    expect(projectFolderOf("/.circleci/config.yml")).toBe("/");
  });
});

describe("isWithin", () => {
  it("tells what is below a folder from what only begins like it", () => {
    expect(isWithin("/w", "/w/.circleci/config.yml")).toBe(true);
    expect(isWithin("/w", "/w/..circleci/config.yml")).toBe(true);
    expect(isWithin("/w", "/web/.circleci/config.yml")).toBe(false);
    expect(isWithin("/w", "/etc/config.yml")).toBe(false);
    expect(isWithin("/w/a", "/w")).toBe(false);
  });
});
