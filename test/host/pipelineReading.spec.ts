import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import type { RunRule } from "../../src/core/trust/index.ts";
import { findConfigs, isCircleCiConfig } from "../../src/features/pipeline/configFile.ts";
import { insertSteps } from "../../src/features/pipeline/insert.ts";
import { outlineFile } from "../../src/features/pipeline/outlineFile.ts";
import {
  bytesOf,
  neverAsked,
  newConfig,
  newFolder,
  problemOf,
  step,
  textOf,
  untidy,
  workspaceFolder,
} from "./pipelineSpec.ts";

describe("pipeline: what is not edited", () => {
  after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("refuses a .circleci that leads out of the workspace", async () => {
    const outside = await mkdtemp(path.join(tmpdir(), "outside-"));
    try {
      await writeFile(path.join(outside, "config.yml"), untidy);
      const folder = await newFolder();
      await symlink(outside, path.join(folder, ".circleci"));
      const uri = vscode.Uri.file(path.join(folder, ".circleci/config.yml"));
      const results = [
        await insertSteps({ uri, step, jobs: ["build"] }, neverAsked),
        await outlineFile(uri, { step }),
      ];
      for (const result of results) assert.equal(problemOf(result).code, "pipelineEditor.config.leadsOut");
      assert.equal(await readFile(path.join(outside, "config.yml"), "utf8"), untidy);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it("refuses bytes that are not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from(untidy), Buffer.from([0x20, 0xe9])]);
    const uri = await newConfig(bytes);
    const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    assert.equal(problemOf(result).code, "pipelineEditor.config.notUtf8");
    assert.deepEqual(await bytesOf(uri), bytes);
  });

  it("refuses a document that the editor reads in another encoding", async () => {
    const files = vscode.workspace.getConfiguration("files");
    await files.update("encoding", "windows1252", vscode.ConfigurationTarget.Workspace);
    try {
      const before = `${untidy} — fin`;
      const uri = await newConfig(before);
      const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
      assert.equal(problemOf(result).code, "pipelineEditor.config.otherText");
      assert.equal(await textOf(uri), before);
    } finally {
      await files.update("encoding", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("refuses a file that was deleted while it is open, and leaves the editor's text", async () => {
    const uri = await newConfig(untidy);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await rm(uri.fsPath);
    const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    assert.equal(problemOf(result).code, "pipelineEditor.config.gone");
    assert.equal(document.getText(), untidy);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("leaves a file that the user has set to read-only as it is, in the editor too", async () => {
    const uri = await newConfig(untidy);
    const files = vscode.workspace.getConfiguration("files");
    const only = { [`**/${path.basename(path.dirname(path.dirname(uri.fsPath)))}/**`]: true };
    await files.update("readonlyInclude", only, vscode.ConfigurationTarget.Workspace);
    try {
      const result = await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
      assert.equal(problemOf(result).code, "pipelineEditor.write.readOnly");
      assert.equal(await textOf(uri), untidy);
      const document = await vscode.workspace.openTextDocument(uri);
      assert.equal(document.getText(), untidy);
      assert.equal(document.isDirty, false);
    } finally {
      await files.update("readonlyInclude", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("refuses a file that is too large, and one that is not there", async () => {
    const large = await newConfig(`${untidy}\n${"#".repeat(1_000_001)}`);
    assert.equal(problemOf(await outlineFile(large, { step })).code, "pipelineEditor.config.tooLarge");
    const missing = vscode.Uri.joinPath(workspaceFolder(), "none/.circleci/config.yml");
    assert.equal(problemOf(await outlineFile(missing, { step })).code, "pipelineEditor.config.gone");
  });
});

async function namesIn(folder: vscode.Uri): Promise<readonly string[]> {
  const found = await findConfigs(folder);
  assert.ok(!("code" in found));
  return found.map((uri) => vscode.workspace.asRelativePath(uri));
}

describe("pipeline: reading the config", () => {
  it("finds the config of a folder, and says where there is none", async () => {
    assert.deepEqual(await namesIn(workspaceFolder()), [".circleci/config.yml"]);
    const none = await findConfigs(vscode.Uri.joinPath(workspaceFolder(), ".circleci"));
    assert.ok("code" in none);
    assert.equal(none.code, "pipelineEditor.config.missing");
  });

  it("finds what a setup pipeline may continue with after the config itself, and nothing else", async () => {
    const config = await newConfig("version: 2.1\nsetup: true\njobs: {}\n");
    const base = vscode.Uri.joinPath(config, "..");
    const files = [
      "continue.yml",
      "a/deploy.yaml",
      "info.yml",
      "notes.md",
      "a/b/c/far.yml",
      "a/b/c/d/farther.yml",
    ];
    for (const file of files) {
      await vscode.workspace.fs.writeFile(
        vscode.Uri.joinPath(base, file),
        new TextEncoder().encode("jobs: {}\n"),
      );
    }
    await symlink("/", path.join(base.fsPath, "everything"));
    const folder = vscode.Uri.joinPath(base, "..");
    const found = (await namesIn(folder)).map((name) => name.split(".circleci/")[1]);
    assert.deepEqual(found, ["config.yml", "a/b/c/far.yml", "a/deploy.yaml", "continue.yml"]);
  });

  it("tells what each job could do with the step", async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), ".circleci/config.yml");
    const runs: RunRule = {
      kind: "refs",
      repository: "github.com/acme/web-shop",
      refs: [{ kind: "branch", name: "main" }],
    };
    const result = await outlineFile(uri, { step, runs });
    assert.ok(result.ok);
    assert.equal(result.value.file, ".circleci/config.yml");
    assert.deepEqual(
      result.value.jobs.map(({ name, status, note }) => [name, status, note?.id]),
      [
        ["test", "ready", "pipelineEditor.job.branches"],
        ["deploy", "ready", undefined],
        ["windows-check", "ready", "pipelineEditor.job.branches"],
      ],
    );
  });

  it("reads the text of the editor where that has changes", async () => {
    const uri = await newConfig(untidy);
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    const at = document.positionAt(untidy.indexOf("deploy:"));
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 6)), "release"));
    const result = await outlineFile(uri, { step });
    assert.ok(result.ok);
    assert.deepEqual(
      result.value.jobs.map(({ name }) => name),
      ["build", "release"],
    );
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("knows a config by its place", async () => {
    const config = vscode.Uri.joinPath(workspaceFolder(), "sub/.circleci/config.yml");
    assert.equal(isCircleCiConfig(await vscode.workspace.openTextDocument(config)), true);
    const untitled = await vscode.workspace.openTextDocument({ language: "yaml", content: untidy });
    assert.equal(isCircleCiConfig(untitled), false);
  });
});
