import assert from "node:assert/strict";
import * as vscode from "vscode";
import { insertSteps } from "../../../src/features/pipeline/insert.ts";
import { outlineFile } from "../../../src/features/pipeline/outlineFile.ts";
import { neverAsked, problemOf, step, textOf, workspaceFolder } from "../pipelineSpec.ts";

describe("pipeline in an untrusted workspace", () => {
  const uri = (): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), ".circleci/config.yml");

  it("writes nothing", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const before = await textOf(uri());
    const result = await insertSteps({ uri: uri(), step, jobs: ["test"] }, neverAsked);
    assert.equal(problemOf(result).code, "untrusted");
    assert.equal(await textOf(uri()), before);
    assert.equal((await vscode.workspace.openTextDocument(uri())).getText(), before);
  });

  it("still reads the config", async () => {
    const result = await outlineFile(uri(), { step });
    assert.ok(result.ok);
    assert.deepEqual(
      result.value.jobs.map(({ name }) => name),
      ["test", "deploy", "windows-check"],
    );
  });
});
