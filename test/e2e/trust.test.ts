import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lintTrustPolicy } from "../../src/core/trust/index.ts";
import { poisonedPolicy } from "../support/poisonedPolicy.ts";
import { notifications, openFile, runCommand } from "../support/vscode-host/index.ts";
import { saveAsItIs } from "./support/editor.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { openWizard, type Wizard } from "./support/wizard.ts";
import { PATIENCE, takeQuickFix } from "./support/workbench.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({
    prepare: async ({ repository }, { info }) =>
      writeFile(join(repository, "policy.json"), poisonedPolicy(info.organization, info.project)),
  });
});
afterAll(async () => journey.stop());

describe("Check a Trust Policy", () => {
  const rows = () => journey.page.locator(".markers-panel .monaco-list-row");

  it("says what is wrong with a JSON file, and nothing before it is asked", async () => {
    const { page, sandbox } = journey;
    await openFile(page, "policy.json");
    await runCommand(page, "View: Toggle Problems");
    await page.getByText("No problems have been detected in the workspace.").waitFor(PATIENCE);
    await runCommand(page, "CircleCI OIDC: Check a Trust Policy");
    await notifications(page).waitFor("This trust policy is not as it should be");
    await rows().filter({ hasText: "lets every project of the organization in" }).waitFor(PATIENCE);
    await rows().filter({ hasText: "A branch can be named so" }).waitFor(PATIENCE);
    expect(sandbox.aws.calls()).toEqual([]);
  });

  it("mends it by its quick fixes, after which nothing is left to say", async () => {
    const { page, demo } = journey;
    for (const finding of ["lets every project of the organization in", "A branch can be named so"]) {
      await rows().filter({ hasText: finding }).click(PATIENCE);
      await takeQuickFix(page);
      await rows()
        .filter({ hasText: finding })
        .waitFor({ ...PATIENCE, state: "detached" });
    }
    await saveAsItIs(page);
    const saved = await readFile(join(demo.repository, "policy.json"), "utf8");
    expect(lintTrustPolicy({ policy: saved }).map(({ severity }) => severity)).not.toContain("critical");
    expect(saved).toContain("/user/????????-????-????-????-????????????/vcs-origin/");
  });
});

describe("the access page", () => {
  let wizard: Wizard;
  let frame: Frame;

  /** What becomes of a case, by its sentence. */
  const verdict = async (sentence: string): Promise<string> => {
    const summary = frame.locator("summary", { hasText: sentence }).first();
    await summary.waitFor(PATIENCE);
    return (await summary.locator(".badge").innerText()).trim();
  };

  beforeAll(async () => {
    wizard = await openWizard(journey.page);
    await wizard.fill("Organization ID", journey.sandbox.info.organization);
    await wizard.press("Next");
    await wizard.choose("AWS profile", "hub (access key)");
    await wizard.sees(/arn:aws:iam::\d{12}:user\/admin/);
    await wizard.press("Next");
    await wizard.page("Who may use the role?");
    frame = await wizard.frame();
  });

  it("shows the policy as it forms, in words, and held against the account's own quota", async () => {
    await wizard.check("Only these branches and tags of this repository");
    await wizard.fill("Branches", "main, release/*");
    await wizard.fill("Tags", "v*");
    await wizard.sees("whose token says a branch of github.com/acme/web-shop that begins with release/");
    await wizard.sees(/^\d{3,4} of the 2048 characters that the account allows\.$/);
    const policy = await frame.locator("pre").innerText();
    expect(policy).toContain("/vcs-ref/refs/tags/v*");
    expect(lintTrustPolicy({ policy }).map(({ severity }) => severity)).not.toContain("warning");
  });

  it("shows what becomes of forks, injected branch names and other strangers", async () => {
    expect(await verdict("A job on branch main of")).toBe("ALLOW");
    expect(await verdict("A job on branch some-other-branch")).toBe("DENY");
    expect(await verdict("A pull request from the fork")).toBe("DENY");
    expect(await verdict("A branch that is named x/vcs-origin")).toBe("DENY");
    expect(await verdict("A job of another project")).toBe("DENY");
    expect(await verdict("streaming the organization’s audit logs")).toBe("DENY");
    expect(await verdict("takes its config or its checkout from another branch")).toBe("ALLOW");
    await wizard.check("All of them");
    await wizard.sees("on any branch or tag and however it was triggered");
    expect(await verdict("A pull request from the fork")).toBe("ALLOW");
    expect(await verdict("A job of another project")).toBe("DENY");
  });

  it("warns of a rule that is none", async () => {
    await wizard.check("Only these branches and tags of this repository");
    await wizard.fill("Branches", "*");
    await wizard.sees("anybody who can push a branch gets in");
  });
});
