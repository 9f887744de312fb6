import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
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
  const say = (sentence: string): void => console.log(sentence);
  const work = await mkdtemp(join(tmpdir(), "circleci-oidc-"));
  let sandbox: Sandbox | undefined;
  let server: VSCodeServer | undefined;
  const stopping = stopRequest();
  try {
    say("Building the extension …");
    const vsix = await packageExtension({ quiet: true });
    say("Starting the local AWS and the local CircleCI …");
    const cacheDir = join(defaultCacheDir(), "..", "circleci");
    await mkdir(cacheDir, { recursive: true });
    sandbox = await startSandbox({ circleci: { cacheDir } });
    const demo = await layOutDemo(work, sandbox.info);
    say(`Starting VS Code ${options.version} …`);
    server = await startServer({
      version: options.version,
      port: options.port,
      connectionToken: randomBytes(24).toString("hex"),
      home: demo.home,
      env: demo.env,
      trusted: true,
      onProgress: say,
    });
    await server.installExtension(vsix);
    const url = server.url(demo.repository);
    say(instructions(url, sandbox));
    if (options.open) openBrowser(url, say);
    await Promise.race([stopping, server.ended]);
    say("Stopping …");
    return 0;
  } finally {
    await Promise.allSettled([server?.stop(), sandbox?.stop()]);
    await rm(work, { recursive: true, force: true });
  }
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

/** Resolves when the user wants to stop. A second Ctrl-C ends the process at once; the servers end with it. */
function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
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
