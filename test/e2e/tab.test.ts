import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFile, runCommand } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerUpToReview, openWizard, type Wizard } from "./support/wizard.ts";
import { reload } from "./support/workbench.ts";

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
});
