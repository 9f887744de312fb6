import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { root } from "./run.ts";

/**
 * npm test: everything, one suite after the other, and at the end the sum in one line. A suite that fails does
 * not keep the next one from running.
 */

type Count = { readonly passed: number; readonly failed: number; readonly skipped: number };
type Suite = {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the count from what the suite left behind: its output, or the file of vitest's JSON reporter. */
  readonly count: (output: string) => Promise<Count>;
};

const results = join(root, "test-results");

/** What is read of the file of vitest's JSON reporter. */
const Report = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
});

const suites: readonly Suite[] = [
  { name: "check", command: ["node", "scripts/check.ts"], count: fromLines },
  vitest("unit"),
  vitest("contract"),
  { name: "host", command: ["node", "scripts/run-host-tests.ts"], count: fromLines },
  {
    name: "desktop entry",
    command: ["node", "test/desktop/run.ts"],
    // Electron cannot be downloaded everywhere; the harness takes the same arguments and runs the same suite.
    env: { VSCODE_EXECUTABLE_PATH: "test/desktop/harness-executable.mjs" },
    count: fromLines,
  },
  vitest("e2e"),
];

await rm(results, { recursive: true, force: true });
await mkdir(results);
const total = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const suite of suites) {
  console.log(`\n== ${suite.name}`);
  const started = Date.now();
  const { code, output } = await runSuite(suite);
  const count = await suite.count(output);
  // A suite that broke before it could count, or that ran nothing, is a failure too.
  const broken = (code !== 0 && count.failed === 0) || count.passed + count.failed === 0;
  const failed = count.failed + (broken ? 1 : 0);
  total.passed += count.passed;
  total.failed += failed;
  total.skipped += count.skipped;
  const seconds = Math.round((Date.now() - started) / 1000);
  lines.push(
    `${suite.name}: ${count.passed} passed, ${failed} failed, ${count.skipped} skipped (${seconds} s)`,
  );
}
console.log(`\n${lines.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

function vitest(project: string): Suite {
  const file = join(results, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  return {
    name: project,
    command: ["vitest", "run", "--project", project, ...reporters],
    count: () => fromJson(file),
  };
}

/** Runs a suite with its output shown and kept. */
function runSuite(suite: Suite): Promise<{ readonly code: number; readonly output: string }> {
  const [program = "", ...args] = suite.command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, ...suite.env },
    });
    let output = "";
    child.stdout.on("data", (part: Buffer) => {
      process.stdout.write(part);
      output += part.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Adds up the lines such as `host 1.139.1: 44 passed, 0 failed`. */
async function fromLines(output: string): Promise<Count> {
  const found = [...output.matchAll(/^\S.*: (\d+) passed, (\d+) failed/gm)];
  return {
    passed: found.reduce((sum, match) => sum + Number(match[1]), 0),
    failed: found.reduce((sum, match) => sum + Number(match[2]), 0),
    skipped: 0,
  };
}

async function fromJson(file: string): Promise<Count> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const report = v.parse(Report, JSON.parse(text));
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests };
}
