import * as iam from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { apply, observe, planUndo } from "../../../src/aws/index.ts";
import { compareSetup, restoration } from "../../../src/core/drift/index.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { isApplicable, plan } from "../../../src/core/plan/index.ts";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { endJournal, readJournals } from "../../../src/features/shared/journals.ts";
import { applyRun, planRemovalOf, planRun, removeSetup, undo } from "../../../src/features/shared/runs.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { memoryStore, type MemoryStore } from "./support/memory.ts";
import { setup as base } from "./support/setup.ts";

const HUB = base.hub.accountId;
const FIRST = "00000000-0000-4000-8000-00000000000a";
const SECOND = "00000000-0000-4000-8000-00000000000b";
const bucket = { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme" };
const document = { Version: "2012-10-17", Statement: [bucket] } as const;
const [sub, ...subs] = base.subAccounts;
if (sub === undefined) throw new Error("The setup has sub-accounts.");
const BUCKETS = "circleci-deploy-buckets";
const generous: Setup = {
  ...base,
  subAccounts: [{ ...sub, permissions: [{ kind: "document", name: BUCKETS, document }] }, ...subs],
};
/** Nothing that CI may do in the sub-account any more. */
const idle: Setup = base;
/** No sub-accounts any more. */
const alone: Setup = { ...base, subAccounts: [] };
const ASSUME = "circleci-oidc-assume-sub-accounts";
const THEIRS = "circleci-oidc-by-hand";

/** A second run of the wizard that asks for less: the hub role may do no more than that afterwards. */
describe("a setup that wants less than before", () => {
  let hub: Hub;
  let store: MemoryStore;
  beforeAll(async () => {
    hub = await startHub();
  });
  beforeEach(async () => {
    await hub.restore();
    store = memoryStore();
    expect((await run(generous, FIRST)).status).toBe("finished");
    const client = hub.client(HUB);
    const PolicyDocument = JSON.stringify(document);
    const { Policy: policy } = await client.send(
      new iam.CreatePolicyCommand({ PolicyName: THEIRS, PolicyDocument }),
    );
    const PolicyArn = policy?.Arn ?? "";
    await client.send(new iam.AttachRolePolicyCommand({ RoleName: "circleci-oidc", PolicyArn }));
  });
  afterAll(() => hub.stop());

  const run = async (setup: Setup, runId: string) => {
    const access = hub.access();
    const planned = await planRun(access, { setup, runId });
    const consents = new Set(
      planned.changes.flatMap((change) =>
        "consent" in change && change.consent !== undefined ? [change.consent.key] : [],
      ),
    );
    if (runId === SECOND) expect(isApplicable(planned.changes)).toBe(false);
    return applyRun({ store, access }, { ...planned, runId }, { sleep: atOnce, consents });
  };
  /** What is attached to the hub's role and to that of the sub-account, by name. */
  const names = (): readonly (readonly string[])[] =>
    [HUB, sub.accountId].map((account) => {
      const [found] = hub.sandbox.dump(account);
      const role = found?.roles.find(({ name }) => name === "circleci-oidc" || name === sub.roleName);
      return (role?.attachedPolicies ?? []).map((arn) => arn.slice(arn.lastIndexOf("/") + 1)).toSorted();
    });
  const before = [[ASSUME, THEIRS], [BUCKETS]];
  const cases = [
    ["nothing in a sub-account", idle, [[ASSUME, THEIRS], []]],
    ["no sub-accounts", alone, [[THEIRS], [BUCKETS]]],
  ] as const;

  it.each(cases)(
    "%s: what it made comes off the role, once that is agreed to, and what is by hand stays",
    async (_, setup, after) => {
      expect(names()).toEqual(before);
      expect((await run(setup, SECOND)).status).toBe("finished");
      expect(names()).toEqual(after);
      const again = await planRun(hub.access(), { setup, runId: SECOND });
      expect(new Set(again.changes.map(({ action }) => action))).toEqual(new Set(["unchanged"]));
    },
  );

  it.each(cases)("%s: an undo gives it all back", async (_, setup) => {
    const everything = JSON.stringify(hub.sandbox.dump());
    await run(setup, SECOND);
    const { journals } = await readJournals(store);
    const journal = journals.find(({ runId }) => runId === SECOND);
    if (journal === undefined) throw new Error("no journal");
    await endJournal(store, journal, "stopped");
    const access = hub.access();
    const outcome = await undo({ store, access }, journal, await planUndo(journal, access), {
      sleep: atOnce,
    });
    expect(outcome).toMatchObject({ status: "finished", isClean: true });
    expect(names()).toEqual(before);
    const sorted = (text: string): unknown =>
      JSON.parse(text, (key, value: unknown) =>
        key === "attachedPolicies" && Array.isArray(value)
          ? value.map(String).toSorted((a, b) => (a < b ? -1 : 1))
          : value,
      );
    expect(sorted(JSON.stringify(hub.sandbox.dump()))).toEqual(sorted(everything));
  });

  it("does not attach it to a role that somebody made anew since", async () => {
    await run(alone, SECOND);
    const client = hub.client(HUB);
    const { journals } = await readJournals(store);
    const journal = journals.find(({ runId }) => runId === SECOND);
    const RoleName = "circleci-oidc";
    const { Role: role } = await client.send(new iam.GetRoleCommand({ RoleName }));
    const { AttachedPolicies = [] } = await client.send(
      new iam.ListAttachedRolePoliciesCommand({ RoleName }),
    );
    for (const { PolicyArn } of AttachedPolicies)
      await client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn }));
    await client.send(new iam.DeleteRoleCommand({ RoleName }));
    const AssumeRolePolicyDocument = decodeURIComponent(role?.AssumeRolePolicyDocument ?? "");
    await client.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    if (journal === undefined) throw new Error("no journal");
    const { removals } = await planUndo(journal, hub.access());
    expect(removals.filter(({ resource }) => resource.kind === "Detach").map(({ action }) => action)).toEqual(
      ["keep"],
    );
  });

  it("is compared with AWS, and what it made can be taken off there too", async () => {
    const resources = blueprint(alone, SECOND);
    const observed = await observe(resources, hub.access());
    const changes = plan(resources, observed);
    const compared = compareSetup(changes, observed, { setupId: alone.id });
    const found = compared.flatMap(({ differences }) => differences);
    expect(found.map(({ kind, says, remedy }) => [kind, says.args?.["policy"], remedy.by])).toEqual([
      ["more", expect.stringContaining(THEIRS), "hand"],
      ["more", expect.stringContaining(ASSUME), "edits"],
    ]);
    const restored = restoration(compared, new Set(found));
    if (!restored.ok) throw new Error("blocked");
    expect(await apply(restored.changes, hub.access(), restored)).toMatchObject({ status: "finished" });
    expect(names()).toEqual([[THEIRS], [BUCKETS]]);
  });

  it.each([
    ["on the role still", () => Promise.resolve()],
    [
      "taken off it, without any journal",
      async () => {
        await run(idle, SECOND);
        store = memoryStore();
      },
    ],
    ["taken off it", () => run(idle, SECOND)],
  ])("is removed with the setup: %s", async (_, prepare) => {
    await prepare();
    const client = hub.client(HUB);
    const PolicyArn = `arn:aws:iam::${HUB}:policy/${THEIRS}`;
    await client.send(new iam.DetachRolePolicyCommand({ RoleName: "circleci-oidc", PolicyArn }));
    const ports = { store, access: hub.access() };
    const planned = await planRemovalOf(ports, idle);
    const outcome = await removeSetup(ports, idle, planned, { sleep: atOnce });
    expect(outcome).toMatchObject({ status: "finished", isClean: true });
    expect(hub.ours()).toEqual([]);
  });
});
