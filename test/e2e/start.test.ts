import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import type { Browser } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { installVSCode, launchChromium, vscodeVersions } from "../support/vscode-host/index.ts";
import { listeningAddresses, npmStart, processesOf, type NpmStart } from "./support/npm-start.ts";
import { openWizard } from "./support/wizard.ts";
import { goTo } from "./support/workbench.ts";

/* npm start as a user runs it: from a shell, with npm, with settings of the user's own around it. */

const READY = "Ctrl-C stops all of it.";

/** What the user has set for their own work. None of it may reach VS Code. */
const own = {
  AWS_PROFILE: "production",
  AWS_ACCESS_KEY_ID: "AKIAPRODUCTION000000",
  AWS_SECRET_ACCESS_KEY: "production-secret",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_CONFIG_FILE: "/nonexistent/config",
  GITHUB_TOKEN: "ghp_production",
};

const running: NpmStart[] = [];
const browsers: Browser[] = [];

async function start(...args: readonly string[]): Promise<NpmStart> {
  const started = await npmStart(args, own);
  running.push(started);
  return started;
}

beforeAll(async () => {
  for (const version of vscodeVersions) await installVSCode(version, { onProgress: console.log });
});
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close();
  for (const started of running.splice(0)) await started.remove();
});

/** The status of the page, and what it sets. */
async function ask(url: URL, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { redirect: "manual", headers });
}

/** The page is refused without the secret, and given with it. */
async function expectGuarded(url: URL): Promise<void> {
  const token = url.searchParams.get("tkn") ?? "";
  expect(token).toMatch(/^[0-9a-f]{32,}$/);
  const without = new URL(url);
  without.searchParams.delete("tkn");
  expect((await ask(without)).status).toBe(403);
  const wrong = new URL(url);
  wrong.searchParams.set(
    "tkn",
    token.replace(/^./, (first) => (first === "0" ? "1" : "0")),
  );
  expect((await ask(wrong)).status).toBe(403);
  // The server takes the secret out of the address and keeps it in a cookie.
  const taken = await ask(url);
  const cookie = (taken.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const page = await ask(without, { cookie });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("workbench");
}

/** Everything has ended and nothing lies about. Polled: what was just told to end may take a moment. */
async function expectNothingLeft({ temp, home }: NpmStart): Promise<void> {
  await expect.poll(async () => (await processesOf(temp)).map((one) => one.command), within).toEqual([]);
  expect(await readdir(temp)).toEqual([]);
  // npm notes its own runs there.
  expect((await readdir(home)).filter((name) => name !== ".npm")).toEqual([]);
}
const within = { timeout: 20_000, interval: 100 };

describe("npm start", () => {
  it("prints one address with a secret, and Ctrl-C ends all of it", async () => {
    const started = await start();
    await started.says(READY);
    const url = started.url();
    expect(url.hostname).toBe("127.0.0.1");
    await expectGuarded(url);

    const browser = await launchChromium();
    browsers.push(browser);
    const page = await browser.newPage();
    await goTo(page, url.href);
    await openWizard(page);

    const processes = await processesOf(started.temp);
    const host = processes.filter(({ command }) => command.includes("--type=extensionHost"));
    expect(host).toHaveLength(1);
    for (const { env } of host) {
      expect(env["HOME"]).toMatch(new RegExp(`^${started.temp}/`));
      expect(Object.keys(env).filter((name) => /^AWS_|TOKEN/.test(name))).toEqual([]);
      expect(Object.values(env).filter((value) => /production/i.test(value))).toEqual([]);
    }
    // 127.0.0.1 and nothing else, the local AWS and CircleCI included.
    const addresses = await listeningAddresses(processes);
    expect(addresses.length).toBeGreaterThanOrEqual(4);
    expect([...new Set(addresses)]).toEqual(["0100007F"]);

    process.kill(-started.pid, "SIGINT");
    // npm ends by the same signal where it is quicker than what it has started.
    const { code, signal } = await started.ended;
    expect(signal ?? code).toSatisfy((how) => how === "SIGINT" || how === 0);
    await expect.poll(() => started.stdout(), within).toContain("Stopping …");
    await expectNothingLeft(started);
  });

  it("takes the version of VS Code, and ends with npm", async () => {
    const started = await start("--vscode", "1.103.2");
    await started.says(READY);
    expect(started.stdout()).toContain("Starting VS Code 1.103.2 …");
    await expectGuarded(started.url());
    const servers = (await processesOf(started.temp)).filter(({ command }) =>
      command.includes("server-main.js"),
    );
    expect(servers.map(({ command }) => command).join(" ")).toContain("vscode-1.103.2");
    process.kill(started.pid, "SIGTERM");
    await started.ended;
    await expectNothingLeft(started);
  });

  it("leaves nothing where it is stopped before it is ready", async () => {
    const started = await start();
    await started.says("Starting VS Code");
    process.kill(-started.pid, "SIGINT");
    await started.ended;
    expect(started.stdout()).not.toContain(READY);
    await expectNothingLeft(started);
  });

  it("says in one sentence that the port is taken, before it does any work", async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve, reject) => {
      taken.listen(0, "127.0.0.1", () => {
        const address = taken.address();
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("no port"));
      });
    });
    try {
      const started = await start("--port", String(port));
      expect(await started.ended).toEqual({ code: 1, signal: null });
      expect(started.stderr().trim()).toBe(
        `Port ${port} is in use: choose another one with --port, or none for a free one.`,
      );
      expect(started.stdout()).not.toContain("…");
      await expectNothingLeft(started);
    } finally {
      taken.close();
    }
  });

  it.each([
    [["--vscode", "1.2.3"], "--vscode takes 1.103.2 or 1.139.1, not 1.2.3."],
    [["--port", "80800"], "--port takes a number from 0 to 65535, not 80800."],
  ])("says in one sentence what is wrong with %j", async (args, sentence) => {
    const started = await start(...args);
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.stderr().trim()).toBe(sentence);
    await expectNothingLeft(started);
  });

  it("listens on the port it is given", async () => {
    const port = await freePort();
    const started = await start("--port", String(port));
    await started.says(READY);
    expect(started.url().port).toBe(String(port));
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address !== null
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}
