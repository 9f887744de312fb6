import { describe, expect, it } from "vitest";
import type { AwsAccess } from "../../../src/aws/access.ts";
import { checkAccounts } from "../../../src/aws/accounts.ts";
import { observe } from "../../../src/aws/observe.ts";
import { createRetries } from "../../../src/aws/retries.ts";
import { runInOrder } from "../../../src/aws/schedule.ts";
import { sleepUnlessAborted } from "../../../src/aws/sleep.ts";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { msg } from "../../../src/core/messages.ts";
import { RUN, setupOf } from "../core/setup.ts";

const subAccounts = Array.from({ length: 50 }, (_, index) => ({
  accountId: String(200_000_000_000 + index),
  profile: `sub${index}`,
  roleName: "circleci-oidc",
  ciProfile: `sub${index}`,
}));
const resources = blueprint(setupOf({ subAccounts }), RUN);

/** Counts how many accounts are opened at once, and lets none in. */
function closedAccess() {
  let open = 0;
  let most = 0;
  const opened: string[] = [];
  const access: AwsAccess = {
    open: async (profile) => {
      open += 1;
      most = Math.max(most, open);
      opened.push(profile);
      await new Promise(setImmediate);
      open -= 1;
      return { ok: false, problem: { code: "closed", message: msg("aws.network.timeout") } };
    },
  };
  return { access, most: () => most, opened };
}

describe("many accounts", () => {
  it("are looked at a few at once, and none is left out", async () => {
    const { access, most } = closedAccess();
    const observed = await observe(resources, access);
    expect(Object.keys(observed).toSorted()).toEqual(resources.map(({ address }) => address).toSorted());
    expect(most()).toBe(8);
  });

  it("are asked who they are a few at once, each profile once, and every resource of a refused one is named", async () => {
    const { access, most, opened } = closedAccess();
    const refused = await checkAccounts(resources, access, undefined);
    expect(refused.size).toBe(resources.length);
    expect(opened.toSorted()).toEqual(["hub", ...subAccounts.map(({ profile }) => profile)].toSorted());
    expect(most()).toBe(8);
  });
});

describe("tasks in order", () => {
  it("begin when they are ready, no more than allowed at once, and none once stopped", async () => {
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await runInOrder(
      [3, 2, 1, 9],
      {
        atOnce: 2,
        isReady: (item) => item === 1 || done.includes(item - 1),
        isStopped: () => done.length === 3,
      },
      async (item) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        done.push(item);
      },
    );
    expect(done).toEqual([1, 2, 3]);
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("waits between attempts", () => {
  it("grow, and never above twenty seconds", async () => {
    const waits: number[] = [];
    const retries = createRetries(async (milliseconds) => void waits.push(milliseconds));
    for (let attempts = 1; attempts < 12; attempts += 1)
      expect(await retries.wait("throttled", attempts)).toBe(true);
    waits.forEach((wait, index) => expect(wait).toBeLessThanOrEqual(Math.min(20_000, 500 * 2 ** index)));
  });

  it("are told of and ended by who watches, and by nobody else", async () => {
    const told: string[] = [];
    const cancel = new AbortController();
    const retries = createRetries(async () => undefined);
    await retries.watch({ signal: cancel.signal, onWait: (reason) => told.push(reason) }, async () => {
      expect(await retries.wait("throttled", 1)).toBe(true);
      // The first break is mostly over at once.
      expect(await retries.wait("broken", 1)).toBe(true);
      expect(await retries.wait("broken", 2)).toBe(true);
      cancel.abort();
      expect(await retries.wait("throttled", 2)).toBe(false);
    });
    expect(told).toEqual(["throttled", "broken", "throttled"]);
    expect(await retries.wait("throttled", 3)).toBe(true);
    expect(told).toHaveLength(3);
  });

  it("pass a failure on that is no cancellation", async () => {
    const broken = (): Promise<void> => Promise.reject(new Error("no clock"));
    await expect(sleepUnlessAborted(broken, 1, undefined)).rejects.toThrow("no clock");
  });
});
