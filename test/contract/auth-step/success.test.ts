import { spawnSync } from "node:child_process";
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  options,
  scriptOf,
  secrets,
  shells,
  startJob,
  staticEnvironment,
  token,
  writeExecutable,
} from "./job.ts";
import { findAws } from "../../support/aws-cli.ts";
import type { Job, Shell } from "./job.ts";
import { issued, startStsStub, type StsStub } from "./stsStub.ts";

const names = ["bash", "dash", "busybox"] as const satisfies readonly Shell[];
const present = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const missing =
  findAws() === "" ? "the aws CLI" : names.map((name) => shells[name][0]).find((one) => !present(one));
if (missing !== undefined && process.env["CI"] !== "true") console.log(`skipped: ${missing} is missing`);

const [key, secret, session] = issued.AssumeRoleWithWebIdentity;
const credentials = `[default]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\naws_session_token = ${session}\n`;
const sessionName = "circleci-4711-web-shop-deploy";
const profile = (name: string, arn: string, region: string): string =>
  `[profile ${name}]\nrole_arn = ${arn}\nsource_profile = default\nrole_session_name = ${sessionName}\nregion = ${region}\noutput = json\n`;
const config =
  "[default]\nregion = eu-central-1\noutput = json\n" +
  profile("staging", "arn:aws:iam::222222222222:role/circleci-deploy", "eu-central-1") +
  profile("prod.eu", "arn:aws:iam::333333333333:role/ci/deploy", "eu-west-1");

describe.skipIf(missing !== undefined && process.env["CI"] !== "true")("the step", () => {
  let sts: StsStub;
  let job: Job;
  beforeAll(async () => {
    sts = await startStsStub();
  });
  afterAll(async () => {
    await sts.stop();
  });
  beforeEach(async () => {
    sts.calls.length = 0;
    sts.failures.length = 0;
    job = await startJob(sts, `it's "my" home $(id)`);
  });
  afterEach(async () => {
    await job.end();
  });

  const identity = async (shell: Shell, flags = ""): Promise<string | undefined> => {
    sts.calls.length = 0;
    const ended = await job.later(shell, `aws sts get-caller-identity ${flags}`);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    return sts.calls.at(-1)?.accessKey;
  };

  describe.each(names)("in %s", (shell) => {
    it("trades the token for credentials and writes them as profiles", async () => {
      const ended = await job.step(shell);
      expect(ended).toEqual({
        code: 0,
        stderr: "",
        stdout: `AWS credentials of ${options.roleArn} for 900 seconds. Profiles: default, staging, prod.eu.\n`,
      });
      expect(sts.calls).toHaveLength(1);
      expect(sts.calls[0]).not.toHaveProperty("accessKey");
      expect(sts.calls[0]?.form).toEqual({
        Action: "AssumeRoleWithWebIdentity",
        Version: "2011-06-15",
        RoleArn: options.roleArn,
        RoleSessionName: sessionName,
        WebIdentityToken: token,
        DurationSeconds: "900",
      });
      const lines = sts.calls[0]?.commandLines.join("\n") ?? "";
      if (process.platform === "linux") expect(lines).toContain("assume-role-with-web-identity");
      for (const one of secrets) expect(lines).not.toContain(one);
      expect(await job.read(".aws/credentials")).toBe(credentials);
      expect(await job.read(".aws/config")).toBe(config);
      const modes = [".aws", ".aws/credentials", ".aws/config"].map((path) => stat(join(job.home, path)));
      expect((await Promise.all(modes)).map(({ mode }) => (mode & 0o777).toString(8))).toEqual([
        "700",
        "600",
        "600",
      ]);
      expect((await readdir(join(job.home, ".aws"))).filter((name) => name !== "cli")).toEqual([
        "config",
        "credentials",
      ]);
    });

    it("serves later steps: the role itself, and the roles reached from it", async () => {
      await job.step(shell);
      expect(await identity(shell)).toBe(key);
      expect(await identity(shell, "--profile staging")).toBe(issued.AssumeRole[0]);
      expect(sts.calls[0]).toMatchObject({
        action: "AssumeRole",
        accessKey: key,
        form: { RoleArn: "arn:aws:iam::222222222222:role/circleci-deploy", RoleSessionName: sessionName },
      });
    });

    it("replaces its own profiles in files that exist and leaves the others", async () => {
      await mkdir(join(job.home, ".aws"));
      const foreign =
        "# mine\r\n[other]\r\naws_access_key_id = AKIAOTHER\r\naws_secret_access_key = o=[default]\r\n";
      await writeFile(
        join(job.home, ".aws/credentials"),
        `${foreign}[default]\nbroken\n=\n[staging]\naws_access_key_id = OLD\n[last]\naws_access_key_id = AKIALAST`,
      );
      const settings =
        "[profile other]\nregion = us-east-1\ns3 =\n  max_queue_size = 1\n[services default]\na = b\n";
      await writeFile(
        join(job.home, ".aws/config"),
        `[default]\nregion = x\nregion = y\n${settings}[ profile  "staging" ] # old\nrole_arn = old\n[profile prod-eu]\nregion = z\r\n[profile default]\nfoo\n[preview]\nc = d`,
      );
      expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
      expect(await job.read(".aws/credentials")).toBe(
        `${foreign}[last]\naws_access_key_id = AKIALAST\n${credentials}`,
      );
      expect(await job.read(".aws/config")).toBe(
        `${settings}[profile prod-eu]\nregion = z\r\n[preview]\nc = d\n${config}`,
      );
      expect(await identity(shell)).toBe(key);
      expect(await identity(shell, "--profile other")).toBe("AKIAOTHER");

      const before = [await job.read(".aws/credentials"), await job.read(".aws/config")];
      expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
      expect([await job.read(".aws/credentials"), await job.read(".aws/config")]).toEqual(before);
    });

    it("honours the variables that name the files", async () => {
      job.env["AWS_CONFIG_FILE"] = join(job.home, "a b/config");
      job.env["AWS_SHARED_CREDENTIALS_FILE"] = join(job.home, "c'd/keys");
      expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
      expect(await job.read("a b/config")).toBe(config);
      expect(await job.read("c'd/keys")).toBe(credentials);
      expect(await identity(shell)).toBe(key);
    });

    it("makes a session name out of whatever the job is called", async () => {
      job.env["CIRCLE_PROJECT_REPONAME"] = "größe $(id) `id` 'a\" \\n\n/x";
      job.env["CIRCLE_JOB"] = "j".repeat(100);
      await job.step(shell);
      const name = sts.calls[0]?.form["RoleSessionName"] ?? "";
      expect(name).toMatch(/^circleci-4711-gr--+e---id---id---a--+n--x-j+$/);
      expect(name).toHaveLength(64);
      expect(await identity(shell, "--profile staging")).toBe(issued.AssumeRole[0]);
    });

    it("works without any name at all", async () => {
      for (const name of ["CIRCLE_BUILD_NUM", "CIRCLE_PROJECT_REPONAME", "CIRCLE_JOB"]) delete job.env[name];
      expect(await job.step(shell)).toMatchObject({ code: 0 });
      expect(sts.calls[0]?.form["RoleSessionName"]).toMatch(/^[\w+=,.@-]{2,64}$/);
    });

    it("leaves alone a profile variable that names one of its own", async () => {
      job.env["AWS_PROFILE"] = "staging";
      expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
      expect(await identity(shell)).toBe(issued.AssumeRole[0]);
    });

    it("tries again when AWS could not fetch CircleCI's keys", async () => {
      const message = "Couldn't retrieve verification key from your identity provider";
      sts.failures.push({ status: 400, code: "InvalidIdentityToken", message });
      sts.failures.push({ status: 400, code: "InvalidIdentityToken", message });
      expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
      expect(sts.calls).toHaveLength(3);
      expect(await job.read(".aws/credentials")).toBe(credentials);
    });
  });

  it("makes bash forget static keys and profiles in every later step", async () => {
    Object.assign(job.env, staticEnvironment, { AWS_PROFILE: "gone", AWS_WEB_IDENTITY_TOKEN_FILE: "/none" });
    await writeFile(job.env["BASH_ENV"] ?? "", "export GREETING=hello");
    const ended = await job.step("bash");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout).toMatch(
      /without these variables of the job: AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_WEB_IDENTITY_TOKEN_FILE AWS_PROFILE\n/,
    );
    expect(await identity("bash")).toBe(key);
    expect(await identity("bash", "--profile staging")).toBe(issued.AssumeRole[0]);
    const list = await job.later("bash", 'echo "$GREETING"; aws configure list');
    expect(list.stdout).toMatch(/^hello\n/);
    expect(list.stdout).toMatch(/access_key .*\*0001[ :]+shared-credentials-file/);

    const once = await readFile(job.env["BASH_ENV"] ?? "", "utf8");
    expect(await job.step("bash")).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(job.env["BASH_ENV"] ?? "", "utf8")).toBe(once);
  });

  it("leaves BASH_ENV alone where nothing is in the way", async () => {
    await job.step("bash");
    await expect(readFile(job.env["BASH_ENV"] ?? "")).rejects.toThrow("ENOENT");
  });

  it.each(["bash", "busybox", "dash"] as const)("shows nothing to a %s that traces", async (shell) => {
    const ended = await job.step(shell, `: before\n${scriptOf()}`, "-x");
    expect(ended).toMatchObject({ code: 0, stderr: "+ : before\n" });
  });

  it.each(["bash", "dash"] as const)("hands no secret to any program it starts from %s", async (shell) => {
    const log = join(job.home, "started");
    const programs = [
      "awk",
      "cat",
      "chmod",
      "cut",
      "dirname",
      "grep",
      "mkdir",
      "mktemp",
      "mv",
      "rm",
      "tr",
      "printf",
    ];
    for (const name of programs) {
      await writeExecutable(
        join(job.bin, name),
        `#!/bin/sh\necho "${name} $*" >>'${log.replaceAll("'", `'\\''`)}'\nexec /usr/bin/${name} "$@"\n`,
      );
    }
    await mkdir(join(job.home, ".aws"));
    await writeFile(join(job.home, ".aws/config"), "[profile a]\n");
    expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
    const started = await readFile(log, "utf8");
    for (const name of ["awk", "cat", "mv", "tr"]) expect(started).toMatch(new RegExp(`^${name} `, "m"));
    for (const one of secrets) expect(started).not.toContain(one);
  });
});
