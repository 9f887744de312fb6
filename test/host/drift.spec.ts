import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { registerDrift } from "../../src/features/drift/index.ts";
import { showBoard } from "../../src/features/shared/board.ts";
import { createDialogs } from "../../src/features/shared/vscodeDialogs.ts";
import { createStore } from "../../src/features/shared/store.ts";
import { commands } from "../../src/manifest.ts";
import { anAccess, aProvider, aRole, roleArn } from "../unit/roles/fixtures.ts";
import { newFolder, specDocuments } from "./pipelineSpec.ts";
import { openView } from "./roles-view.ts";

const accept = () => vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
const leave = () => vscode.commands.executeCommand("workbench.action.closeQuickOpen");

/** Repeats a key press until what is asked for has happened: the list is drawn a moment later. */
async function pressing(key: () => Thenable<unknown>, isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isDone(); tries += 1) {
    await key();
    await pause(100);
  }
  assert.ok(isDone());
}

describe("the list of what differs", () => {
  const board = (pressed: unknown[], stays: boolean) => ({
    title: "what differs",
    placeholder: "choose",
    items: [
      { label: "Differs" },
      { label: "Role deploy", icon: "edit", buttons: ["accept" as const], value: 7 },
    ],
    buttons: { accept: { icon: "check", label: "Accept" } },
    all: [{ value: "accept" as const, label: "Accept Everything Shown" }],
    press: (button: string | undefined, value: number | undefined) => {
      pressed.push([button, value]);
      return Promise.resolve(stays);
    },
  });

  it("stays open while lines are looked at, and ends when it is left", async () => {
    const pressed: unknown[] = [];
    let ended = false;
    const shown = showBoard(board(pressed, true)).then(() => (ended = true));
    await pressing(accept, () => pressed.length >= 2);
    assert.deepEqual(pressed[0], [undefined, 7]);
    assert.equal(ended, false);
    await pressing(leave, () => ended);
    await shown;
  });

  it("ends where the answer says so", async () => {
    const pressed: unknown[] = [];
    let ended = false;
    void showBoard(board(pressed, false)).then(() => (ended = true));
    await pressing(accept, () => ended);
    assert.equal(pressed.length, 1);
  });
});

describe("comparing a setup with AWS", () => {
  it("asks nobody where no setup is stored, whatever role it is called on", async () => {
    const handlers = new Map<string, (...args: readonly unknown[]) => Promise<void> | void>();
    const asked: unknown[] = [];
    const documents = specDocuments();
    const said: string[] = [];
    const log = vscode.window.createOutputChannel("drift spec", { log: true });
    const dialogs = createDialogs({ log }, documents);
    const registered = registerDrift(
      {
        access: { open: () => Promise.reject(new Error("nobody should be asked")) },
        boundary: {
          log,
          show: () => Promise.reject(new Error("nothing went wrong")),
          register: (id, run) => {
            handlers.set(id, run);
            return new vscode.Disposable(() => undefined);
          },
        },
        dialogs: { ...dialogs, notify: (_, sentence) => Promise.resolve(said.push(sentence) < 0) },
        store: createStore(await newFolder()),
        markRoles: () => undefined,
      },
      (argument) => {
        asked.push(argument);
        return argument === undefined ? undefined : "arn:aws:iam::111122223333:role/deploy";
      },
    );
    await handlers.get(commands.compareSetup)?.();
    await handlers.get(commands.compareSetup)?.({ id: "node" });
    assert.deepEqual(asked, [undefined, { id: "node" }]);
    assert.deepEqual(said, [
      "No setup was finished on this computer.",
      "No setup on this computer has the role arn:aws:iam::111122223333:role/deploy.",
    ]);
    vscode.Disposable.from(registered, documents, log).dispose();
  });

  it("is offered on roles of stored setups that were made here, and marks them", async () => {
    const managed = aRole({ name: "deploy", managedByUs: true });
    const other = aRole({ name: "other" });
    const opened = openView({
      storedRoles: () => Promise.resolve(new Set([roleArn("deploy"), roleArn("other")])),
      load: () =>
        Promise.resolve({
          ok: true,
          access: anAccess({ providers: [aProvider({ roles: [managed, other] })] }),
        }),
    });
    await opened.view.refresh("dev");
    const items = () =>
      opened.nodes().flatMap((account) => account.children.flatMap((provider) => provider.children));
    const role = (name: string) => items().find(({ kind, label }) => kind === "role" && label === name);
    assert.match(role("deploy")?.contextValue ?? "", /\bsetup\b/);
    assert.doesNotMatch(role("other")?.contextValue ?? "", /\bsetup\b/);
    assert.equal(opened.view.arnOf(role("deploy")), roleArn("deploy"));
    assert.equal(opened.view.arnOf(undefined), undefined);
    opened.view.markRoles(new Map([[roleArn("deploy"), 2]]));
    assert.equal(role("deploy")?.icon, "warning");
    assert.equal(role("deploy")?.description, "made here · differs from its setup (2)");
    opened.view.markRoles(new Map([[roleArn("deploy"), 0]]));
    assert.equal(role("deploy")?.icon, "key");
    opened.dispose();
  });
});
