import { realpath } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import { decodeFile, withLineEnds, type FileText } from "./bytes.ts";
import { isConfigPath, isWithin, projectFolderOf } from "./place.ts";
import { fileProblem } from "./problems.ts";

/** A config as it is on disk. `name` is that of `nameOf`, such as `.circleci/config.yml`. */
export type ConfigFile = FileText & {
  readonly uri: vscode.Uri;
  readonly name: string;
  readonly bytes: Uint8Array;
};

/** A config on disk together with the document the editor has of it, which may hold unsaved changes. */
export type OpenConfig = { readonly file: ConfigFile; readonly document: vscode.TextDocument };

/** What was read, or why it was not. */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

// The core reads a million characters.
const sizeLimit = 1_000_000;

// More is no folder of configs, and no list that somebody reads.
const FOLDERS_DEEP = 3;
const MOST_CONFIGS = 200;

/** Whether a document is a CircleCI config on disk, in whatever folder. */
export function isCircleCiConfig(document: vscode.TextDocument): boolean {
  return document.uri.scheme === "file" && document.languageId === "yaml" && isConfigPath(document.uri.path);
}

/**
 * Finds the configs of a folder: `.circleci/config.yml`, where CircleCI looks, and after it by name the other YAML
 * files in `.circleci` and a little below it, which a setup pipeline may continue with. At least one, or a problem.
 * Sources: https://circleci.com/docs/reference/configuration-reference/ and
 * https://circleci.com/docs/guides/orchestrate/dynamic-config/
 */
export async function findConfigs(folder: vscode.Uri): Promise<readonly vscode.Uri[] | Problem> {
  const base = vscode.Uri.joinPath(folder, ".circleci");
  const main = vscode.Uri.joinPath(base, "config.yml").path;
  // A link that leads out of the folder is read as far as it takes to say so.
  const deep = await leadsOut(base).then(
    (out) => (out ? 0 : FOLDERS_DEEP),
    () => undefined,
  );
  const found = deep === undefined ? [] : await filesBelow(base, deep);
  const configs = found.filter(({ path }) => isConfigPath(path));
  const rank = ({ path }: vscode.Uri): string => (path === main ? "" : path);
  const sorted = configs.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
  if (sorted.length > 0) return sorted.slice(0, MOST_CONFIGS);
  const name = vscode.workspace.getWorkspaceFolder(folder)?.name ?? folder.fsPath;
  return {
    code: "pipelineEditor.config.missing",
    message: msg("pipelineEditor.config.missing", { folder: name }),
    advice: msg("pipelineEditor.config.missing.advice"),
  };
}

/** The files in a folder and below it, links to other folders left out; what cannot be read has none. */
async function filesBelow(folder: vscode.Uri, deep: number): Promise<readonly vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder).then(
    (read) => read,
    () => [],
  );
  const found = entries.map(async ([name, type]) => {
    const uri = vscode.Uri.joinPath(folder, name);
    if ((type & vscode.FileType.File) !== 0) return [uri];
    return type === vscode.FileType.Directory && deep > 0 ? filesBelow(uri, deep - 1) : [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Reads a config from its bytes. Problems: it leads out of its folder through a link, is too large, cannot be
 * read, or is not UTF-8.
 */
export async function readConfig(uri: vscode.Uri): Promise<Read<ConfigFile>> {
  const file = nameOf(uri);
  try {
    if (await leadsOut(uri)) return refused("leadsOut", file, "leadsOut.advice");
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > sizeLimit) {
      const message = msg("pipelineEditor.config.tooLarge", { file, size, limit: sizeLimit });
      return { ok: false, problem: { code: message.id, message } };
    }
    const bytes = await vscode.workspace.fs.readFile(uri);
    const text = decodeFile(bytes);
    return text === undefined
      ? refused("notUtf8", file)
      : { ok: true, value: { ...text, uri, name: file, bytes } };
  } catch (error) {
    if (isMissing(error)) return refused("gone", file);
    const problem = fileProblem("pipelineEditor.config.unreadable", file);
    return { ok: false, problem: { ...problem, detail: String(error) } };
  }
}

/**
 * Reads a config and opens its document without showing it. A document without changes of the user must hold
 * what is on disk: otherwise saving it would write more than our edit.
 */
export async function openConfig(uri: vscode.Uri): Promise<Read<OpenConfig>> {
  const read = await readConfig(uri);
  if (!read.ok) return read;
  const file = read.value;
  const document = await vscode.workspace.openTextDocument(uri);
  const wanted = withLineEnds(file.text, "\n");
  // VS Code takes a change on disk in a moment after it was made.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (document.isDirty || withLineEnds(document.getText(), "\n") === wanted) {
      return { ok: true, value: { file, document } };
    }
    await pause(100);
  }
  return refused("otherText", file.name, "otherText.advice");
}

/** Why nothing may be written here, if so: the workspace is not trusted. */
export function untrusted(): Problem | undefined {
  return vscode.workspace.isTrusted ? undefined : { code: "untrusted", message: msg("command.untrusted") };
}

/** The path of a config as it is shown: relative to its folder and, where several are open, with its name. */
export function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

/** Both VS Code and Node.js say so in their own way. */
function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "FileNotFound" || code === "ENOENT";
}

async function leadsOut(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== "file") return false;
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? projectFolderOf(uri.fsPath);
  const [realFolder, realFile] = await Promise.all([realpath(folder), realpath(uri.fsPath)]);
  return !isWithin(realFolder, realFile);
}

function refused(
  what: "leadsOut" | "notUtf8" | "otherText" | "gone",
  file: string,
  advice?: "leadsOut.advice" | "otherText.advice",
): Read<never> {
  const more = advice === undefined ? undefined : (`pipelineEditor.config.${advice}` as const);
  return { ok: false, problem: fileProblem(`pipelineEditor.config.${what}`, file, more) };
}
