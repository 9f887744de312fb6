import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { blueprint, type Resource } from "../../../src/core/blueprint/index.ts";
import { leftOf } from "../../../src/core/plan/journal.ts";
import {
  closeFinished,
  endJournal,
  findUnfinished,
  journalFile,
  openJournal,
  readJournals,
} from "../../../src/features/shared/journals.ts";
import { createStore, type Store } from "../../../src/features/shared/store.ts";
import { RUN, setupOf } from "../core/setup.ts";

const OTHER_RUN = "00000000-0000-4000-8000-00000000000b";
const setup = setupOf();
const [provider, role] = blueprint(setup, RUN);
const dead = (): boolean => false;

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "journals-"));
  store = createStore(folder);
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

function first(): Resource {
  if (provider === undefined || role === undefined) throw new Error("no resources");
  return provider;
}

describe("the journals on disk", () => {
  it("hold every note as soon as it is made, readable by nobody else", async () => {
    const journal = await openJournal(store, { runId: RUN, setup });
    const file = join(folder, journalFile(RUN));
    expect((await stat(file)).mode & 0o077).toBe(0);
    await journal.note(first(), "creating");
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(journal.current());
    expect(journal.current().entries).toMatchObject([{ event: "creating", resource: first() }]);
  });

  it("keep all notes that are made at once", async () => {
    const journal = await openJournal(store, { runId: RUN, setup });
    await Promise.all(blueprint(setup, RUN).map((resource) => journal.note(resource, "creating")));
    const { journals } = await readJournals(store);
    expect(journals[0]?.entries).toHaveLength(blueprint(setup, RUN).length);
  });

  it("go on where a run is tried again", async () => {
    await (await openJournal(store, { runId: RUN, setup })).note(first(), "creating");
    const again = await openJournal(store, { runId: RUN, setup });
    expect(leftOf(again.current())).toHaveLength(1);
  });

  it("do not count a note that could not be stored", async () => {
    let isFull = false;
    const full: Store = {
      ...store,
      write: (name, value) => (isFull ? Promise.reject(new Error("disk full")) : store.write(name, value)),
    };
    const journal = await openJournal(full, { runId: RUN, setup });
    isFull = true;
    await expect(journal.note(first(), "creating")).rejects.toThrow("disk full");
    isFull = false;
    await journal.end("stopped");
    expect((await readJournals(store)).journals).toMatchObject([{ state: "stopped", entries: [] }]);
  });

  it("do not begin where a file is in the way of the folder", async () => {
    await writeFile(join(folder, "journals"), "");
    await expect(openJournal(store, { runId: RUN, setup })).rejects.toThrow();
  });

  it("are not written over where they cannot be read, and named", async () => {
    await mkdir(join(folder, "journals"));
    await writeFile(join(folder, journalFile(RUN)), "{ torn");
    await expect(openJournal(store, { runId: RUN, setup })).rejects.toThrow("cannot be read");
    expect(await readFile(join(folder, journalFile(RUN)), "utf8")).toBe("{ torn");
    expect((await readJournals(store)).unreadable).toEqual([journalFile(RUN)]);
    expect(await findUnfinished(store, dead)).toEqual([]);
  });

  it("are not taken over from another process that is at work", async () => {
    const journal = await openJournal(store, { runId: RUN, setup });
    // The process that started this one lives.
    await store.write(journalFile(RUN), { ...journal.current(), process: process.ppid });
    await expect(openJournal(store, { runId: RUN, setup })).rejects.toThrow("Another window");
    expect(await findUnfinished(store)).toEqual([]);
  });

  it("are found unfinished after a crash, a failure, and the newest first", async () => {
    await openJournal(store, { runId: RUN, setup });
    expect(await findUnfinished(store)).toEqual([]);
    expect((await findUnfinished(store, dead)).map(({ runId }) => runId)).toEqual([RUN]);
    const later = await openJournal(store, { runId: OTHER_RUN, setup });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await later.end("stopped");
    expect((await findUnfinished(store, dead)).map(({ runId }) => runId)).toEqual([OTHER_RUN, RUN]);
    await endJournal(store, later.current(), "left");
    expect((await findUnfinished(store, dead)).map(({ runId }) => runId)).toEqual([RUN]);
  });

  it("are closed together when their setup is finished, and others are not", async () => {
    const other = setupOf({ id: "00000000-0000-4000-8000-000000000002" });
    await (await openJournal(store, { runId: RUN, setup })).end("stopped");
    await (await openJournal(store, { runId: OTHER_RUN, setup: other })).end("stopped");
    await closeFinished(store, setup.id);
    expect((await findUnfinished(store, dead)).map(({ runId }) => runId)).toEqual([OTHER_RUN]);
  });
});
