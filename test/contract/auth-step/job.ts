import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authStep, type AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import { findAws } from "../../support/aws-cli.ts";
import { issued } from "./stsStub.ts";

export const token = "eyJhbGciOi.circleciTokenPayload.signature";
const staticKeys = { id: "AKIASTATICKEY0000009", secret: "staticSecret/+eU5", session: "staticSession==fV6" };

/** What must never be seen in a log or on a command line. */
export const secrets = [
  token,
  staticKeys.secret,
  staticKeys.session,
  ...issued.AssumeRoleWithWebIdentity.slice(1),
  ...issued.AssumeRole.slice(1),
];

/** Static keys as a project or a context may set them. */
export const staticEnvironment = {
  AWS_ACCESS_KEY_ID: staticKeys.id,
  AWS_SECRET_ACCESS_KEY: staticKeys.secret,
  AWS_SESSION_TOKEN: staticKeys.session,
};

/** The shells that jobs run their steps with; CircleCI gives bash these options. */
export const shells = {
  bash: ["bash", "-eo", "pipefail"],
  dash: ["dash", "-e"],
  busybox: ["busybox", "sh", "-eo", "pipefail"],
  zsh: ["zsh", "-eo", "pipefail"],
} as const;
export type Shell = keyof typeof shells;

export const options: AuthStepOptions = {
  roleArn: "arn:aws:iam::111111111111:role/circleci-oidc",
  region: "eu-central-1",
  tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
  subAccounts: [
    { profile: "staging", roleArn: "arn:aws:iam::222222222222:role/circleci-deploy" },
    { profile: "prod.eu", roleArn: "arn:aws:iam::333333333333:role/ci/deploy", region: "eu-west-1" },
  ],
};

/** The script of a step. */
export function scriptOf(step: AuthStepOptions = options): string {
  const made = authStep(step);
  if ("id" in made) throw new Error(made.id);
  return made.command;
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A job's machine: folders of its own and the environment that every step of it starts with. */
export type Job = {
  readonly home: string;
  readonly temporary: string;
  readonly bin: string;
  readonly env: Record<string, string>;
  /** Runs the step. */
  readonly step: (shell: Shell, script?: string, ...flags: string[]) => Promise<Ended>;
  /** Runs a later step, in a new process with the environment of the job. */
  readonly later: (shell: Shell, command: string) => Promise<Ended>;
  /** Runs a script as the step with any program. */
  readonly with: (program: readonly string[], script: string) => Promise<Ended>;
  readonly read: (path: string) => Promise<string>;
  /** Takes the folders away, after seeing that nothing was left in the temporary one. */
  readonly end: () => Promise<void>;
};

/**
 * Sets up a job whose AWS is on loopback; nothing of it can reach any other. `name` is that of its home folder,
 * `aws` the CLI it has.
 */
export async function startJob(
  sts: { readonly url: string },
  name = "home",
  aws = process.env["AUTH_STEP_AWS"] ?? findAws(),
): Promise<Job> {
  const root = await mkdtemp(join(tmpdir(), "auth-step-"));
  const [home, temporary, bin] = [join(root, name), join(root, "tmp dir"), join(root, "bin")];
  for (const folder of [home, temporary, bin]) await mkdir(folder);
  await symlink(aws, join(bin, "aws"));
  // The pause between two tries is not what is tested; busybox has its own, real one.
  await writeExecutable(join(bin, "sleep"), '#!/bin/sh\necho "$1" >>"$TMPDIR/../slept"\n');
  const env: Record<string, string> = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: temporary,
    BASH_ENV: join(root, "bash_env"),
    CIRCLE_OIDC_TOKEN: "the other token",
    CIRCLE_OIDC_TOKEN_V2: token,
    CIRCLE_BUILD_NUM: "4711",
    CIRCLE_PROJECT_REPONAME: "web-shop",
    CIRCLE_JOB: "deploy",
    CIRCLE_ORGANIZATION_ID: "0a1b2c3d-0000-4000-8000-000000000001",
    CIRCLE_PROJECT_ID: "0a1b2c3d-0000-4000-8000-000000000002",
    CIRCLE_BRANCH: "feature/x",
    AWS_ENDPOINT_URL: sts.url,
    AWS_ENDPOINT_URL_STS: sts.url,
    // A call to anywhere else ends at a closed loopback port.
    HTTPS_PROXY: "http://127.0.0.1:9",
    HTTP_PROXY: "http://127.0.0.1:9",
    NO_PROXY: "127.0.0.1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const run = (command: readonly string[]): Promise<Ended> => execute(command, env);
  const withProgram = async (program: readonly string[], script: string): Promise<Ended> => {
    const file = join(root, "step.sh");
    await writeFile(file, script);
    return await run([...program, file]);
  };
  return {
    home,
    temporary,
    bin,
    env,
    step: async (shell, script = scriptOf(), ...flags) =>
      await withProgram([...shells[shell], ...flags], script),
    with: withProgram,
    later: async (shell, command) => await run([...shells[shell], "-c", command]),
    read: async (path) => await readFile(join(home, path), "utf8"),
    end: async () => {
      const left = await readdir(temporary);
      await rm(root, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`left in the temporary folder: ${left.join(", ")}`);
    },
  };
}

/** Writes a script that can be started. */
export async function writeExecutable(file: string, script: string): Promise<void> {
  await writeFile(file, script);
  await chmod(file, 0o755);
}

async function execute([program = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(env["AWS_ENDPOINT_URL_STS"] ?? "")) {
    throw new Error("A step runs only against STS on loopback.");
  }
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  await once(child, "close");
  for (const secret of secrets) {
    if (stdout.includes(secret) || stderr.includes(secret)) throw new Error("A secret is in the job's log.");
  }
  return { code: child.exitCode, stdout, stderr };
}
