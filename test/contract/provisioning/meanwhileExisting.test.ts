import * as iam from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planUndo } from "../../../src/aws/index.ts";
import { write } from "../../../src/aws/write.ts";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import type { Outcome, RemovalOutcome } from "../../../src/core/outcome.ts";
import { planRun, applyRun, resume, undo } from "../../../src/features/shared/runs.ts";
import { findUnfinished } from "../../../src/features/shared/journals.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { memoryStore, type MemoryStore } from "./support/memory.ts";
import { existing, OTHER_PROJECT } from "./support/scenario.ts";
import { RUN } from "./support/setup.ts";
import { reopen, setUp, takeBack } from "./support/trial.ts";

const { setup } = existing;
const run = { setup, runId: RUN };
const options = { sleep: atOnce };
const HUB = setup.hub.accountId;
const ROLE = setup.hub.roleName;
const RoleName = ROLE;
const POLICY = `arn:aws:iam::${HUB}:policy/${ROLE}-assume-sub-accounts`;
const PROVIDER = `arn:aws:iam::${HUB}:oidc-provider/oidc.circleci.com/org/${setup.organizationId}`;
const operators = {
  Sid: "Operators",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${HUB}:root` },
  Action: "sts:AssumeRole",
};

/** What others do to what is changed here, between one step of ours and the next. */
describe("meanwhile, to what is changed", () => {
  let hub: Hub;
  let before: string;
  let store: MemoryStore;
  beforeAll(async () => {
    hub = await startHub({}, existing);
    before = JSON.stringify(hub.sandbox.dump());
  });
  beforeEach(async () => {
    await hub.restore();
    store = memoryStore();
  });
  afterAll(() => hub.stop());

  const ports = (kept = store) => ({ store: kept, access: hub.access() });
  const client = (): iam.IAMClient => hub.client(HUB);
  const everything = (): string => JSON.stringify(hub.sandbox.dump());
  const roleNow = (account = HUB, name = ROLE) => {
    const found = hub.sandbox.dump(account)[0]?.roles.find((one) => one.name === name);
    if (found === undefined) throw new Error(`There is no role ${name}.`);
    return found;
  };
  const statements = (): readonly { readonly Sid?: string }[] => {
    const { trust } = roleNow();
    const isPolicy = typeof trust === "object" && trust !== null && "Statement" in trust;
    if (!isPolicy || !Array.isArray(trust.Statement)) throw new Error("The trust policy is none.");
    return trust.Statement;
  };
  const trust = async (all: readonly object[]): Promise<void> => {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: all });
    await client().send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  };
  const apply = async (planned: Awaited<ReturnType<typeof planRun>>): Promise<Outcome> =>
    applyRun(ports(), { ...planned, runId: RUN }, { ...options, consents: hub.consents });
  const undoIt = async (): Promise<RemovalOutcome> => {
    const [journal] = await findUnfinished(store, () => false);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    return undo(ports(), journal, await planUndo(journal, hub.access()), options);
  };
  const made = async (): Promise<void> => {
    expect(await setUp(hub, store)).toBe("finished");
    await reopen(store);
  };
  const reasonOf = (outcome: RemovalOutcome, kind: string): unknown =>
    outcome.results.find(({ resource }) => resource.kind === kind)?.progress;

  it.each<[string, () => Promise<unknown>]>([
    ["the hub role's trust policy", () => trust([...statements(), operators])],
    [
      "its policies",
      () => client().send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: "theirs" })),
    ],
    [
      "the provider's audiences",
      () =>
        client().send(
          new iam.AddClientIDToOpenIDConnectProviderCommand({
            OpenIDConnectProviderArn: PROVIDER,
            ClientID: "another",
          }),
        ),
    ],
    [
      "the policy's version",
      () =>
        client().send(
          new iam.CreatePolicyVersionCommand({
            PolicyArn: POLICY,
            PolicyDocument: JSON.stringify({
              Version: "2012-10-17",
              Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }],
            }),
            SetAsDefault: true,
          }),
        ),
    ],
  ])("somebody edits %s after the plan: nothing is written", async (_, edit) => {
    const planned = await planRun(hub.access(), run);
    await edit();
    const theirs = everything();
    const outcome = await apply(planned);
    expect(outcome).toMatchObject({ status: "failed", created: [] });
    expect(Object.values(outcome.progress)).toContainEqual(
      expect.objectContaining({ problem: expect.objectContaining({ code: "aws.changed" }) }),
    );
    expect(everything()).toBe(theirs);
  });

  it("somebody adds a statement after the run: undo takes ours and leaves theirs", async () => {
    await made();
    await trust([...statements(), operators]);
    expect(await takeBack(hub, store)).toBe("finished");
    expect(statements()).toEqual([
      expect.objectContaining({ Sid: expect.stringContaining(OTHER_PROJECT.replaceAll("-", "")) }),
      operators,
    ]);
    await trust(statements().slice(0, 1));
    expect(everything()).toBe(before);
  });

  it("somebody changes our statement after the run: it stays, and the command is named", async () => {
    await made();
    const [theirs = {}, ours = {}] = statements();
    await trust([theirs, { ...ours, Action: "sts:*" }]);
    const changed = roleNow().trust;
    const [journal] = await findUnfinished(store, () => false);
    if (journal === undefined) throw new Error("Nothing is unfinished.");
    const { removals } = await planUndo(journal, hub.access());
    const kept = removals.find(
      ({ action, resource }) => action === "keep" && resource.kind === "TrustStatements",
    );
    expect(kept).toMatchObject({
      reason: { id: "removal.keep.edited" },
      commands: [expect.stringMatching(/^aws iam update-assume-role-policy --role-name circleci-oidc/)],
    });
    expect(await undoIt()).toMatchObject({ status: "finished", isClean: false });
    expect(roleNow().trust).toEqual(changed);
  });

  it("another role asks for the audience by now: it stays, with who asks", async () => {
    await made();
    const [, ours = {}] = statements();
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [ours] });
    await client().send(new iam.CreateRoleCommand({ RoleName: "late", AssumeRolePolicyDocument }));
    const outcome = await undoIt();
    expect(outcome).toMatchObject({ status: "finished", isClean: false });
    expect(reasonOf(outcome, "AddAudience")).toMatchObject({
      status: "kept",
      reason: { id: "removal.keep.audience", args: { roles: `arn:aws:iam::${HUB}:role/late` } },
    });
    await client().send(new iam.DeleteRoleCommand({ RoleName: "late" }));
    expect(await takeBack(hub, store)).toBe("finished");
    expect(everything()).toBe(before);
  });

  it("the hub role is deleted and made anew by somebody else: theirs is left as it is", async () => {
    await made();
    await client().send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: POLICY }));
    await client().send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName: "theirs" }));
    await client().send(new iam.DeleteRoleCommand({ RoleName }));
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [operators] });
    await client().send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    const theirs = roleNow();
    const again = await resume(ports(), { ...run, consents: [...hub.consents] }, options);
    // It is another role by now: what was agreed to was not this.
    expect(again.outcome).toBeUndefined();
    expect(roleNow()).toEqual(theirs);
    await undoIt();
    expect(roleNow()).toEqual(theirs);
  });

  it("the version from before is deleted meanwhile: what it said counts again", async () => {
    await made();
    await client().send(new iam.DeletePolicyVersionCommand({ PolicyArn: POLICY, VersionId: "v1" }));
    expect(await takeBack(hub, store)).toBe("finished");
    const policy = hub.sandbox.dump(HUB)[0]?.policies.find(({ arn }) => arn === POLICY);
    expect(Object.keys(policy?.versions ?? {})).toEqual([policy?.defaultVersion]);
    const [was] = blueprint({ ...setup, subAccounts: setup.subAccounts.slice(1) }, "").filter(
      (one) => one.kind === "ManagedPolicy",
    );
    expect(policy?.document).toEqual(was?.document);
  });

  it("the policy is attached elsewhere by now: the old version counts there too, as before", async () => {
    await made();
    await client().send(new iam.AttachRolePolicyCommand({ RoleName: "circleci-oidc-2", PolicyArn: POLICY }));
    expect(await takeBack(hub, store)).toBe("finished");
    expect(roleNow(HUB, "circleci-oidc-2").attachedPolicies).toContain(POLICY);
    await client().send(new iam.DetachRolePolicyCommand({ RoleName: "circleci-oidc-2", PolicyArn: POLICY }));
    expect(everything()).toBe(before);
  });

  describe("two writers of one trust policy at once", () => {
    const third = {
      ...setup,
      id: "00000000-0000-4000-8000-0000000000c3",
      projectId: "33333333-8888-4777-8666-555555555555",
      subAccounts: [],
    };
    const OTHER_RUN = "00000000-0000-4000-8000-00000000000b";
    const sids = (): readonly string[] =>
      statements()
        .map(({ Sid = "" }) => Sid.slice(8, 16))
        .toSorted();
    const all = [OTHER_PROJECT, setup.projectId, third.projectId].map((id) => id.slice(0, 8)).toSorted();

    it("two windows join the same role: no statement is lost", async () => {
      // Three statements are more than an account allows by default.
      hub.sandbox.knobs({ quotas: { trustPolicySize: 4096 } });
      const mine = await planRun(hub.access(), run);
      const other = await planRun(hub.access(), { setup: third, runId: OTHER_RUN });
      const keys = other.changes.flatMap((change) =>
        "consent" in change && change.consent !== undefined ? [change.consent.key] : [],
      );
      const second = memoryStore();
      const outcomes = await Promise.all([
        apply(mine),
        applyRun(ports(second), { ...other, runId: OTHER_RUN }, { ...options, consents: new Set(keys) }),
      ]);
      // Where one of them saw the other's change before its first write it has written nothing, and says so.
      for (const [outcome, each, kept] of [
        [outcomes[0], mine, store],
        [outcomes[1], other, second],
      ] as const) {
        if (outcome?.status === "finished") continue;
        expect(outcome?.created).toEqual([]);
        const again = await planRun(hub.access(), {
          setup: each.setup,
          runId: kept === store ? RUN : OTHER_RUN,
        });
        const agreed = again.changes.flatMap((change) =>
          "consent" in change && change.consent !== undefined ? [change.consent.key] : [],
        );
        const journaled = { ...again, runId: kept === store ? RUN : OTHER_RUN };
        const last = await applyRun(ports(kept), journaled, { ...options, consents: new Set(agreed) });
        expect(last.status).toBe("finished");
      }
      expect(sids()).toEqual(all);
    });

    /** Our edit, made by itself; right after each of our writes somebody writes an older policy, so many times. */
    const againstOthers = async (times: number): Promise<unknown> => {
      const { changes } = await planRun(hub.access(), run);
      const edit = changes
        .flatMap((change) => (change.action === "update" ? change.edits : []))
        .find((one) => one.kind === "TrustStatements" && one.roleName === ROLE);
      const opened = await hub.access().open(setup.hub.profile, HUB);
      if (edit === undefined || !opened.ok) throw new Error("There is no such edit.");
      const stale = [...statements(), operators];
      let left = times;
      const limit: typeof opened.account.limit = async (task) => {
        if (hub.sandbox.calls().at(-1)?.action === "UpdateAssumeRolePolicy" && left > 0) {
          left -= 1;
          await trust(stale);
        }
        return task();
      };
      return write({ ...opened.account, limit }, edit, { ...options, onNote: () => undefined });
    };

    it("an older policy is written over ours: ours is written once more, and theirs stays", async () => {
      expect(await againstOthers(1)).toEqual({ status: "created" });
      expect(statements()).toHaveLength(3);
      expect(statements()).toContainEqual(operators);
    });

    it("an older policy is written over ours again and again: it is given up and said", async () => {
      expect(await againstOthers(99)).toMatchObject({
        status: "failed",
        problem: { code: "aws.changed" },
        inDoubt: true,
      });
      expect(statements()).toHaveLength(2);
    });
  });
});
