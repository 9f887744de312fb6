import { spawnSync } from "node:child_process";
import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { options, scriptOf, shells, startJob, staticEnvironment, type Job } from "./job.ts";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import { findAws } from "../../support/aws-cli.ts";
import { startStsStub, type StsStub } from "./stsStub.ts";

const present = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const able =
  findAws() !== "" && (["bash", "dash", "busybox"] as const).every((name) => present(shells[name][0]));
const enforced = process.env["CI"] === "true";

describe.skipIf(!able && !enforced).each(["bash", "dash", "busybox"] as const)(
  "a step that fails in %s",
  (shell) => {
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
      job = await startJob(sts);
    });
    afterEach(async () => {
      await job.end();
    });

    const written = async (): Promise<string[]> => await readdir(join(job.home, ".aws")).catch(() => []);

    it.each(["empty", "unset"])("says that the token is missing: %s", async (how) => {
      if (how === "empty") job.env["CIRCLE_OIDC_TOKEN_V2"] = "";
      else delete job.env["CIRCLE_OIDC_TOKEN_V2"];
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(
        /^AWS OIDC auth: CircleCI gave this job no OIDC token \(CIRCLE_OIDC_TOKEN_V2 is empty\)/,
      );
      expect(sts.calls).toEqual([]);
      expect(await written()).toEqual([]);
    });

    it("says that the aws CLI is missing", async () => {
      await rm(join(job.bin, "aws"));
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(/^AWS OIDC auth: The AWS CLI \(aws\) is missing\. [^\n]+\n$/);
      expect(await written()).toEqual([]);
    });

    it("asks for two files", async () => {
      job.env["AWS_CONFIG_FILE"] = job.env["AWS_SHARED_CREDENTIALS_FILE"] = join(job.home, "both");
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(
        /^AWS OIDC auth: AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name the same/,
      );
      expect(sts.calls).toEqual([]);
    });

    it("shows what AWS said and what the job is", async () => {
      const message = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
      sts.failures.push({ status: 403, code: "AccessDenied", message });
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain(
        `(AccessDenied) when calling the AssumeRoleWithWebIdentity operation: ${message}`,
      );
      expect(ended.stderr).toContain(
        `AWS OIDC auth: AWS gave no credentials for ${options.roleArn}. Its trust policy does not admit this job: ` +
          "organization 0a1b2c3d-0000-4000-8000-000000000001, project 0a1b2c3d-0000-4000-8000-000000000002, branch feature/x, tag none.",
      );
      expect(sts.calls).toHaveLength(1);
      expect(await written()).toEqual([]);
    });

    it.each([
      [
        "No OpenIDConnect provider found in your account for x",
        "Its account has no OIDC provider for this organization, 0a1b2c3d-0000-4000-8000-000000000001.",
      ],
      [
        "Incorrect token audience",
        "The OIDC provider in its account does not list the audience of this job's token.",
      ],
      ["Something else", "AWS says above why."],
    ])("puts AWS's %j into words", async (message, sentence) => {
      sts.failures.push({ status: 400, code: "InvalidIdentityToken", message });
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain(`AWS gave no credentials for ${options.roleArn}. ${sentence}`);
    });

    it("gives up on CircleCI's keys after three tries", async () => {
      const failure = {
        status: 400,
        code: "InvalidIdentityToken",
        message: "Couldn't retrieve verification key from x",
      };
      sts.failures.push(failure, failure, failure, failure);
      expect(await job.step(shell)).toMatchObject({ code: 1 });
      expect(sts.calls).toHaveLength(3);
      expect(await written()).toEqual([]);
    });

    it("says that a file cannot be written", async () => {
      await writeFile(join(job.home, ".aws"), "a file where the folder should be");
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain(`AWS OIDC auth: Cannot write ${job.home}/.aws/credentials.\n`);
    });

    it("says that a read-only home cannot be written", async () => {
      // Nobody may write there, not even root.
      if (process.platform === "linux") job.env["HOME"] = "/proc";
      else await chmod(job.home, 0o500);
      const ended = await job.step(shell);
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toMatch(/AWS OIDC auth: Cannot write \S+\/\.aws\/credentials\.\n$/);
      await chmod(job.home, 0o700);
    });

    it.each([
      [Object.keys(staticEnvironment).join(" "), staticEnvironment],
      ["AWS_PROFILE", { AWS_PROFILE: "other" }],
      ["AWS_WEB_IDENTITY_TOKEN_FILE", { AWS_WEB_IDENTITY_TOKEN_FILE: "/x", AWS_ROLE_ARN: "y" }],
    ])(
      "stops where variables of the job would win and no later step can be told: %s",
      async (names, variables) => {
        Object.assign(job.env, variables);
        if (shell === "bash") delete job.env["BASH_ENV"];
        const ended = await job.step(shell);
        expect(ended).toMatchObject({ code: 1, stdout: "" });
        expect(ended.stderr).toContain(
          `AWS OIDC auth: This job has ${names}, which would be used instead of the role.`,
        );
        expect(await written()).toEqual([]);
        // The way out that the job's environment leaves: empty values do not win.
        for (const name of Object.keys(variables)) if (name !== "AWS_PROFILE") job.env[name] = "";
        delete job.env["AWS_PROFILE"];
        expect(await job.step(shell)).toMatchObject({ code: 0, stderr: "" });
      },
    );

    it("does not go on after a signal", async () => {
      const script = scriptOf().replace("tries=1\n", (line) => `${line}kill -TERM $$\n`);
      expect(await job.step(shell, script)).toMatchObject({ code: 1 });
      expect(sts.calls).toEqual([]);
    });
  },
);

describe.skipIf(!present("shellcheck") && !enforced)("ShellCheck", () => {
  it.each(["sh", "bash", "dash"])("has nothing to say about the script as %s", (dialect) => {
    const variants: readonly AuthStepOptions[] = [
      options,
      { ...options, subAccounts: [], tokenVariable: "CIRCLE_OIDC_TOKEN" },
      { ...options, onlyBranches: ["main", "release/*"], roleVariable: "DEPLOY_ROLE", sessionName: "shop" },
      { ...options, style: "webIdentityFile", onlyBranches: ["main"] },
      { ...options, style: "webIdentityFile", roleVariable: "DEPLOY_ROLE", subAccounts: [] },
      {
        ...options,
        style: "webIdentityFile",
        subAccounts: options.subAccounts.map((sub, index) => (index === 0 ? sub : { ...sub, direct: true })),
      },
    ];
    for (const variant of variants) {
      const args = ["--norc", "-s", dialect, "-S", "style", "-"];
      const { status, stdout } = spawnSync("shellcheck", args, {
        input: scriptOf(variant),
        encoding: "utf8",
      });
      expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    }
  });
});
