import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, quickInput, runCommand } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import {
  addOtherProject,
  agree,
  OTHER_PROJECT,
  READ_ONLY,
  type OtherProject,
} from "./support/otherProject.ts";
import { answerUpToReview, openWizard, wizardIn } from "./support/wizard.ts";
import { PATIENCE } from "./support/workbench.ts";

let journey: Journey;
let other: OtherProject;
/** Their trust policy: what is restored later has to be this very text. */
let theirs: string;

beforeAll(async () => {
  journey = await startJourney();
  other = await addOtherProject(journey.sandbox);
  theirs = await other.trust();
});
afterAll(async () => journey.stop());

describe("a second project in an account", () => {
  it("is shown what it would share, and writes nothing before that is agreed to", async () => {
    const wizard = await openWizard(journey.page);
    const { organization } = journey.sandbox.info;
    await answerUpToReview(wizard, { organization, profile: "hub", branches: "main" });
    const text = await wizard.text();
    expect(text).toContain("Something exists that would be changed or shared.");
    expect(text).toContain(`The provider will also accept the audience ${organization}.`);
    expect(text).toContain("circleci-oidc was not made for this project.");
    expect(text).toContain(`Jobs of this project can then do what these policies allow: ${READ_ONLY}.`);
    expect(text).toContain(`Project ${OTHER_PROJECT}: `);
    expect(await (await wizard.button("Create in AWS")).count()).toBe(0);
    expect(await (await wizard.button("Change in AWS")).isEnabled()).toBe(false);
    expect(await other.trust()).toBe(theirs);
  });

  it("shows the change of the trust policy as a comparison", async () => {
    const { page } = journey;
    const group = (await wizardIn(page).frame()).getByRole("group", { name: "Role circleci-oidc" });
    await group.getByRole("button", { name: "Show the change" }).click(PATIENCE);
    const added = page.locator(".monaco-diff-editor .editor.modified .view-line", { hasText: "Sid" });
    await added.first().waitFor(PATIENCE);
    await runCommand(page, "View: Close Editor");
  });

  it("joins the role by a statement of its own once that is agreed to", async () => {
    const wizard = wizardIn(journey.page);
    await agree(journey.page, "OIDC provider");
    await agree(journey.page, "Role circleci-oidc");
    await wizard.press("Change in AWS");
    await wizard.sees("Everything has been created.");
    const trust: unknown = JSON.parse(await other.trust());
    expect(trust).toMatchObject({
      Statement: [{ Sid: "TheirOwnName" }, { Sid: expect.stringMatching(/^CircleCI/) }],
    });
    expect(other.audiences()).toEqual([["theirs", journey.sandbox.info.organization]]);
  });

  it("leaves the role and the provider to the others when its setup is removed, to the byte", async () => {
    const { page } = journey;
    await runCommand(page, "View: Close Editor");
    await runCommand(page, "CircleCI OIDC: Remove Setup");
    await quickInput(page).choose("circleci-oidc");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.waitFor(PATIENCE);
    expect(await dialog.innerText()).toContain("Statement in the trust policy of circleci-oidc");
    await dialog.locator(".monaco-button", { hasText: "Remove Setup" }).click(PATIENCE);
    await notifications(page).waitFor("The setup has been removed from AWS.");
    expect(await other.trust()).toBe(theirs);
    expect(other.audiences()).toEqual([["theirs"]]);
  });
});
