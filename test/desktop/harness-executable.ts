import { writeFile } from "node:fs/promises";
import { newestVSCode, runSuite } from "../support/vscode-host/index.ts";

/** What `runTests` of @vscode/test-electron says on the command line, as far as it matters here. */
export type ExecutableArguments = {
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath: string;
  readonly workspace: string;
};

/**
 * Reads the command line of a VS Code executable: `--name=value` options and, without dashes, the folder to
 * open. Other options are ignored.
 *
 * @throws Error when one of the three paths is missing
 */
export function readArguments(args: readonly string[]): ExecutableArguments {
  const option = (name: string): string => {
    const prefix = `--${name}=`;
    const found = args.find((arg) => arg.startsWith(prefix));
    if (found === undefined) {
      throw new Error(`${prefix}PATH is missing on the command line.`);
    }
    return found.slice(prefix.length);
  };
  const workspace = args.find((arg) => !arg.startsWith("-"));
  if (workspace === undefined) {
    throw new Error("The folder to open is missing on the command line.");
  }
  return {
    extensionDevelopmentPath: option("extensionDevelopmentPath"),
    extensionTestsPath: option("extensionTestsPath"),
    workspace,
  };
}

/**
 * Runs the suite that a command line of @vscode/test-electron names in the newest VS Code server.
 *
 * @returns the suite's exit code
 */
export async function runAsExecutable(args: readonly string[]): Promise<number> {
  const { extensionDevelopmentPath, extensionTestsPath, workspace } = readArguments(args);
  const grep = process.env["HOST_TESTS_GREP"];
  const { lines: _lines, ...result } = await runSuite({
    version: newestVSCode,
    suite: extensionTestsPath,
    extensionDevelopmentPath,
    workspace,
    trusted: true,
    onLine: console.log,
    onProgress: console.log,
    ...(grep === undefined ? {} : { grep }),
  });
  const resultFile = process.env["HOST_TESTS_RESULT"];
  if (resultFile !== undefined && resultFile !== "") {
    const { passed, failed, pending } = result;
    await writeFile(resultFile, JSON.stringify({ passed, failed, pending }));
  }
  if (result.problem !== undefined) {
    console.error(result.problem);
  }
  return result.exitCode;
}
