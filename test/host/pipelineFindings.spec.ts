import assert from "node:assert/strict";
import * as vscode from "vscode";
import { registerDiagnostics } from "../../src/features/pipeline/diagnostics.ts";
import { insertSteps } from "../../src/features/pipeline/insert.ts";
import type { RoleSource } from "../../src/features/pipeline/pick.ts";
import {
  findingsIn,
  findingsUntil,
  neverAsked,
  newConfig,
  quickFixes,
  step,
  textOf,
  untidy,
} from "./pipelineSpec.ts";

const wrong = `version: 2.1
orbs:
  aws: circleci/aws-cli@5.4.1
jobs:
  build:
    docker: [{image: cimg/aws:2025.01}]
    environment:
      STAGE: prod
      AWS_ACCESS_KEY_ID: AKIAEXAMPLE
    steps:
      - checkout
      - run: |
          cat <<EOF
          hello
          EOF
      - aws/setup:
          role-arn: x
`;

describe("pipeline: findings in the editor", () => {
  let feature: vscode.Disposable;
  const failures: unknown[] = [];
  const learned = new vscode.EventEmitter<void>();
  let connected: Awaited<ReturnType<RoleSource["connectedRoles"]>> = [];
  let setups: Awaited<ReturnType<RoleSource["setups"]>> = [];

  before(() => {
    const roles = {
      setups: () => Promise.resolve(setups),
      connectedRoles: () => Promise.resolve(connected),
      onDidChange: learned.event,
    };
    feature = registerDiagnostics(roles, (error) => failures.push(error));
  });
  after(async () => {
    feature.dispose();
    learned.dispose();
    assert.deepEqual(failures, []);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("are marked, and each is gone after its quick fix", async () => {
    const uri = await newConfig(wrong);
    await vscode.window.showTextDocument(uri);
    const all = ["13 pipeline.find.heredoc", "17 pipeline.find.oldParameter", "9 pipeline.find.staticKeys"];
    assert.deepEqual(await findingsUntil(uri, 3), all);
    for (const [line, left] of [
      [17, 2],
      [13, 1],
      [9, 0],
    ] as const) {
      const [fix] = await quickFixes(uri, line);
      assert.ok(fix?.edit, `a fix in line ${line}`);
      assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
      assert.equal((await findingsUntil(uri, left)).length, left);
    }
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(
      document.getText(),
      wrong
        .replace("      AWS_ACCESS_KEY_ID: AKIAEXAMPLE\n", "")
        .replace("<<EOF", "\\<<EOF")
        .replace("role-arn", "role_arn"),
    );
    assert.equal(await textOf(uri), wrong, "nothing is saved");
    await vscode.commands.executeCommand("undo");
    assert.deepEqual(await findingsUntil(uri, 1), ["9 pipeline.find.staticKeys"]);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("follow what is typed, and are none while the text is not valid", async () => {
    const uri = await newConfig(wrong);
    const editor = await vscode.window.showTextDocument(uri);
    assert.equal((await findingsUntil(uri, 3)).length, 3);
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), "broken: [\n"));
    assert.deepEqual(await findingsUntil(uri, 0), []);
    await vscode.commands.executeCommand("undo");
    assert.equal((await findingsUntil(uri, 3)).length, 3);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("are none in a config built to blow up, and none in other files", async () => {
    const lines = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`);
    const bomb = await newConfig(`a0: &a0 [x]\n${lines.join("\n")}\n${wrong}`);
    await vscode.window.showTextDocument(bomb);
    const info = vscode.Uri.joinPath(bomb, "../info.yml");
    await vscode.workspace.fs.writeFile(info, new TextEncoder().encode(wrong));
    await vscode.window.showTextDocument(info);
    // Long enough for both to have been looked at: a third one is, after them.
    const other = await newConfig(wrong);
    await vscode.window.showTextDocument(other);
    assert.equal((await findingsUntil(other, 3)).length, 3);
    assert.deepEqual([findingsIn(bomb), findingsIn(info)], [[], []]);
  });

  it("say on a role's ARN who may assume it", async () => {
    const id = "11111111-2222-4333-8444-555555555555";
    const refs = [{ kind: "branch", name: "main" }] as const;
    const runs = { kind: "refs", repository: "github.com/acme/shop", refs } as const;
    const projects = [{ projectId: id, runs, users: { kind: "anyone" } }] as const;
    const rule = {
      partition: "aws",
      accountId: "111122223333",
      organizationId: id,
      audiences: [id],
      projects,
    } as const;
    setups = [{ label: "ci", detail: step.roleArn, step, rule }];
    const uri = await newConfig(untidy);
    await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    const document = await vscode.workspace.openTextDocument(uri);
    const at = document.positionAt(document.getText().indexOf(step.roleArn) + 5);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      at,
    );
    const words = hovers.flatMap(({ contents }) =>
      contents.map((content) => (typeof content === "string" ? content : content.value)),
    );
    assert.ok(
      words.some((one) => one.replaceAll(/\\|&nbsp;/g, "").includes("main") && one.includes("acme")),
      words.join(),
    );
    setups = [];
  });

  it("are looked for anew in open configs when a setup or an account gets known", async () => {
    const other = { ...step, roleArn: "arn:aws:iam::111122223333:role/gone" };
    const uri = await newConfig(untidy);
    await insertSteps({ uri, step: other, jobs: ["build"] }, neverAsked);
    const seen = await newConfig(wrong);
    await vscode.window.showTextDocument(seen, { preview: false });
    // The later one has its findings, so that the earlier one has been looked at.
    assert.equal((await findingsUntil(seen, 3)).length, 3);
    assert.deepEqual(findingsIn(uri), []);
    connected = [{ label: "x", detail: "x", roleArn: step.roleArn, region: "eu-central-1" }];
    learned.fire();
    const [found = ""] = await findingsUntil(uri, 1);
    assert.match(found, /pipeline\.find\.unknownRole$/);
    connected = [];
    learned.fire();
    assert.deepEqual(await findingsUntil(uri, 0), []);
  });
});
