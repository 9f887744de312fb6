import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readSetups } from "../../../../src/features/shared/store.ts";
import { findUnfinished } from "../../../../src/features/shared/journals.ts";
import { startHub, type Hub } from "./hub.ts";
import { memoryStore, type MemoryStore } from "./memory.ts";
import type { Scenario } from "./scenario.ts";
import { createTrial, reopen, setUp } from "./trial.ts";

const CHILD = join(import.meta.dirname, "child.ts");
const doings = { "set up": "sets up", undo: "undoes", remove: "removes" } as const;
const MOMENTS = ["before", "after"] as const;

/**
 * The process is killed (SIGKILL) right before and right after each time that a run, its undo or the removal of a setup writes to disk. How
 * often that is, a run that is not killed says. Whatever was killed can be resumed to its end and undone to nothing.
 */
export function killMatrix(scenario: Scenario): void {
  describe(`a process that is killed (${scenario.name})`, () => {
    let hub: Hub;
    let trial: Awaited<ReturnType<typeof createTrial>>;
    beforeAll(async () => {
      hub = await startHub({}, scenario);
      trial = await createTrial(hub);
    });
    afterAll(() => hub.stop());

    /** Runs the child; what it printed, or the signal that ended it. */
    const child = async (...args: readonly string[]): Promise<string> => {
      const started = spawn(process.execPath, [CHILD, scenario.name, ...args], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(started, "close");
      const [printed, errors] = await Promise.all([text(started.stdout), text(started.stderr)]);
      await ended;
      return started.signalCode ?? (started.exitCode === 0 ? printed : errors);
    };

    const tryAll = async (what: keyof typeof doings, prepare: () => Promise<void>): Promise<void> => {
      await prepare();
      const writes = Number(await child(what, hub.folder));
      expect(writes).toBeGreaterThan(what === "remove" ? 1 : 10);
      const wrong: string[] = [];
      const states = new Set<string>();
      for (let nth = 1; nth <= writes; nth += 1) {
        for (const moment of MOMENTS) {
          await prepare();
          try {
            expect(await child(what, hub.folder, String(nth), moment)).toBe("SIGKILL");
            if (what === "remove") await trial.expectRemovable(await inMemory());
            else await expectBothWays(states);
          } catch (error) {
            wrong.push(`${moment} write ${nth}: ${error instanceof Error ? error.message : String(error)}`);
          }
        }
      }
      process.stderr.write(
        `fault matrix (${scenario.name}), killed while it ${doings[what]}: ${writes} writes × ${MOMENTS.length} = ${writes * MOMENTS.length} points tried (${states.size} states to go on from)\n`,
      );
      expect(wrong).toEqual([]);
    };

    const expectBothWays = async (states: Set<string>): Promise<void> => {
      const store = await inMemory();
      const [unfinished] = await findUnfinished(store);
      // Killed when there was nothing left to be done.
      if (unfinished === undefined && (await readSetups(store)).length > 0)
        return trial.expectFinished(store);
      await trial.expectBothWays(store, states);
    };

    /** What the dead process left on disk. */
    const inMemory = async (): Promise<MemoryStore> => memoryStore(await hub.files());

    it("while it sets up is resumed and undone", () => tryAll("set up", () => hub.restore()), 600_000);

    /** Everything created, and kept for as often as it is wanted. */
    const created = async (isOpen: boolean): Promise<() => Promise<void>> => {
      await hub.restore();
      expect(await setUp(hub, hub.store)).toBe("finished");
      if (isOpen) await reopen(hub.store);
      const files = await hub.files();
      const back = hub.sandbox.checkpoint();
      return async () => {
        await hub.restore();
        back();
        for (const [name, content] of files) await hub.store.write(name, JSON.parse(content));
      };
    };

    it("while it undoes is resumed and undone", async () => tryAll("undo", await created(true)), 600_000);

    it(
      "while it removes a setup is gone on with",
      async () => tryAll("remove", await created(false)),
      600_000,
    );
  });
}
