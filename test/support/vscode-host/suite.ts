import { cp, mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { format } from "node:util";
import type { Page } from "playwright-core";
import { isNoise } from "./noise.ts";
import { makeShortTempDir } from "./paths.ts";
import type { Environment } from "./processes.ts";
import { startServer, type ServerOptions, type VSCodeServer } from "./server.ts";
import type { Settings } from "./settings.ts";
import { openWorkbench, remoteAddress } from "./workbench.ts";

/** Options of `runSuite`. */
export type SuiteOptions = Pick<ServerOptions, "version" | "cacheDir" | "onProgress" | "trusted"> & {
  /** The bundle of `bundleSuite`, or any CommonJS file that exports `run(): Promise<void>`. */
  readonly suite: string;
  /** The folder of the extension under test. */
  readonly extensionDevelopmentPath: string;
  /** The folder to open. A copy of it is opened, so tests may change it. */
  readonly workspace: string;
  /** HOME of the extension host; an empty temporary folder where not given. */
  readonly home?: string;
  /** Further environment variables of the extension host. */
  readonly env?: Environment;
  readonly userSettings?: Settings;
  /** Runs only the tests whose title contains this text. */
  readonly grep?: string;
  /** How long all of it may take, in ms; three minutes where not given. */
  readonly timeoutMs?: number;
  /** Receives each console line as it comes, noise left out unless `VERBOSE=1`. */
  readonly onLine?: (line: string) => void;
};

/** How a suite went. */
export type SuiteResult = {
  /** 0 where all went well: the suite ended, at least one test passed and none failed. */
  readonly exitCode: number;
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
  /** The console lines, noise included. */
  readonly lines: readonly string[];
  /** Why the exit code is not 0, where the tests themselves do not say. */
  readonly problem?: string;
};

/** The problem of a suite in which nothing ran. */
export const noTestExecuted = "No test was executed.";

const defaultTimeoutMs = 180_000;

/**
 * Runs a suite inside the extension host of a VS Code server, with the extension under development loaded.
 * No dialog or notification is shown there: each counts as cancelled.
 *
 * @throws Error when VS Code cannot be installed or started; a suite that fails or hangs is a result
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const base = makeShortTempDir();
  try {
    const workspace = path.join(base, "workspace");
    const resultFile = path.join(base, "result.json");
    await mkdir(path.join(base, "home"));
    await cp(options.workspace, workspace, { recursive: true });
    const server = await startServer({
      version: options.version,
      trusted: options.trusted,
      home: options.home ?? path.join(base, "home"),
      smokeTestDriver: true,
      removeAtEnd: [base],
      env: {
        ...options.env,
        HOST_TESTS_RESULT: resultFile,
        ...(options.grep === undefined ? {} : { HOST_TESTS_GREP: options.grep }),
      },
      ...(options.cacheDir === undefined ? {} : { cacheDir: options.cacheDir }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(options.userSettings === undefined ? {} : { userSettings: options.userSettings }),
    });
    try {
      const { code, lines } = await runInWorkbench(server, workspace, options);
      return judge(code, lines, await readCounts(resultFile), options);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

type HostRun = { readonly code: number | "timeout"; readonly lines: readonly string[] };

/** Opens the page that makes VS Code run the suite, and waits for the exit code it reports. */
async function runInWorkbench(
  server: VSCodeServer,
  workspace: string,
  options: SuiteOptions,
): Promise<HostRun> {
  const lines: string[] = [];
  const verbose = process.env["VERBOSE"] === "1";
  const exit = Promise.withResolvers<number | "timeout">();
  const timer = setTimeout(() => exit.resolve("timeout"), options.timeoutMs ?? defaultTimeoutMs);
  const expose = async (page: Page): Promise<void> => {
    // Before the page goes anywhere: VS Code looks for these two functions while it starts.
    await page.exposeFunction("codeAutomationLog", (_type: string, args: readonly unknown[]) => {
      const message = format(...args);
      const show = verbose || !isNoise(message);
      for (const line of message.split("\n")) {
        lines.push(line);
        if (show) {
          options.onLine?.(line);
        }
      }
    });
    await page.exposeFunction("codeAutomationExit", (code: number) => exit.resolve(code));
  };
  try {
    const workbench = await openWorkbench({
      server,
      folder: workspace,
      extensionDevelopmentPath: options.extensionDevelopmentPath,
      payload: [["extensionTestsPath", remoteAddress(server, options.suite)]],
      onPage: expose,
    });
    try {
      return { code: await exit.promise, lines };
    } finally {
      await workbench.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

type Counts = Pick<SuiteResult, "passed" | "failed" | "pending">;

/** Reads what the suite counted; undefined where it never got that far. */
async function readCounts(file: string): Promise<Counts | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    return undefined;
  }
  const value: unknown = JSON.parse(text);
  const count = (name: string): number => {
    const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
    return typeof found === "number" ? found : 0;
  };
  return { passed: count("passed"), failed: count("failed"), pending: count("pending") };
}

function judge(
  code: HostRun["code"],
  lines: HostRun["lines"],
  counts: Counts | undefined,
  options: SuiteOptions,
): SuiteResult {
  const result = { passed: 0, failed: 0, pending: 0, ...counts, lines };
  const failure = (problem: string): SuiteResult => ({ ...result, exitCode: 1, problem });
  if (code === "timeout") {
    return failure(`The suite did not end within ${options.timeoutMs ?? defaultTimeoutMs} ms.`);
  }
  if (counts === undefined) {
    return failure(`The suite ended with code ${code} before it could count its tests.`);
  }
  if (result.passed === 0 && result.failed === 0) {
    return failure(noTestExecuted);
  }
  return { ...result, exitCode: result.failed > 0 && code === 0 ? 1 : code };
}
