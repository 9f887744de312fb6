import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { commands } from "../../../src/manifest.ts";

describe("the commands in an untrusted workspace", () => {
  let folder = "";
  let marker = "";
  const config = join(homedir(), ".aws", "config");

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "untrusted-"));
    marker = join(folder, "ran");
    // The home of this run is the harness's own, never the user's.
    assert.ok(!existsSync(config), "the run has AWS files already");
    await mkdir(join(homedir(), ".aws"), { recursive: true });
    await writeFile(config, `[profile hostile]\ncredential_process = touch ${marker}\n`);
    await vscode.extensions.getExtension("circleci-aws-oidc.circleci-aws-oidc")?.activate();
  });
  after(async () => {
    await rm(config);
    await rm(folder, { recursive: true });
  });

  it("are in an untrusted workspace", () => assert.equal(vscode.workspace.isTrusted, false));

  it("open no wizard", async () => {
    // The command waits for the answer to its message, which need not come.
    void vscode.commands.executeCommand(commands.setUp);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.deepEqual(
      tabs.filter((tab) => tab.input instanceof vscode.TabInputWebview),
      [],
    );
  });

  for (const command of [
    commands.chooseProfile,
    commands.refreshRoles,
    commands.compareSetup,
    commands.removeSetup,
  ]) {
    it(`${command} runs no credential_process`, async () => {
      void vscode.commands.executeCommand(command);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(existsSync(marker), false);
    });
  }
});
