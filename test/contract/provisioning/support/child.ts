/*
 * Run by kills.test.ts in a process of its own: sets up or undoes, and kills itself with SIGKILL right before or right
 * after the n-th time that anything is written to disk.
 */
import { createAccess, planUndo } from "../../../../src/aws/index.ts";
import { findUnfinished } from "../../../../src/features/shared/journals.ts";
import { applyRun, undo } from "../../../../src/features/shared/runs.ts";
import { createStore, type Store } from "../../../../src/features/shared/store.ts";
import { RUN, setup } from "./setup.ts";
import { changesOf } from "./plan.ts";

const [what = "", folder = "", nth = "", moment = ""] = process.argv.slice(2);
const sleep = (): Promise<void> => Promise.resolve();
const disk = createStore(folder);
let writes = 0;

/** Never ends: the process does. */
const die = (): Promise<never> => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};

const store: Store = {
  ...disk,
  write: async (name, value) => {
    writes += 1;
    const isIt = writes === Number(nth);
    if (isIt && moment === "before") return die();
    await disk.write(name, value);
    if (isIt && moment === "after") return die();
    return undefined;
  },
};

const access = createAccess({ env: process.env, mfaCode: () => Promise.resolve(undefined), sleep });
const run = { setup, runId: RUN };
if (what === "set up") {
  await applyRun({ store, access }, { ...run, changes: await changesOf(access, run) }, { sleep });
} else {
  const [journal] = await findUnfinished(disk);
  if (journal === undefined) throw new Error("Nothing is unfinished.");
  await undo({ store, access }, journal, await planUndo(journal, access), { sleep });
}
process.stdout.write(String(writes));
