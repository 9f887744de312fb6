import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

/**
 * The path of the `aws` CLI of this machine; empty where there is none. A version manager's shim is a script
 * that wants its user's home, so what it stands for is taken instead.
 */
export function findAws(): string {
  const found = spawnSync("sh", ["-c", "command -v aws"], { encoding: "utf8" }).stdout.trim();
  if (!found.includes("/shims/")) return found;
  return spawnSync("pyenv", ["which", "aws"], { encoding: "utf8" }).stdout.trim();
}

/** The same, or one clear sentence. */
export function requireAws(): string {
  const found = findAws();
  if (found === "") throw new Error("The aws CLI is missing: install the package awscli, and try again.");
  return found;
}

/**
 * Asks a local AWS with the real CLI and gives back its parsed answer. It has a home and keys of its own and can
 * reach nothing else.
 *
 * @throws where the CLI ends with an error, or where the endpoint is not on loopback
 */
export async function askAws(
  endpoint: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  args: readonly string[],
): Promise<unknown> {
  if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(endpoint)) throw new Error(`${endpoint} is not on loopback.`);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const { stdout } = await promisify(execFile)(requireAws(), [...args, "--output", "json"], { env });
  const answer: unknown = stdout.trim() === "" ? undefined : JSON.parse(stdout);
  return answer;
}
