import type { Observation } from "./observed.ts";

/**
 * What was observed, as one text that is the same whenever the same was observed: a plan carries it, so that who
 * applies the plan can tell whether the world is still as it was. Names and lists of texts count in any order, as IAM
 * promises none.
 */
export function fingerprint(observation: Observation | undefined): string {
  return JSON.stringify(ordered(observation ?? null));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map(ordered);
    return items.every((item) => typeof item === "string") ? items.toSorted() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    // Who has a policy, and how many versions it has, is asked only where it is to be changed.
    entries.flatMap(([key, item]) => (key === "users" || key === "oldest" ? [] : [[key, ordered(item)]])),
  );
}
