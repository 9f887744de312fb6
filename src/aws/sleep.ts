import { setTimeout as timer } from "node:timers/promises";

/** Waits; rejects when the signal is aborted. A test may give one that is quicker than the clock. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** Waits by the clock. */
export const sleepByClock: Sleep = async (milliseconds, signal) => {
  await timer(milliseconds, undefined, signal === undefined ? {} : { signal });
};

/** Waits; false where the wait was cancelled. */
export async function sleepUnlessAborted(
  sleep: Sleep,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (isAborted(signal)) return false;
  try {
    await sleep(milliseconds, signal);
  } catch (error) {
    if (isAborted(signal)) return false;
    throw error;
  }
  // Some clocks do not listen.
  return !isAborted(signal);
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;
