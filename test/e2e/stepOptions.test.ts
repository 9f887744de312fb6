import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, openFile, quickInput, runCommand } from "../support/vscode-host/index.ts";
import { lenses, lens } from "./support/editor.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { authStepOf, startJob } from "./support/pipeline.ts";
import { PATIENCE } from "./support/workbench.ts";
import { answerUpToReview, openWizard, type Wizard } from "./support/wizard.ts";

/* Another style of the step, skipped where the role refuses the run: through the wizard, then in the editor. */

let journey: Journey;
let page: Page;
let wizard: Wizard;
let config: string;

beforeAll(async () => {
  journey = await startJourney();
  ({ page } = journey);
  config = join(journey.demo.repository, ".circleci/config.yml");
  wizard = await openWizard(page);
  const { organization } = journey.sandbox.info;
  await answerUpToReview(wizard, { organization, profile: "hub", branches: "main, release/*" });
  await wizard.press("Create in AWS");
  await wizard.sees("Everything has been created.");
  await wizard.press("Next");
  await wizard.page("Add the step to your pipeline");
});
afterAll(() => journey.stop());

describe("the page for the pipeline", () => {
  it("says what the jobs are, and which runs the role refuses, before anything is inserted", async () => {
    await wizard.sees("Runs on every branch. Linux in Docker. AWS is not seen in it.");
    await wizard.sees("Runs on main. Linux in Docker. Calls aws. Looks like a deploy.");
    await wizard.check("deploy");
    expect(await wizard.text()).not.toContain("The role refuses some runs");
    await wizard.check("test");
    await wizard.sees("The role refuses some runs of these jobs");
    await wizard.sees(/test: On branches other than main, release\/\* the step fails/);
  });

  it("takes choices that go together, and leads to the one that does not", async () => {
    await wizard.check("Web identity file");
    await wizard.sees("Keys are fetched anew until the job’s token expires");
    await wizard.check("The step is skipped");
    await wizard.fill("Minutes that the longest AWS step takes", "90");
    await wizard.press("Insert the step");
    await wizard.sees("A web identity file is good for an hour after the job has started.");
    await wizard.fill("Minutes that the longest AWS step takes", "45");
    await wizard.press("Insert the step");
    await wizard.page("Done");
    await wizard.sees("The step is in the config, in these jobs: deploy, test.");
  });

  it.each(["test", "deploy"])("has written the chosen step into job %s", async (job) => {
    const command = await authStepOf(config, job);
    expect(command).toContain("circleci-oidc-token");
    expect(command).not.toContain("seconds=");
    const { endpoint } = journey.sandbox.info;
    const elsewhere = await startJob(endpoint, { CIRCLE_BRANCH: "feature/x" });
    const admitted = await startJob(endpoint, { CIRCLE_BRANCH: "release/1" });
    try {
      expect(await elsewhere.step(command)).toMatchObject({
        code: 0,
        stdout: "AWS OIDC auth: skipped, as the role is not for branch feature/x.\n",
      });
      // It goes on there, up to the token that this job does not have.
      expect(await admitted.step(command)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("CircleCI gave this job no OIDC token"),
      });
    } finally {
      await elsewhere.remove();
      await admitted.remove();
    }
  });
});

describe("in the editor", () => {
  it("the step counts as there, and nothing offers to flip the choices back", async () => {
    await wizard.press("Close");
    await openFile(page, ".circleci/config.yml");
    // The step is long: the lens of the other job is further down than the window.
    await expect.poll(() => lenses(page), PATIENCE).toEqual(["AWS OIDC auth: circleci-oidc ✓"]);
  });

  it("an update keeps them and changes what the setup dictates", async () => {
    const inserted = await readFile(config, "utf8");
    await runCommand(page, "View: Close All Editors");
    await writeFile(config, inserted.replaceAll("region=eu-central-1", "region=us-east-1"));
    await openFile(page, ".circleci/config.yml");
    await expect.poll(async () => (await lenses(page)).includes("Update"), PATIENCE).toBe(true);
    await (await lens(page, 0)).click();
    await notifications(page).waitFor("has the settings of the setup now.");
    const [first = ""] = (await readFile(config, "utf8")).split("\n  deploy:");
    expect(first).toContain("region=eu-central-1");
    expect(first).toBe(inserted.split("\n  deploy:")[0]);
  });

  it("a job that has the step is not offered it again", async () => {
    await runCommand(page, "CircleCI OIDC: Insert AWS Auth Step");
    await quickInput(page).waitFor("Which AWS role?");
    await quickInput(page).choose("circleci-oidc");
    await notifications(page).waitFor(/There is no job in .circleci\/config.yml that can take the step/);
  });
});
