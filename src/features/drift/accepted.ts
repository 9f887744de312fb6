import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Compared, Difference } from "../../core/drift/index.ts";
import { acceptedFile, type Store } from "../shared/store.ts";

/** The accepted differences of a setup, as they are kept: where each is, and a hash of its fingerprint. */
const Accepted = v.object({
  version: v.literal(1),
  setupId: v.pipe(v.string(), v.uuid()),
  differences: v.pipe(
    v.array(
      v.object({
        address: v.pipe(v.string(), v.maxLength(2000)),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.readonly(),
  ),
});
type Entry = v.InferOutput<typeof Accepted>["differences"][number];

const hashOf = ({ fingerprint }: Difference): string =>
  createHash("sha256").update(fingerprint).digest("hex");

/**
 * The differences among these that were accepted. What is not there any more is forgotten: should it come back, it is
 * new. What could not be looked at is kept.
 */
export async function acceptedOf(
  store: Store,
  setupId: string,
  compared: readonly Compared[],
): Promise<ReadonlySet<Difference>> {
  const entries = await readEntries(store, setupId);
  const hashes = new Set(entries.map(({ sha256 }) => sha256));
  const found = compared.flatMap(({ differences }) => differences.filter((one) => hashes.has(hashOf(one))));
  const present = new Set(found.map(hashOf));
  const unread = new Set(compared.filter(isUnread).map(({ change }) => change.resource.address));
  const kept = entries.filter(({ address, sha256 }) => present.has(sha256) || unread.has(address));
  if (kept.length < entries.length) await writeEntries(store, setupId, kept);
  return new Set(found);
}

/** Remembers differences as accepted. Changes nothing in AWS, and nothing of what may be removed. */
export async function accept(
  store: Store,
  setupId: string,
  compared: readonly Compared[],
  chosen: ReadonlySet<Difference>,
): Promise<void> {
  const added = compared.flatMap(({ change, differences }) =>
    differences
      .filter((one) => chosen.has(one) && one.kind !== "unread")
      .map((one) => ({ address: change.resource.address, sha256: hashOf(one) })),
  );
  const before = await readEntries(store, setupId);
  const others = before.filter(({ sha256 }) => !added.some((one) => one.sha256 === sha256));
  await writeEntries(store, setupId, [...others, ...added]);
}

/** Neither there nor known to be missing. */
function isUnread({ existing, differences }: Compared): boolean {
  return existing === undefined && !differences.some(({ kind }) => kind === "missing");
}

async function readEntries(store: Store, setupId: string): Promise<readonly Entry[]> {
  const kept = await store.read(acceptedFile(setupId), Accepted);
  return kept?.setupId === setupId ? kept.differences : [];
}

function writeEntries(store: Store, setupId: string, differences: readonly Entry[]): Promise<void> {
  return store.write(acceptedFile(setupId), { version: 1, setupId, differences });
}
