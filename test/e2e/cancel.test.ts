import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerUpToReview, openWizard, type Wizard } from "./support/wizard.ts";
import { PATIENCE } from "./support/workbench.ts";

let journey: Journey;
let wizard: Wizard;

async function upToReview(): Promise<void> {
  wizard = await openWizard(journey.page);
  const { organization } = journey.sandbox.info;
  const sub = { profile: "staging", ciProfile: "staging" };
  await answerUpToReview(wizard, { organization, profile: "hub", sub });
}

beforeAll(async () => {
  journey = await startJourney();
  await upToReview();
});
afterAll(async () => journey.stop());

/** What the sandbox holds, as one line a resource. */
function stored(): readonly string[] {
  return journey.sandbox.aws
    .dump()
    .flatMap((account) => [
      ...account.providers.map((provider) => `OIDC provider ${provider.url} (${account.id})`),
      ...account.roles.map((role) => `Role ${role.name} (${account.id})`),
      ...account.policies.map((policy) => `Policy ${policy.name} (${account.id})`),
      ...account.roles.flatMap((role) =>
        role.attachedPolicies.map(
          (arn) => `Policy ${arn.slice(arn.lastIndexOf("/") + 1)} on role ${role.name} (${account.id})`,
        ),
      ),
    ]);
}

const writes = (): number =>
  journey.sandbox.aws
    .calls()
    .filter(({ action, status }) => /^(Create|Attach)/.test(action) && status === 200).length;

/** Bounded: the sandbox answers within seconds. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !condition(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(condition()).toBe(true);
}

/** Cancels after the second write. */
async function cancelHalfWay(): Promise<void> {
  const before = writes();
  journey.sandbox.aws.knobs({ latencyMs: 1000 });
  await wizard.press("Create in AWS");
  await until(() => writes() >= before + 2);
  await wizard.press("Cancel");
  await wizard.sees("These exist now because of this wizard:");
}

describe("a cancel after the second write", () => {
  it("can be taken back from the page, which shows the full list first", async () => {
    await cancelHalfWay();
    const created = stored();
    expect(created.length).toBeGreaterThanOrEqual(2);
    journey.sandbox.aws.knobs({ latencyMs: 0 });
    await wizard.press("Undo…");
    const dialog = journey.page.locator(".monaco-dialog-box");
    await dialog.waitFor(PATIENCE);
    const text = await dialog.innerText();
    for (const line of created) expect(text).toContain(line.replace("https://", ""));
    await dialog.locator(".monaco-button", { hasText: "Cancel" }).click(PATIENCE);
    await dialog.waitFor({ ...PATIENCE, state: "hidden" });
    // Whoever thinks better of it is still on the page.
    expect(stored()).toEqual(created);
    await wizard.press("Undo…");
    await dialog.locator(".monaco-button", { hasText: /^Remove$/ }).click(PATIENCE);
    await notifications(journey.page).waitFor("Everything that was created has been removed.");
    expect(stored()).toEqual([]);
    expect(await journey.page.locator(".tab", { hasText: "Set up AWS access" }).count()).toBe(0);
  });

  it("leaves what the wizard then lists, and nothing else", async () => {
    await upToReview();
    await cancelHalfWay();
    const frame = await wizard.frame();
    const listed = await frame.locator("main ul li, section ul li, ul.list li").allInnerTexts();
    const resources = listed.filter((line) => / \(\d{12}\)$/.test(line));
    expect(resources.toSorted()).toEqual([...stored()].toSorted());
    expect(resources.length).toBeGreaterThanOrEqual(2);
    expect(resources.length).toBeLessThan(5);
  });

  it("names the commands that remove it", async () => {
    const text = await wizard.text();
    expect(text).toContain("aws iam delete-open-id-connect-provider --open-id-connect-provider-arn");
    expect(text).toContain("--profile hub");
  });

  it("is finished by running again, which makes only the rest", async () => {
    const [before, left] = [writes(), stored().length];
    journey.sandbox.aws.knobs({ latencyMs: 0 });
    await wizard.press("Review again and finish");
    await wizard.page("Review");
    await wizard.sees("Who can assume the role then");
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
    expect(writes()).toBe(before + 5 - left);
    expect(stored()).toHaveLength(5);
  });

  it("creates nothing when it is run once more, and says so", async () => {
    const before = writes();
    await wizard.press("Next");
    await wizard.page("Add the step to your pipeline");
    await wizard.press("Back");
    await wizard.page("Review");
    await wizard.sees("Everything exists already. Nothing will be created.");
    await wizard.press("Continue to the pipeline");
    await wizard.page("Add the step to your pipeline");
    expect(writes()).toBe(before);
  });
});
