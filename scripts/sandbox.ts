import { once } from "node:events";
import { parseArgs } from "node:util";
import { startSandbox, type Sandbox } from "../test/support/sandbox.ts";

const usage = `Usage: npm run -s sandbox -- [--port PORT]

Starts a local AWS (IAM and STS) and a local CircleCI on 127.0.0.1, prints one line of JSON that says how to
reach them, and runs until it is interrupted. PORT 0, the default, takes a free one.`;

/** The port asked for, or a sentence about what is wrong. */
function readPort(): number | string {
  try {
    const { values } = parseArgs({ options: { port: { type: "string", default: "0" } } });
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
    return port <= 65_535
      ? port
      : `--port takes a number from 0 to 65535, not ${JSON.stringify(values.port)}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** Settles when whoever started this process is gone: killed, it could not pass a signal on. */
function orphaned(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid !== parent) {
        clearInterval(timer);
        resolve();
      }
    }, 1000);
    timer.unref();
  });
}

async function run(port: number): Promise<number> {
  // Listened for before anything starts, so that an early signal leaves nothing behind either.
  const interrupted = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM"), orphaned()]);
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox({ port });
  } catch (error) {
    if (!isInUse(error)) {
      throw error;
    }
    console.error(`Port ${port} is in use: choose another one, or 0 for a free one.`);
    return 1;
  }
  // A second signal, such as the one a terminal sends to the whole group, does not cut the clean-up short.
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  console.log(JSON.stringify(sandbox.info));
  await interrupted;
  await sandbox.stop();
  return 0;
}

const port = readPort();
if (typeof port === "string") {
  console.error(`${port}\n\n${usage}`);
  process.exitCode = 2;
} else {
  process.exit(await run(port));
}
