import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import type { AuthStepOptions } from "../../src/core/pipeline/index.ts";
import type { TrustRule } from "../../src/core/trust/index.ts";
import { registerDiagnostics } from "../../src/features/pipeline/diagnostics.ts";
import { insertSteps } from "../../src/features/pipeline/insert.ts";
import {
  findingsIn,
  findingsUntil,
  neverAsked,
  neverChanges,
  newConfig,
  quickFixes,
  step,
  textOf,
  workspaceFolder,
} from "./pipelineSpec.ts";

const organizationId = "11111111-2222-4333-8444-555555555555";
const projectId = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const otherId = "99999999-8888-4777-8666-555555555555";
const onlyMain: TrustRule = {
  partition: "aws",
  accountId: "111122223333",
  organizationId,
  audiences: [organizationId],
  projects: [
    {
      projectId,
      runs: {
        kind: "refs",
        repository: "github.com/acme/shop",
        refs: [{ kind: "branch", name: "main" }],
      },
      users: { kind: "anyone" },
    },
  ],
};

/** Names outside the basic plane count two in a document's offsets, so they stand before what is found. */
const job = `version: 2.1 # 😀 é
jobs:
  build:
    docker: [{ image: "cimg/aws:2025.01" }]
    environment:
      STAGE: "prod 😀"
      AWS_REGION: us-east-1   # too old
      LAST: 1
    steps:
      - checkout
      - run: make   
# the end`;
const withoutRegion = job.replace("      AWS_REGION: us-east-1   # too old\n", "");

const beside = `version: 2.1
orbs:
  aws: circleci/aws-cli@5.4.1 # 😀
jobs:
  build:
    docker: [{ image: "cimg/aws:2025.01" }]
    steps:
      - checkout
      - aws/setup:
        role_arn: arn:aws:iam::111122223333:role/x # é
        region: eu-central-1
      - run: make   
# the end`;

async function withStep(text: string, tokenVariable = step.tokenVariable): Promise<vscode.Uri> {
  const uri = await newConfig(text);
  const options: AuthStepOptions = { ...step, tokenVariable };
  const result = await insertSteps({ uri, step: options, jobs: ["build"] }, neverAsked);
  assert.ok(result.ok);
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  return uri;
}

describe("pipeline: findings about the step and its role", () => {
  let feature: vscode.Disposable;
  const failures: unknown[] = [];

  before(() => {
    const setups = [{ label: "ci", detail: step.roleArn, step, rule: onlyMain }];
    const roles = {
      setups: () => Promise.resolve(setups),
      connectedRoles: () => Promise.resolve([]),
      onDidChange: neverChanges,
    };
    feature = registerDiagnostics(roles, (error) => failures.push(error));
  });
  after(async () => {
    feature.dispose();
    assert.deepEqual(failures, []);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  describe("are gone after the quick fix, and nothing else changes", () => {
    const fixes = [
      {
        id: "pipeline.find.overrides",
        title: "Remove AWS_REGION",
        config: (eol: string) => withStep(job.replaceAll("\n", eol)),
        fixed: async (eol: string) => textOf(await withStep(withoutRegion.replaceAll("\n", eol))),
      },
      {
        id: "pipeline.find.beside",
        title: "Indent the settings",
        config: (eol: string) => newConfig(beside.replaceAll("\n", eol)),
        fixed: (eol: string) =>
          Promise.resolve(beside.replaceAll(/^ {8}r/gm, "            r").replaceAll("\n", eol)),
      },
      {
        id: "pipeline.find.oldToken",
        title: "Use CIRCLE_OIDC_TOKEN_V2",
        config: (eol: string) => withStep(withoutRegion.replaceAll("\n", eol), "CIRCLE_OIDC_TOKEN"),
        fixed: async (eol: string) => textOf(await withStep(withoutRegion.replaceAll("\n", eol))),
      },
    ];
    for (const { id, title, config, fixed } of fixes) {
      for (const [ends, eol] of [
        ["LF", "\n"],
        ["CRLF", "\r\n"],
      ] as const) {
        it(`${id}, ${ends}`, async () => {
          const wanted = await fixed(eol);
          const uri = await config(eol);
          const before = await textOf(uri);
          const { document } = await vscode.window.showTextDocument(uri);
          const found = await findingsUntil(uri, 1);
          const line = Number.parseInt(found[0] ?? "", 10);
          assert.deepEqual(found, [`${line} ${id}`]);
          const [fix] = await quickFixes(uri, line);
          assert.equal(fix?.title, title);
          assert.ok(fix?.edit);
          assert.equal(await vscode.workspace.applyEdit(fix.edit), true);
          assert.equal(document.getText(), wanted);
          assert.deepEqual(await findingsUntil(uri, 0), []);
          assert.equal(await textOf(uri), before, "nothing is saved");
          await vscode.commands.executeCommand("undo");
          assert.equal(document.getText(), before, "one Undo takes it back");
          await vscode.commands.executeCommand("workbench.action.files.revert");
        });
      }
    }
  });

  describe("hold the role against the files of the workspace", () => {
    const git = path.join(workspaceFolder().fsPath, ".git");
    const info = path.join(workspaceFolder().fsPath, ".circleci/info.yml");
    const shop = "git@github.com:acme/shop.git";
    const fork = "https://github.com/jo/shop.git";
    const idsOf = (organization: string, project: string): string =>
      `organization:\n  id: ${organization}\nproject:\n  id: ${project}\n`;

    async function layOut(remotes: Readonly<Record<string, string>>, ids: string | undefined): Promise<void> {
      await mkdir(git);
      const sections = Object.entries(remotes).map(([name, url]) => `[remote "${name}"]\n\turl = ${url}\n`);
      await writeFile(path.join(git, "config"), sections.join(""));
      if (ids !== undefined) await writeFile(info, ids);
    }
    afterEach(async () => {
      await rm(git, { recursive: true, force: true });
      await rm(info, { force: true });
    });

    // Of a step there is one finding. That the token is too old is said only of a role that fits the workspace.
    const fits = "pipeline.find.oldToken";
    const cases = [
      ["of the repository", { origin: shop }, undefined, fits, ""],
      ["of the repository and the project", { origin: shop }, idsOf(organizationId, projectId), fits, ""],
      ["of a fork whose other remote it is", { origin: fork, upstream: shop }, undefined, fits, ""],
      ["with an info.yml that names no project", { origin: shop }, "organization: [", fits, ""],
      [
        "of another repository",
        { origin: fork },
        undefined,
        "pipeline.find.otherRepository",
        "github.com/jo/shop",
      ],
      [
        "of the project in another repository",
        { origin: fork },
        idsOf(organizationId, projectId),
        "pipeline.find.otherRepository",
        "github.com/jo/shop",
      ],
      [
        "of another project",
        { origin: shop },
        idsOf(organizationId, otherId),
        "pipeline.find.otherProject",
        otherId,
      ],
    ] as const;
    for (const [name, remotes, ids, id, words] of cases) {
      it(`${name}: ${id}`, async () => {
        await layOut(remotes, ids);
        const uri = await withStep(withoutRegion, "CIRCLE_OIDC_TOKEN");
        const { document } = await vscode.window.showTextDocument(uri);
        const line =
          document
            .getText()
            .split("\n")
            .findIndex((one) => one.includes(step.roleArn)) + 1;
        assert.deepEqual(await findingsUntil(uri, 1), [`${line} ${id}`]);
        const [diagnostic] = vscode.languages.getDiagnostics(uri);
        assert.ok(diagnostic);
        assert.equal(document.getText(diagnostic.range), step.roleArn);
        assert.ok(diagnostic.message.includes(step.roleArn) && diagnostic.message.includes(words));
        const severity = id === fits ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
        assert.equal(diagnostic.severity, severity);
        assert.equal((await quickFixes(uri, line)).length, id === fits ? 1 : 0);
      });
    }

    it("and say nothing where step and role fit", async () => {
      await layOut({ origin: shop }, idsOf(organizationId, projectId));
      const fitting = await withStep(withoutRegion);
      await vscode.window.showTextDocument(fitting);
      // Looked at after the first one.
      const after = await withStep(withoutRegion, "CIRCLE_OIDC_TOKEN");
      await vscode.window.showTextDocument(after);
      assert.equal((await findingsUntil(after, 1)).length, 1);
      assert.deepEqual(findingsIn(fitting), []);
    });
  });
});
