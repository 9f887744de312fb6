import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startJourney, type Journey } from "./support/journey.ts";
import { authStepOf, createJobs } from "./support/pipeline.ts";
import { answerAccounts, openWizard, type Wizard } from "./support/wizard.ts";

/*
 * Direct federation from end to end: each account takes CircleCI's token itself, without a role in between. The step goes
 * into the file that a setup pipeline continues with, and the job then is in each account by the token alone.
 */

const CONTINUED = `version: 2.1
jobs:
  release:
    docker: [{ image: "cimg/aws:2025.01" }]
    steps:
      - checkout
      - run: aws s3 sync . s3://web-shop
workflows:
  release:
    jobs:
      - release: { filters: { branches: { only: main } } }
`;

let journey: Journey;
let wizard: Wizard;
let [config, continued]: readonly [string, string] = ["", ""];
let untouched = Buffer.alloc(0);

beforeAll(async () => {
  journey = await startJourney({
    prepare: async ({ repository }) => {
      [config, continued] = [
        join(repository, ".circleci/config.yml"),
        join(repository, ".circleci/continue.yml"),
      ];
      untouched = await readFile(config);
      await writeFile(continued, CONTINUED);
    },
  });
});
afterAll(async () => journey.stop());

describe("the wizard", () => {
  it("sets up a provider and a role in each account, and no policy that leads from one to the other", async () => {
    wizard = await openWizard(journey.page);
    await answerAccounts(wizard, {
      organization: journey.sandbox.info.organization,
      profile: "hub",
      sub: { profile: "staging", ciProfile: "staging" },
    });
    await wizard.check("Each by CircleCI’s token");
    await wizard.press("Next");
    await wizard.check("Only these branches and tags of this repository");
    await wizard.fill("Branches", "main");
    await wizard.press("Next");
    await wizard.page("What may CI do?");
    const frame = await wizard.frame();
    const nothing = frame.getByLabel("Nothing yet", { exact: true });
    // Both accounts' roles are reached by the token, so each is asked about.
    expect(await nothing.count()).toBe(2);
    await nothing.first().click();
    await nothing.last().click();
    await wizard.press("Next");
    await wizard.sees("This chain is not publicly trusted");
    await wizard.press("Next");
    await wizard.sees("Who can assume the role then");
    const resources = await frame.locator("summary").allInnerTexts();
    expect(resources.map((text) => text.replace(/\s+/g, " "))).toEqual([
      expect.stringMatching(/^OIDC provider .*\(111122223333\)/),
      expect.stringMatching(/^Role circleci-oidc \(111122223333\)/),
      expect.stringMatching(/^OIDC provider .*\(444455556666\)/),
      expect.stringMatching(/^Role circleci-oidc \(444455556666\)/),
    ]);
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
  });

  it("lets the file be chosen that the pipeline continues with", async () => {
    await wizard.press("Next");
    await wizard.page("Add the step to your pipeline");
    await wizard.sees("Jobs in .circleci/config.yml");
    await wizard.choose("CircleCI config", ".circleci/continue.yml");
    await wizard.sees("Jobs in .circleci/continue.yml");
    await wizard.press("Insert the step");
    await wizard.page("Done");
    await wizard.sees("The step is in the config, in these jobs: release.");
    expect(await readFile(config)).toEqual(untouched);
  });
});

describe("the inserted step", () => {
  let jobWith: Awaited<ReturnType<typeof createJobs>>;
  beforeAll(async () => {
    jobWith = await createJobs(journey);
  });
  const who = (profile: string): string => `aws sts get-caller-identity ${profile} --query Arn --output text`;

  it("lets the next step into each account by the token", async () => {
    const job = await jobWith({});
    try {
      expect(await job.step(await authStepOf(continued, "release"))).toMatchObject({ code: 0 });
      expect((await job.step(who(""))).stdout).toMatch(
        /^arn:aws:sts::111122223333:assumed-role\/circleci-oidc\/circleci-7-/,
      );
      expect((await job.step(who("--profile staging"))).stdout).toMatch(
        /^arn:aws:sts::444455556666:assumed-role\/circleci-oidc\/circleci-7-/,
      );
      const roles = journey.sandbox.aws.calls().filter(({ action }) => action === "AssumeRole");
      expect(roles).toEqual([]);
    } finally {
      await job.remove();
    }
  });

  it("is refused on another branch, by each account", async () => {
    const job = await jobWith({ branch: "feature" });
    try {
      const refused = await job.step(await authStepOf(continued, "release"));
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain("Its trust policy does not admit this job");
      const staging = await job.step(who("--profile staging"));
      expect(staging.code).not.toBe(0);
    } finally {
      await job.remove();
    }
  });
});
