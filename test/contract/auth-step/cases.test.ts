import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scriptOf, shells, staticEnvironment, writeExecutable } from "./job.ts";
import { able, aws, inJob, styles } from "./programs.ts";
import { session, startWorld, writeHome, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.sandbox.stop());

describe.concurrent.each(styles)("%s in dash with version 2 of the CLI", (style) => {
  const dash = shells.dash;
  const run = (options?: object): string => scriptOf({ ...world.options, style, ...options });
  const test = it.skipIf(!able("dash", 2));

  test("leaves nothing on disk but what it has to", async () => {
    await inJob(world, 2, async (job) => {
      await job.with(dash, run());
      const files = style === "profiles" ? ["config", "credentials"] : ["circleci-oidc-token", "config"];
      expect(await job.written()).toEqual(files);
      for (const file of files) {
        expect((await stat(join(job.home, ".aws", file))).mode & 0o777).toBe(0o600);
      }
    });
  });

  test.each([
    ["of another project", { project: "0a1b2c3d-0000-4000-8000-00000000ffff" }, "does not admit this job"],
    ["that is forged", { forged: true }, "AWS says above why"],
    ["that has expired", { expired: true }, "This job's token has expired"],
    ["for another audience", { audience: "other" }, "does not list the audience"],
    ["of a fork", { repository: "github.com/fork/web-shop" }, "does not admit this job"],
  ])("refuses a token %s", async (_name, change, sentence) => {
    await inJob(
      world,
      2,
      async (job) => {
        const ended = await job.with(dash, run());
        expect(ended).toMatchObject({ code: 1, stdout: "" });
        expect(ended.stderr).toContain(sentence);
        expect(await job.written()).toEqual([]);
      },
      change,
    );
  });

  test("says that there is no token", async () => {
    await inJob(world, 2, async (job) => {
      delete job.env["CIRCLE_OIDC_TOKEN_V2"];
      const ended = await job.with(dash, run());
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain("CIRCLE_OIDC_TOKEN_V2 is empty");
      expect(await job.calls()).toBe(0);
    });
  });

  test("does without the CLI, or says that it cannot", async () => {
    await inJob(world, 2, async (job) => {
      await rm(join(job.bin, "aws"));
      const ended = await job.with(dash, run());
      if (style === "profiles") {
        expect(ended).toMatchObject({ code: 1 });
        expect(ended.stderr).toContain("The AWS CLI (aws) is missing");
        return;
      }
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      expect(ended.stdout).toContain("was not tried, as this job has no AWS CLI");
      // Another image of the same job has it.
      await writeExecutable(join(job.bin, "aws"), `#!/bin/sh\nexec '${aws(2)}' "$@"\n`);
      expect(await job.whoAmI(dash)).toBe(world.identity);
    });
  });

  test("needs a home, which need not be there yet", async () => {
    await inJob(world, 2, async (job) => {
      delete job.env["HOME"];
      const ended = await job.with(dash, run());
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain("HOME is not set");
      job.env["HOME"] = join(job.home, "new", "home");
      expect(await job.with(dash, run())).toMatchObject({ code: 0 });
      expect(await job.whoAmI(dash)).toBe(world.identity);
    });
  });

  test.each([
    [
      "other profiles",
      "[profile other]\nregion = us-east-1\n",
      "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = otherSecretKey\n",
    ],
    [
      "a broken default",
      "[default]\nregion\n[profile other]\nregion = us-east-1\n",
      "[default]\nbroken\n=\n[other]\naws_access_key_id = AKIAOTHER\n",
    ],
    [
      "a foreign default",
      "[default]\nrole_arn = arn:aws:iam::999999999999:role/x\ncredential_source = Environment\n[profile other]\nregion = us-east-1\n",
      "[default]\naws_access_key_id = AKIAFOREIGN\naws_secret_access_key = foreignSecret\n[other]\naws_access_key_id = AKIAOTHER\n",
    ],
  ])("works beside %s", async (_name, config, credentials) => {
    await inJob(world, 2, async (job) => {
      await mkdir(join(job.home, ".aws"));
      await writeHome(job, ".aws/config", config);
      await writeHome(job, ".aws/credentials", credentials, 0o644);
      expect(await job.with(dash, run())).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(dash)).toBe(world.identity);
      expect(await job.read(".aws/config")).toContain("[profile other]\nregion = us-east-1\n");
      expect(await job.read(".aws/credentials")).toContain("[other]\naws_access_key_id = AKIAOTHER\n");
      expect(await job.read(".aws/credentials")).not.toMatch(/broken|FOREIGN/);
      // A file that only holds what is not ours is left as it is.
      const touched = style === "profiles" || credentials.includes("[default]");
      expect((await stat(join(job.home, ".aws/credentials"))).mode & 0o777).toBe(touched ? 0o600 : 0o644);
    });
  });

  test("takes the files that the job names", async () => {
    await inJob(world, 2, async (job) => {
      job.env["AWS_CONFIG_FILE"] = join(job.home, "a b/config");
      job.env["AWS_SHARED_CREDENTIALS_FILE"] = "~/c d/keys";
      expect(await job.with(dash, run())).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(dash)).toBe(world.identity);
      expect(await job.written()).toEqual([]);
    });
  });

  test.each([
    ["AWS_PROFILE", { AWS_PROFILE: "other" }],
    ["AWS_ACCESS_KEY_ID", staticEnvironment],
  ])(
    "stops at %s, which would win and which dash cannot take out of later steps",
    async (name, variables) => {
      await inJob(world, 2, async (job) => {
        Object.assign(job.env, variables);
        const ended = await job.with(dash, run());
        expect(ended).toMatchObject({ code: 1, stdout: "" });
        expect(ended.stderr).toContain(`This job has ${name}`);
      });
    },
  );

  test("is not led to another role by variables that the CLI heeds", async () => {
    await inJob(world, 2, async (job) => {
      Object.assign(job.env, {
        AWS_ROLE_ARN: `${world.options.roleArn}-other`,
        AWS_ROLE_SESSION_NAME: "mine",
      });
      const ended = await job.with(dash, run());
      if (style === "profiles") {
        expect(ended).toMatchObject({ code: 0, stderr: "" });
        expect(await job.whoAmI(dash)).toBe(world.identity);
        return;
      }
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain("This job has AWS_ROLE_ARN AWS_ROLE_SESSION_NAME");
      expect(await job.with(shells.bash, run())).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(shells.bash)).toBe(world.identity);
      // The variable may well be where the step has its role from.
      job.env["AWS_ROLE_ARN"] = world.options.roleArn;
      delete job.env["AWS_ROLE_SESSION_NAME"];
      expect(await job.with(dash, run({ roleVariable: "AWS_ROLE_ARN" }))).toMatchObject({ code: 0 });
      expect(await job.whoAmI(dash)).toBe(world.identity);
    });
  });

  test.each([
    ["traces", ["dash", "-x"]],
    ["goes on after errors", ["dash"]],
    ["minds unset variables", ["dash", "-u"]],
  ])("works in a shell that %s", async (_name, program) => {
    await inJob(world, 2, async (job) => {
      for (const name of ["CIRCLE_TAG", "CIRCLE_BUILD_NUM"]) delete job.env[name];
      const ended = await job.with(program, run());
      expect(ended).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(dash)).toBe(world.identity.replace(session, "circleci-0-web-shop-deploy"));
      job.env["CIRCLE_OIDC_TOKEN_V2"] = "";
      expect(await job.with(program, run())).toMatchObject({ code: 1, stdout: "" });
    });
  });

  test("gives a refused job nothing of another one in the same home", async () => {
    await inJob(world, 2, async (job) => {
      expect(await job.with(dash, run())).toMatchObject({ code: 0 });
      expect(await job.whoAmI(dash, "staging")).toBe(world.subIdentity);
      job.env["CIRCLE_BUILD_NUM"] = "4712";
      job.env["CIRCLE_OIDC_TOKEN_V2"] = await world.token({ branch: "feature" });
      expect(await job.with(dash, run())).toMatchObject({ code: 1 });
      expect(await job.whoAmI(dash)).toBe("none");
      expect(await job.whoAmI(dash, "staging")).toBe("none");
    });
  });

  test("takes the role from a variable, and says what is wrong with it", async () => {
    await inJob(world, 2, async (job) => {
      const script = run({ roleVariable: "DEPLOY_ROLE" });
      for (const value of ["", "x", "arn:aws:iam::1:user/x", `${world.options.roleArn}\n[default]`]) {
        job.env["DEPLOY_ROLE"] = value;
        const ended = await job.with(dash, script);
        expect(ended).toMatchObject({ code: 1, stdout: "" });
        expect(ended.stderr).toMatch(/^AWS OIDC auth: DEPLOY_ROLE is (empty|not the ARN of a role)/);
      }
      job.env["DEPLOY_ROLE"] = world.options.roleArn;
      expect(await job.with(dash, script)).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(dash)).toBe(world.identity);
    });
  });

  test("is skipped on branches that the role does not admit", async () => {
    await inJob(world, 2, async (job) => {
      const script = run({ onlyBranches: ["main", "release/*"] });
      job.env["CIRCLE_BRANCH"] = "$(id)'";
      const ended = await job.with(dash, script);
      expect(ended).toEqual({
        code: 0,
        stdout: "AWS OIDC auth: skipped, as the role is not for branch $(id)'.\n",
        stderr: "",
      });
      expect(await job.calls()).toBe(0);
      job.env["CIRCLE_BRANCH"] = "release/2.x/rc";
      expect(await job.with(dash, script)).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(dash)).toBe(world.identity);
    });
  });

  // Windows is simulated: no Git Bash and no aws.exe have run.
  test("gives native programs of Windows their own paths and takes their line ends off", async () => {
    await inJob(world, 2, async (job) => {
      const drive = `case $2 in /*) path="C:$2" ;; *) path=$2 ;; esac`;
      await writeExecutable(
        join(job.bin, "cygpath"),
        `#!/bin/sh\n${drive}\ncase $1 in -m) printf '%s\\n' "$path" ;; -u) printf '%s\\n' "\${2#C:}" ;; esac\n`,
      );
      const keys = ["ASIAKEY", "windowsSecretKey", "windowsSession"];
      await rm(join(job.bin, "aws"));
      await writeExecutable(
        join(job.bin, "aws"),
        `#!/bin/sh
for word in "$@" "$AWS_CONFIG_FILE" "$AWS_SHARED_CREDENTIALS_FILE"; do
  case $word in /* | file:///*) echo "a POSIX path: $word" >&2; exit 1 ;; esac
done
printf '${style === "profiles" ? keys.join("\\t") : "arn"}\\r\\n'
`,
      );
      job.env["USERPROFILE"] = `C:${job.home}`;
      job.env["HOME"] = "/elsewhere";
      expect(await job.with(["bash"], run())).toMatchObject({ code: 0, stderr: "" });
      const config = await job.read(".aws/config");
      expect(config).not.toContain("\r");
      if (style === "profiles") {
        expect(await job.read(".aws/credentials")).toBe(
          `[default]\naws_access_key_id = ${keys[0]}\naws_secret_access_key = ${keys[1]}\naws_session_token = ${keys[2]}\n`,
        );
      } else {
        expect(config).toContain(`web_identity_token_file = C:${job.home}/.aws/circleci-oidc-token\n`);
      }
      // PowerShell, which later steps run in, does not read BASH_ENV.
      Object.assign(job.env, staticEnvironment);
      expect(await job.with(["bash"], run())).toMatchObject({ code: 1 });
    });
  });
});
