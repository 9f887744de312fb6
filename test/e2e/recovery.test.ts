import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, quickInput, runCommand } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerUpToReview, confirmUpToReview, openWizard, wizardIn } from "./support/wizard.ts";
import { PATIENCE } from "./support/workbench.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});
afterAll(async () => journey.stop());

const SET_UP = "CircleCI OIDC: Set Up AWS Access";
const sub = { profile: "staging", ciProfile: "staging" };

const stored = (): number =>
  journey.sandbox.aws
    .dump()
    .map(({ providers, roles, policies }) => providers.length + roles.length + policies.length)
    .reduce((sum, count) => sum + count, 0);

/** Bounded: the sandbox answers within seconds. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !condition(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(condition()).toBe(true);
}

/** The modal dialog: its whole text, and its buttons. */
const dialog = () => journey.page.locator(".monaco-dialog-box");

async function press(button: string): Promise<void> {
  await dialog().locator(".monaco-button", { hasText: button }).click(PATIENCE);
  await dialog().waitFor({ ...PATIENCE, state: "hidden" });
}

/** Closes the wizard after its second write. */
async function closeHalfWay(): Promise<void> {
  const { page, sandbox } = journey;
  sandbox.aws.knobs({ latencyMs: 1000 });
  await wizardIn(page).press("Create in AWS");
  await until(() => stored() >= 2);
  await runCommand(page, "View: Close Editor");
  await notifications(page).waitFor("The wizard was closed while it was creating.");
  sandbox.aws.knobs({ latencyMs: 0 });
  await runCommand(page, "Notifications: Clear All Notifications");
}

describe("a wizard that was closed while it was creating", () => {
  it("is offered for undoing, which shows the whole list first and leaves nothing behind", async () => {
    const { page, sandbox } = journey;
    const { organization } = sandbox.info;
    await answerUpToReview(await openWizard(page), { organization, profile: "hub", sub });
    await closeHalfWay();
    const before = stored();
    expect(before).toBeGreaterThanOrEqual(2);

    await runCommand(page, SET_UP);
    const quick = quickInput(page);
    await quick.waitFor("A setup was left unfinished");
    await quick.choose("Undo: remove what was created");
    await dialog().waitFor(PATIENCE);
    const text = await dialog().innerText();
    expect(text).toContain("OIDC provider oidc.circleci.com/org/");
    expect(text).toContain("Role circleci-oidc (111122223333)");
    expect(stored()).toBe(before);
    await press("Remove");
    await notifications(page).waitFor("Everything that was created has been removed.");
    expect(stored()).toBe(0);
  });

  it("is offered for resuming, with its answers, and creates the rest", async () => {
    const { page, sandbox } = journey;
    const { organization } = sandbox.info;
    await answerUpToReview(await openWizard(page), {
      organization,
      profile: "hub",
      branches: "main, release/*",
      sub,
    });
    await closeHalfWay();

    await runCommand(page, SET_UP);
    const quick = quickInput(page);
    await quick.waitFor("A setup was left unfinished");
    await quick.choose("Resume: open the wizard and create the rest");
    const wizard = wizardIn(page);
    await confirmUpToReview(wizard);
    const text = await wizard.text();
    expect(text).toContain("whose token says branch main of github.com/acme/web-shop");
    expect(text).toContain("whose token says a branch of github.com/acme/web-shop that begins with release/");
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
    expect(stored()).toBe(4);
  });
});

describe("Remove Setup", () => {
  it("shows the full list, removes it after the question, and nothing before", async () => {
    const { page } = journey;
    await runCommand(page, "View: Close Editor");
    await runCommand(page, "CircleCI OIDC: Remove Setup");
    const quick = quickInput(page);
    await quick.waitFor("Remove a setup");
    await quick.choose("circleci-oidc");
    await dialog().waitFor(PATIENCE);
    const text = await dialog().innerText();
    for (const name of [
      "Role circleci-oidc (444455556666)",
      "Policy circleci-oidc-assume-sub-accounts on role circleci-oidc (111122223333)",
      "Role circleci-oidc (111122223333)",
      "Policy circleci-oidc-assume-sub-accounts (111122223333)",
      "OIDC provider oidc.circleci.com/org/",
    ])
      expect(text).toContain(name);
    expect(stored()).toBe(4);
    await press("Remove Setup");
    await notifications(page).waitFor("The setup has been removed from AWS.");
    expect(stored()).toBe(0);
  });
});
