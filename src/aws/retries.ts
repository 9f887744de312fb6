import { AsyncLocalStorage } from "node:async_hooks";
import { sleepUnlessAborted, type Sleep } from "./sleep.ts";

/** Why a call is tried again: AWS asked to slow down, or the connection or the server failed. */
export type RetryReason = "throttled" | "broken";

/** Who wants to know of the waits of a call, and may end them. */
export type Watcher = {
  readonly signal?: AbortSignal;
  /** Called before each wait. */
  readonly onWait: (reason: RetryReason) => void;
};

/**
 * The waits between the attempts of a call. The SDK repeats calls by itself and says nothing meanwhile, for a minute
 * where AWS throttles; here a write says why it takes long, and a cancel ends the wait and not only the next call.
 */
export type Retries = {
  /** Runs a task whose calls are watched. */
  readonly watch: <T>(watcher: Watcher, task: () => Promise<T>) => Promise<T>;
  /** Waits before another attempt; false where there is to be none, because of a cancel. */
  readonly wait: (reason: RetryReason, attempts: number) => Promise<boolean>;
};

/** Milliseconds before the second attempt at most, and before any. The SDK's own figures for throttling. */
const FIRST = { throttled: 500, broken: 100 } as const;
const LONGEST = 20_000;

/** Makes the waits for the clients of one access. */
export function createRetries(sleep: Sleep): Retries {
  const watchers = new AsyncLocalStorage<Watcher>();
  return {
    watch: (watcher, task) => watchers.run(watcher, task),
    wait: async (reason, attempts) => {
      const watcher = watchers.getStore();
      // A broken connection is mostly back at once, and a note would only flicker.
      if (reason === "throttled" || attempts > 1) watcher?.onWait(reason);
      const longest = Math.min(LONGEST, FIRST[reason] * 2 ** (attempts - 1));
      return sleepUnlessAborted(sleep, Math.floor(Math.random() * longest), watcher?.signal);
    },
  };
}
