import assert from "node:assert/strict";
import * as vscode from "vscode";
import { t } from "../../src/features/shared/words.ts";
import {
  findingsUntil,
  neverChanges,
  newConfig,
  pressing,
  specFeature,
  step,
  textOf,
} from "./pipelineSpec.ts";

/** A job that would have a CodeLens and a finding. */
const usual = `version: 2.1
jobs:
  build:
    docker: [{ image: "cimg/aws:2025.01" }]
    environment:
      STAGE: prod
      AWS_ACCESS_KEY_ID: AKIAEXAMPLE
    steps:
      - checkout
`;
const count = (length: number, line: (at: number) => string): string =>
  Array.from({ length }, (_, at) => line(at)).join("\n");

const deep = { code: "pipeline.tooDeep", words: "is nested deeper than 60 levels and is not read." };
const aliases = { code: "pipeline.tooManyAliases", words: "the aliases of this file expand too far" };

/** What stands below the job, and in which of its lines (from 1) that is said to go wrong. */
const bombs = [
  ["brackets in brackets", `x: ${"[".repeat(2_000)}${"]".repeat(2_000)}`, 1, deep],
  ["brackets that never end", `x: ${"[".repeat(20_000)}`, 1, deep],
  ["keys below keys", count(600, (at) => `${" ".repeat(at)}k:`), 61, deep],
  ["hyphens in a line", `x:\n  ${"- ".repeat(5_000)}y`, 2, deep],
  [
    "aliases that become more with each line",
    `a0: &a0 [x]\n${count(12, (at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`)}`,
    undefined,
    aliases,
  ],
  [
    "aliases that become deeper with each line",
    `a0: &a0 [x]\n${count(2000, (at) => `a${at + 1}: &a${at + 1} [*a${at}]`)}`,
    undefined,
    aliases,
  ],
  ["an alias of itself", "a: &a\n  - *a", 2, aliases],
] as const;

describe("pipeline: a config that is built to blow up", () => {
  let feature: ReturnType<typeof specFeature>;

  before(() => {
    const setups = [{ label: "circleci-oidc", detail: step.roleArn, step }];
    feature = specFeature("pipeline blow-up spec", {
      setups: () => Promise.resolve(setups),
      connectedRoles: () => Promise.resolve([]),
      onDidChange: neverChanges,
      startWizard: () => Promise.reject(new Error("a role is known")),
    });
  });
  beforeEach(() => {
    feature.shown.length = 0;
  });
  after(async () => {
    feature.dispose();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  const lenses = (uri: vscode.Uri): Thenable<readonly vscode.CodeLens[]> =>
    vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);

  for (const [name, bomb, line, { code, words }] of bombs) {
    it(`has no lenses and no findings, and the command says where: ${name}`, async () => {
      const uri = await newConfig(usual);
      const editor = await vscode.window.showTextDocument(uri);
      assert.deepEqual(await findingsUntil(uri, 1), ["7 pipeline.find.staticKeys"]);
      assert.notEqual((await lenses(uri)).length, 0);

      const end = new vscode.Position(editor.document.lineCount, 0);
      assert.ok(await editor.edit((edit) => edit.insert(end, bomb)));
      assert.ok(await editor.document.save());
      assert.deepEqual(await findingsUntil(uri, 0), []);
      assert.deepEqual(await lenses(uri), []);

      const before = await textOf(uri);
      for (const args of [[uri, "build"], [uri], []]) {
        feature.shown.length = 0;
        await pressing("workbench.action.acceptSelectedQuickOpenItem", feature.run(...args));
        const [problem, ...others] = feature.shown;
        assert.ok(problem);
        assert.deepEqual([problem.code, others], [code, []]);
        const at = Number(problem.message.args?.["line"]) - usual.split("\n").length + 1;
        assert.ok(line === undefined ? at > 1 && at <= bomb.split("\n").length : at === line, `line ${at}`);
        const sentence = t(problem.message);
        assert.ok(sentence.startsWith("Line ") && sentence.includes(words), sentence);
      }
      assert.equal(await textOf(uri), before);
    });
  }
});
