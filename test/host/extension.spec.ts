import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands, views } from "../../src/manifest.ts";

const ID = "circleci-aws-oidc.circleci-aws-oidc";

/** The list of tabs follows a moment later. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.ok(condition());
}

describe("the extension", () => {
  it("activates, and has every command that the manifest declares", async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, "the extension is not installed");
    // Rejects where activation failed; isActive would be true all the same.
    await extension.activate();
    const registered = await vscode.commands.getCommands(true);
    for (const id of Object.values(commands)) assert.ok(registered.includes(id), `${id} is not registered`);
    assert.ok(registered.includes(`${views.roles}.focus`), "the roles view is not there");
  });

  it("opens the wizard, once, however often it is asked to", async () => {
    const wizards = (): number =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .filter((tab) => tab.input instanceof vscode.TabInputWebview).length;
    try {
      await vscode.commands.executeCommand(commands.setUp);
      await until(() => wizards() > 0);
      await vscode.commands.executeCommand(commands.setUp);
      assert.equal(wizards(), 1);
    } finally {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    }
    await until(() => wizards() === 0);
  });
});
