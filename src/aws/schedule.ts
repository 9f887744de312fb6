/**
 * Runs a task for each item, as many at once as allowed, each as soon as it is ready. Begins nothing new once
 * stopped; what is under way is seen through. Items that never become ready are left.
 */
export async function runInOrder<T>(
  items: readonly T[],
  options: {
    readonly atOnce: number;
    readonly isReady: (item: T) => boolean;
    readonly isStopped: () => boolean;
  },
  task: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = new Set(items);
  const running = new Set<Promise<void>>();
  for (;;) {
    for (const item of waiting) {
      if (options.isStopped() || running.size >= options.atOnce) break;
      if (!options.isReady(item)) continue;
      waiting.delete(item);
      const started: Promise<void> = task(item).finally(() => running.delete(started));
      running.add(started);
    }
    if (running.size === 0) return;
    await Promise.race(running);
  }
}
