import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SandboxInfo } from "./sandbox.ts";
import type { Environment } from "./vscode-host/index.ts";

/** A home with AWS files of its own, a repository to work in, and the environment that leads to the services. */
export type Demo = {
  readonly home: string;
  readonly repository: string;
  readonly env: Environment;
};

type Account = SandboxInfo["accounts"][number];

const sample = fileURLToPath(new URL("../fixtures/web-shop", import.meta.url));

/**
 * Lays a demo out under `folder`, from scratch: one AWS profile per account of the sandbox, and a copy of the
 * sample repository. The user's own home is neither read nor written.
 */
export async function layOutDemo(folder: string, services: SandboxInfo): Promise<Demo> {
  await rm(folder, { recursive: true, force: true });
  const home = join(folder, "home");
  const repository = join(folder, "web-shop");
  await mkdir(join(home, ".aws"), { recursive: true });
  await cp(sample, repository, { recursive: true });
  await writeGitFolder(join(repository, ".git"), "git@github.com:acme/web-shop.git");
  const { endpoint, accounts } = services;
  const section = (account: Account): string =>
    `[profile ${account.name}]\nregion = eu-central-1\nendpoint_url = ${endpoint}\n`;
  const keys = (account: Account): string =>
    `[${account.name}]\naws_access_key_id = ${account.accessKeyId}\naws_secret_access_key = ${account.secretAccessKey}\n`;
  await writeFile(join(home, ".aws", "config"), accounts.map(section).join("\n"));
  await writeFile(join(home, ".aws", "credentials"), accounts.map(keys).join("\n"), { mode: 0o600 });
  return { home, repository, env: demoEnvironment(services) };
}

/** The proxy and the extra CA, as people in companies have them; the AWS endpoint stands in the profiles. */
export function demoEnvironment({ proxy, ca }: SandboxInfo): Environment {
  return { HTTPS_PROXY: proxy, NO_PROXY: "127.0.0.1,localhost", NODE_EXTRA_CA_CERTS: ca };
}

/** Just enough of a git folder for tools to see a repository with a remote; git itself need not be there. */
async function writeGitFolder(folder: string, remote: string): Promise<void> {
  await mkdir(join(folder, "objects"), { recursive: true });
  await mkdir(join(folder, "refs", "heads"), { recursive: true });
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/main\n");
  await writeFile(
    join(folder, "config"),
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = ${remote}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
  );
}
