import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, openFile, quickInput, runCommand } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { PATIENCE, reload } from "./support/workbench.ts";

/*
 * Insert AWS Auth Step in a workspace of several folders, of which two have a config, one of them with a file to
 * continue with, and one has none.
 */

const COMMAND = "CircleCI OIDC: Insert AWS Auth Step";
const NO_ROLE = "No AWS role is known here yet.";
const CONFIG = `version: 2.1
jobs:
  build:
    docker: [{ image: "cimg/aws:2025.01" }]
    steps:
      - checkout
`;

let journey: Journey;
let page: Page;
let second: string;

beforeAll(async () => {
  journey = await startJourney({
    prepare: async ({ repository }) => {
      second = join(repository, "../billing/.circleci/config.yml");
      await mkdir(join(repository, "../billing/.circleci"), { recursive: true });
      await writeFile(second, CONFIG);
      await writeFile(join(repository, "../billing/.circleci/continue.yml"), CONFIG);
      await mkdir(join(repository, "../notes"));
      await writeFile(join(repository, "../notes/notes.md"), "# Notes\n");
      const folders = ["web-shop", "billing", "notes"].map((path) => ({ path }));
      await writeFile(join(repository, "../all.code-workspace"), JSON.stringify({ folders }));
    },
    open: ({ repository }) => join(repository, "../all.code-workspace"),
  });
  ({ page } = journey);
  await foldersShown();
});
afterAll(async () => journey.stop());

/**
 * VS Code in the browser now and then reads the workspace file before its server is there, and shows a workspace without
 * folders until the window is loaded anew.
 */
async function foldersShown(): Promise<void> {
  const explorer = page.locator(".part.sidebar");
  const folder = explorer.locator(".monaco-list-row", { hasText: "billing" }).first();
  const none = explorer.getByText("You have not yet added a folder to the workspace.");
  for (let reloads = 0; reloads < 3; reloads += 1) {
    await folder.or(none).first().waitFor(PATIENCE);
    // The folders may be a moment late.
    const isThere = await folder.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await reload(page);
  }
  await folder.waitFor(PATIENCE);
}

describe("in a workspace of several folders", () => {
  it("asks which config is meant, by its path, and goes no further where none is chosen", async () => {
    await openFile(page, "notes.md");
    await runCommand(page, COMMAND);
    const quick = quickInput(page);
    await quick.waitFor("Which CircleCI config?");
    expect(await quick.labels()).toEqual([
      "web-shop/.circleci/config.yml",
      "billing/.circleci/config.yml",
      "billing/.circleci/continue.yml",
    ]);
    await quick.dismiss();
    expect(await page.getByText(NO_ROLE).count()).toBe(0);
  });

  it("goes on with the one that is chosen", async () => {
    await writeFile(second, Buffer.from([0xff, 0xfe, 0xfd]));
    await runCommand(page, COMMAND);
    const quick = quickInput(page);
    await quick.waitFor("Which CircleCI config?");
    await quick.choose("billing/.circleci/config.yml");
    // Only this one is no text.
    await notifications(page).waitFor("billing/.circleci/config.yml is not UTF-8 text, so it is not edited.");
    await writeFile(second, CONFIG);
  });

  it("takes the config in the active editor without asking", async () => {
    await openFile(page, ".circleci/config.yml");
    await page.locator(".codelens-decoration a").first().waitFor(PATIENCE);
    await runCommand(page, COMMAND);
    await notifications(page).waitFor(NO_ROLE);
    expect(await readFile(second, "utf8")).toBe(CONFIG);
  });
});
