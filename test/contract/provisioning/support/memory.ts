import * as v from "valibot";
import type { Store } from "../../../../src/features/shared/store.ts";

/** A store without a disk: what is kept goes through JSON and its schema all the same. */
export type MemoryStore = Store & {
  readonly copy: () => MemoryStore;
  /** How often something was written. */
  readonly writes: () => number;
};

export function memoryStore(files: ReadonlyMap<string, string> = new Map()): MemoryStore {
  const kept = new Map(files);
  let writes = 0;
  return {
    read: (name, schema) => {
      const text = kept.get(name);
      const parsed = text === undefined ? undefined : v.safeParse(schema, JSON.parse(text));
      return Promise.resolve(parsed?.success === true ? parsed.output : undefined);
    },
    write: (name, value) => {
      writes += 1;
      kept.set(name, JSON.stringify(value));
      return Promise.resolve();
    },
    remove: (name) => {
      kept.delete(name);
      return Promise.resolve();
    },
    list: (folder) => Promise.resolve([...kept.keys()].filter((name) => name.startsWith(`${folder}/`))),
    copy: () => memoryStore(kept),
    writes: () => writes,
  };
}
