import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, openFile, runCommand } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerUpToReview, openWizard, type Wizard } from "./support/wizard.ts";
import { PATIENCE, reload } from "./support/workbench.ts";

let journey: Journey;
let wizard: Wizard;

beforeAll(async () => {
  journey = await startJourney();
  wizard = await openWizard(journey.page);
});
afterAll(async () => journey.stop());

const valueOf = async (label: string): Promise<string> =>
  (await wizard.frame()).getByLabel(label, { exact: true }).inputValue();

describe("the wizard's tab", () => {
  it("loses nothing when it is hidden", async () => {
    await wizard.fill("Organization ID", "half an organizat");
    await openFile(journey.page, "README.md");
    await runCommand(journey.page, "CircleCI OIDC: Set Up AWS Access");
    expect(await valueOf("Organization ID")).toBe("half an organizat");
    expect(await valueOf("Project ID")).toBe(journey.sandbox.info.project);
  });

  it("comes back on its page, with what was read", async () => {
    const { organization } = journey.sandbox.info;
    await answerUpToReview(wizard, { organization, profile: "hub", branches: "main" });
    await openFile(journey.page, "README.md");
    await runCommand(journey.page, "CircleCI OIDC: Set Up AWS Access");
    await wizard.page("Review");
    await wizard.sees("whose token says branch main of github.com/acme/web-shop");
  });

  it("comes back after a reload of the window with its answers, and asks AWS nobody by itself", async () => {
    const before = journey.sandbox.aws.calls().length;
    await reload(journey.page);
    await wizard.page("Which CircleCI project?");
    expect(await valueOf("Organization ID")).toBe(journey.sandbox.info.organization);
    expect(journey.sandbox.aws.calls()).toHaveLength(before);
  });

  it("comes back with the run that was stopped, which can be undone from there", async () => {
    const { page, sandbox } = journey;
    sandbox.aws.knobs({ faults: [{ action: "CreateRole", kind: "accessDenied", times: 9 }] });
    await wizard.press("Next");
    await wizard.press("Ask AWS whose credentials these are");
    await wizard.sees(/arn:aws:iam::\d{12}:user\/admin/);
    for (const heading of ["Who may use the role?", "What may CI do?", "The issuer’s certificate"]) {
      await wizard.press("Next");
      await wizard.page(heading);
    }
    await wizard.sees("This chain is not publicly trusted");
    await wizard.press("Next");
    await wizard.sees("Who can assume the role then");
    await wizard.press("Create in AWS");
    await wizard.sees("Not everything could be created");
    sandbox.aws.knobs({ faults: [] });
    await reload(page);
    await wizard.page("Which CircleCI project?");
    await notifications(page).click("The setup in this wizard was left unfinished.", "Undo…");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.locator(".monaco-button", { hasText: /^Remove$/ }).click(PATIENCE);
    await notifications(page).waitFor("Everything that was created has been removed.");
    const left = sandbox.aws.dump().flatMap(({ providers, roles }) => [...providers, ...roles]);
    expect(left).toEqual([]);
    expect(await page.locator(".tab", { hasText: "Set up AWS access" }).count()).toBe(0);
  });
});
