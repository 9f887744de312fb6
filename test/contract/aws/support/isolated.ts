import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import type { Environment } from "../../../../src/aws/index.ts";
import { isLoopbackOverride } from "../../../../src/core/ids.ts";

/** Keys as a test writes them into a credentials file. */
export type Keys = {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** A home of a test's own, in `process.env` too, because the SDK reads that. */
export type Isolated = {
  readonly env: Environment;
  readonly home: string;
  readonly writeConfig: (text: string) => Promise<void>;
  readonly writeCredentials: (profiles: Readonly<Record<string, Keys>>) => Promise<void>;
  readonly dispose: () => Promise<void>;
};

const OURS = /^(AWS_|HOME$|USERPROFILE$|HOMEPATH$|HOMEDRIVE$|https?_proxy$|no_proxy$|all_proxy$)/i;

/**
 * Gives the process a home without anybody's profiles, and an endpoint on loopback for every AWS service, so
 * that nothing a test does can reach AWS. `dispose` puts everything back.
 */
export async function isolate(endpoint: string): Promise<Isolated> {
  const home = await mkdtemp(join(tmpdir(), "aws-contract-"));
  await mkdir(join(home, ".aws"));
  const saved = Object.entries(process.env).filter(([name]) => OURS.test(name));
  for (const [name] of saved) delete process.env[name];
  const config = join(home, ".aws", "config");
  const credentials = join(home, ".aws", "credentials");
  Object.assign(process.env, {
    HOME: home,
    USERPROFILE: home,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: credentials,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
  });
  assertIsolated(process.env);
  return {
    env: process.env,
    home,
    writeConfig: (text) => writeFile(config, text),
    writeCredentials: (profiles) => writeFile(credentials, credentialsFile(profiles)),
    dispose: async () => {
      for (const name of Object.keys(process.env)) if (OURS.test(name)) delete process.env[name];
      for (const [name, value] of saved) process.env[name] = value;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Throws unless home, both AWS files and the endpoint keep a test away from AWS and from the user's files. */
export function assertIsolated(env: Environment): void {
  const inside = (name: string): boolean => env[name]?.startsWith(join(tmpdir(), sep)) === true;
  for (const name of ["HOME", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]) {
    if (!inside(name)) throw new Error(`${name} is not a test's own: ${env[name] ?? "not set"}`);
  }
  const endpoint = env["AWS_ENDPOINT_URL"] ?? "";
  if (!URL.canParse(endpoint) || !isLoopbackOverride(new URL(endpoint).host)) {
    throw new Error(`AWS_ENDPOINT_URL is not on loopback: ${endpoint}`);
  }
}

function credentialsFile(profiles: Readonly<Record<string, Keys>>): string {
  return Object.entries(profiles)
    .map(([name, keys]) =>
      [
        `[${name}]`,
        `aws_access_key_id = ${keys.accessKeyId}`,
        `aws_secret_access_key = ${keys.secretAccessKey}`,
        ...(keys.sessionToken === undefined ? [] : [`aws_session_token = ${keys.sessionToken}`]),
      ].join("\n"),
    )
    .join("\n\n");
}
