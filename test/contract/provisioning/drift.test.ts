import * as iam from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { rolesAffected } from "../../../src/core/drift/index.ts";
import { acceptedOf } from "../../../src/features/drift/accepted.ts";
import { compareChosenSetup } from "../../../src/features/drift/compare.ts";
import { lookAtSetup, openOf, type Comparison } from "../../../src/features/drift/look.ts";
import { planRemovalOf } from "../../../src/features/shared/runs.ts";
import { findUnfinished, readJournals } from "../../../src/features/shared/journals.ts";
import { readSetups } from "../../../src/features/shared/store.ts";
import { scripted, type Press } from "./support/board.ts";
import {
  HUB,
  SUB,
  POLICY,
  RoleName,
  Bucket,
  Theirs,
  trustOf,
  trust,
  deleteRole,
  RESTORED,
  SHOWN,
} from "./support/driftCases.ts";
import { startHub, type Hub } from "./support/hub.ts";
import { memoryStore, type MemoryStore } from "./support/memory.ts";
import { setup } from "./support/setup.ts";
import { reopen, setUp, tearDown } from "./support/trial.ts";

/** In one order, as a tag that is set anew comes last. */
const tagsInOrder = (key: string, value: unknown): unknown =>
  key === "tags" && typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** What changes whenever something is made: IDs, times and versions, and the tag of the run. */
const comparable = (dump: unknown): string =>
  JSON.stringify(dump, tagsInOrder)
    .replaceAll(/A[A-Z]{3}[A-Z0-9]{17}/g, "ID")
    .replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"time"')
    .replaceAll(/"circleci-aws-oidc:run-id":"[^"]*"/g, '"run"');

describe("what somebody changed behind a setup's back", () => {
  let hub: Hub;
  let store: MemoryStore;
  let before: string;
  let others: string;
  let marks: ReadonlyMap<string, number>;
  beforeAll(async () => {
    hub = await startHub();
    others = hub.others();
  });
  beforeEach(async () => {
    await hub.restore();
    store = memoryStore();
    expect(await setUp(hub, store)).toBe("finished");
    before = comparable(sorted());
    marks = new Map();
  });
  afterAll(() => hub.stop());

  /** In one order, whatever was made first. */
  const sorted = () =>
    hub.sandbox.dump().map((account) => ({
      ...account,
      providers: account.providers.toSorted((a, b) => (a.arn < b.arn ? -1 : 1)),
      roles: account.roles.toSorted((a, b) => (a.arn < b.arn ? -1 : 1)),
      policies: account.policies.toSorted((a, b) => (a.arn < b.arn ? -1 : 1)),
    }));
  const look = (): Promise<Comparison> => lookAtSetup({ store, access: hub.access() }, setup);
  const ids = async (): Promise<readonly string[]> => openOf(await look()).map(({ says }) => says.id);
  const command = async (...presses: readonly Press[]) => {
    const { dialogs, shown } = scripted(presses);
    const markRoles = (found: ReadonlyMap<string, number>) => void (marks = found);
    await compareChosenSetup({ store, dialogs, access: hub.access(), markRoles });
    return shown;
  };
  const writes = (): number =>
    hub.sandbox.calls().filter(({ action }) => !/^(Get|List|AssumeRole)/.test(action)).length;

  it("is nothing right after it was set up, and says what was looked at", async () => {
    const written = writes();
    expect(await ids()).toEqual([]);
    const shown = await command();
    expect(shown.at(-1)).toBe(
      `info: circleci-oidc in AWS is as it was set up. Looked at: 7 resources in ${[HUB, ...setup.subAccounts.map(({ accountId }) => accountId)].join(", ")}.`,
    );
    expect(writes()).toBe(written);
    expect([...marks.values()]).toEqual([0, 0, 0, 0]);
  });

  it.each(RESTORED)("is found and restored: %s", async (_, account, behind, says) => {
    await behind(hub.client(account));
    expect((await ids()).toSorted()).toEqual(says.toSorted());
    const shown = await command({ button: "restore" });
    expect(shown.filter((line) => line.startsWith("confirm"))).toHaveLength(1);
    expect(shown.filter((line) => line.startsWith("diffs"))).toHaveLength(1);
    expect(await ids()).toEqual([]);
    // A policy keeps its versions; everything else is as it was.
    const [now, then] = [comparable(sorted()), before];
    if (says.includes("drift.document")) expect(hub.others()).toBe(others);
    else expect(now).toBe(then);
    expect(await findUnfinished(store)).toEqual([]);
    expect(await readSetups(store)).toEqual([setup]);
    expect(await tearDown(hub, store)).toBe("finished");
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
  });

  it.each(SHOWN)("is found, left alone and has a command: %s", async (_, account, behind, says) => {
    await behind(hub.client(account));
    expect(await ids()).toEqual(says);
    const changed = JSON.stringify(hub.sandbox.dump());
    const shown = await command({ button: "restore" }, { button: "commands" });
    expect(shown.some((line) => line.startsWith("no button: restore"))).toBe(true);
    const opened = shown.find((line) => line.startsWith("open: difference.txt"));
    expect(opened).toMatch(/\naws iam [a-z-]+ .*--profile hub\n/);
    expect(JSON.stringify(hub.sandbox.dump())).toBe(changed);
    expect(await ids()).toEqual(says);
  });

  it("is restored beside what was added, which stays", async () => {
    const client = hub.client(HUB);
    for (const [, , behind] of SHOWN) await behind(client);
    await client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    await trust(client, ([first, ...rest]) => [{ ...first, Condition: {} }, ...rest]);
    const shownOnly = (await ids()).filter((id) => !["drift.session", "drift.trust.changed"].includes(id));
    await command({ button: "restore" });
    expect(await ids()).toEqual(shownOnly);
    expect((await trustOf(client)).Statement).toContainEqual(Theirs);
  });

  it("is not touched before a yes", async () => {
    await hub.client(HUB).send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    const changed = JSON.stringify(hub.sandbox.dump());
    const shown = await command({ button: "restore", yes: false });
    expect(shown.at(-1)).toMatch(/^confirm: Restore what differs of circleci-oidc in AWS\?/);
    expect(JSON.stringify(hub.sandbox.dump())).toBe(changed);
  });

  it("is not written over where it changed again since it was shown", async () => {
    const client = hub.client(HUB);
    await client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    const meanwhile = () => client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 10_800 }));
    const shown = await command({ button: "restore", before: meanwhile }, {});
    expect(shown).toContain("warning: Not everything was restored. The report says why.");
    expect(await ids()).toEqual(["drift.session"]);
    const { Role } = await client.send(new iam.GetRoleCommand({ RoleName }));
    expect(Role?.MaxSessionDuration).toBe(10_800);
  });

  it("can be had again after it was restored", async () => {
    const client = hub.client(HUB);
    await client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    await client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: POLICY }));
    const changed = comparable(sorted());
    await command({ button: "restore", undo: true });
    const states = async () => (await readJournals(store)).journals.map(({ state }) => state).toSorted();
    await until(async () => (await states()).join(" ") === "finished undone");
    expect(comparable(sorted())).toBe(changed);
    expect(await readSetups(store)).toEqual([setup]);
  });

  it("is no drift once it was accepted, until it changes again", async () => {
    const client = hub.client(HUB);
    await client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    await client.send(
      new iam.PutRolePolicyCommand({ RoleName, PolicyName: "deploy", PolicyDocument: Bucket }),
    );
    const changed = JSON.stringify(hub.sandbox.dump());
    const shown = await command({ button: "accept", line: "inline" }, { line: "session" });
    expect(shown.filter((line) => line.startsWith("diff: "))).toHaveLength(1);
    expect(await ids()).toEqual(["drift.session"]);
    expect([...marks.values()][0]).toBe(1);
    await command({ button: "accept" });
    expect(await ids()).toEqual([]);
    const again = await command();
    expect(again.at(-2)).toContain("as it was set up, but for what was accepted (2)");
    expect(again.at(-1)).toMatch(/^board: .*\nAccepted/);
    expect(JSON.stringify(hub.sandbox.dump())).toBe(changed);
    // What may be removed is what it was: only what is as it was left.
    const { removals } = await planRemovalOf({ store, access: hub.access() }, setup);
    expect(
      removals.find(({ resource }) => resource.kind === "Role" && resource.name === RoleName)?.action,
    ).toBe("keep");
    await client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 10_800 }));
    expect(await ids()).toEqual(["drift.session"]);
    // It went away in between: it is new.
    await client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    expect(await ids()).toEqual(["drift.session"]);
  });

  it("keeps what was accepted where it cannot be read, and forgets it with the setup", async () => {
    const client = hub.client(SUB);
    await client.send(new iam.UpdateRoleCommand({ RoleName: "circleci-deploy", MaxSessionDuration: 7200 }));
    await command({ button: "accept" });
    hub.sandbox.knobs({ faults: [{ action: "GetRole", account: SUB, kind: "accessDenied", times: 1 }] });
    const shown = await command({ line: "may not" });
    expect(shown.some((line) => line.startsWith("open: difference.txt"))).toBe(true);
    expect(await ids()).toEqual([]);
    await client.send(new iam.UpdateRoleCommand({ RoleName: "circleci-deploy", MaxSessionDuration: 3600 }));
    await command();
    expect(await tearDown(hub, store)).toBe("finished");
    expect(await store.list("accepted")).toEqual([]);
  });

  it("is not taken from a file that is not what it should be", async () => {
    await hub.client(HUB).send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    await command({ button: "accept" });
    const [name = ""] = await store.list("accepted");
    await store.write(name, { version: 1, setupId: setup.id, differences: [{ address: "x", sha256: "*" }] });
    const { compared } = await look();
    expect(await acceptedOf(store, setup.id, compared)).toEqual(new Set());
    expect(rolesAffected(compared, () => true).get(`arn:aws:iam::${HUB}:role/circleci-oidc`)).toBe(1);
  });

  it("is not ours where somebody made the role anew: shown, not restored", async () => {
    const client = hub.client(SUB);
    await deleteRole(client, "circleci-deploy");
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [Theirs],
    }).replaceAll(HUB, SUB);
    await client.send(new iam.CreateRoleCommand({ RoleName: "circleci-deploy", AssumeRolePolicyDocument }));
    expect(await ids()).toEqual(["drift.notOurs", "drift.trust.missing"]);
    const shown = await command({ button: "restore" }, { button: "commands", line: "tags of this setup" });
    expect(shown.some((line) => line.startsWith("no button: restore"))).toBe(true);
    expect(shown.find((line) => line.startsWith("open: "))).not.toContain("aws iam");
  });

  it("is not restored beside a run that was left unfinished", async () => {
    await hub.client(HUB).send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 7200 }));
    await reopen(store);
    const shown = await command({ button: "restore" });
    expect(shown.at(-1)).toMatch(/^warning: A run of this setup was left unfinished/);
    expect(await findUnfinished(store)).toHaveLength(1);
  });

  it("is asked for with a setup, and says so where there is none", async () => {
    const calls = hub.sandbox.calls().length;
    store = memoryStore();
    expect((await command()).at(-1)).toBe("info: No setup was finished on this computer.");
    expect(hub.sandbox.calls()).toHaveLength(calls);
    await store.write(`setups/${setup.id}.json`, setup);
    await store.write("setups/00000000-0000-4000-8000-000000000002.json", {
      ...setup,
      id: "00000000-0000-4000-8000-000000000002",
    });
    expect((await command()).at(-1)).toBe("pick: Compare a setup with AWS");
    expect(hub.sandbox.calls()).toHaveLength(calls);
    expect(english({ id: "drift.title" })).toBe("Compare a setup with AWS");
  });
});

/** What is told beside the work comes a moment later. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2000 && !(await condition()); tries += 1) await new Promise(setImmediate);
  expect(await condition()).toBe(true);
}
