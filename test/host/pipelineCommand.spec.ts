import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { Problem } from "../../src/core/outcome.ts";
import type { TrustRule } from "../../src/core/trust/index.ts";
import type { RoleSource } from "../../src/features/pipeline/pick.ts";
import { insertSteps, previewInsert } from "../../src/features/pipeline/insert.ts";
import { settings } from "../../src/manifest.ts";
import {
  assertOnlyStepsAdded,
  neverAsked,
  neverChanges,
  newConfig,
  pressing,
  specDocuments,
  specFeature,
  step,
  textOf,
  untidy,
} from "./pipelineSpec.ts";

const organizationId = "11111111-2222-4333-8444-555555555555";
const onlyMain: TrustRule = {
  partition: "aws",
  accountId: "111122223333",
  organizationId,
  audiences: [organizationId],
  projects: [
    {
      projectId: organizationId,
      runs: {
        kind: "refs",
        repository: "github.com/acme/shop",
        refs: [{ kind: "branch", name: "main" }],
      },
      users: { kind: "anyone" },
    },
  ],
};

/** Both jobs, on every branch. */
const onEveryBranch = untidy.replace("\n\n\n# the end", "\n\nworkflows: { w: { jobs: [build, deploy] } }\n");

describe("pipeline: CodeLenses and the command", () => {
  const documents = specDocuments();
  let feature: ReturnType<typeof specFeature>;
  let wizards = 0;
  let setups: Awaited<ReturnType<RoleSource["setups"]>> = [];
  const run = (...args: readonly unknown[]) => feature.run(...args);
  const shown = (): readonly Problem[] => feature.shown;

  before(() => {
    feature = specFeature("pipeline spec", {
      setups: () => Promise.resolve(setups),
      connectedRoles: () => Promise.resolve([]),
      onDidChange: neverChanges,
      startWizard: () => {
        wizards += 1;
        return Promise.resolve();
      },
    });
  });
  beforeEach(() => {
    feature.shown.length = 0;
    wizards = 0;
    setups = [{ label: "circleci-oidc", detail: step.roleArn, step }];
  });
  after(async () => {
    feature.dispose();
    documents.dispose();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  /** The extension's own lenses may be there too: they say the same. */
  async function lenses(uri: vscode.Uri): Promise<readonly vscode.CodeLens[]> {
    await vscode.workspace.openTextDocument(uri);
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      uri,
      100,
    );
    const key = ({ range, command }: vscode.CodeLens): string =>
      `${range.start.line + 1} ${command?.title ?? ""}`;
    return [...new Map(all.map((lens) => [key(lens), lens])).values()];
  }
  const titles = async (uri: vscode.Uri): Promise<readonly string[]> =>
    (await lenses(uri)).map(({ range, command }) => `${range.start.line + 1} ${command?.title ?? ""}`).sort();

  const accepting = (ours: Promise<void> | void): Promise<void> =>
    pressing("workbench.action.acceptSelectedQuickOpenItem", ours);

  /** Answers quick picks by the labels of their items, one after the other; gives what each item said. */
  async function picking(labels: readonly string[], command: () => Promise<void> | void): Promise<string[]> {
    const { showQuickPick } = vscode.window;
    const rest = [...labels];
    const said: string[] = [];
    type Answer = vscode.QuickPickItem | readonly vscode.QuickPickItem[] | undefined;
    const answer = (given: unknown, options?: vscode.QuickPickOptions): Promise<Answer> => {
      const items: readonly vscode.QuickPickItem[] = Array.isArray(given) ? given : [];
      said.push(...items.map(({ label, detail = "" }) => `${label}: ${detail}`));
      const wanted = rest.shift() ?? "";
      // Of several, those that are chosen already.
      if (options?.canPickMany === true && wanted === "picked") {
        return Promise.resolve(items.filter(({ picked }) => picked));
      }
      return Promise.resolve(items.find(({ label }) => wanted !== "" && label.endsWith(wanted)));
    };
    Object.assign(vscode.window, { showQuickPick: answer });
    try {
      await pressing("notifications.clearAll", command());
    } finally {
      Object.assign(vscode.window, { showQuickPick });
    }
    assert.deepEqual([rest, shown()], [[], []]);
    return said;
  }

  it("stand above the jobs that can take the step, and name the role of those that have it", async () => {
    const uri = await newConfig(untidy);
    assert.deepEqual(await titles(uri), ["10 Insert AWS auth step", "3 Insert AWS auth step"]);
    const [lens] = await lenses(uri);
    assert.deepEqual(lens?.command?.arguments?.map(String), [uri.toString(), "build"]);
    await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    const after = await titles(uri);
    assert.equal(after.length, 2);
    assert.ok(after.includes("3 AWS OIDC auth: circleci-oidc ✓"));
  });

  it("are not there for invalid YAML, info.yml and documents that are not on disk", async () => {
    assert.deepEqual(await titles(await newConfig("jobs: [")), []);
    const config = await newConfig(untidy);
    const info = vscode.Uri.joinPath(config, "../info.yml");
    await writeFile(info.fsPath, untidy);
    assert.deepEqual(await titles(info), []);
    await previewInsert({ uri: config, step, jobs: ["build"], documents });
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.deepEqual(await titles(input.modified), []);
  });

  it("go away and come back with the setting", async () => {
    const uri = await newConfig(untidy);
    const set = (value: boolean | undefined): Thenable<void> =>
      vscode.workspace.getConfiguration().update(settings.codeLens, value, vscode.ConfigurationTarget.Global);
    assert.equal((await titles(uri)).length, 2);
    await set(false);
    try {
      assert.deepEqual(await titles(uri), []);
    } finally {
      await set(undefined);
    }
    assert.equal((await titles(uri)).length, 2);
  });

  it("insert into the job they stand above, with the chosen role", async () => {
    const uri = await newConfig(untidy);
    await accepting(run(uri, "deploy"));
    assert.deepEqual(shown(), []);
    const saved = await textOf(uri);
    const at = untidy.indexOf("  deploy:");
    assert.ok(saved.startsWith(untidy.slice(0, at)));
    assertOnlyStepsAdded(untidy.slice(at), saved.slice(at), 1);
  });

  it("takes the config of the active editor when nothing is given", async () => {
    const uri = await newConfig(untidy.replace(/ {2}deploy:[^]*?\n\n\n/, ""));
    await vscode.window.showTextDocument(uri);
    await picking(["circleci-oidc", "picked", "As recommended"], () => run());
    assert.ok((await textOf(uri)).includes(step.roleArn), "the only job is chosen already");
  });

  it("writes no placeholder where no role is known", async () => {
    setups = [];
    const uri = await newConfig(untidy);
    await pressing("notifications.clearAll", run(uri, "deploy"));
    assert.deepEqual([shown(), wizards], [[], 0], "the offer to start the wizard was turned down");
    assert.equal(await textOf(uri), untidy);
  });

  it("inserts as recommended after one more Enter, also where there are two good places", async () => {
    const before = untidy.replace("      - run: make deploy", "      - run: npm ci\n      - run: aws s3 ls");
    const uri = await newConfig(before);
    await accepting(run(uri, "deploy"));
    assert.deepEqual(shown(), []);
    const at = before.indexOf("  deploy:");
    const saved = await textOf(uri);
    assertOnlyStepsAdded(before.slice(at), saved.slice(at), 1);
  });

  it("update the step in place where the setup has other settings, with one Undo", async () => {
    const uri = await newConfig(untidy);
    await insertSteps({ uri, step, jobs: ["build"] }, neverAsked);
    const inserted = await textOf(uri);
    setups = [{ label: "circleci-oidc", detail: step.roleArn, step: { ...step, region: "eu-west-1" } }];
    const lens = (await lenses(uri)).find(({ command }) => command?.title === "Update");
    assert.deepEqual(lens?.command?.arguments?.map(String), [uri.toString(), "build", "update"]);
    await pressing("notifications.clearAll", run(uri, "build", "update"));
    assert.deepEqual(shown(), []);
    assert.equal(await textOf(uri), inserted.replaceAll("eu-central-1", "eu-west-1"));
    assert.ok(!(await titles(uri)).some((title) => title.endsWith("Update")));
    await vscode.commands.executeCommand("undo");
    assert.equal(vscode.window.activeTextEditor?.document.getText(), inserted);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("insert in another style where that is chosen, count as present then, and update in that style", async () => {
    const uri = await newConfig(untidy);
    const labels = ["circleci-oidc", "Another style…", "Web identity file", "As chosen"];
    const said = await picking(labels, () => run(uri, "deploy"));
    assert.ok(said.includes("$(check) As recommended: Short-lived keys as profiles · Keys for 15 minutes"));
    assert.ok(said.includes("$(check) As chosen: Web identity file · Keys until the token expires"));
    const inserted = await textOf(uri);
    assert.ok(inserted.includes("circleci-oidc-token"), "the web identity file");
    assert.ok(!inserted.includes("seconds="));
    assert.ok(!(await titles(uri)).some((title) => title.endsWith("Update")));
    setups = [{ label: "circleci-oidc", detail: step.roleArn, step: { ...step, region: "eu-west-1" } }];
    await pressing("notifications.clearAll", run(uri, "deploy", "update"));
    assert.deepEqual(shown(), []);
    assert.equal(await textOf(uri), inserted.replaceAll("eu-central-1", "eu-west-1"));
  });

  it("says before inserting that the role refuses runs of the job, and can skip the step there", async () => {
    const uri = await newConfig(onEveryBranch);
    setups = setups.map((setup) => ({ ...setup, rule: onlyMain }));
    const elsewhere = "What happens on branches that the role refuses…";
    const labels = ["circleci-oidc", elsewhere, "The step is skipped", "As chosen"];
    const said = await picking(labels, () => run(uri, "deploy"));
    const refusal = "deploy: On branches other than main the step fails: the role refuses them.";
    assert.ok(said.includes(`${elsewhere}: ${refusal}`));
    assert.ok(
      said.some((one) => one.includes("As recommended") && one.includes("Fails where the role refuses")),
    );
    assert.ok((await textOf(uri)).includes("  'main') ;;"));
  });

  it("lead back to other jobs, and to the wizard for a wider rule, without an edit", async () => {
    const uri = await newConfig(onEveryBranch);
    setups = setups.map((setup) => ({ ...setup, rule: onlyMain }));
    const again = ["circleci-oidc", "Other jobs…"];
    const said = await picking(again, () => run(uri, "deploy"));
    assert.ok(
      said.some((one) => one.startsWith("build: ")),
      "the jobs are asked for again",
    );
    await picking(["circleci-oidc", "Set Up AWS Access…"], () => run(uri, "deploy"));
    assert.equal(wizards, 1);
    assert.equal(await textOf(uri), onEveryBranch);
  });

  it("edit steps that several jobs share for all of them only where that is chosen", async () => {
    const before = `version: 2.1
common: &common
  - checkout
jobs:
  a:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *common
  b:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *common
`;
    const copied = await newConfig(before);
    await picking(["circleci-oidc", "As recommended"], () => run(copied, "a"));
    assert.ok((await textOf(copied)).includes("instead of: *common"));
    const edited = await newConfig(before);
    const shared = "What happens to steps that several jobs share…";
    const labels = ["circleci-oidc", shared, "Edit them for all", "As chosen"];
    const said = await picking(labels, () => run(edited, "a"));
    assert.ok(said.includes("Edit them for all: These jobs get the step too: b."));
    assert.ok((await textOf(edited)).startsWith("version: 2.1\ncommon: &common\n  - checkout\n  - run:\n"));
  });

  it("says why a job cannot take the step", async () => {
    const uri = await newConfig(untidy);
    await accepting(run(uri, "gone"));
    assert.deepEqual(
      shown().map(({ code }) => code),
      ["pipeline.noSuchJob"],
    );
  });
});
