import { expect, it } from "vitest";
import { jobClaims, type Verdict } from "../../../src/core/trust/index.ts";
import { job, simulate, when } from "./fixtures.ts";

/** A key that the request decides: any value can be tried with it. */
export const GIVEN = "sts:RoleSessionName";

export type Row = readonly [operator: string, key: string, values: unknown, verdict: Verdict];

/** Runs a table: one condition, and whether the request with the token of `job` is let in. */
export function table(
  rows: readonly Row[],
  given: string | readonly string[] = "given",
  claims = jobClaims(job),
): void {
  it.each(rows)("%s of %s with %j: %s", (operator, key, values, verdict) => {
    const answer = simulate(when({ [operator]: { [key]: values } }), claims, { request: { [GIVEN]: given } });
    expect(answer.verdict).toBe(verdict);
  });
}
