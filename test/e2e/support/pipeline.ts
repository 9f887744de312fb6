import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { requireAws } from "../../support/aws-cli.ts";
import type { TokenRequest } from "../../support/circleci/index.ts";
import type { Journey } from "./journey.ts";

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** A CircleCI job's machine: a home of its own, an environment, and a new shell for every step. */
export type Job = {
  /** Runs a command as CircleCI runs a step: `bash -eo pipefail`, with the job's original environment. */
  readonly step: (command: string) => Promise<Ran>;
  readonly remove: () => Promise<void>;
};

/**
 * @param env what the job has beside the built-in variables, such as its token and static keys
 */
export async function startJob(endpoint: string, env: Readonly<Record<string, string>>): Promise<Job> {
  const folder = await mkdtemp(join(tmpdir(), "job-"));
  const home = join(folder, "home");
  await mkdir(home);
  const bashEnv = join(folder, "bash_env");
  await writeFile(bashEnv, "");
  const jobEnvironment = {
    PATH: process.env["PATH"] ?? "",
    LANG: "C.UTF-8",
    HOME: home,
    BASH_ENV: bashEnv,
    CIRCLECI: "true",
    CIRCLE_BUILD_NUM: "7",
    CIRCLE_JOB: "deploy",
    CIRCLE_PROJECT_REPONAME: "web-shop",
    // The only AWS there is.
    AWS_ENDPOINT_URL: endpoint,
    ...env,
  };
  return {
    step: (command) => runBash(command, jobEnvironment, folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Starts jobs of the journey's project on branch main that have a token and the `aws` CLI. */
export async function createJobs({
  demo,
  sandbox,
}: Journey): Promise<(token: Partial<TokenRequest>, env?: Readonly<Record<string, string>>) => Promise<Job>> {
  const bin = join(demo.home, "bin");
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin);
  await symlink(requireAws(), join(bin, "aws"));
  const { organization, project, endpoint } = sandbox.info;
  return async (changes, env = {}) => {
    const right: TokenRequest = { organization, project, branch: "main", version: 2 };
    return startJob(endpoint, {
      PATH: `${bin}:/usr/bin:/bin`,
      CIRCLE_OIDC_TOKEN_V2: await sandbox.circleci.mintToken({ ...right, ...changes }),
      CIRCLE_ORGANIZATION_ID: organization,
      CIRCLE_PROJECT_ID: project,
      CIRCLE_BRANCH: "main",
      ...env,
    });
  };
}

function runBash(command: string, env: NodeJS.ProcessEnv, cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-eo", "pipefail", "-c", command], {
      env,
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (part: Buffer) => (stdout += part.toString("utf8")));
    child.stderr.on("data", (part: Buffer) => (stderr += part.toString("utf8")));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

const Config = v.object({
  jobs: v.record(v.string(), v.looseObject({ steps: v.array(v.unknown()) })),
});
const AuthStep = v.object({ run: v.object({ name: v.literal("AWS OIDC auth"), command: v.string() }) });

/** The command of the step AWS OIDC auth in a job of a config file on disk. */
export async function authStepOf(configFile: string, job: string): Promise<string> {
  const config = v.parse(Config, parse(await readFile(configFile, "utf8")));
  for (const step of config.jobs[job]?.steps ?? []) {
    const parsed = v.safeParse(AuthStep, step);
    if (parsed.success) return parsed.output.run.command;
  }
  throw new Error(`The job ${job} in ${configFile} has no step AWS OIDC auth.`);
}
