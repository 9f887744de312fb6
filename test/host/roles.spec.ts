import assert from "node:assert/strict";
import * as vscode from "vscode";
import { apply, createAccess, createCredentials, observe } from "../../src/aws/index.ts";
import { english } from "../../src/core/messages.ts";
import { accessInWords } from "../../src/core/blueprint/access.ts";
import { blueprint, hubRoleArn } from "../../src/core/blueprint/index.ts";
import { msg } from "../../src/core/messages.ts";
import type { Problem } from "../../src/core/outcome.ts";
import { plan } from "../../src/core/plan/index.ts";
import { ENVIRONMENT_PROFILE } from "../../src/core/setup.ts";
import { loadFromAws } from "../../src/features/roles/load.ts";
import type { Load } from "../../src/features/roles/state.ts";
import { RUN_NODE } from "../../src/features/roles/tree.ts";
import { askMfa } from "../../src/features/shared/mfa.ts";
import { commands, documentScheme } from "../../src/manifest.ts";
import { startAwsSandbox } from "../support/aws-sandbox/index.ts";
import { RUN, setupOf } from "../unit/core/setup.ts";
import { ACCOUNT, anAccess, aProvider, aRole, flatten, roleArn } from "../unit/roles/fixtures.ts";
import { oneProfile, openView, until } from "./roles-view.ts";

const signedOut: Problem = {
  code: "aws.ssoExpired",
  message: msg("aws.sso.expired", { profile: "dev" }),
  command: ["aws", "sso", "login", "--profile", "dev"],
};

const accept = () => vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
const leave = () => vscode.commands.executeCommand("workbench.action.closeQuickOpen");

describe("roles view", () => {
  it("asks nobody on opening, and offers to load the remembered profile", async () => {
    const opened = openView({ remembered: "dev" });
    assert.deepEqual(opened.lines(), [
      "cloud Load roles of profile dev",
      "account Choose another AWS profile",
    ]);
    assert.equal(opened.pane.description, "dev");
    assert.deepEqual(opened.loads, []);
    await opened.run(commands.refreshRoles);
    assert.deepEqual(opened.loads, ["dev"]);
    assert.match(opened.lines()[0] ?? "", new RegExp(`Account ${ACCOUNT}`));
    assert.deepEqual(
      opened.view.connectedRoles().map((role) => role.roleArn),
      [roleArn("deploy")],
    );
    opened.dispose();
    assert.equal(opened.handlers.size, 0);
  });

  it("lets a profile be chosen, remembers it and loads it", async () => {
    const opened = openView({});
    assert.deepEqual(opened.nodes(), []);
    await until(opened.run(commands.chooseProfile), accept);
    assert.deepEqual(opened.loads, ["dev"]);
    assert.equal(opened.kept.get("roles.profile"), "dev");
    assert.equal(opened.pane.description, "dev");
    opened.dispose();
  });

  it("loads nothing when the picker is left", async () => {
    const opened = openView({});
    await until(opened.run(commands.refreshRoles), leave);
    assert.deepEqual(opened.loads, []);
    assert.deepEqual([...opened.kept], []);
    opened.dispose();
  });

  it("shows a file that cannot be read as a problem", async () => {
    const problem: Problem = {
      code: "aws.profilesUnreadable",
      message: msg("aws.profile.unreadable", { path: "/x" }),
    };
    const opened = openView({ profiles: () => Promise.resolve({ profiles: [], problems: [problem] }) });
    await until(opened.run(commands.chooseProfile), accept);
    assert.deepEqual(opened.shown, [problem]);
    assert.deepEqual(opened.loads, []);
    opened.dispose();
  });

  it("says so where there is no profile at all", async () => {
    const opened = openView({ profiles: () => Promise.resolve({ profiles: [], problems: [] }) });
    await opened.run(commands.chooseProfile);
    assert.deepEqual(
      opened.shown.map((problem) => problem.code),
      ["roles.noProfiles"],
    );
    opened.dispose();
  });

  it("reads no profile and asks nobody in an untrusted workspace", async () => {
    let read = 0;
    const opened = openView({
      remembered: "dev",
      isTrusted: () => false,
      profiles: () => {
        read += 1;
        return Promise.resolve(oneProfile);
      },
    });
    await opened.run(commands.refreshRoles);
    await opened.run(commands.chooseProfile);
    await opened.view.refresh("dev");
    assert.deepEqual([opened.loads, read], [[], 0]);
    opened.dispose();
  });

  it("draws nodes as tree items with icon, ID, context and a label for screen readers", async () => {
    const opened = openView({ load: () => Promise.resolve({ ok: false, problem: signedOut }) });
    await opened.view.refresh("dev");
    const tree = opened.tree();
    const items = opened.nodes().map((node) => tree?.getTreeItem(node));
    const [problem, terminal, retry] = items;
    assert.ok(problem?.iconPath instanceof vscode.ThemeIcon);
    assert.equal(problem.iconPath.id, "warning");
    assert.equal(problem.accessibilityInformation?.label, problem.label);
    assert.equal(problem.contextValue, "notice");
    assert.equal(terminal?.command?.command, RUN_NODE);
    assert.equal(retry?.command?.command, commands.refreshRoles);
    assert.deepEqual(
      items.map((item) => item?.id),
      ["problem", "terminal", "retry", "choose"],
    );
    opened.dispose();
  });

  it("unfolds account and provider, and leaves roles folded", async () => {
    const opened = openView({});
    await opened.view.refresh("dev");
    const tree = opened.tree();
    const states = flatten(opened.nodes()).map((node) => [
      node.kind,
      tree?.getTreeItem(node).collapsibleState,
    ]);
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    assert.deepEqual(states, [
      ["account", Expanded],
      ["provider", Expanded],
      ["detail", None],
      ["detail", None],
      ["role", Collapsed],
      ["trustPolicy", None],
      ["notice", None],
    ]);
    opened.dispose();
  });

  it("copies the ARN of a node, and of the selected one where the command has none", async () => {
    const opened = openView({});
    await opened.view.refresh("dev");
    await opened.run(commands.copyArn, opened.find("role"));
    assert.equal(await vscode.env.clipboard.readText(), roleArn("deploy"));
    const provider = opened.find("provider");
    assert.ok(provider?.arn);
    opened.pane.selection = [provider];
    await opened.run(commands.copyArn);
    assert.equal(await vscode.env.clipboard.readText(), provider.arn);
    opened.dispose();
  });

  it("copies nothing for a node that is not on show", async () => {
    const opened = openView({});
    await opened.view.refresh("dev");
    await vscode.env.clipboard.writeText("before");
    await opened.run(commands.copyArn, { id: "elsewhere", arn: "arn:aws:iam::999999999999:role/evil" });
    assert.equal(await vscode.env.clipboard.readText(), "before");
    opened.dispose();
  });

  it("opens no address that is not an AWS console's", async () => {
    const roles = [aRole({ consoleUrl: "https://console.aws.amazon.com.example.org/" })];
    const access = anAccess({ providers: [aProvider({ roles })] });
    const opened = openView({ load: () => Promise.resolve({ ok: true, access }) });
    await opened.view.refresh("dev");
    await opened.run(commands.openInConsole, opened.find("role"));
    assert.deepEqual(
      opened.shown.map((problem) => problem.code),
      ["roles.notConsole"],
    );
    opened.dispose();
  });

  it("opens a trust policy as a read-only JSON document", async () => {
    const opened = openView({});
    await opened.view.refresh("dev");
    await opened.run(RUN_NODE, opened.find("trustPolicy"));
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, documentScheme);
    assert.equal(document?.languageId, "json");
    assert.deepEqual(JSON.parse(document.getText()), aRole().trust);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(documentScheme), undefined);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    opened.dispose();
  });

  it("gives an older load up when another profile is loaded", async () => {
    const signals = new Map<string, AbortSignal>();
    const late = Promise.withResolvers<Awaited<ReturnType<Load>>>();
    const opened = openView({
      load: (profile, signal) => {
        signals.set(profile, signal);
        return profile === "old" ? late.promise : Promise.resolve({ ok: true, access: anAccess() });
      },
    });
    const old = opened.view.refresh("old");
    await opened.view.refresh("new");
    assert.equal(signals.get("old")?.aborted, true);
    late.resolve({ ok: false, problem: signedOut });
    await old;
    assert.equal(opened.lines()[0], `cloud Account ${ACCOUNT} — new`);
    assert.equal(opened.kept.get("roles.profile"), "new");
    opened.dispose();
  });

  it("takes a closed MFA question for a cancellation", async () => {
    assert.equal(await until(askMfa("arn:aws:iam::111122223333:mfa/dev"), leave), undefined);
  });
});

describe("roles view with a local IAM", () => {
  it("goes from a wrong key over an empty account to what was created in it", async () => {
    const sandbox = await startAwsSandbox();
    try {
      const [hub] = sandbox.accounts;
      assert.ok(hub);
      const env: Record<string, string> = {
        AWS_ACCESS_KEY_ID: hub.accessKeyId,
        AWS_SECRET_ACCESS_KEY: "wrong",
        AWS_REGION: "eu-central-1",
        AWS_ENDPOINT_URL: sandbox.endpoint,
      };
      const mfaCode = () => Promise.resolve(undefined);
      const asked = { env, mfaCode, credentials: createCredentials() };
      const access = createAccess(asked);
      const problems: string[] = [];
      const opened = openView({
        load: loadFromAws({ ...asked, access, onProblem: (problem) => problems.push(problem.code) }),
      });

      await opened.view.refresh(ENVIRONMENT_PROFILE);
      assert.match(opened.lines()[0] ?? "", /^error AWS refuses the signature/);
      assert.deepEqual(problems, ["aws.wrongSecret"]);

      env["AWS_SECRET_ACCESS_KEY"] = hub.secretAccessKey;
      await opened.run(commands.refreshRoles);
      assert.match(opened.lines()[0] ?? "", new RegExp(`Account ${hub.id} — .* asked at 127\\.0\\.0\\.1`));
      assert.deepEqual(opened.lines().slice(1), [
        "  info CircleCI has no OIDC provider in this account.",
        "  add Set Up AWS Access",
      ]);

      const setup = setupOf({
        hub: { accountId: hub.id, profile: ENVIRONMENT_PROFILE, roleName: "circleci-oidc" },
        subAccounts: [],
      });
      const wanted = blueprint(setup, RUN);
      assert.equal((await apply(plan(wanted, await observe(wanted, access)), access)).status, "finished");
      await opened.run(commands.refreshRoles);
      assert.deepEqual(opened.lines().slice(1), [
        `  shield Organization ${setup.organizationId}`,
        `    tag Audiences — ${setup.audience}`,
        ...opened.lines().filter((line) => line.includes("Thumbprints")),
        "    key circleci-oidc — made here",
        "      json Trust policy",
        "        account These can assume the role:",
        ...accessInWords(setup).map((words) => `          info ${english(words)}`),
        "      info No policies: the role may do nothing yet.",
      ]);
      const detail = `Account ${hub.id}, organization ${setup.organizationId}`;
      const connected = opened.view.connectedRoles().map(({ trust: _trust, ...role }) => role);
      assert.deepEqual(connected, [
        { label: "circleci-oidc", detail, roleArn: hubRoleArn(setup), region: "eu-central-1" },
      ]);
      const trust = opened.find("trustPolicy")?.command;
      assert.ok(trust?.kind === "document");
      assert.match(trust.text, new RegExp(setup.projectId));
      opened.dispose();
    } finally {
      await sandbox.stop();
    }
  });
});
