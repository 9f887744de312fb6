import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { Setup, type Setup as SetupValue } from "../../core/setup.ts";

/** A folder of small JSON files that survive the window. No secrets. */
export type Store = {
  /** Reads and checks a file; undefined where there is none or it is not what it should be. */
  read<T>(name: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined>;
  /** Writes a file whole: a crash leaves the old one or the new one. Writes to the same name keep their order. */
  write(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
  /** The names below a folder such as `setups`. */
  list(folder: string): Promise<readonly string[]>;
};

/** A store under `folder`, which is made when it is first written to. */
export function createStore(folder: string): Store {
  const queues = new Map<string, Promise<void>>();
  const enqueue = (name: string, task: () => Promise<void>): Promise<void> => {
    const done = (queues.get(name) ?? Promise.resolve()).then(task);
    // A failed write is reported to its caller and does not stop the next one.
    queues.set(
      name,
      done.catch(() => undefined),
    );
    return done;
  };
  return {
    read: async (name, schema) => {
      try {
        const value: unknown = JSON.parse(await readFile(join(folder, name), "utf8"));
        const parsed = v.safeParse(schema, value);
        return parsed.success ? parsed.output : undefined;
      } catch {
        return undefined;
      }
    },
    write: (name, value) => {
      const text = `${JSON.stringify(value, undefined, 2)}\n`;
      return enqueue(name, async () => {
        const file = join(folder, name);
        await mkdir(dirname(file), { recursive: true });
        const temporary = `${file}.${randomUUID()}.tmp`;
        await writeFile(temporary, text, { mode: 0o600, flush: true });
        await rename(temporary, file);
      });
    },
    remove: (name) => enqueue(name, () => rm(join(folder, name), { force: true })),
    list: async (name) => {
      const files = await readdir(join(folder, name)).catch(() => []);
      return files.filter((file) => file.endsWith(".json")).map((file) => `${name}/${file}`);
    },
  };
}

/** Where a finished setup is kept. */
export const setupFile = (id: string): string => `setups/${id}.json`;

/** Where it is kept which differences of a setup from AWS are accepted. */
export const acceptedFile = (id: string): string => `accepted/${id}.json`;

/** All setups that were finished here. */
export async function readSetups(store: Store): Promise<readonly SetupValue[]> {
  const names = await store.list("setups");
  const setups = await Promise.all(names.map((name) => store.read(name, Setup)));
  return setups.filter((setup) => setup !== undefined);
}
