import type { Message } from "../messages.ts";
import { consentKey, type Change } from "../plan/change.ts";
import type { Edit } from "../plan/index.ts";
import type { Compared, Difference } from "./difference.ts";

/** What restoring comes to: the part of the plan that is applied, or what is in its way. */
export type Restoration =
  | { readonly ok: true; readonly changes: readonly Change[]; readonly consents: ReadonlySet<string> }
  | { readonly ok: false; readonly change: Change; readonly reasons: readonly Message[] };

/**
 * The plan's creations and edits for the chosen differences, with the creations that they need, and nothing else.
 * Differences that are not restored are passed over.
 */
export function restoration(compared: readonly Compared[], chosen: ReadonlySet<Difference>): Restoration {
  const byAddress = new Map(compared.map((one) => [one.change.resource.address, one]));
  const wanted = new Map<string, readonly Edit[]>();
  const add = (address: string, edits: readonly Edit[]): void => {
    if (wanted.has(address)) return;
    wanted.set(address, edits);
    const one = byAddress.get(address);
    for (const need of one?.change.resource.needs ?? []) {
      if (byAddress.get(need)?.differences.some(({ kind }) => kind === "missing") === true) add(need, []);
    }
  };
  for (const { change, differences } of compared) {
    const restored = differences.filter((one) => chosen.has(one) && one.remedy.by !== "hand");
    const edits = restored.flatMap(({ remedy }) => (remedy.by === "edits" ? remedy.edits : []));
    if (restored.length > 0) add(change.resource.address, edits);
  }
  const changes: Change[] = [];
  for (const { change } of compared) {
    const edits = wanted.get(change.resource.address);
    if (edits === undefined) continue;
    if (change.action === "blocked") return { ok: false, change, reasons: change.reasons };
    changes.push(change.action === "update" ? narrowed(change, edits) : change);
  }
  const consents = changes.flatMap((change) => (change.action === "update" ? [change.consent.key] : []));
  return { ok: true, changes, consents: new Set(consents) };
}

/** An update with some of its edits. What was agreed to holds for just these. */
function narrowed(change: Extract<Change, { action: "update" }>, edits: readonly Edit[]): Change {
  const key = consentKey(change.resource, edits);
  return { ...change, edits, consent: { ...change.consent, key, required: true } };
}
