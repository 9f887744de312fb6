import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Row } from "./measure.ts";

const run = promisify(execFile);
const SAMPLES = 9;

/** How long `import()` of a module takes in a new process, side by side; the first one is what the others are compared with. */
export async function inNewProcess(
  modules: readonly { readonly name: string; readonly module: string }[],
): Promise<readonly Row[]> {
  const samples = new Map<string, number[]>(modules.map(({ name }) => [name, []]));
  for (let round = 0; round < SAMPLES; round += 1)
    for (const { name, module } of modules) samples.get(name)?.push(await importTime(module));
  const rows = modules.map(({ name }) => {
    const values = (samples.get(name) ?? []).toSorted((a, b) => a - b);
    return {
      name,
      median: values[Math.floor(SAMPLES / 2)] ?? 0,
      lowest: values[0] ?? 0,
      highest: values.at(-1) ?? 0,
    };
  });
  const base = rows[0]?.median ?? 1;
  return rows.map((row) => ({ ...row, ratio: row.median / base }));
}

async function importTime(module: string): Promise<number> {
  const script = `const start = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - start);`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script]);
  return Number(stdout);
}
