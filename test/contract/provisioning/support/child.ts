/*
 * Run by kills.test.ts in a process of its own: sets up, undoes or removes, and kills itself with SIGKILL right before or right
 * after the n-th time that anything is written to disk or deleted.
 */
import { createAccess, planUndo } from "../../../../src/aws/index.ts";
import { findUnfinished } from "../../../../src/features/shared/journals.ts";
import { applyRun, planRemovalOf, planRun, removeSetup, undo } from "../../../../src/features/shared/runs.ts";
import { createStore, type Store } from "../../../../src/features/shared/store.ts";
import { existing, nothing } from "./scenario.ts";
import { RUN } from "./setup.ts";

const [scenario, what = "", folder = "", nth = "", moment = ""] = process.argv.slice(2);
const sleep = (): Promise<void> => Promise.resolve();
const disk = createStore(folder);
let writes = 0;

/** Never ends: the process does. */
const die = (): Promise<never> => {
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};

const counted = async (change: () => Promise<void>): Promise<void> => {
  writes += 1;
  const isIt = writes === Number(nth);
  if (isIt && moment === "before") return die();
  await change();
  if (isIt && moment === "after") return die();
  return undefined;
};

const store: Store = {
  ...disk,
  write: (name, value) => counted(() => disk.write(name, value)),
  remove: (name) => counted(() => disk.remove(name)),
};

const access = createAccess({ env: process.env, mfaCode: () => Promise.resolve(undefined), sleep });
const { setup } = scenario === existing.name ? existing : nothing;
const ports = { store, access };
if (what === "set up") {
  const planned = await planRun(access, { setup, runId: RUN });
  const keys = planned.changes.flatMap((change) =>
    "consent" in change && change.consent !== undefined ? [change.consent.key] : [],
  );
  await applyRun(ports, { ...planned, runId: RUN }, { sleep, consents: new Set(keys) });
} else if (what === "remove") {
  await removeSetup(ports, setup, await planRemovalOf(ports, setup), { sleep });
} else {
  const [journal] = await findUnfinished(disk);
  if (journal === undefined) throw new Error("Nothing is unfinished.");
  await undo(ports, journal, await planUndo(journal, access), { sleep });
}
process.stdout.write(String(writes));
