import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  AttachRolePolicyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import type { AuthStepOptions, AuthStepSubAccount } from "../../../src/core/pipeline/index.ts";
import { startSandbox, type Sandbox } from "../../support/sandbox.ts";
import { startJob, writeExecutable, type Ended, type Job } from "./job.ts";

const region = "eu-central-1";
const repository = "github.com/acme/web-shop";
export const session = "circleci-4711-web-shop-deploy";

/** A local AWS with a role for the branch main of a project, one it may go on to, and CircleCI's issuer. */
export type World = {
  readonly sandbox: Sandbox;
  readonly options: AuthStepOptions;
  /** The ARN that the default profile has when all is well, and that of the sub-account's. */
  readonly identity: string;
  readonly subIdentity: string;
  /** A role of the other account that admits the job itself, as the profile `direct`, and who that is. */
  readonly direct: AuthStepSubAccount;
  readonly directIdentity: string;
  readonly token: (change?: object) => Promise<string>;
  /** Starts a job with a token of the branch main. */
  readonly job: (aws: string, change?: object) => Promise<WorldJob>;
};

export type WorldJob = Job & {
  /** How often `aws` was called, by whomever. */
  readonly calls: () => Promise<number>;
  /** What is in `.aws`, without what the CLI keeps there for itself. */
  readonly written: () => Promise<string[]>;
  /** Who a later step is, in a new process with the job's own environment; `none` where it has no credentials. */
  readonly whoAmI: (program: readonly string[], profile?: string) => Promise<string>;
};

/** Starts it, and creates the provider, the roles and the policy. */
export async function startWorld(clock?: () => Date): Promise<World> {
  const sandbox = await startSandbox(clock === undefined ? {} : { aws: { clock } });
  const { endpoint, accounts, issuer, organization, project } = sandbox.info;
  const [hub, staging] = accounts;
  if (hub === undefined || staging === undefined) throw new Error("The sandbox has two accounts.");
  const clientOf = ({ accessKeyId, secretAccessKey }: typeof hub): IAMClient =>
    new IAMClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const iam = clientOf(hub);
  const host = issuer.replace("https://", "");
  const sub = `org/${organization}/project/${project}/user/????????-????-????-????-????????????/vcs-origin/${repository}/vcs-ref/refs/heads/main`;
  const trustIn = async (client: IAMClient): Promise<object> => {
    const provider = await client.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: [organization] }),
    );
    return {
      Effect: "Allow",
      Principal: { Federated: provider.OpenIDConnectProviderArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { [`${host}:aud`]: organization }, StringLike: { [`${host}:sub`]: sub } },
    };
  };
  const roleArn = await createRole(iam, "ci", await trustIn(iam), 3600);
  const inSub = { Effect: "Allow", Principal: { AWS: roleArn }, Action: "sts:AssumeRole" };
  const subArn = await createRole(clientOf(staging), "deploy", inSub, 3600);
  const directArn = await createRole(clientOf(staging), "direct", await trustIn(clientOf(staging)), 3600);
  const hop = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: subArn }],
  };
  const policy = await iam.send(
    new CreatePolicyCommand({ PolicyName: "hop", PolicyDocument: JSON.stringify(hop) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: "ci", PolicyArn: policy.Policy?.Arn ?? "" }));

  const options: AuthStepOptions = {
    roleArn,
    region,
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    subAccounts: [{ profile: "staging", roleArn: subArn, region: "eu-west-1" }],
  };
  const token = (change: object = {}): Promise<string> =>
    sandbox.circleci.mintToken({ organization, project, branch: "main", repository, version: 2, ...change });
  return {
    sandbox,
    options,
    identity: `arn:aws:sts::${hub.id}:assumed-role/ci/${session}`,
    subIdentity: `arn:aws:sts::${staging.id}:assumed-role/deploy/${session}`,
    direct: { profile: "direct", roleArn: directArn, direct: true },
    directIdentity: `arn:aws:sts::${staging.id}:assumed-role/direct/${session}`,
    token,
    job: async (aws, change) => await worldJob(endpoint, aws, await token(change)),
  };
}

async function createRole(iam: IAMClient, name: string, statement: object, longest: number): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      MaxSessionDuration: longest,
    }),
  );
  return Role?.Arn ?? "";
}

async function worldJob(endpoint: string, aws: string, token: string): Promise<WorldJob> {
  const job = await startJob({ url: endpoint }, `it's "my" home $(id)`, aws);
  const log = join(job.bin, "..", "calls");
  await rm(join(job.bin, "aws"));
  await writeExecutable(join(job.bin, "aws"), `#!/bin/sh\necho "$*" >>'${log}'\nexec '${aws}' "$@"\n`);
  Object.assign(job.env, { CIRCLE_OIDC_TOKEN_V2: token, CIRCLE_OIDC_TOKEN: "other", CIRCLE_BRANCH: "main" });
  const guarded = async (ended: Promise<Ended>): Promise<Ended> => {
    const result = await ended;
    const seen = result.stdout + result.stderr + (await readFile(log, "utf8").catch(() => ""));
    for (const secret of await secretsOf(job, token)) {
      if (seen.includes(secret)) throw new Error("A secret is in the job's log or on a command line.");
    }
    return result;
  };
  return {
    ...job,
    step: async (...args) => await guarded(job.step(...args)),
    with: async (...args) => await guarded(job.with(...args)),
    calls: async () => {
      const lines = await readFile(log, "utf8").catch(() => "");
      return lines.split("\n").length - 1;
    },
    written: async () => {
      const found = await readdir(join(job.home, ".aws")).catch(() => []);
      return found.filter((name) => name !== "cli").toSorted();
    },
    whoAmI: async (program, profile) => {
      const flags = profile === undefined ? "" : ` --profile ${profile}`;
      const command = `aws sts get-caller-identity --region eu-central-1 --query Arn --output text${flags}`;
      const { code, stdout, stderr } = await guarded(job.with([...program], command));
      return code === 0 ? stdout.trim() : /credentials|profile/i.test(stderr) ? "none" : stderr;
    },
  };
}

/** The token, and every secret that a step has left in the home folder. */
async function secretsOf(job: Job, token: string): Promise<string[]> {
  const files = await readdir(job.home, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")),
  );
  const keys = texts.flatMap((text) =>
    [...text.matchAll(/(?:aws_secret_access_key|aws_session_token) = (\S{9,})/g)].map(
      ([, value = ""]) => value,
    ),
  );
  return [token, ...keys];
}

/** Writes a file into the job's home. */
export async function writeHome(job: Job, path: string, text: string, mode = 0o600): Promise<void> {
  await writeFile(join(job.home, path), text, { mode });
}
