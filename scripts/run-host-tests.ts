// npm run test:host: runs the in-host suites in real VS Code servers.
// Usage: node scripts/run-host-tests.ts [--vscode 1.103.2|1.139.1|all] [--grep text]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  bundleSuite,
  ensureDebianPackages,
  isVSCodeVersion,
  noTestExecuted,
  projectRoot,
  runSuite,
  vscodeVersions,
  type SuiteResult,
  type VSCodeVersion,
} from "../test/support/vscode-host/index.ts";

type Run = {
  /** What the summary calls it. */
  readonly label: string;
  readonly suite: string;
  readonly trusted: boolean;
};

function chosenVersions(text: string): readonly VSCodeVersion[] {
  if (text === "all") {
    return vscodeVersions;
  }
  if (isVSCodeVersion(text)) {
    return [text];
  }
  throw new Error(`--vscode takes ${vscodeVersions.join(", ")} or all, not ${text}.`);
}

function buildExtension(): void {
  const script = path.join(projectRoot, "esbuild.mjs");
  if (!existsSync(script)) {
    return;
  }
  const { status } = spawnSync(process.execPath, [script], { cwd: projectRoot, stdio: "inherit" });
  if (status !== 0) {
    throw new Error("esbuild.mjs failed; the host tests were not run.");
  }
}

function summary(label: string, version: VSCodeVersion, result: SuiteResult): string {
  const problem = result.problem === undefined ? "" : ` (${result.problem})`;
  return `${label} ${version}: ${result.passed} passed, ${result.failed} failed${problem}`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { vscode: { type: "string", default: "all" }, grep: { type: "string" } },
  });
  const versions = chosenVersions(values.vscode);
  await ensureDebianPackages(["chromium"], console.log);
  buildExtension();
  const untrusted = "test/host/untrusted/**/*.spec.ts";
  const runs: readonly Run[] = [
    {
      label: "host",
      suite: await bundleSuite(["test/host/**/*.spec.ts"], { name: "host", exclude: [untrusted] }),
      trusted: true,
    },
    { label: "host untrusted", suite: await bundleSuite([untrusted], { name: "untrusted" }), trusted: false },
  ];
  const summaries: string[] = [];
  let executed = 0;
  let failures = 0;
  for (const { label, suite, trusted } of runs) {
    for (const version of versions) {
      console.log(`\n${label}, VS Code ${version}`);
      const result = await runSuite({
        version,
        suite,
        trusted,
        extensionDevelopmentPath: projectRoot,
        workspace: path.join(projectRoot, "test/host/workspace"),
        onLine: console.log,
        onProgress: console.log,
        ...(values.grep === undefined ? {} : { grep: values.grep }),
      });
      executed += result.passed + result.failed;
      // With --grep one suite may have nothing to do, but not all of them.
      const isLeftOut = values.grep !== undefined && result.problem === noTestExecuted;
      failures += result.exitCode === 0 || isLeftOut ? 0 : 1;
      summaries.push(summary(label, version, result));
    }
  }
  console.log(`\n${summaries.join("\n")}`);
  return failures === 0 && executed > 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
