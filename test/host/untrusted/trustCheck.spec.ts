import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commands } from "../../../src/manifest.ts";

describe("trust: checking a policy in an untrusted workspace", () => {
  it("works, as it reads nothing but the open text", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const statement = { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
    const content = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const document = await vscode.workspace.openTextDocument({ language: "json", content });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand(commands.checkTrustPolicy);
    const codes = vscode.languages
      .getDiagnostics(document.uri)
      .map(({ code }) => (typeof code === "object" ? code.value : code));
    assert.deepEqual(codes, ["everyone"]);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
