import assert from "node:assert/strict";
import * as vscode from "vscode";
import { insertSteps, previewInsert } from "../../src/features/pipeline/insert.ts";
import {
  assertOnlyStepsAdded,
  bytesOf,
  neverAsked,
  newConfig,
  problemOf,
  specDocuments,
  step,
  textOf,
  untidy,
  workspaceFolder,
} from "./pipelineSpec.ts";

const options = {
  editor: ["formatOnSave"],
  files: ["trimTrailingWhitespace", "insertFinalNewline", "trimFinalNewlines"],
};

async function setAll(value: boolean | undefined): Promise<void> {
  for (const [section, names] of Object.entries(options)) {
    const configuration = vscode.workspace.getConfiguration(section);
    for (const name of names) await configuration.update(name, value, vscode.ConfigurationTarget.Workspace);
  }
}

describe("pipeline: inserting the step", () => {
  const documents = specDocuments();
  let formatter: vscode.Disposable;

  before(async () => {
    await setAll(true);
    formatter = vscode.languages.registerDocumentFormattingEditProvider("yaml", {
      provideDocumentFormattingEdits: () => [
        vscode.TextEdit.insert(new vscode.Position(0, 0), "# formatted\n"),
      ],
    });
  });
  after(async () => {
    formatter.dispose();
    documents.dispose();
    await setAll(undefined);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("has settings under which a plain save changes the whole file (a check of this suite)", async () => {
    const uri = await newConfig(untidy);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), "# mine\n"));
    await document.save();
    const saved = await textOf(uri);
    assert.ok(saved.startsWith("# formatted\nversion: 2.1\n# mine\n"));
    assert.ok(saved.endsWith("# the end\n"));
  });

  it("changes nothing on disk but the step, and one Undo restores the text", async () => {
    const uri = await newConfig(untidy);
    const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    assert.deepEqual(result, { ok: true, value: { jobs: ["build"], saved: true, alsoIn: [] } });
    const saved = await textOf(uri);
    assertOnlyStepsAdded(untidy, saved, 1);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.toString(), uri.toString());
    assert.equal(document?.getText(), saved);
    await vscode.commands.executeCommand("undo");
    assert.equal(document?.getText(), untidy);
    assert.equal(await textOf(uri), saved, "the disk follows at the next save");
  });

  it("inserts into several jobs with one Undo for all", async () => {
    const uri = await newConfig(untidy);
    const result = await insertSteps({ uri, step, jobs: ["deploy", "build"] }, neverAsked);
    assert.deepEqual(result, { ok: true, value: { jobs: ["deploy", "build"], saved: true, alsoIn: [] } });
    assertOnlyStepsAdded(untidy, await textOf(uri), 2);
    await vscode.commands.executeCommand("undo");
    assert.equal(vscode.window.activeTextEditor?.document.getText(), untidy);
  });

  it("does nothing the second time", async () => {
    const uri = await newConfig(untidy);
    await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    const first = await bytesOf(uri);
    const again = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    assert.deepEqual(again, { ok: true, value: { jobs: ["build"], saved: true, alsoIn: [] } });
    assert.deepEqual(await bytesOf(uri), first);
  });

  it("writes nothing when one of the jobs cannot take it", async () => {
    const uri = await newConfig(untidy);
    const result = await insertSteps({ uri, step, jobs: ["build", "gone"] }, neverAsked);
    assert.equal(problemOf(result).code, "pipeline.noSuchJob");
    assert.equal(await textOf(uri), untidy);
  });

  it("leaves a document with unsaved changes unsaved", async () => {
    const uri = await newConfig(untidy);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# mine\n"));
    const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    assert.deepEqual(result, { ok: true, value: { jobs: ["build"], saved: false, alsoIn: [] } });
    assert.equal(document.isDirty, true);
    assert.equal(await textOf(uri), untidy);
    assertOnlyStepsAdded(`# mine\n${untidy}`, document.getText(), 1);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), `# mine\n${untidy}`, "Undo leaves the user's own change");
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("saves its own document when another editor takes the focus", async () => {
    const uri = await newConfig(untidy);
    const other = await vscode.workspace.openTextDocument(await newConfig(untidy));
    let taken = false;
    const thief = vscode.window.onDidChangeActiveTextEditor(async (editor) => {
      if (taken || editor?.document.uri.toString() !== uri.toString()) return;
      taken = true;
      await vscode.window.showTextDocument(other);
    });
    try {
      const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
      assert.deepEqual(result, { ok: true, value: { jobs: ["build"], saved: true, alsoIn: [] } });
      assert.equal(taken, true);
      assertOnlyStepsAdded(untidy, await textOf(uri), 1);
    } finally {
      thief.dispose();
    }
  });

  it("keeps Windows line ends", async () => {
    const before = untidy.replaceAll("\n", "\r\n");
    const uri = await newConfig(before);
    await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    const saved = await textOf(uri);
    assertOnlyStepsAdded(before, saved, 1);
    assert.doesNotMatch(saved, /[^\r]\n/);
  });

  it("keeps a byte order mark", async () => {
    const uri = await newConfig(`\uFEFF${untidy}`);
    const result = await insertSteps({ uri, step, jobs: ["deploy"] }, neverAsked);
    assert.equal(result.ok, true);
    const bytes = await bytesOf(uri);
    assert.deepEqual([...bytes.subarray(0, 4)], [0xef, 0xbb, 0xbf, "v".charCodeAt(0)]);
    assert.equal(bytes.lastIndexOf(Buffer.from([0xef, 0xbb, 0xbf])), 0);
    assert.ok(bytes.toString("utf8").includes(step.roleArn));
  });

  it("edits a config of a sub-folder whose job has no checkout", async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), "sub/.circleci/config.yml");
    const before = await textOf(uri);
    const result = await insertSteps({ uri, step, jobs: ["publish"] }, neverAsked);
    assert.equal(result.ok, true);
    const after = await textOf(uri);
    const at = before.indexOf("      - run: aws s3 ls");
    assert.ok(after.startsWith(`${before.slice(0, at)}      - run:\n`));
    assert.ok(after.endsWith(before.slice(at)));
  });

  describe("with mixed line ends", () => {
    const mixed = untidy.replace("jobs:\n", "jobs:\r\n").replace("make\n", "make\r\n");

    it("asks, and does nothing when the user thinks better of it", async () => {
      const uri = await newConfig(mixed);
      const asked: string[] = [];
      const result = await insertSteps({ uri, step, jobs: ["build"] }, (file) => {
        asked.push(file);
        return Promise.resolve(undefined);
      });
      assert.deepEqual(result, { ok: false, cancelled: true });
      assert.deepEqual(asked, [vscode.workspace.asRelativePath(uri, false)]);
      assert.equal(await textOf(uri), mixed);
    });

    it("keeps every line end when the file is written without the editor", async () => {
      const uri = await newConfig(mixed);
      const result = await insertSteps({ uri, step, jobs: ["build"] }, () => Promise.resolve("bytes"));
      assert.deepEqual(result, { ok: true, value: { jobs: ["build"], saved: true, alsoIn: [] } });
      assertOnlyStepsAdded(mixed, await textOf(uri), 1);
    });

    it("makes them the same through the editor, and nothing else", async () => {
      const uri = await newConfig(mixed);
      const result = await insertSteps({ uri, step, jobs: ["build"] }, () => Promise.resolve("normalise"));
      assert.equal(result.ok, true);
      assertOnlyStepsAdded(untidy, (await textOf(uri)).replaceAll("\r\n", "\n"), 1);
      assert.doesNotMatch(await textOf(uri), /\r/);
    });
  });

  it("shows a diff without changing anything", async () => {
    const uri = await newConfig(untidy);
    assert.equal(await previewInsert({ uri, step, jobs: ["build"], documents }), undefined);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.toString(), uri.toString());
    assert.notEqual(input.modified.scheme, "file");
    const preview = await vscode.workspace.openTextDocument(input.modified);
    assertOnlyStepsAdded(untidy, preview.getText(), 1);
    assert.equal(await textOf(uri), untidy);
    assert.equal((await vscode.workspace.openTextDocument(uri)).isDirty, false);
  });

  it("inserts while the diff is shown", async () => {
    const uri = await newConfig(untidy);
    await previewInsert({ uri, step, jobs: ["build"], documents: documents });
    const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    assert.deepEqual(result, { ok: true, value: { jobs: ["build"], saved: true, alsoIn: [] } });
    assertOnlyStepsAdded(untidy, await textOf(uri), 1);
  });
});
