import { writeFile } from "node:fs/promises";
import Mocha from "mocha";
import { readableStack } from "./stack.ts";

/** A spec file of the suite; loading it registers its `describe` blocks. */
export type SpecFile = { readonly file: string; readonly load: () => Promise<unknown> };

/** What a run leaves behind for the harness, as JSON in the file that `HOST_TESTS_RESULT` names. */
export type SuiteCounts = { readonly passed: number; readonly failed: number; readonly pending: number };

/** Prints one line per test; the console is the only way out of the extension host. */
function report(runner: Mocha.Runner, bundle: string): void {
  runner.on("pass", (test) => console.log(`  ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`));
  runner.on("pending", (test) => console.log(`  - ${test.fullTitle()} (skipped)`));
  runner.on("fail", (test, error: unknown) => {
    const text = error instanceof Error ? readableStack(error.stack ?? error.message, bundle) : String(error);
    console.log(`  ✗ ${test.fullTitle()}\n${text.replaceAll(/^/gm, "      ")}`);
  });
}

/**
 * Runs the spec files with mocha inside the extension host. `bundleSuite` writes the entry that calls this.
 * `HOST_TESTS_GREP` picks tests by title.
 *
 * @param bundle path of the running bundle, whose source map lies beside it
 * @throws Error when a test failed or none was executed; VS Code turns that into a non-zero exit code
 */
export async function runSpecs(specs: readonly SpecFile[], bundle: string): Promise<void> {
  const grep = process.env["HOST_TESTS_GREP"];
  const mocha = new Mocha({
    ui: "bdd",
    timeout: 30_000,
    // The base of all reporters prints nothing; `report` does.
    reporter: Mocha.reporters.Base,
    ...(grep === undefined || grep === "" ? {} : { grep }),
  });
  for (const { file, load } of specs) {
    mocha.suite.emit("pre-require", globalThis, file, mocha);
    await load();
  }
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started: Mocha.Runner = mocha.run(() => resolve(started));
    report(started, bundle);
  });
  const counts: SuiteCounts = {
    passed: runner.stats?.passes ?? 0,
    failed: runner.stats?.failures ?? 0,
    pending: runner.stats?.pending ?? 0,
  };
  const resultFile = process.env["HOST_TESTS_RESULT"];
  if (resultFile !== undefined && resultFile !== "") {
    await writeFile(resultFile, JSON.stringify(counts));
  }
  console.log(`${counts.passed} passing, ${counts.failed} failing, ${counts.pending} skipped`);
  if (counts.failed > 0) {
    throw new Error(`${counts.failed} host tests failed.`);
  }
  if (counts.passed === 0) {
    throw new Error("No host test was executed.");
  }
}
