import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../../src/core/outcome.ts";
import { isApplicable } from "../../../src/core/plan/index.ts";
import { applyRun, planRun } from "../../../src/features/shared/runs.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { memoryStore } from "./support/memory.ts";
import { existing, nothing } from "./support/scenario.ts";
import { RUN } from "./support/setup.ts";
import { createTrial, reopened, setUp, takeBack } from "./support/trial.ts";

/*
 * Credentials that run out after each number of calls of a run, in one account and in all of them. The run says so and
 * what to do about it; with fresh credentials it is resumed to its end, and undone.
 */
describe.each([nothing, existing])("credentials that expire half-way ($name)", (scenario) => {
  let hub: Hub;
  let trial: Awaited<ReturnType<typeof createTrial>>;
  beforeAll(async () => {
    hub = await startHub({}, scenario);
    trial = await createTrial(hub);
  });
  afterAll(() => hub.stop());

  /** Plans and applies; what it says is wrong. */
  const problemsOf = async (store: ReturnType<typeof memoryStore>): Promise<readonly Partial<Problem>[]> => {
    const access = hub.access();
    const planned = await planRun(access, { setup: scenario.setup, runId: RUN });
    if (!isApplicable(planned.changes, hub.consents))
      return planned.changes.flatMap((change) =>
        change.action === "blocked" ? change.reasons.map((message) => ({ message })) : [],
      );
    const options = { sleep: atOnce, consents: hub.consents };
    const { progress } = await applyRun({ store, access }, { ...planned, runId: RUN }, options);
    return Object.values(progress).flatMap((each) =>
      each.status === "failed" || each.status === "unknown" ? [each.problem] : [],
    );
  };

  const signedInHub = (): number =>
    hub.sandbox.calls().filter(({ account }) => account === scenario.setup.hub.accountId).length;

  /** Lets the credentials of the hub, and then those of all accounts, run out after each number of calls. */
  const tryAll = async (
    what: string,
    calls: number,
    attempt: (expire: (task: () => Promise<unknown>) => Promise<void>) => Promise<void>,
  ): Promise<void> => {
    const wrong: string[] = [];
    for (const account of [scenario.setup.hub.accountId, undefined]) {
      for (let good = 0; good < calls; good += 1) {
        const end = { calls: good, ...(account === undefined ? {} : { account }) };
        const expire = async (task: () => Promise<unknown>): Promise<void> => {
          hub.sandbox.knobs({ sessionEndsAfterCalls: end });
          await task();
          hub.sandbox.knobs({ sessionEndsAfterCalls: null });
        };
        await attempt(expire).catch((error: unknown) =>
          wrong.push(
            `${account ?? "all"} after ${good}: ${error instanceof Error ? error.message : String(error)}`,
          ),
        );
      }
    }
    process.stderr.write(
      `credentials that expire (${scenario.name}), ${what}: ${calls} calls × 2 = ${calls * 2} points tried\n`,
    );
    expect(wrong).toEqual([]);
  };

  it("say so while a run is applied, which can be resumed and undone", async () => {
    await hub.restore();
    expect(await setUp(hub, memoryStore())).toBe("finished");
    const states = new Set<string>();
    await tryAll("setting up", signedInHub(), async (expire) => {
      await hub.restore();
      const store = memoryStore();
      let problems: readonly Partial<Problem>[] = [];
      await expire(async () => {
        problems = await problemsOf(store);
      });
      // Where it was a last look that failed, everything is there all the same.
      if (problems.length === 0) return trial.expectFinished(store);
      expect(problems.map(({ message }) => message?.id)).toContain("aws.expired");
      for (const { code, advice } of problems)
        if (code === "aws.expired") expect(advice?.id).toBe("aws.expired.advice");
      return trial.expectBothWays(store, states);
    });
  }, 300_000);

  it("stop an undo, which can be gone on with", async () => {
    const { back, store: finished } = await reopened(hub);
    back();
    expect(await takeBack(hub, finished.copy())).toBe("finished");
    const states = new Set<string>();
    await tryAll("undoing", signedInHub(), async (expire) => {
      back();
      const store = finished.copy();
      await expire(() => takeBack(hub, store));
      await trial.expectBothWays(store, states);
    });
  }, 300_000);
});
