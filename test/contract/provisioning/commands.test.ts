import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { offerRecovery } from "../../../src/features/recovery/index.ts";
import type { Dialogs } from "../../../src/features/shared/dialogs.ts";
import { findUnfinished, readJournals } from "../../../src/features/shared/journals.ts";
import { applyRun } from "../../../src/features/shared/runs.ts";
import { readSetups } from "../../../src/features/shared/store.ts";
import { removeChosenSetup } from "../../../src/features/teardown/remove.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { memoryStore, type MemoryStore } from "./support/memory.ts";
import { RUN, setup } from "./support/setup.ts";
import { reopen, setUp } from "./support/trial.ts";
import { changesOf } from "./support/plan.ts";

const MANY = 8;

/** Says what was shown, and answers as a test tells it to. */
function answering(answers: { readonly pick?: string; readonly yes?: boolean; readonly button?: boolean }) {
  const shown: string[] = [];
  const dialogs: Dialogs = {
    t: english,
    pick: (items, { title }) => {
      shown.push(`pick: ${title}`);
      const found = items.find(
        ({ label, value }) => value !== undefined && label.startsWith(answers.pick ?? "?"),
      );
      return Promise.resolve(found?.value);
    },
    confirm: async (question, detail, yes, more) => {
      shown.push(`confirm: ${question} [${yes}]\n${detail}`);
      await more?.show();
      return answers.yes ?? false;
    },
    say: (sentence, detail) => {
      shown.push(`say: ${sentence}\n${detail}`);
      return Promise.resolve();
    },
    notify: (tone, sentence) => {
      shown.push(`${tone}: ${sentence}`);
      return Promise.resolve(answers.button ?? false);
    },
    progress: (title, task) => {
      shown.push(`progress: ${title}`);
      return task((message) => shown.push(`  ${message}`), new AbortController().signal);
    },
    open: (name, text) => {
      shown.push(`open: ${name}\n${text}`);
      return Promise.resolve();
    },
    diffs: (title, pairs) => {
      shown.push(
        `diffs: ${title}\n${pairs.map(({ name, left, right }) => `${name}\n-${left}+${right}`).join("\n")}`,
      );
      return Promise.resolve();
    },
    log: (entry) => void shown.push(`log: ${typeof entry === "string" ? entry : entry.code}`),
  };
  return { dialogs, shown, asked: () => shown.filter((line) => line.startsWith("confirm")) };
}

/** What a user is asked, and that nothing happens before the answer. */
describe("the commands", () => {
  let hub: Hub;
  let others: string;
  let store: MemoryStore;
  beforeAll(async () => {
    hub = await startHub();
    others = hub.others();
  });
  beforeEach(async () => {
    await hub.restore();
    store = memoryStore();
    refreshed = [];
  });
  afterAll(() => hub.stop());

  let refreshed: string[] = [];
  const ports = (dialogs: Dialogs) => ({
    dialogs,
    store,
    access: hub.access(),
    refreshRoles: (profile: string) => void refreshed.push(profile),
  });
  const writes = (): number =>
    hub.sandbox.calls().filter(({ action }) => /^(Delete|Detach)/.test(action)).length;
  /** Created, and the window closed right before the end. */
  const unfinished = async (): Promise<void> => {
    expect(await setUp(hub, store)).toBe("finished");
    await reopen(store);
  };

  it("offer nothing where nothing is unfinished, and ask nobody", async () => {
    const { dialogs, shown } = answering({});
    expect(await offerRecovery(ports(dialogs))).toEqual({ kind: "fresh" });
    await setUp(hub, store);
    const calls = hub.sandbox.calls().length;
    expect(await offerRecovery(ports(dialogs))).toEqual({ kind: "fresh" });
    expect(shown).toEqual([]);
    expect(hub.sandbox.calls()).toHaveLength(calls);
  });

  it("offer nothing for a run that made nothing", async () => {
    const changes = await changesOf(hub.access(), { setup, runId: RUN });
    const signal = AbortSignal.abort();
    await applyRun(
      { store, access: hub.access() },
      { setup, runId: RUN, changes },
      { sleep: atOnce, signal },
    );
    expect(await findUnfinished(store)).toHaveLength(1);
    expect(await offerRecovery(ports(answering({}).dialogs))).toEqual({ kind: "fresh" });
  });

  it.each([
    ["Resume", { kind: "run" }],
    ["Not now", { kind: "fresh" }],
    ["nothing of it", { kind: "nothing" }],
  ] as const)("go on as chosen (%s), and ask AWS nothing by then", async (pick, expected) => {
    await unfinished();
    const calls = hub.sandbox.calls().length;
    expect(await offerRecovery(ports(answering({ pick }).dialogs))).toMatchObject(expected);
    expect(hub.sandbox.calls()).toHaveLength(calls);
    expect(await findUnfinished(store)).toHaveLength(1);
  });

  it("leave a run as it is, and do not offer it again", async () => {
    await unfinished();
    expect(await offerRecovery(ports(answering({ pick: "Leave" }).dialogs))).toEqual({ kind: "fresh" });
    expect((await readJournals(store)).journals).toMatchObject([{ state: "left" }]);
    expect(await offerRecovery(ports(answering({}).dialogs))).toEqual({ kind: "fresh" });
    expect(hub.ours()).toHaveLength(6);
  });

  it("undo after the full list and a yes, and not without", async () => {
    await unfinished();
    const no = answering({ pick: "Undo", yes: false });
    expect(await offerRecovery(ports(no.dialogs))).toEqual({ kind: "nothing" });
    expect(no.asked()).toHaveLength(1);
    for (const name of [
      "Role circleci-deploy (444455556666)",
      "Role circleci-oidc (111122223333)",
      "OIDC provider",
    ]) {
      expect(no.asked()[0]).toContain(name);
    }
    expect(writes()).toBe(0);
    expect(refreshed).toEqual([]);
    expect(hub.ours()).toHaveLength(6);

    const yes = answering({ pick: "Undo", yes: true });
    await offerRecovery(ports(yes.dialogs));
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
    expect(await findUnfinished(store)).toEqual([]);
    expect(refreshed).toEqual(["hub"]);
    await until(() => yes.shown.at(-1) === "info: Everything that was created has been removed.");
    expect(yes.shown.some((line) => /^ {2}\d\/7 Role circleci-oidc/.test(line))).toBe(true);
  });

  it("remove a chosen setup after the full list and a yes, and not without", async () => {
    expect(await removeChosenSetup(ports(answering({}).dialogs))).toBeUndefined();
    await setUp(hub, store);
    for (const answers of [{}, { pick: "circleci-oidc", yes: false }]) {
      expect(await removeChosenSetup(ports(answering(answers).dialogs))).toBeUndefined();
    }
    expect(writes()).toBe(0);
    const yes = answering({ pick: "circleci-oidc", yes: true });
    expect(await removeChosenSetup(ports(yes.dialogs))).toEqual(setup);
    expect(yes.asked()[0]).toContain("Jobs that have credentials already keep them");
    expect(hub.ours()).toEqual([]);
    expect(hub.others()).toBe(others);
    expect(await readSetups(store)).toEqual([]);
  });

  it("say what stays and why, before and after, with the commands", async () => {
    await setUp(hub, store);
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
    });
    const policy = { RoleName: "circleci-oidc", PolicyName: "deploy", PolicyDocument };
    await hub.client(setup.hub.accountId).send(new PutRolePolicyCommand(policy));
    const { dialogs, shown, asked } = answering({ pick: "circleci-oidc", yes: true, button: true });
    await removeChosenSetup(ports(dialogs));
    expect(asked()[0]).toContain(
      "Role circleci-oidc (111122223333): It has policies that were added since: deploy.",
    );
    expect(asked()[0]).toContain("aws iam delete-role-policy --role-name circleci-oidc --policy-name deploy");
    const [diff = ""] = shown.filter((line) => line.startsWith("diffs"));
    const [left = "", now = ""] = diff.split("\n+");
    expect(left).toContain("What was left here ↔ what is in AWS now\nhub-role-circleci-oidc.json");
    expect(left).toContain('"InlinePolicies": []');
    expect(now).toContain('"InlinePolicies": "deploy"');
    expect(now).toContain('"AttachedPolicies": []');
    await until(() => shown.at(-1)?.startsWith("open: removal.txt") === true);
    expect(shown.at(-1)).toContain("Role circleci-oidc (111122223333): stays");
    expect(shown.at(-1)).toContain("Role circleci-deploy (444455556666): removed");
    expect(await readSetups(store)).toEqual([setup]);
  });

  it("show a list that is too long for a dialog as a document, before they ask", async () => {
    const subAccounts = Array.from({ length: MANY }, (_, index) =>
      setup.subAccounts.map((sub) => ({
        ...sub,
        roleName: `${sub.roleName}-${index}`,
        ciProfile: `${sub.ciProfile}-${index}`,
      })),
    ).flat();
    const run = { setup: { ...setup, subAccounts }, runId: RUN };
    const changes = await changesOf(hub.access(), run);
    await applyRun({ store, access: hub.access() }, { ...run, changes }, { sleep: atOnce });
    const left = answering({ pick: "circleci-oidc", yes: true, button: false });
    expect(await removeChosenSetup(ports(left.dialogs))).toBeUndefined();
    expect(
      left.shown.some((line) => line.startsWith("open: removal.txt") && line.includes("circleci-deploy-7")),
    ).toBe(true);
    expect(left.asked()).toEqual([]);
    expect(writes()).toBe(0);
    const read = answering({ pick: "circleci-oidc", yes: true, button: true });
    await removeChosenSetup(ports(read.dialogs));
    expect(read.asked()).toHaveLength(1);
    expect(hub.ours()).toEqual([]);
  });
});

/** What is told beside the work comes a moment later. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries += 1) await new Promise(setImmediate);
  expect(condition()).toBe(true);
}
