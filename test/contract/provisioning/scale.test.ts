import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { isApplicable, type Change } from "../../../src/core/plan/index.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { createAccess, type AwsAccess } from "../../../src/aws/index.ts";
import { applyRun, planRemovalOf, planRun, removeSetup } from "../../../src/features/shared/runs.ts";
import { startAwsSandbox, type AwsSandbox, type SandboxAccount } from "../../support/aws-sandbox/index.ts";
import { isolate, type Isolated } from "../aws/support/isolated.ts";
import { atOnce } from "./support/hub.ts";
import { memoryStore } from "./support/memory.ts";
import { RUN, setup } from "./support/setup.ts";

/*
 * Many accounts in one plan, within the quotas that AWS has by default. Calls to AWS are counted and have to grow with
 * the number of accounts and not faster; seconds and megabytes are printed.
 */
const SUB_ACCOUNTS = 201;
const accounts: readonly SandboxAccount[] = Array.from({ length: SUB_ACCOUNTS + 1 }, (_, index) => ({
  id: String(111_122_223_333 + index),
  name: index === 0 ? "hub" : `sub${index}`,
  accessKeyId: `AKIASANDBOX${String(100_000_000 + index)}`,
  secretAccessKey: `sandbox-secret-${index}`,
}));

const withAccounts = (count: number, federation: "hub" | "direct"): Setup => ({
  ...setup,
  federation,
  subAccounts: accounts.slice(1, count + 1).map(({ id, name }) => ({
    accountId: id,
    profile: name,
    roleName: "circleci-deploy",
    ciProfile: name,
  })),
});

describe("many accounts", () => {
  let sandbox: AwsSandbox;
  let home: Isolated;
  beforeAll(async () => {
    sandbox = await startAwsSandbox({ accounts });
    home = await isolate(sandbox.endpoint);
    await home.writeConfig(accounts.map(({ name }) => `[profile ${name}]\nregion = eu-central-1\n`).join(""));
    await home.writeCredentials(
      Object.fromEntries(
        accounts.map(({ id, name, ...keys }) => [name, { accountId: id, ...keys }] as const),
      ),
    );
  });
  afterAll(async () => {
    await sandbox.stop();
    await home.dispose();
  });

  const access = (): AwsAccess =>
    createAccess({ env: home.env, mfaCode: () => Promise.resolve(undefined), sleep: atOnce });
  const plannedFor = (wanted: Setup) => planRun(access(), { setup: wanted, runId: RUN });
  const applied = async (wanted: Setup, store = memoryStore()): Promise<readonly Change[]> => {
    const planned = await plannedFor(wanted);
    const consents = new Set(
      planned.changes.flatMap((change) => (change.action === "update" ? [change.consent.key] : [])),
    );
    expect(isApplicable(planned.changes, consents)).toBe(true);
    const ports = { store, access: access() };
    const outcome = await applyRun(ports, { ...planned, runId: RUN }, { sleep: atOnce, consents });
    expect(outcome.status).toBe("finished");
    return planned.changes;
  };
  const removed = async (wanted: Setup): Promise<void> => {
    const ports = { store: memoryStore(), access: access() };
    const outcome = await removeSetup(ports, wanted, await planRemovalOf(ports, wanted), { sleep: atOnce });
    expect(outcome).toMatchObject({ status: "finished", isClean: true });
    for (const { providers, roles, policies } of sandbox.dump())
      expect([...providers, ...roles, ...policies]).toEqual([]);
  };
  /** How many calls a task makes. */
  const calls = async (what: string, task: () => Promise<unknown>): Promise<number> => {
    const [before, started] = [sandbox.calls().length, performance.now()];
    await task();
    const made = sandbox.calls().length - before;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
    process.stderr.write(`${what}: ${made} calls, ${seconds} s, ${megabytes} MB\n`);
    return made;
  };

  /** What each account more may cost, in calls. A policy more now and then is why they are no whole numbers. */
  const MOST = {
    hub: { plan: 3.2, apply: 6.2, again: 4.2, remove: 11.2 },
    direct: { plan: 5, apply: 10, again: 6, remove: 16 },
  } as const;

  it.each([
    ["hub", 50, 200],
    ["direct", 5, 20],
  ] as const)(
    "%s: calls grow with the accounts and not faster",
    async (federation, few, many) => {
      const counted = async (count: number): Promise<Readonly<Record<keyof typeof MOST.hub, number>>> => {
        sandbox.reset();
        const wanted = withAccounts(count, federation);
        const name = `${count} accounts (${federation})`;
        const plan = await calls(`${name}, plan`, () => plannedFor(wanted));
        const apply = await calls(`${name}, plan and apply`, () => applied(wanted));
        const again = await calls(`${name}, second run`, async () => {
          const { changes } = await plannedFor(wanted);
          expect(new Set(changes.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
          expect(changes).toHaveLength(blueprint(wanted, RUN).length);
        });
        const remove = await calls(`${name}, remove`, () => removed(wanted));
        return { plan, apply, again, remove };
      };
      const [small, large] = [await counted(few), await counted(many)];
      for (const [what, most] of Object.entries(MOST[federation])) {
        const key = what === "plan" || what === "apply" || what === "again" ? what : "remove";
        const each = (large[key] - small[key]) / (many - few);
        expect([what, each, each <= most]).toEqual([what, each, true]);
      }
    },
    300_000,
  );

  it("one account more changes one policy, or halves one into a new one", async () => {
    sandbox.reset();
    await applied(withAccounts(200, "hub"));
    const changes = await applied(withAccounts(201, "hub"));
    const written = changes.filter(({ action }) => action !== "unchanged");
    const kinds = written.map(({ action, resource }) => `${action} ${resource.kind}`).toSorted();
    expect([
      ["create Role", "update ManagedPolicy"],
      ["create ManagedPolicy", "create PolicyAttachment", "create Role", "update ManagedPolicy"],
    ]).toContainEqual(kinds);
    await removed(withAccounts(201, "hub"));
  }, 300_000);
});
