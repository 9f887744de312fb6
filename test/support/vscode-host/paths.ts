import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** The project's root folder. */
export const projectRoot = path.resolve(import.meta.dirname, "../../..");

/**
 * The cache folder: `CIRCLECI_AWS_OIDC_CACHE` where that is set, `.cache` in the project otherwise.
 * The VS Code parts live in `vscode` below it.
 */
export function defaultCacheDir(): string {
  const chosen = process.env["CIRCLECI_AWS_OIDC_CACHE"];
  return path.join(chosen ? path.resolve(chosen) : path.join(projectRoot, ".cache"), "vscode");
}

/**
 * Makes a temporary folder with a short path. Unix socket paths hold 107 characters at most, and VS Code
 * adds some seventy to the folder it is given, so a long TMPDIR is passed over for /tmp.
 */
export function makeShortTempDir(): string {
  const base = process.platform !== "win32" && os.tmpdir().length > 20 ? "/tmp" : os.tmpdir();
  // Made at once: a folder that a thread still makes when the process exits would stay.
  return mkdtempSync(path.join(base, "vsc-"));
}
