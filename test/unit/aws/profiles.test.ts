import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listProfiles } from "../../../src/aws/profiles.ts";
import { endpointOverride, profileSettings } from "../../../src/aws/settings.ts";
import { isLoopbackOverride } from "../../../src/core/ids.ts";
import { ENVIRONMENT_PROFILE } from "../../../src/core/setup.ts";

let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aws-profiles-"));
  env = {
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
  };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (file: "config" | "credentials", lines: readonly string[]) =>
  writeFile(join(folder, file), lines.join("\n"));

describe("listProfiles", () => {
  it("tells every kind apart and leaves out sections that are no profiles", async () => {
    await write("config", [
      "[default]",
      "region = eu-west-1",
      "[profile sso]",
      "sso_session = acme",
      "sso_account_id = 111122223333",
      "[sso-session acme]",
      "sso_start_url = https://acme.awsapps.com/start",
      "[services local]",
      "iam =",
      "  endpoint_url = http://127.0.0.1:1",
      "[profile role.with.dots]",
      "role_arn = arn:aws:iam::111122223333:role/x",
      "source_profile = keys",
      "region = us-gov-west-1",
      "[profile web]",
      "role_arn = arn:aws:iam::111122223333:role/x",
      "web_identity_token_file = /token",
      "[profile tool]",
      "credential_process = /bin/false",
      "[profile console]",
      "login_session = arn:aws:iam::111122223333:user/dev",
    ]);
    await write("credentials", ["[keys]", "aws_access_key_id = AKIAEXAMPLE", "aws_secret_access_key = x"]);
    expect(await listProfiles(env)).toEqual({
      profiles: [
        { name: "default", kind: "incomplete", region: "eu-west-1" },
        { name: "sso", kind: "sso" },
        { name: "role.with.dots", kind: "assume-role", region: "us-gov-west-1" },
        { name: "web", kind: "web-identity" },
        { name: "tool", kind: "process" },
        { name: "console", kind: "login" },
        { name: "keys", kind: "static" },
      ],
      problems: [],
    });
  });

  it("reads the files anew each time", async () => {
    await write("config", ["[profile one]", "region = eu-west-1"]);
    expect((await listProfiles(env)).profiles.map(({ name }) => name)).toEqual(["one"]);
    await write("config", ["[profile two]", "region = eu-west-1"]);
    expect((await listProfiles(env)).profiles.map(({ name }) => name)).toEqual(["two"]);
  });

  it("has no problem with files that are not there, and one with a file that cannot be read", async () => {
    expect(await listProfiles(env)).toEqual({ profiles: [], problems: [] });
    await mkdir(join(folder, "config"));
    expect((await listProfiles(env)).problems).toMatchObject([
      {
        code: "aws.profilesUnreadable",
        message: { args: { path: join(folder, "config") } },
        advice: { args: { code: "EISDIR" } },
      },
    ]);
  });

  it("offers the environment's credentials first, and only where both keys are set", async () => {
    expect((await listProfiles({ ...env, AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" })).profiles).toEqual([]);
    const both = {
      ...env,
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_REGION: "cn-north-1",
    };
    await write("config", [`[${ENVIRONMENT_PROFILE}]`, "region = eu-west-1"]);
    await write("credentials", [`[${ENVIRONMENT_PROFILE}]`, "aws_access_key_id = AKIAEXAMPLE"]);
    expect((await listProfiles(both)).profiles).toEqual([
      { name: ENVIRONMENT_PROFILE, kind: "environment", region: "cn-north-1" },
    ]);
  });
});

describe("profileSettings", () => {
  const settings = async (profile: string, more: Readonly<Record<string, string>> = {}, region?: string) => {
    const found = await profileSettings(profile, { ...env, ...more }, region);
    if (!found.ok) throw new Error(found.problem.code);
    return found.settings;
  };
  const KEYS = ["aws_access_key_id = AKIAEXAMPLE", "aws_secret_access_key = x"];

  it("takes the region asked for, the profile's, the environment's, or us-east-1, in this order", async () => {
    await write("config", ["[profile cn]", ...KEYS, "region = cn-north-1", "[profile none]", ...KEYS]);
    expect((await settings("cn", { AWS_REGION: "eu-west-1" }, "cn-northwest-1")).region).toBe(
      "cn-northwest-1",
    );
    expect((await settings("cn", { AWS_REGION: "eu-west-1" })).region).toBe("cn-north-1");
    expect((await settings("none", { AWS_REGION: "eu-west-1" })).region).toBe("eu-west-1");
    expect((await settings("none")).region).toBe("us-east-1");
  });

  it("finds endpoints by service first, by environment before file, and none where they are ignored", async () => {
    await write("config", [
      "[profile local]",
      ...KEYS,
      "endpoint_url = http://127.0.0.1:1",
      "services = mine",
      "[profile other]",
      ...KEYS,
      "[profile ignoring]",
      ...KEYS,
      "endpoint_url = http://127.0.0.1:1",
      "ignore_configured_endpoint_urls = true",
      "[services mine]",
      "iam =",
      "  endpoint_url = http://127.0.0.1:2",
    ]);
    expect((await settings("local")).endpoints).toEqual({
      iam: "http://127.0.0.1:2",
      sts: "http://127.0.0.1:1",
    });
    expect((await settings("local", { AWS_ENDPOINT_URL: "http://127.0.0.1:3" })).endpoints).toEqual({
      iam: "http://127.0.0.1:3",
      sts: "http://127.0.0.1:3",
    });
    expect((await settings("other", { AWS_ENDPOINT_URL_STS: "https://sts.corp" })).endpoints).toEqual({
      sts: "https://sts.corp",
    });
    expect((await settings("other")).endpoints).toEqual({});
    expect((await settings("ignoring")).endpoints).toEqual({});
    expect(endpointOverride(await settings("local"))).toBe("127.0.0.1:2, 127.0.0.1:1");
    expect(endpointOverride(await settings("other"))).toBeUndefined();
  });

  it("refuses an endpoint that is no address", async () => {
    await write("config", ["[profile bad]", ...KEYS, "endpoint_url = localhost"]);
    expect(await profileSettings("bad", env)).toMatchObject({ ok: false, problem: { code: "aws.endpoint" } });
  });

  it("does not take an inherited property for a profile", async () => {
    await write("config", ["[profile a]", ...KEYS]);
    expect(await profileSettings("constructor", env)).toMatchObject({
      ok: false,
      problem: { code: "aws.unknownProfile" },
    });
  });
});

describe("isLoopbackOverride", () => {
  it.each([
    ["127.0.0.1:4566", true],
    ["localhost", true],
    ["[::1]:80", true],
    ["127.0.0.1, 127.0.0.2:1", true],
    ["127.0.0.1.example.com", false],
    ["localhost.example.com", false],
    ["127.0.0.1, sts.corp", false],
    ["0.0.0.0", false],
  ])("%s: %s", (override, expected) => {
    expect(isLoopbackOverride(override)).toBe(expected);
  });
});
