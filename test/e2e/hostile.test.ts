import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickInput } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { openWizard, type Wizard } from "./support/wizard.ts";

const MALLORY = "66666666-dead-4bad-8bad-666666666666";
const MALLORY_PROJECT = "77777777-dead-4bad-9bad-777777777777";

let journey: Journey;
let wizard: Wizard;

beforeAll(async () => {
  journey = await startJourney({
    prepare: async ({ repository }) => {
      const info = `organization:\n  id: ${MALLORY}\n  name: acme\nproject:\n  id: ${MALLORY_PROJECT}\n  name: web-shop\n  slug: gh/mallory/web-shop\n`;
      await writeFile(join(repository, ".circleci/info.yml"), info);
    },
  });
  wizard = await openWizard(journey.page);
});
afterAll(async () => journey.stop());

async function expectNoWayOn(): Promise<void> {
  await wizard.press("Next");
  await wizard.page("Which CircleCI project?");
}

describe("a repository that names a foreign organization", () => {
  it("does not get it filled in", async () => {
    const frame = await wizard.frame();
    expect(await frame.getByLabel("Organization ID", { exact: true }).inputValue()).toBe("");
    await expectNoWayOn();
    await wizard.sees("Enter the organization ID.");
  });

  it("is found out when the user names their own", async () => {
    await wizard.fill("Organization ID", journey.sandbox.info.organization);
    await wizard.sees("This is not the organization that .circleci/info.yml names.");
    await expectNoWayOn();
    await wizard.fill("Project ID", journey.sandbox.info.project);
    await expectNoWayOn();
  });

  it("is found out by the CircleCI API, whatever is typed", async () => {
    await wizard.press("Find with my CircleCI token…");
    const [user] = journey.sandbox.circleci.users;
    await quickInput(journey.page).waitFor("CircleCI API token");
    await quickInput(journey.page).submit(user?.token ?? "");
    await wizard.sees("CircleCI says that this project belongs to the organization acme");
    for (const organization of [MALLORY, journey.sandbox.info.organization]) {
      await wizard.fill("Organization ID", organization);
      await expectNoWayOn();
    }
  });

  it("has made nothing in AWS", () => {
    const written = journey.sandbox.aws.calls().filter(({ action }) => !/^(Get|List)/.test(action));
    expect(written).toEqual([]);
  });
});
