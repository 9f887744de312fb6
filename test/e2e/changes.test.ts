import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, quickInput, runCommand, screenshot } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { addOtherProject, agree, type OtherProject } from "./support/otherProject.ts";
import { answerUpToReview, confirmUpToReview, openWizard, wizardIn } from "./support/wizard.ts";
import { PATIENCE } from "./support/workbench.ts";

/* What is in the way of a setup, and what becomes of changes of existing things when their run is stopped half-way. */

const SET_UP = "CircleCI OIDC: Set Up AWS Access";
const sub = { profile: "staging", ciProfile: "staging" };
const SHOTS = process.env["CHANGES_SHOTS"];

let journey: Journey;
let other: OtherProject;
/** What is there before: what is taken back has to be this to the byte. */
let before: string;

beforeAll(async () => {
  journey = await startJourney();
  other = await addOtherProject(journey.sandbox);
  before = everything();
});
afterAll(async () => journey.stop());

const everything = (): string => JSON.stringify(journey.sandbox.aws.dump());
const dialog = () => journey.page.locator(".monaco-dialog-box");

/** The button that writes. */
const write = async () =>
  (await wizardIn(journey.page).frame()).getByRole("button", {
    name: /^(?:Create|Change|Create and change) in AWS$/,
  });

/** Where somebody wants to look at it. */
async function shot(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await mkdir(SHOTS, { recursive: true });
  await screenshot(journey.page, join(SHOTS, `${name}.png`));
}

describe("the review", () => {
  it("says that a boundary is missing and that a quota is reached, and what to do, and offers nothing", async () => {
    const { sandbox, page } = journey;
    const wizard = await openWizard(page);
    sandbox.aws.knobs({ quotas: { rolesPerAccount: 1 } });
    await wizard.fill("Organization ID", sandbox.info.organization);
    await wizard.press("Next");
    await wizard.choose("AWS profile", "hub (access key)");
    await wizard.sees(/arn:aws:iam::111122223333:user\/admin/);
    await wizard.fill("Role name", "circleci-new");
    const company = (await wizard.frame()).locator("summary", { hasText: "For everything that is created" });
    await company.click();
    await wizard.fill("Permissions boundary", "company-limit");
    const onward = async (): Promise<void> => {
      await wizard.press("Next");
      await wizard.page("Who may use the role?");
      await wizard.press("Next");
      await wizard.page("What may CI do?");
      await wizard.check("Nothing yet");
      await wizard.press("Next");
      await wizard.sees("This chain is not publicly trusted");
      await wizard.press("Next");
      await wizard.page("Review");
    };
    await onward();
    await wizard.sees(
      /has no policy arn:aws:iam::111122223333:policy\/company-limit for the permissions boundary/,
    );
    await shot("1-boundary");
    expect(await write().then((button) => button.isEnabled())).toBe(false);
    for (const page of [
      "The issuer’s certificate",
      "What may CI do?",
      "Who may use the role?",
      "Which AWS account?",
    ]) {
      await wizard.press("Back");
      await wizard.page(page);
    }
    await company.click();
    await wizard.fill("Permissions boundary", "");
    await onward();
    await wizard.sees("Account 111122223333 may have 1 roles, and that many are there.");
    await shot("1-quota");
    expect(await write().then((button) => button.isEnabled())).toBe(false);
    sandbox.aws.knobs({ quotas: {} });
    await runCommand(page, "View: Close Editor");
    expect(everything()).toBe(before);
  });
});

/** Plans to join the other project's role, agrees, and closes the window's wizard after the first change. */
async function closeHalfWay(): Promise<void> {
  const { page, sandbox } = journey;
  const wizard = await openWizard(page);
  const { organization } = sandbox.info;
  await answerUpToReview(wizard, { organization, profile: "hub", branches: "main", sub });
  await agree(page, "OIDC provider");
  await agree(page, "Role circleci-oidc");
  await shot("2-agreed");
  sandbox.aws.knobs({ latencyMs: 1000 });
  await wizard.press("Create and change in AWS");
  await expect.poll(everything, PATIENCE).not.toBe(before);
  await runCommand(page, "View: Close Editor");
  await notifications(page).waitFor("The wizard was closed while it was creating.");
  await shot("3-closed");
  sandbox.aws.knobs({ latencyMs: 0 });
  await runCommand(page, "Notifications: Clear All Notifications");
}

describe("changes that were stopped half-way", () => {
  it("are taken back to the byte, after the list of them was shown", async () => {
    const { page } = journey;
    await closeHalfWay();
    const half = everything();
    await runCommand(page, SET_UP);
    await quickInput(page).waitFor("A setup was left unfinished");
    await shot("4-unfinished");
    await quickInput(page).choose("Undo: remove what was created");
    await dialog().waitFor(PATIENCE);
    await shot("5-undo");
    expect(await dialog().innerText()).toMatch(/Audience [\w-]+ of oidc\.circleci\.com/);
    expect(everything()).toBe(half);
    await dialog().locator(".monaco-button", { hasText: "Remove" }).click(PATIENCE);
    await notifications(page).waitFor("Everything that was created has been removed.");
    expect(everything()).toBe(before);
  });

  it("are made to the end when they are resumed, and nothing is asked anew", async () => {
    const { page, sandbox } = journey;
    await closeHalfWay();
    await runCommand(page, SET_UP);
    await quickInput(page).waitFor("A setup was left unfinished");
    await quickInput(page).choose("Resume: open the wizard and create the rest");
    const wizard = wizardIn(page);
    await confirmUpToReview(wizard);
    await shot("6-resumed");
    await (await write()).click(PATIENCE);
    await wizard.sees("Everything has been created.");
    await shot("7-finished");
    expect(JSON.parse(await other.trust())).toMatchObject({
      Statement: [{ Sid: "TheirOwnName" }, { Sid: expect.stringMatching(/^CircleCI/) }],
    });
    expect(other.audiences()).toEqual([["theirs", sandbox.info.organization]]);
  });
});
