import { openFile, quickInput, runCommand } from "../../test/support/vscode-host/index.ts";
import type { Wizard } from "../../test/e2e/support/wizard.ts";
import { hideSideBar, showRoles, type Studio } from "./studio.ts";

/** The review of what is new, and the creation: running, cancelled, refused and finished. */
export async function applyPictures({ journey, aws, shoot }: Studio, wizard: Wizard): Promise<void> {
  const { knobs } = journey.sandbox.aws;
  aws.hold();
  await wizard.press("Next");
  await wizard.sees("Reading what exists in your accounts…");
  await shoot("review-loading");
  aws.open();
  await wizard.sees("Who can assume the role then");
  await shoot("review-new");
  await openDetails(wizard, /Role circleci-oidc \(111122223333\)/);
  await shoot("review-json", { at: '"StringLike"' });

  knobs({ latencyMs: 4000 });
  await wizard.press("Create in AWS");
  const progress = (await wizard.frame()).locator(".progress");
  await progress.locator('[data-status="done"]').first().waitFor();
  await progress.locator('[data-status="running"]').first().waitFor();
  await shoot("apply-running");
  await wizard.press("Cancel");
  await wizard.sees("These exist now because of this wizard:");
  await shoot("apply-cancelled");

  knobs({ latencyMs: 0, faults: [{ action: "AttachRolePolicy", kind: "accessDenied", times: 9 }] });
  await reviewAgain(wizard);
  await wizard.press("Create in AWS");
  await wizard.sees("Not everything could be created");
  await shoot("apply-failed");
  knobs({ faults: [] });
  await reviewAgain(wizard);
  await wizard.press("Create in AWS");
  await wizard.sees("Everything has been created.");
  await shoot("apply-finished");
}

async function reviewAgain(wizard: Wizard): Promise<void> {
  await wizard.press("Review again and finish");
  await wizard.page("Review");
  await wizard.sees("Who can assume the role then");
}

async function openDetails(wizard: Wizard, summary: RegExp): Promise<void> {
  const frame = await wizard.frame();
  await frame.locator("summary", { hasText: summary }).click();
}

/** The choice of jobs, the diff, the step in the config, and the last page. */
export async function pipelinePictures(studio: Studio, wizard: Wizard): Promise<void> {
  const { page, shoot } = studio;
  await wizard.press("Next");
  await wizard.page("Add the step to your pipeline");
  await wizard.check("deploy");
  await shoot("pipeline-jobs");
  await stepPictures(studio, wizard);

  await wizard.press("Show the diff");
  await page.locator(".monaco-diff-editor .line-insert").first().waitFor();
  await shoot("pipeline-diff");
  await runCommand(page, "View: Close Editor");
  await wizard.press("Insert the step");
  await wizard.page("Done");
  await heroPicture(studio);
  await runCommand(page, "View: Close Editor");
  await wizard.page("Done");
  await shoot("done-inserted");

  await runCommand(page, "View: Close All Editors");
  await openFile(page, "config.yml");
  await page.getByText(/^AWS OIDC auth: circleci-oidc/).waitFor();
  await page.getByText("Insert AWS auth step").waitFor();
  await shoot("editor-inserted");

  // The test job's lens: the role refuses the branches it runs on.
  const quick = quickInput(page);
  // A lens that was drawn a moment ago may be drawn anew under the pointer: it is clicked until it answers.
  for (let tries = 0; tries < 5 && !(await quick.widget.isVisible()); tries += 1) {
    await page.getByText("Insert AWS auth step").click();
    await quick.widget.waitFor({ timeout: 3000 }).catch(() => undefined);
  }
  await quick.waitFor("Which AWS role?");
  await quick.choose("circleci-oidc");
  await quick.waitFor("How should the step work?");
  await shoot("insert-how");
  await page.keyboard.press("Escape");
}

/** How the step is to work: refused runs, what does not go together, and the choices that are rarely wanted. */
async function stepPictures({ shoot }: Studio, wizard: Wizard): Promise<void> {
  await wizard.check("test");
  await wizard.sees("The role refuses some runs of these jobs");
  await shoot("pipeline-refused", { at: "On branches that the role refuses" });
  await wizard.press("Leave these jobs out");
  await wizard.check("Web identity file");
  await wizard.fill("Minutes that the longest AWS step takes", "90");
  await wizard.press("Insert the step");
  await wizard.sees("A web identity file is good for an hour");
  await openDetails(wizard, /Advanced/);
  await shoot("pipeline-invalid", { at: "Variable that holds the role’s ARN" });
  await openDetails(wizard, /Advanced/);
  await wizard.fill("Minutes that the longest AWS step takes", "");
  await wizard.check("Short-lived keys as profiles");
}

/** The wizard, the config it edited and what CircleCI can reach then, in one window. */
async function heroPicture({ page, shoot }: Studio): Promise<void> {
  await showRoles(page);
  await page.getByRole("treeitem", { name: "circleci-oidc, made here" }).waitFor();
  // With the cursor in the step: an editor that was never used may not have drawn its CodeLenses yet.
  await page.locator(".view-line", { hasText: /name:\s*AWS\s+OIDC\s+auth/ }).click();
  await page.getByText(/^AWS OIDC auth: circleci-oidc/).waitFor();
  await shoot("hero", { size: { width: 1440, height: 860 } });
  await hideSideBar(page);
}
