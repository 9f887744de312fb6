import type { Change } from "../../../../src/core/plan/index.ts";
import { planRun } from "../../../../src/features/shared/runs.ts";

/** The changes of a plan, for the setup that it is for. */
export async function changesOf(...run: Parameters<typeof planRun>): Promise<readonly Change[]> {
  return (await planRun(...run)).changes;
}
