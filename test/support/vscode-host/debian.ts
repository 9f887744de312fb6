import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { runCommandLine, type Environment } from "./processes.ts";

/** Receives short English sentences about what is being done. */
export type Progress = (sentence: string) => void;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Looks a program up on PATH. */
export function findProgram(name: string): string | undefined {
  return (process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

const chromiumNames = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Finds a Chromium (or Chrome) on PATH; `CHROMIUM_PATH` overrides it.
 *
 * @throws Error with one sentence that says what to install
 */
export function findChromium(): string {
  const chosen = process.env["CHROMIUM_PATH"];
  if (chosen !== undefined && chosen !== "") {
    if (isExecutable(chosen)) {
      return chosen;
    }
    throw new Error(`CHROMIUM_PATH names ${chosen}, which is not an executable file.`);
  }
  const found = chromiumNames.map(findProgram).find((file) => file !== undefined);
  if (found === undefined) {
    throw new Error(
      `Chromium was not found on PATH; install it (Debian: ${aptLine(["chromium"])}) or set CHROMIUM_PATH.`,
    );
  }
  return found;
}

/** The packages we know, and the programs any one of which makes the package unnecessary. */
const programsOf = { chromium: chromiumNames, ripgrep: ["rg"] } as const;

/** A Debian package the harness may need. */
export type DebianPackage = keyof typeof programsOf;

function aptLine(names: readonly string[]): string {
  return `sudo apt-get install --no-install-recommends ${names.join(" ")}`;
}

function isMissing(name: DebianPackage): boolean {
  const chosen = name === "chromium" ? (process.env["CHROMIUM_PATH"] ?? "") : "";
  return chosen === "" && programsOf[name].every((program) => findProgram(program) === undefined);
}

/**
 * Makes sure the programs of these Debian packages are there; installs them with apt-get where we are root
 * on Debian (as in a container), and asks for them otherwise.
 *
 * @throws Error with one sentence that says what to do
 */
export async function ensureDebianPackages(
  names: readonly DebianPackage[],
  onProgress: Progress = () => undefined,
): Promise<void> {
  const missing = names.filter(isMissing);
  if (missing.length === 0) {
    return;
  }
  const isRootOnDebian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (!isRootOnDebian || findProgram("apt-get") === undefined) {
    throw new Error(`Not installed yet: ${missing.join(", ")}. On Debian: ${aptLine(missing)}.`);
  }
  onProgress(`Installing ${missing.join(" and ")} with apt-get.`);
  const env = inheritedEnvironment({ DEBIAN_FRONTEND: "noninteractive" });
  const steps = [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...missing],
  ];
  for (const args of steps) {
    const { code, output } = await runCommandLine("apt-get", args, { env });
    if (code !== 0) {
      throw new Error(`apt-get ${args[0] ?? ""} failed: ${lastLines(output)}`);
    }
  }
}

/** Our own environment without what `npm run` adds to it; nested npm calls would obey that. */
export function inheritedEnvironment(extra: Environment = {}): Environment {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name.startsWith("npm_") || name === "INIT_CWD" ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** The last lines of a program's output, on one line, for an error sentence. */
export function lastLines(output: string): string {
  return output.trim().split("\n").slice(-3).join(" | ") || "no output";
}
