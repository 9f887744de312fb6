import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import type { Problem } from "../../src/core/outcome.ts";
import type { AuthStepOptions } from "../../src/core/pipeline/index.ts";
import type { Result } from "../../src/core/wizard/events.ts";
import { registerPipeline } from "../../src/features/pipeline/index.ts";
import type { RoleSource } from "../../src/features/pipeline/pick.ts";
import type { LineEndChoice } from "../../src/features/pipeline/insert.ts";
import type { Documents, Side } from "../../src/features/shared/documents.ts";

export const step: AuthStepOptions = {
  roleArn: "arn:aws:iam::111122223333:role/circleci-oidc",
  region: "eu-central-1",
  tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
  subAccounts: [],
};

/** What formatting, trimming and final-newline settings would all change, if a save let them. */
export const untidy = `version: 2.1   
jobs:
  build:
    docker:
      - image:   cimg/aws:2025.01 # kept   
    steps:
      - checkout
      - run: make

  deploy:
    docker:
      - image: cimg/aws:2025.01
    steps:
      - checkout
      - run: make deploy


# the end`;

const checkouts = /( +)- checkout\r?\n/g;

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "the harness opens a folder");
  return folder.uri;
}

/** A folder of its own for each test: VS Code keeps the models of closed documents for a while. */
export async function newFolder(): Promise<string> {
  const folder = path.join(workspaceFolder().fsPath, `case-${randomUUID()}`);
  await mkdir(folder);
  return folder;
}

/** A config with this content in a folder of its own. */
export async function newConfig(content: string | Uint8Array): Promise<vscode.Uri> {
  const folder = path.join(await newFolder(), ".circleci");
  await mkdir(folder);
  const file = path.join(folder, "config.yml");
  await writeFile(file, content);
  return vscode.Uri.file(file);
}

export const bytesOf = (uri: vscode.Uri): Promise<Buffer> => readFile(uri.fsPath);
export const textOf = async (uri: vscode.Uri): Promise<string> => (await bytesOf(uri)).toString("utf8");

export function problemOf(result: Result<unknown>): Problem {
  if (!result.ok && "problem" in result) return result.problem;
  return assert.fail(`expected a problem, not ${JSON.stringify(result)}`);
}

/** Holds that `after` is `before` with one step after the checkout of each of the jobs, in their order. */
export function assertOnlyStepsAdded(before: string, after: string, jobs: number): void {
  let rest = after;
  let at = 0;
  for (const checkout of [...before.matchAll(checkouts)].slice(0, jobs)) {
    const head = before.slice(at, checkout.index + checkout[0].length);
    assert.ok(rest.startsWith(head), "everything up to the checkout is as it was");
    rest = rest.slice(head.length);
    at += head.length;
    const block = /^ +- run:\r?\n +name: AWS OIDC auth\r?\n +command: \|\r?\n(?: {12}.*\r?\n|\r?\n)+/.exec(
      rest,
    );
    assert.ok(block, "the step comes next");
    assert.ok(block[0].includes(step.roleArn));
    rest = rest.slice(block[0].length);
  }
  assert.equal(rest, before.slice(at));
}

export const neverAsked = (): Promise<LineEndChoice> => Promise.reject(new Error("nobody should be asked"));

/** Line and ID of each finding. The extension's own diagnostics may be there too: they say the same. */
export const findingsIn = (uri: vscode.Uri): string[] =>
  [
    ...new Set(
      vscode.languages
        .getDiagnostics(uri)
        .map(({ code, range }) => `${range.start.line + 1} ${typeof code === "string" ? code : "?"}`),
    ),
  ].toSorted();

/** The findings once there are as many as expected, or those there are after a while. */
export async function findingsUntil(uri: vscode.Uri, count: number): Promise<string[]> {
  for (let tries = 0; tries < 60 && findingsIn(uri).length !== count; tries += 1) await pause(100);
  return findingsIn(uri);
}

/** The quick fixes offered in a line, counted from 1. */
export async function quickFixes(uri: vscode.Uri, line: number): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    new vscode.Range(line - 1, 0, line - 1, 200),
    vscode.CodeActionKind.QuickFix.value,
  );
  return actions.filter(({ edit }) => edit !== undefined);
}

/** Of roles that stay as they are. */
export const neverChanges: vscode.Event<void> = () => new vscode.Disposable(() => undefined);

/** Runs a workbench command again and again until ours is done. */
export async function pressing(command: string, ours: Promise<void> | void): Promise<void> {
  const ended = Promise.resolve(ours).then(() => "ended" as const);
  while ((await Promise.race([ended, pause(50)])) !== "ended") {
    await vscode.commands.executeCommand(command);
  }
}

/** The feature of a spec: the command is called directly, as the extension itself has registered it. */
export function specFeature(name: string, roles: RoleSource) {
  const shown: Problem[] = [];
  const documents = specDocuments();
  let command: (...args: readonly unknown[]) => Promise<void> | void = () => undefined;
  const log = vscode.window.createOutputChannel(name, { log: true });
  const boundary = {
    log,
    register: (_id: string, registered: typeof command) => {
      command = registered;
      return log;
    },
    show: (problem: Problem) => {
      shown.push(problem);
      return Promise.resolve();
    },
  };
  const feature = registerPipeline({ boundary, documents, roles });
  return {
    /** The problems that were shown. */
    shown,
    run: (...args: readonly unknown[]) => command(...args),
    dispose: () => vscode.Disposable.from(feature, documents).dispose(),
  };
}

/** Documents of a scheme of their own: the extension under test serves the product's. */
export function specDocuments(): Documents & vscode.Disposable {
  const scheme = `spec-${randomUUID()}`;
  const texts = new Map<string, string>();
  const uriOf = (side: Side): vscode.Uri => {
    if (side instanceof vscode.Uri) return side;
    const uri = vscode.Uri.from({ scheme, path: `/${texts.size}/${side.name}` });
    texts.set(uri.toString(), side.text);
    return uri;
  };
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()),
  });
  return {
    open: async (name, text) => {
      return (await vscode.window.showTextDocument(uriOf({ name, text }))).document;
    },
    compare: async (title, left, right) => {
      await vscode.commands.executeCommand("vscode.diff", uriOf(left), uriOf(right), title);
    },
    compareAll: () => Promise.reject(new Error("nothing here compares several")),
    dispose: () => provider.dispose(),
  };
}
