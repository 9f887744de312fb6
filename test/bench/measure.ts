import { performance } from "node:perf_hooks";

/** A piece of work that is measured, and what it is compared with. */
export type Candidate = { readonly name: string; readonly run: () => unknown };

export type Row = {
  readonly name: string;
  /** Milliseconds for one run. */
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** How many times the median of the first candidate. */
  readonly ratio: number;
};

/** So many samples of each candidate are taken, in turns, so that what else the machine does hits all alike. */
const SAMPLES = 25;
/** A sample repeats the work until it has taken so many milliseconds. */
const SAMPLE_MS = 20;

/** Measures candidates side by side; the first one is what the others are compared with. */
export async function compare(candidates: readonly Candidate[]): Promise<readonly Row[]> {
  const samples = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  const repeats = new Map<string, number>();
  for (const { name, run } of candidates) repeats.set(name, await repeatsOf(run));
  for (let round = 0; round < SAMPLES; round += 1)
    for (const { name, run } of candidates) {
      const times = repeats.get(name) ?? 1;
      const start = performance.now();
      for (let done = 0; done < times; done += 1) await run();
      samples.get(name)?.push((performance.now() - start) / times);
    }
  const sorted = candidates.map(({ name }) => ({
    name,
    values: (samples.get(name) ?? []).toSorted((a, b) => a - b),
  }));
  const middle = (values: readonly number[]): number => values[Math.floor(values.length / 2)] ?? 0;
  const base = middle(sorted[0]?.values ?? []);
  return sorted.map(({ name, values }) => ({
    name,
    median: middle(values),
    lowest: values[0] ?? 0,
    highest: values.at(-1) ?? 0,
    ratio: middle(values) / base,
  }));
}

/** Warms up, and finds how often the work fits into a sample. */
async function repeatsOf(run: () => unknown): Promise<number> {
  let times = 0;
  const start = performance.now();
  while (performance.now() - start < 3 * SAMPLE_MS) {
    await run();
    times += 1;
  }
  return Math.max(1, Math.floor(times / 3));
}

/** The rows as a table. */
export function table(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const ms = (value: number): string => value.toFixed(3).padStart(10);
  const lines = rows.map(
    ({ name, median, lowest, highest, ratio }) =>
      `  ${name.padEnd(width)} ${ms(median)} ${ms(lowest)} ${ms(highest)} ${ratio.toFixed(2).padStart(8)}×`,
  );
  const head = `  ${"".padEnd(width)} ${"median ms".padStart(10)} ${"lowest".padStart(10)} ${"highest".padStart(10)}    ratio`;
  return [title, head, ...lines].join("\n");
}
