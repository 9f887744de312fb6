// Runs one command in a process group of its own and ends all of it when standard input closes. The pipe
// closes however the starting process goes, SIGKILL included, so nothing outlives it. Started by
// `processes.ts`; the only argument is a JSON text of the type `GuardOrder`.
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isGuardOrder, livingTree, type TreeMember } from "./process-tree.ts";

const graceMs = 3000;
const pollMs = 25;

function signal(members: readonly TreeMember[], name: NodeJS.Signals): void {
  for (const { pid } of members) {
    try {
      process.kill(pid, name);
    } catch {
      // It ended in between.
    }
  }
}

/** Ends the tree below `root`: SIGTERM first, so that it can write its files, then SIGKILL. */
async function endTree(root: number): Promise<void> {
  const known = new Map<string, TreeMember>();
  const living = (): readonly TreeMember[] => {
    for (const member of livingTree(root, known)) {
      known.set(member.key, member);
    }
    return livingTree(root, known);
  };
  signal(living(), "SIGTERM");
  for (let waited = 0; waited < graceMs && living().length > 0; waited += pollMs) {
    await sleep(pollMs);
  }
  for (let round = 0; round < 40 && living().length > 0; round += 1) {
    signal(living(), "SIGKILL");
    await sleep(pollMs);
  }
}

function main(): void {
  const order: unknown = JSON.parse(process.argv[2] ?? "null");
  if (!isGuardOrder(order)) {
    throw new Error("The guard was started without an order.");
  }
  const child = spawn(order.command, order.args, { detached: true, stdio: ["ignore", "inherit", "inherit"] });
  const finish = async (code: number): Promise<void> => {
    if (child.pid !== undefined) {
      await endTree(child.pid);
    }
    for (const folder of order.remove) {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
    process.exit(code);
  };
  let finishing = false;
  const finishOnce = (code: number): void => {
    if (!finishing) {
      finishing = true;
      void finish(code);
    }
  };
  child.once("error", (error) => {
    console.error(error.message);
    finishOnce(127);
  });
  child.once("exit", (code) => finishOnce(code ?? 1));
  process.stdin.resume();
  process.stdin.once("close", () => finishOnce(0));
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => finishOnce(1));
  }
  // The reader of our output may be gone already while we are still cleaning up.
  process.stdout.on("error", () => finishOnce(1));
  process.stderr.on("error", () => finishOnce(1));
}

main();
