import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { registerTrustCheck } from "../../src/features/trustCheck/index.ts";
import { commands } from "../../src/manifest.ts";
import { anAccess, aProvider, aRole } from "../unit/roles/fixtures.ts";
import { newFolder, specDocuments } from "./pipelineSpec.ts";
import { openView } from "./roles-view.ts";

const ORG = "11111111-2222-4333-8444-555555555555";
const PROJECT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const ISSUER = `oidc.circleci.com/org/${ORG}`;
const MASK = "????????-????-????-????-????????????";
const subject = (user: string): string =>
  `org/${ORG}/project/${PROJECT}/user/${user}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main`;

const trust = (condition: unknown): unknown => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: condition,
    },
  ],
});
const AUDIENCE = { [`${ISSUER}:aud`]: ORG };
const injectable = trust({ StringEquals: AUDIENCE, StringLike: { [`${ISSUER}:sub`]: subject("*") } });
const text = (policy: unknown): string => JSON.stringify(policy, undefined, 2);

/** The findings on show for a document: rule, severity and the text they underline. */
function findings(document: vscode.TextDocument): readonly (readonly [string, string, string])[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === "CircleCI OIDC")
    .map(({ code, severity, range }) => [
      typeof code === "object" ? String(code.value) : String(code),
      vscode.DiagnosticSeverity[severity],
      document.getText(range),
    ]);
}

const rules = (document: vscode.TextDocument): readonly string[] => findings(document).map(([rule]) => rule);

async function eventually(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !condition(); tries += 1) await pause(100);
  assert.ok(condition());
}

async function fixes(document: vscode.TextDocument): Promise<readonly vscode.CodeAction[]> {
  const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    all,
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ edit }) => edit !== undefined);
}

async function open(name: string, content: string): Promise<vscode.TextEditor> {
  const file = path.join(await newFolder(), name);
  await writeFile(file, content);
  return vscode.window.showTextDocument(vscode.Uri.file(file));
}

const check = (): Thenable<unknown> => vscode.commands.executeCommand(commands.checkTrustPolicy);

describe("trust: checking a policy", () => {
  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("says nothing of a file before it is asked about it", async () => {
    const { document } = await open("policy.json", text(injectable));
    await pause(300);
    assert.deepEqual(findings(document), []);
    assert.deepEqual(await fixes(document), []);
  });

  it("shows the findings of a JSON file with their pages, fixes one, and takes it away", async () => {
    const { document } = await open("policy.json", text(injectable));
    await check();
    assert.deepEqual(findings(document), [
      ["branch-injection", "Warning", `"${ISSUER}:sub": "${subject("*")}"`],
    ]);
    const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
    assert.ok(typeof diagnostic?.code === "object");
    assert.match(diagnostic.code.target.toString(), /^https:.*\/docs\/lint\/branch-injection\.md$/);
    const [fix, ...others] = await fixes(document);
    assert.ok(fix?.edit);
    assert.deepEqual(others, []);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.ok(document.getText().includes(subject(MASK)));
    await eventually(() => !rules(document).includes("branch-injection"));
    await vscode.commands.executeCommand("undo");
    await eventually(() => rules(document).includes("branch-injection"));
  });

  it("follows a selection inside another file, and leaves the rest of the file alone", async () => {
    const policy = text(trust({ StringLike: { [`${ISSUER}:sub`]: `org/${ORG}/*` } }));
    const content = `resource "aws_iam_role" "ci" {\n  assume_role_policy = <<EOF\n${policy}\nEOF\n}\n`;
    const editor = await open("role.tf", content);
    const { document } = editor;
    const start = content.indexOf("<<EOF");
    editor.selection = new vscode.Selection(
      document.positionAt(start),
      document.positionAt(content.indexOf("EOF\n}") + 3),
    );
    await check();
    assert.deepEqual(
      findings(document).map(([rule, severity]) => [rule, severity]),
      [
        ["no-audience", "Warning"],
        ["open-subject", "Error"],
      ],
    );
    assert.ok(
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# first line\n# second line\n")),
    );
    await eventually(() => findings(document).some(([, , found]) => found.includes(`org/${ORG}/*"`)));
    for (const fix of await fixes(document))
      if (fix.edit !== undefined) await vscode.workspace.applyEdit(fix.edit);
    await eventually(() => !rules(document).includes("no-audience"));
    assert.ok(document.getText().startsWith('# first line\n# second line\nresource "aws_iam_role" "ci" {\n'));
    assert.ok(document.getText().endsWith("\nEOF\n}\n"));
  });

  it("says where IAM refuses a policy, while it is edited", async () => {
    const editor = await open("policy.json", text(trust({ StringEquals: AUDIENCE })));
    await check();
    assert.deepEqual(rules(editor.document), ["any-project"]);
    const at = editor.document.getText().indexOf("StringEquals");
    const word = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + 1));
    assert.ok(await editor.edit((edit) => edit.replace(word, "s")));
    await eventually(() => rules(editor.document).includes("invalid-policy"));
  });

  it("decodes a URL-encoded policy into a document that can be edited", async () => {
    const { document } = await open("policy.txt", encodeURIComponent(JSON.stringify(injectable)));
    await check();
    const decoded = vscode.window.activeTextEditor?.document;
    assert.ok(decoded?.isUntitled);
    assert.equal(decoded.languageId, "json");
    assert.deepEqual(JSON.parse(decoded.getText()), injectable);
    assert.deepEqual(rules(decoded), ["branch-injection"]);
    assert.equal((await fixes(decoded)).length, 1);
    assert.deepEqual(findings(document), []);
  });

  it("forgets a document that is closed", async () => {
    const { document } = await open("policy.json", text(injectable));
    await check();
    assert.deepEqual(rules(document), ["branch-injection"]);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await eventually(() => findings(document).length === 0);
    await vscode.window.showTextDocument(document.uri);
    await pause(300);
    assert.deepEqual(findings(document), []);
  });
});

describe("trust: what is said", () => {
  const said: string[] = [];
  const documents = specDocuments();
  const log = vscode.window.createOutputChannel("trust spec", { log: true });
  let run: (...args: readonly unknown[]) => Promise<void> | void = () => undefined;
  let opened: ReturnType<typeof openView>;
  let feature: vscode.Disposable;

  before(() => {
    const open = trust({ StringEquals: AUDIENCE, StringLike: { [`${ISSUER}:sub`]: subject("*") } });
    const arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    const roles = [aRole({ trust: open, attachedPolicies: [{ arn, name: "AdministratorAccess" }] })];
    opened = openView({
      load: () => Promise.resolve({ ok: true, access: anAccess({ providers: [aProvider({ roles })] }) }),
    });
    feature = registerTrustCheck({
      boundary: {
        log,
        register: (_id, command) => {
          run = command;
          return log;
        },
      },
      documents,
      trustPolicyOf: opened.view.trustPolicyOf,
      packageJson: {},
      notify: (sentence) => {
        said.push(sentence);
        return Promise.resolve(undefined);
      },
    });
  });
  beforeEach(() => {
    said.length = 0;
  });
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  after(() => {
    for (const one of [feature, documents, opened]) one.dispose();
  });

  it("opens the policy of a role in the tree read-only, and names fixes it cannot make", async () => {
    await opened.view.refresh("dev");
    await run(opened.find("role"));
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.deepEqual(rules(document).toSorted(), ["administrator-access", "branch-injection"]);
    const messages = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
    assert.ok(messages.some((message) => /Fix: Write the user as a mask/.test(message)));
    assert.deepEqual(await fixes(document), []);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /Critical: 0\. Warnings: 2\./);
    await run(opened.find("trustPolicy"));
    assert.equal(said.length, 2);
  });

  it("checks nothing that is not on show in the tree", async () => {
    await run({ id: "elsewhere", command: { kind: "document", name: "x.json", text: text(injectable) } });
    assert.deepEqual(said, [
      "Open or select the JSON of a trust policy first, or choose a role in the Roles view.",
    ]);
  });

  it("says that template expressions are not what IAM will get", async () => {
    const principal = { Federated: "${aws_iam_openid_connect_provider.circleci.arn}" };
    const statement = { Effect: "Allow", Principal: principal, Action: "sts:AssumeRoleWithWebIdentity" };
    const content = `policy = <<EOF\n${text({ Version: "2012-10-17", Statement: [statement] })}\nEOF\n`;
    const editor = await open("role.tf", content);
    editor.selection = new vscode.Selection(
      new vscode.Position(0, 0),
      editor.document.positionAt(content.length),
    );
    await run();
    assert.match(said[0] ?? "", /^This trust policy .* It has template expressions/);
  });

  it("says in one sentence that there is nothing to object to, or nothing to check", async () => {
    const hub = { AWS: "arn:aws:iam::444455556666:role/hub" };
    const statement = { Effect: "Allow", Principal: hub, Action: "sts:AssumeRole" };
    await open("good.json", text({ Version: "2012-10-17", Statement: [statement] }));
    await run();
    await open("other.json", '{ "name": "x" }');
    await run();
    assert.deepEqual(said, [
      "Nothing to object to in this trust policy.",
      "This is no trust policy: there is no JSON with a Statement that names a Principal.",
    ]);
  });
});
