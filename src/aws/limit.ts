/** Runs a task as soon as fewer than the allowed number are under way. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * A gate that lets at most `most` tasks run at once; the others wait in order. IAM has one throttle per
 * account, so there is one gate per account.
 */
export function createLimit(most: number): Limit {
  let running = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return async (task) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      leave();
    }
  };
}
