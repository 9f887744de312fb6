import type { Resource } from "../../core/blueprint/index.ts";
import type { Setup } from "../../core/setup.ts";
import type { Store } from "../shared/store.ts";

/** One write to AWS, before it is made and after it was answered. */
type Entry = {
  readonly when: "before" | "after";
  readonly at: string;
  readonly address: string;
  readonly account: string;
  readonly kind: Resource["kind"];
};

/**
 * The journal of a run: a file that names every write before and after it is made, so that what a crash left
 * can be told. No secrets.
 */
export function journalOf(
  store: Store,
  runId: string,
  setup: Setup,
): { before(resource: Resource): Promise<void>; after(resource: Resource): Promise<void> } {
  const entries: Entry[] = [];
  const note = async (when: Entry["when"], { address, account, kind }: Resource): Promise<void> => {
    entries.push({ when, at: new Date().toISOString(), address, account, kind });
    await store.write(`journals/${runId}.json`, { version: 1, runId, setup, entries });
  };
  return { before: (resource) => note("before", resource), after: (resource) => note("after", resource) };
}
