import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/*
 * Outside judges: AWS emulators that others wrote, so that the adapters and our sandbox never agree only with
 * each other. Both are Python packages; they are installed once into `.cache/judges`.
 */

export type JudgeName = "moto" | "ministack";

/** An emulator under way on a loopback port. */
export type Judge = {
  readonly name: JudgeName;
  /** Such as `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  /** Empties it. */
  readonly reset: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const PINS = ["moto[server]==5.2.5", "ministack==1.5.33"];
const VENV = resolve(import.meta.dirname, "../../.cache/judges");
const MARKER = join(VENV, "installed.txt");
const BIN = join(VENV, process.platform === "win32" ? "Scripts" : "bin");
/** Milliseconds an emulator gets to answer its first request. */
const START_TIMEOUT = 60_000;
/** Milliseconds their installation may take. */
const INSTALL_TIMEOUT = 300_000;

/**
 * Starts a judge with a home of its own. Where it cannot be installed, says so in one line and resolves to
 * undefined; with `CI=true` that is an error instead.
 */
export async function startJudge(name: JudgeName): Promise<Judge | undefined> {
  const missing = await install();
  if (missing !== undefined) {
    const line = `The judge ${name} did not run: ${missing}`;
    if (process.env["CI"] === "true") throw new Error(line);
    process.stderr.write(`${line}\n`);
    return undefined;
  }
  const home = await mkdtemp(join(tmpdir(), `judge-${name}-`));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = launch(name, port, home);
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.off("exit", kill);
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    kill();
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  try {
    await untilAnswering(endpoint, child);
  } catch (error) {
    await stop();
    throw error;
  }
  const resetPath = name === "moto" ? "/moto-api/reset" : "/_ministack/reset";
  const reset = async (): Promise<void> => {
    const answer = await fetch(`${endpoint}${resetPath}`, { method: "POST" });
    if (!answer.ok) throw new Error(`${name} refused to be reset: ${answer.status}`);
  };
  return { name, endpoint, reset, stop };
}

function launch(name: JudgeName, port: number, home: string): ChildProcess {
  const env = { PATH: `${BIN}:${process.env["PATH"] ?? ""}`, HOME: home, TMPDIR: home, LANG: "C.UTF-8" };
  const options = { cwd: home, stdio: "ignore" } as const;
  if (name === "moto") {
    const args = ["-H", "127.0.0.1", "-p", String(port)];
    return spawn(join(BIN, "moto_server"), args, { ...options, env });
  }
  const settings = { BIND_HOST: "127.0.0.1", GATEWAY_PORT: String(port), AUTH: "true", PERSIST_STATE: "0" };
  return spawn(join(BIN, "ministack"), [], { ...options, env: { ...env, ...settings } });
}

async function untilAnswering(endpoint: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_TIMEOUT;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The judge ended with exit code ${child.exitCode}.`);
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(2000) });
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error("The judge did not answer in time.");
}

/** A port of the loopback interface that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}

/** Installs both judges once. Resolves to the reason where that is not possible. */
async function install(): Promise<string | undefined> {
  if (await isInstalled()) return undefined;
  await mkdir(resolve(VENV, ".."), { recursive: true });
  const release = await lock(`${VENV}.lock`);
  try {
    if (await isInstalled()) return undefined;
    const python = process.platform === "win32" ? "python" : "python3";
    if (!(await succeeds(python, ["-m", "venv", VENV]))) return "Python 3 with venv is missing.";
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PINS];
    if (!(await succeeds(join(BIN, "python"), pip))) return "pip could not install it.";
    await writeFile(MARKER, PINS.join("\n"));
    return undefined;
  } finally {
    await release();
  }
}

async function isInstalled(): Promise<boolean> {
  try {
    return (await readFile(MARKER, "utf8")) === PINS.join("\n");
  } catch {
    return false;
  }
}

/** Test files run side by side; one of them installs, the others wait. */
async function lock(path: string): Promise<() => Promise<void>> {
  const until = Date.now() + INSTALL_TIMEOUT;
  while (Date.now() < until) {
    try {
      await mkdir(path);
      return () => rmdir(path);
    } catch {
      if (await isInstalled()) return async () => {};
      await sleep(500);
    }
  }
  throw new Error(`Somebody has been installing the judges for too long. If nobody is, remove ${path}.`);
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: "ignore" });
  return new Promise((done) => {
    child.once("error", () => done(false));
    child.once("exit", (code) => done(code === 0));
  });
}
