import { open, readFile, stat } from "node:fs/promises";
import nodePath, { dirname, join, resolve, type PlatformPath } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { checkUuid } from "../core/ids.ts";
import { msg, type Message } from "../core/messages.ts";
import type { Workspace } from "../core/pipeline/index.ts";
import type { Claim, Detected } from "../core/wizard/state.ts";
import { parseRemote, remoteOrigin, remoteUrls } from "./remote.ts";

export const INFO_FILE = ".circleci/info.yml";

const LONGEST_FILE = 64 * 1024;

const Uuid = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const checked = checkUuid(dataset.value, "");
    if (checked.ok) return checked.value;
    addIssue({ message: "not a UUID" });
    return NEVER;
  }),
);
const Name = v.pipe(v.string(), v.maxLength(200));

const Info = v.object({
  organization: v.object({ id: Uuid, name: v.optional(Name) }),
  project: v.object({
    id: Uuid,
    name: v.optional(Name),
    slug: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]+(\/[\w.-]+){2,}$/))),
  }),
});

/**
 * Looks into a workspace folder for the CircleCI project it belongs to: `.circleci/info.yml`, which
 * `circleci project link` writes, and the git remote `origin`. Reads files only, runs nothing, calls nobody.
 * All it finds are claims of the repository.
 * Source: https://circleci.com/docs/guides/toolkit/circleci-cli/
 */
export async function detect(folder: string): Promise<Detected> {
  const [info, remote] = await Promise.all([readInfo(folder), readRemote(folder)]);
  return { ...info, ...remote };
}

/**
 * What the files beside a config say of the project and the repository that it is for: `.circleci/info.yml`, and
 * every remote of the git config, `origin` first. Made for what is shown while somebody types: a few small files.
 */
export async function workspaceOf(folder: string): Promise<Workspace> {
  const [{ claim }, file] = await Promise.all([readInfo(folder), gitConfigFile(folder)]);
  const remotes = remoteUrls((file === undefined ? undefined : await readLimited(file)) ?? "");
  const sorted = remotes.toSorted((a, b) => Number(b.name === "origin") - Number(a.name === "origin"));
  return {
    ...(claim === undefined ? {} : { organizationId: claim.organizationId, projectId: claim.projectId }),
    repositories: [...new Set(sorted.flatMap(({ url }) => parseRemote(url)?.repository ?? []))],
  };
}

async function readInfo(folder: string): Promise<{ claim?: Claim; claimProblem?: Message }> {
  const text = await readLimited(join(folder, INFO_FILE));
  if (text === undefined) return {};
  const parsed = v.safeParse(Info, parseYaml(text));
  if (!parsed.success) return { claimProblem: msg("circleci.info.malformed", { file: INFO_FILE }) };
  const { organization, project } = parsed.output;
  return {
    claim: {
      file: INFO_FILE,
      organizationId: organization.id,
      projectId: project.id,
      ...(organization.name === undefined ? {} : { organizationName: organization.name }),
      ...(project.name === undefined ? {} : { projectName: project.name }),
      ...(project.slug === undefined ? {} : { projectSlug: project.slug }),
    },
  };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 10 });
  } catch {
    return undefined;
  }
}

async function readRemote(folder: string): Promise<{ repository?: string; projectSlug?: string }> {
  const file = await gitConfigFile(folder);
  const text = file === undefined ? undefined : await readLimited(file);
  const url = text === undefined ? undefined : remoteOrigin(text);
  return url === undefined ? {} : (parseRemote(url) ?? {});
}

/** The git config of the folder or of the repository around it; a worktree's `.git` is a file that points to it. */
async function gitConfigFile(folder: string): Promise<string | undefined> {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const git = join(current, ".git");
    const found = await stat(git).catch(() => undefined);
    if (found?.isDirectory() === true) return join(git, "config");
    if (found?.isFile() === true) return await worktreeConfig(current, git);
    if (dirname(current) === current) return undefined;
  }
}

async function worktreeConfig(folder: string, git: string): Promise<string | undefined> {
  const pointer = /^gitdir: (.+)$/m.exec((await readLimited(git)) ?? "")?.[1]?.trim();
  if (pointer === undefined) return undefined;
  const directory = resolve(folder, pointer);
  if (!isNear(folder, directory)) return undefined;
  const common = (await readLimited(join(directory, "commondir")))?.trim();
  const shared = common === undefined ? directory : resolve(directory, common);
  return isNear(folder, shared) ? join(shared, "config") : undefined;
}

/**
 * Whether a path that a file of the workspace names is on this machine, or on the share that the workspace is on:
 * Windows would sign in to any other one that is named.
 */
export function isNear(folder: string, named: string, path: PlatformPath = nodePath): boolean {
  const { root } = path.parse(named);
  return !root.startsWith("\\\\") || root === path.parse(folder).root;
}

/** A small text file; undefined where there is none, or where it is too large to be what it should be. */
async function readLimited(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file);
    try {
      if ((await handle.stat()).size > LONGEST_FILE) return undefined;
    } finally {
      await handle.close();
    }
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}
