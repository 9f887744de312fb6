import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHub, type Hub } from "./hub.ts";
import { memoryStore } from "./memory.ts";
import { arm, HAPPENINGS, nameOf, pointsOf, type Happening, type Point } from "./points.ts";
import type { Scenario } from "./scenario.ts";
import { createTrial, reopened, setUp, takeBack, tearDown, type Ended } from "./trial.ts";

/**
 * Every single call to AWS of a run, and of its undo, times everything that can go wrong there. The calls come out
 * of a recorded run. Whatever happened, the run is finished, or can be resumed to its end and can be undone to
 * nothing; and what is other people's stays the same to the byte.
 *
 * @param concerns which calls are tried; all of them where it is left out
 */
export function faultMatrix(scenario: Scenario, concerns: (point: Point) => boolean = () => true): void {
  describe(`the fault matrix (${scenario.name})`, () => {
    let hub: Hub;
    let trial: Awaited<ReturnType<typeof createTrial>>;
    beforeAll(async () => {
      hub = await startHub({}, scenario);
      trial = await createTrial(hub);
    });
    afterAll(() => hub.stop());

    /** Tries every point with every happening, names what went wrong, and says how many there were. */
    const tryAll = async (
      what: string,
      points: readonly Point[],
      attempt: (point: Point, happening: Happening, states: Set<string>) => Promise<Ended>,
    ): Promise<void> => {
      const states = new Set<string>();
      const wrong: string[] = [];
      const ended: Ended[] = [];
      for (const point of points) {
        for (const happening of HAPPENINGS) {
          try {
            ended.push(await attempt(point, happening, states));
          } catch (error) {
            wrong.push(
              `${nameOf(point, happening)}\n${error instanceof Error ? error.message : String(error)}`,
            );
          }
        }
      }
      const counts = [...new Set(ended)].map(
        (status) => `${ended.filter((one) => one === status).length} ${status}`,
      );
      const tried = points.length * HAPPENINGS.length;
      process.stderr.write(
        `fault matrix (${scenario.name}), ${what}: ${points.length} calls × ${HAPPENINGS.length} = ${tried} points tried (${counts.join(", ")}${states.size === 0 ? "" : `; ${states.size} states to go on from`})\n`,
      );
      expect(wrong).toEqual([]);
      // The faults did hit: where everything just works nothing would be proven.
      expect(ended.filter((status) => status !== "finished").length).toBeGreaterThan(tried / 2);
    };

    /** Runs with something happening at a point; afterwards nothing is in the way any more. */
    const disturbed = async (
      point: Point,
      happening: Happening,
      task: (signal: AbortSignal) => Promise<Ended>,
    ): Promise<Ended> => {
      const { signal, disarm } = arm(hub, point, happening);
      const status = await task(signal);
      disarm();
      return status;
    };

    it("lets a run be resumed and undone from wherever it was stopped", async () => {
      await hub.restore();
      expect(await setUp(hub, memoryStore())).toBe("finished");
      const points = pointsOf(hub.sandbox.calls());
      expect(points.length).toBeGreaterThan(20);
      await tryAll("setting up", points.filter(concerns), async (point, happening, states) => {
        await hub.restore();
        const store = memoryStore();
        const status = await disturbed(point, happening, (signal) => setUp(hub, store, signal));
        if (status === "finished") await trial.expectFinished(store);
        else await trial.expectBothWays(store, states);
        return status;
      });
    }, 600_000);

    it("lets an undo be undone again and be resumed from wherever it was stopped", async () => {
      const { back, store: finished } = await reopened(hub);
      const recorded = finished.copy();
      back();
      expect(await takeBack(hub, recorded)).toBe("finished");
      await tryAll(
        "undoing",
        pointsOf(hub.sandbox.calls()).filter(concerns),
        async (point, happening, states) => {
          back();
          const store = finished.copy();
          const status = await disturbed(point, happening, (signal) => takeBack(hub, store, signal));
          if (status === "finished") await trial.expectUndoable(store);
          else await trial.expectBothWays(store, states);
          return status;
        },
      );
    }, 600_000);

    it("lets the removal of a setup be gone on with from wherever it was stopped", async () => {
      await hub.restore();
      const finished = memoryStore();
      expect(await setUp(hub, finished)).toBe("finished");
      // What has tags is found without a journal; what was edited is not.
      if (scenario.name === "nothing")
        for (const name of await finished.list("journals")) await finished.remove(name);
      const back = hub.sandbox.checkpoint();
      back();
      expect(await tearDown(hub, finished.copy())).toBe("finished");
      // What it reads is what an undo reads.
      const points = pointsOf(hub.sandbox.calls()).filter(
        (point) => /^(?:Create|Delete|Detach|Remove|Set|Update)/.test(point.action) && concerns(point),
      );
      await tryAll("removing a setup", points, async (point, happening) => {
        back();
        const store = finished.copy();
        const status = await disturbed(point, happening, (signal) => tearDown(hub, store, signal));
        await trial.expectRemovable(store);
        return status;
      });
    }, 600_000);
  });
}
