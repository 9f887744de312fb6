import { describe, expect, it } from "vitest";
import { applyEdits } from "../../../src/core/trust/index.ts";
import { ORG, PROJECT, PROJECT_ID, SUB, when } from "./fixtures.ts";
import { MASK, BASE, MAIN, AUDIENCE, PINNED, lint, rulesOf } from "./lintFixtures.ts";

describe("repository and branch", () => {
  const like = (subject: string, more: Readonly<Record<string, unknown>> = {}) =>
    when({ StringEquals: PINNED, StringLike: { [SUB]: subject }, ...more });

  it.each([
    ["a masked user and all of it pinned", `${BASE}/user/${MASK}/${MAIN}`, []],
    [
      "a masked user and a prefix",
      `${BASE}/user/${MASK}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/release/*`,
      [],
    ],
    ["an open user", `${BASE}/user/*/${MAIN}`, ["branch-injection"]],
    [
      "an open user before a tag",
      `${BASE}/user/*/vcs-origin/github.com/acme/shop/vcs-ref/refs/tags/v1`,
      ["branch-injection"],
    ],
    [
      "a star that begins with the subject",
      "*/vcs-ref/refs/heads/main",
      ["branch-injection", "repository-pattern"],
    ],
    ["any ref of one repository", `${BASE}/user/${MASK}/vcs-origin/github.com/acme/shop/vcs-ref/*`, []],
    ["whatever is in one repository", `${BASE}/user/${MASK}/vcs-origin/github.com/acme/shop/*`, []],
    [
      "any branch",
      `${BASE}/user/${MASK}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/*`,
      ["any-branch"],
    ],
    [
      "an open user before one repository",
      `${BASE}/user/*/vcs-origin/github.com/acme/shop/vcs-ref/*`,
      ["branch-injection"],
    ],
    [
      "a repository by prefix",
      `${BASE}/user/${MASK}/vcs-origin/github.com/acme/shop*`,
      ["repository-pattern"],
    ],
    ["the end of a branch only", `${BASE}/user/*main`, ["branch-injection", "repository-pattern"]],
    [
      "an owner by prefix",
      `${BASE}/user/${MASK}/vcs-origin/github.com/acme*/vcs-ref/refs/heads/main`,
      ["branch-injection", "repository-pattern"],
    ],
    ["no repository at all", `${BASE}/user/*`, []],
  ])("%s", (_what, subject, expected) => {
    expect(rulesOf(like(subject))).toEqual(expected);
  });

  it("notes that only the first token matches, if no value admits the second", () => {
    const notes = (...subjects: readonly string[]) =>
      lint(when({ StringEquals: PINNED, StringLike: { [SUB]: subjects } })).map(({ rule }) => rule);
    expect(notes(`${BASE}/user/${MASK}`)).toContain("first-token");
    expect(notes(`${BASE}/user/${MASK}`, `${BASE}/user/${MASK}/${MAIN}`)).not.toContain("first-token");
    expect(notes(`${BASE}/user/*`)).not.toContain("first-token");
  });

  it("notes a prefix that longer names have as well", () => {
    const notes = (ref: string) =>
      lint(like(`${BASE}/user/${MASK}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/${ref}`)).map(
        ({ rule }) => rule,
      );
    expect(notes("main*")).toEqual(["branch-prefix", "branch-claim"]);
    expect(notes("release/*")).toEqual(["branch-claim"]);
  });

  it("knows the guard against a second ref", () => {
    expect(
      rulesOf(like(`${BASE}/user/*/${MAIN}`, { StringNotLike: { [SUB]: "*/vcs-ref/*/vcs-ref/*" } })),
    ).toEqual([]);
  });

  it("tries each project of a long list", () => {
    const ids = Array.from({ length: 9 }, (_, index) => PROJECT.replace(/^a/, String(index)));
    const last = `org/${ORG}/project/${ids.at(-1) ?? ""}/user/*/${MAIN}`;
    const condition = { StringEquals: { ...AUDIENCE, [PROJECT_ID]: ids }, StringLike: { [SUB]: last } };
    expect(rulesOf(when(condition))).toEqual(["branch-injection"]);
  });

  it("writes the mask, and only where that is enough", () => {
    const text = JSON.stringify(like(`${BASE}/user/*/${MAIN}`));
    const [finding] = lint(text).filter(({ rule }) => rule === "branch-injection");
    expect(applyEdits(text, finding?.fix?.edits ?? [])).toBe(
      JSON.stringify(like(`${BASE}/user/${MASK}/${MAIN}`)),
    );
    const wide = like(`${BASE}/user/*/vcs-origin/github.com/acme/*/vcs-ref/refs/heads/main`);
    expect(lint(wide).find(({ rule }) => rule === "branch-injection")?.fix).toBeUndefined();
  });

  it("tells owners that only begin alike from repositories of one owner", () => {
    const message = (repository: string) =>
      lint(like(`${BASE}/user/${MASK}/vcs-origin/${repository}/vcs-ref/refs/heads/main`)).find(
        ({ rule }) => rule === "repository-pattern",
      )?.message.id;
    expect(message("github.com/acme*")).toBe("lint.repository-pattern.owner");
    expect(message("github.com/acme/*")).toBe("lint.repository-pattern");
  });
});
