import { randomUUID } from "node:crypto";
import { observe } from "../../aws/observe.ts";
import { blueprint } from "../../core/blueprint/index.ts";
import { compareSetup, type Compared, type Difference } from "../../core/drift/index.ts";
import { leftOf } from "../../core/plan/journal.ts";
import { plan, targetKey } from "../../core/plan/index.ts";
import type { Setup } from "../../core/setup.ts";
import { readJournals } from "../shared/journals.ts";
import type { RunPorts } from "../shared/runs.ts";
import { acceptedOf } from "./accepted.ts";

/** A setup beside what was found in AWS. */
export type Comparison = {
  readonly setup: Setup;
  /** The run under which differences are restored. */
  readonly runId: string;
  readonly compared: readonly Compared[];
  readonly accepted: ReadonlySet<Difference>;
};

/**
 * Reads what exists of a setup and compares it with the setup, as it is stored: other than a run, it never goes on
 * with what another setup made. Only reads.
 *
 * @throws the signal's reason when it is aborted
 */
export async function lookAtSetup(
  { access, store }: RunPorts,
  setup: Setup,
  signal?: AbortSignal,
): Promise<Comparison> {
  const runId = randomUUID();
  const wanted = blueprint(setup, runId);
  const observed = await observe(wanted, access, signal);
  const { journals } = await readJournals(store);
  const own = journals.filter(({ setup: { id }, state }) => id === setup.id && state !== "undone");
  const made = new Set(own.flatMap(leftOf).map(({ resource }) => targetKey(resource)));
  const compared = compareSetup(plan(wanted, observed), observed, {
    setupId: setup.id,
    ...(own.length === 0 ? {} : { made }),
  });
  return { setup, runId, compared, accepted: await acceptedOf(store, setup.id, compared) };
}

/** The differences that count as drift. */
export function openOf({ compared, accepted }: Comparison): readonly Difference[] {
  return compared.flatMap(({ differences }) => differences.filter((one) => !accepted.has(one)));
}
