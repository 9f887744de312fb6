import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAws } from "../support/aws-cli.ts";
import {
  notifications,
  openFile,
  openWorkbench,
  quickInput,
  runCommand,
} from "../support/vscode-host/index.ts";
import { insertedPiece, lens, lenses, save, saveAsItIs, undo } from "./support/editor.ts";
import { packFormatter } from "./support/formatter.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { openRoles, PATIENCE, reload } from "./support/workbench.ts";
import { answerUpToReview, wizardIn } from "./support/wizard.ts";

/* Insert AWS Auth Step from the palette and from a CodeLens, in an editor that changes files on saving. */

let journey: Journey;
let page: Page;
let folder: string;
let config: string;

const COMMAND = "CircleCI OIDC: Insert AWS Auth Step";

/** Aligned comments, blanks at line ends and no line end at the end: whatever touches it, one sees it. */
const ORIGINAL = Buffer.from(`version: 2.1   # the version  

jobs:
  test:
    docker:
      - image: cimg/node:22.19   
    steps:
      - checkout
      - run: npm test   # all of them

  deploy:
    docker:
      - image: cimg/aws:2025.01   # has the AWS CLI
    steps:
      # First the code.
      - checkout
      - run: aws s3 ls	`);

const onDisk = (): Promise<Buffer> => readFile(config);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "insert-"));
  journey = await startJourney({
    userSettings: {
      "editor.formatOnSave": true,
      "files.trimTrailingWhitespace": true,
      "files.insertFinalNewline": true,
      "files.trimFinalNewlines": true,
    },
    prepare: async ({ repository }) => {
      config = join(repository, ".circleci/config.yml");
      const inner = join(repository, "services/api/.circleci");
      await mkdir(inner, { recursive: true });
      await writeFile(config, ORIGINAL);
      await writeFile(join(inner, "config.yml"), ORIGINAL);
    },
  });
  ({ page } = journey);
  await journey.server.installExtension(await packFormatter(folder));
  await reload(page);
});
afterAll(async () => {
  await journey.stop();
  await rm(folder, { recursive: true, force: true });
});

const asked = (): number => journey.sandbox.aws.calls().length;

describe("before anything is set up", () => {
  it.each([".circleci/config.yml", "services/api/.circleci/config.yml"])(
    "%s has a CodeLens above each job, and opening it asks nobody",
    async (file) => {
      await openFile(page, file);
      await expect
        .poll(() => lenses(page), PATIENCE)
        .toEqual(["Insert AWS auth step", "Insert AWS auth step"]);
      expect(asked()).toBe(0);
    },
  );

  it.each([
    ["the palette", () => runCommand(page, COMMAND)],
    ["a CodeLens", async () => (await lens(page, 0)).click()],
  ])("%s offers the wizard and inserts nothing", async (_what, run) => {
    await openFile(page, ".circleci/config.yml");
    await run();
    await notifications(page).click("No AWS role is known here yet.", "Set Up AWS Access");
    await wizardIn(page).page("Which CircleCI project?");
    expect(await onDisk()).toEqual(ORIGINAL);
    expect(await page.locator(".tab.dirty").count()).toBe(0);
    await runCommand(page, "View: Close Editor");
  });
});

describe("with roles loaded in the Roles view", () => {
  const arn = "arn:aws:iam::111122223333:role/by-hand";

  beforeAll(async () => {
    const { accounts, endpoint, organization } = journey.sandbox.info;
    const [hub] = accounts;
    if (hub === undefined) throw new Error("no account");
    const issuer = `oidc.circleci.com/org/${organization}`;
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { [`${issuer}:aud`]: organization } },
        },
      ],
    };
    await askAws(endpoint, hub, [
      "iam",
      "create-open-id-connect-provider",
      "--url",
      `https://${issuer}`,
      "--client-id-list",
      organization,
    ]);
    await askAws(endpoint, hub, [
      "iam",
      "create-role",
      "--role-name",
      "by-hand",
      "--assume-role-policy-document",
      JSON.stringify(trust),
    ]);
    const roles = await openRoles(page);
    await roles.welcome.getByRole("button", { name: "Choose AWS Profile" }).click();
    await quickInput(page).waitFor("AWS profile");
    await quickInput(page).choose("hub");
    await roles.sees("by-hand");
  });

  it("offers them, asks for the jobs, and changes nothing but the step", async () => {
    const before = asked();
    await openFile(page, ".circleci/config.yml");
    await runCommand(page, COMMAND);
    const quick = quickInput(page);
    await quick.waitFor("Which AWS role?");
    expect(await quick.labels()).toEqual([
      "by-hand",
      `Account 111122223333, organization ${journey.sandbox.info.organization}`,
      expect.stringContaining("Set Up AWS Access…"),
    ]);
    await quick.choose("by-hand");
    await quick.waitFor("Which jobs of .circleci/config.yml?");
    await quick.row("deploy").waitFor(PATIENCE);
    expect(await quick.rows.count()).toBe(2);
    await quick.choose("test");
    await page.keyboard.press("Enter");
    // How the step should work: as recommended, by one Enter.
    await quick.waitFor("How should the step work?");
    await page.keyboard.press("Enter");
    await notifications(page).waitFor("The step was added to job test. Undo takes it back.");
    const step = insertedPiece(ORIGINAL, await onDisk());
    expect(step).toContain("AWS OIDC auth");
    expect(step).toContain(arn);
    expect(step).toContain("eu-central-1");
    // It needs nothing from AWS but what was loaded before.
    expect(asked()).toBe(before);
  });

  it("is taken back by one Undo, to the last byte", async () => {
    await undo(page);
    await saveAsItIs(page);
    expect(await onDisk()).toEqual(ORIGINAL);
  });
});

describe("with a finished setup", () => {
  beforeAll(async () => {
    await runCommand(page, "CircleCI OIDC: Set Up AWS Access");
    const wizard = wizardIn(page);
    await wizard.page("Which CircleCI project?");
    const { organization } = journey.sandbox.info;
    await answerUpToReview(wizard, { organization, profile: "hub", branches: "main" });
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
    await wizard.press("Next");
    await wizard.page("Add the step to your pipeline");
    await wizard.press("Not now");
    await wizard.page("Done");
    await wizard.press("Close");
  });

  it("is offered first, also in a new window, and a CodeLens inserts into its job", async () => {
    // A window of another browser: nothing of the first one's storage is there.
    const other = await openWorkbench({ server: journey.server, folder: journey.demo.repository });
    try {
      await openFile(other.page, ".circleci/config.yml");
      await (await lens(other.page, 1)).click();
      const quick = quickInput(other.page);
      await quick.waitFor("Which AWS role?");
      expect(await quick.labels()).toEqual([
        "circleci-oidc",
        "arn:aws:iam::111122223333:role/circleci-oidc",
        expect.stringContaining("Set Up AWS Access…"),
      ]);
      await quick.choose("circleci-oidc");
      await quick.waitFor("How should the step work?");
      await other.page.keyboard.press("Enter");
      await notifications(other.page).waitFor("The step was added to job deploy.");
      const step = insertedPiece(ORIGINAL, await onDisk());
      expect(step).toContain("arn:aws:iam::111122223333:role/circleci-oidc");
      await expect
        .poll(() => lenses(other.page), PATIENCE)
        .toEqual(["Insert AWS auth step", "AWS OIDC auth: circleci-oidc ✓"]);

      await undo(other.page);
      await saveAsItIs(other.page);
      expect(await onDisk()).toEqual(ORIGINAL);
      await expect
        .poll(() => lenses(other.page), PATIENCE)
        .toEqual(["Insert AWS auth step", "Insert AWS auth step"]);

      // The editor does change files on saving: what is shown above is not shown of a meek one.
      await runCommand(other.page, "View: Focus Active Editor Group");
      await other.page.keyboard.press("Control+Home");
      await other.page.keyboard.type("# Saved by hand.\n");
      await save(other.page);
      const saved = (await onDisk()).toString("utf8");
      expect(saved).toContain("cimg/aws:2025.01 # has");
      expect(saved).not.toMatch(/[ \t]$/m);
      expect(saved.endsWith("\n")).toBe(true);
    } finally {
      await other.close();
    }
  });
});
