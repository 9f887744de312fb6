import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, win32 } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detect, isNear, workspaceOf } from "../../../src/circleci/detect.ts";
import { parseRemote, remoteOrigin } from "../../../src/circleci/remote.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "detect-"));
});
afterEach(async () => rm(folder, { recursive: true }));

async function put(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

const INFO = `organization:
  id: 11111111-2222-4333-8444-55555555555A
  name: acme
project:
  id: aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee
  slug: gh/acme/shop
  name: shop
`;

describe("the project of a folder", () => {
  it("is what info.yml claims, with lowercase IDs", async () => {
    await put(".circleci/info.yml", INFO);
    expect((await detect(folder)).claim).toEqual({
      file: ".circleci/info.yml",
      organizationId: "11111111-2222-4333-8444-55555555555a",
      organizationName: "acme",
      projectId: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
      projectName: "shop",
      projectSlug: "gh/acme/shop",
    });
  });

  it.each([
    ["is not YAML", "organization: ["],
    ["has no IDs", "organization: {}\nproject: {}\n"],
    ["has an ID that is none", INFO.replace("55555555555A", "zzz")],
    ["has a slug that is none", INFO.replace("gh/acme/shop", "gh/acme/$(id)")],
    ["is a list", "- a\n"],
  ])("is not taken from an info.yml that %s", async (_why, text) => {
    await put(".circleci/info.yml", text);
    const found = await detect(folder);
    expect(found.claim).toBeUndefined();
    expect(found.claimProblem?.id).toBe("circleci.info.malformed");
  });

  it("ignores an info.yml that is far too large", async () => {
    await put(".circleci/info.yml", `${INFO}# ${"x".repeat(100_000)}`);
    expect(await detect(folder)).toEqual({});
  });

  it("finds the repository around a sub-folder and behind a worktree", async () => {
    await put(".git/config", '[remote "origin"]\n\turl = git@github.com:acme/shop.git\n');
    await mkdir(join(folder, "packages/a"), { recursive: true });
    const expected = { repository: "github.com/acme/shop", projectSlug: "gh/acme/shop" };
    expect(await detect(join(folder, "packages/a"))).toEqual(expected);
    await put(".git/worktrees/w/commondir", "../..\n");
    await put("w/.git", "gitdir: ../.git/worktrees/w\n");
    expect(await detect(join(folder, "w"))).toEqual(expected);
  });

  it("is unknown where there is nothing", async () => {
    expect(await detect(folder)).toEqual({});
  });
});

describe("what the files beside a config say", () => {
  it("is the project of info.yml and the repositories of all remotes, origin first", async () => {
    await put(".circleci/info.yml", INFO);
    await put(
      ".git/config",
      '[remote "upstream"]\n\turl = git@github.com:acme/shop.git\n[remote "origin"]\n\turl = git@github.com:jo/shop.git\n[branch "main"]\n\turl = git@github.com:no/remote.git\n',
    );
    expect(await workspaceOf(folder)).toEqual({
      organizationId: "11111111-2222-4333-8444-55555555555a",
      projectId: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
      repositories: ["github.com/jo/shop", "github.com/acme/shop"],
    });
  });

  it("is nothing where there are none", async () => {
    expect(await workspaceOf(folder)).toEqual({ repositories: [] });
  });

  it("is the repository behind a worktree, whose .git is a file", async () => {
    await put(".git/config", '[remote "origin"]\n\turl = git@github.com:acme/shop.git\n');
    await put(".git/worktrees/w/commondir", "../..\n");
    await put("w/.git", "gitdir: ../.git/worktrees/w\n");
    expect(await workspaceOf(join(folder, "w"))).toEqual({ repositories: ["github.com/acme/shop"] });
  });

  it.each([
    ["C:\\code\\w", "C:\\code\\shop\\.git", true],
    ["C:\\code\\w", "D:\\shop\\.git", true],
    ["C:\\code\\w", "\\\\evil\\share\\.git", false],
    ["C:\\code\\w", "\\\\?\\UNC\\evil\\share\\.git", false],
    ["\\\\nas\\code\\w", "\\\\nas\\code\\shop\\.git", true],
    ["\\\\nas\\code\\w", "\\\\evil\\code\\shop\\.git", false],
  ])("of a worktree at %s, %s is read: %s", (from, named, near) => {
    // As the file may have it: with slashes of either kind.
    for (const written of [named, named.replaceAll("\\", "/")]) {
      expect(isNear(from, win32.resolve(from, written), win32)).toBe(near);
    }
  });
});

describe("a git remote", () => {
  it.each([
    ["git@github.com:acme/shop.git", "github.com/acme/shop", "gh/acme/shop"],
    ["https://user:secret@github.com/acme/shop.git", "github.com/acme/shop", "gh/acme/shop"],
    ["ssh://git@bitbucket.org/acme/shop", "bitbucket.org/acme/shop", "bb/acme/shop"],
    ["https://gitlab.com/group/sub/project.git", "gitlab.com/group/sub/project", undefined],
    ["ssh://git@git.example.com:7999/acme/shop.git", "git.example.com/acme/shop", undefined],
  ])("%s is %s", (url, repository, projectSlug) => {
    expect(parseRemote(url)).toEqual(
      projectSlug === undefined ? { repository } : { repository, projectSlug },
    );
  });

  it.each(["/srv/git/shop.git", "file:///srv/git/shop", "C:\\git\\shop", "git@github.com:acme/$(id)", ""])(
    "%j is no repository CircleCI could name",
    (url) => expect(parseRemote(url)).toBeUndefined(),
  );

  it("is the one called origin", () => {
    const config =
      '[remote "fork"]\n\turl = a\n[remote "origin"]\n\tfetch = x\n\turl = b\n[branch "main"]\n\turl = c\n';
    expect(remoteOrigin(config)).toBe("b");
    expect(remoteOrigin("[core]\n\tbare = false\n")).toBeUndefined();
  });
});
