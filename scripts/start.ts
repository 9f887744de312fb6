import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { layOutDemo } from "../test/support/demo.ts";
import { startSandbox, type Sandbox } from "../test/support/sandbox.ts";
import {
  assertPlatform,
  defaultCacheDir,
  isVSCodeVersion,
  newestVSCode,
  startServer,
  vscodeVersions,
  type VSCodeServer,
  type VSCodeVersion,
} from "../test/support/vscode-host/index.ts";
import { packageExtension } from "./package.ts";

/**
 * npm start: the wizard in a real VS Code in the browser, with a local AWS and a local CircleCI. Everything it
 * starts listens on 127.0.0.1 and ends with it; the home it works in is its own.
 */
async function main(): Promise<number> {
  const options = readOptions();
  assertPlatform();
  const stopping = stopRequest();
  await assertPortIsFree(options.port);
  const work = await mkdtemp(join(tmpdir(), "circleci-oidc-"));
  // The last thing there is, so that a start given up half-way leaves nothing either.
  process.once("exit", () => rmSync(work, { recursive: true, force: true }));
  const running: Running = { parts: [] };
  try {
    const ended = start(options, work, running).then((server) => server.ended);
    const code = await Promise.race([stopping, ended]);
    if (code !== undefined) throw new Error(`VS Code ended by itself with exit code ${code}.`);
    console.log("Stopping …");
    return 0;
  } finally {
    await Promise.allSettled(running.parts.map((part) => part.stop()));
  }
}

/** What has been started so far. */
type Running = { readonly parts: { readonly stop: () => Promise<void> }[] };

async function start(options: Options, work: string, { parts }: Running): Promise<VSCodeServer> {
  const say = (sentence: string): void => console.log(sentence);
  say("Building the extension …");
  const vsix = await packageExtension({ quiet: true });
  say("Starting the local AWS and the local CircleCI …");
  const cacheDir = join(defaultCacheDir(), "..", "circleci");
  await mkdir(cacheDir, { recursive: true });
  const sandbox = await startSandbox({ circleci: { cacheDir } });
  parts.push(sandbox);
  const demo = await layOutDemo(work, sandbox.info);
  say(`Starting VS Code ${options.version} …`);
  const server = await startServer({
    version: options.version,
    port: options.port,
    connectionToken: randomBytes(24).toString("hex"),
    home: demo.home,
    env: demo.env,
    trusted: true,
    onProgress: say,
  });
  parts.push(server);
  await server.installExtension(vsix);
  const url = server.url(demo.repository);
  say(instructions(url, sandbox));
  if (options.open) openBrowser(url, say);
  return server;
}

type Options = { readonly version: VSCodeVersion; readonly port: number; readonly open: boolean };

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      vscode: { type: "string", default: newestVSCode },
      port: { type: "string", default: "0" },
      open: { type: "boolean", default: false },
    },
  });
  const { vscode: version, open } = values;
  const port = Number(values.port);
  if (!isVSCodeVersion(version)) {
    throw new Error(`--vscode takes ${vscodeVersions.join(" or ")}, not ${version}.`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not ${values.port}.`);
  }
  return { version, port, open };
}

/** How long the services may take to end. Whatever is left then ends with this process. */
const STOP_WITHIN_MS = 10_000;

/**
 * Resolves when the user wants to stop. One Ctrl-C may arrive several times, from the terminal and from npm, so
 * that a second one is no other wish than the first.
 */
function stopRequest(): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve(undefined);
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  });
}

/** Asks for the port first of all, before anything is built or downloaded. */
async function assertPortIsFree(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE" ? "is in use" : `cannot be used (${error.code ?? error.message})`;
      reject(new Error(`Port ${port} ${why}: choose another one with --port, or none for a free one.`));
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}

function instructions(url: string, sandbox: Sandbox): string {
  const [token] = sandbox.circleci.users.map((user) => user.token);
  return `
VS Code is ready. Open this address, and keep it to yourself: it holds a secret.

  ${url}

Then press F1 and run "CircleCI OIDC: Set Up AWS Access". You will be asked for

  organization ID     ${sandbox.info.organization}
  or CircleCI token   ${token ?? ""}
  AWS profiles        ${sandbox.info.accounts.map((account) => `${account.name} (${account.id})`).join(", ")}

The AWS here is a local one, and so is the CircleCI: nothing leaves this machine.
Ctrl-C stops all of it.
`;
}

function openBrowser(url: string, say: (sentence: string) => void): void {
  const browser = spawn("xdg-open", [url], { stdio: "ignore", detached: true });
  browser.on("error", () =>
    say("There is no browser to open here (xdg-open is missing): open the address yourself."),
  );
  browser.unref();
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
