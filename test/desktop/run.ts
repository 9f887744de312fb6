// npm run test:desktop: runs the trusted host suite in the VS Code that @vscode/test-electron downloads.
// Usage: node test/desktop/run.ts [--vscode-executable PATH] [--vscode-version VERSION] [--grep text]
// `VSCODE_EXECUTABLE_PATH` does the same as --vscode-executable. With `test/desktop/harness-executable.mjs`
// as the executable this entry is exercised where no desktop build can be downloaded.
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { runTests } from "@vscode/test-electron";
import * as v from "valibot";
import { bundleSuite } from "../support/vscode-host/bundle.ts";
import { makeShortTempDir, projectRoot } from "../support/vscode-host/paths.ts";
import { quietSettings, writeUserSettings } from "../support/vscode-host/settings.ts";

/** The user's own AWS settings, each unset: a test must never find them. */
function withoutAws(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => name.toUpperCase().startsWith("AWS_"));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** What the suite leaves in the file that `HOST_TESTS_RESULT` names. */
const Counts = v.object({ passed: v.number(), failed: v.number() });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "vscode-executable": { type: "string" },
      "vscode-version": { type: "string" },
      grep: { type: "string" },
    },
  });
  const executable = values["vscode-executable"] ?? process.env["VSCODE_EXECUTABLE_PATH"];
  const suite = await bundleSuite(["test/host/**/*.spec.ts"], {
    name: "host",
    exclude: ["test/host/untrusted/**/*.spec.ts"],
  });
  const base = makeShortTempDir();
  try {
    const workspace = path.join(base, "workspace");
    const home = path.join(base, "home");
    const userData = path.join(base, "user");
    const resultFile = path.join(base, "result.json");
    await mkdir(home);
    await cp(path.join(projectRoot, "test/host/workspace"), workspace, { recursive: true });
    await writeUserSettings(path.join(userData, "User"), quietSettings);
    await runTests({
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: suite,
      launchArgs: [
        workspace,
        "--disable-extensions",
        "--use-inmemory-secretstorage",
        `--user-data-dir=${userData}`,
        `--extensions-dir=${path.join(base, "extensions")}`,
      ],
      extensionTestsEnv: {
        ...withoutAws(),
        HOME: home,
        USERPROFILE: home,
        HOST_TESTS_RESULT: resultFile,
        HOST_TESTS_GREP: values.grep,
      },
      ...(executable === undefined || executable === ""
        ? { version: values["vscode-version"] ?? "stable" }
        : { vscodeExecutablePath: path.resolve(executable) }),
    });
    const counts = v.parse(Counts, JSON.parse(await readFile(resultFile, "utf8")));
    console.log(`desktop: ${counts.passed} passed, ${counts.failed} failed`);
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
