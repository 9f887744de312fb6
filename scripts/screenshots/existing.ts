import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answerUpToReview } from "../../test/e2e/support/wizard.ts";
import { quickInput, runCommand } from "../../test/support/vscode-host/index.ts";
import { hideSideBar, showRoles, type Studio } from "./studio.ts";

/** The roles view before anything was asked. */
export async function rolesWelcome({ page, shoot }: Studio): Promise<void> {
  await showRoles(page);
  await page.locator(".welcome-view").getByText("Choose AWS Profile").waitFor();
  await shoot("roles-welcome");
  await hideSideBar(page);
}

/** The review where everything exists, a config that is broken, and a role whose rule would be changed. */
export async function existingPictures({ journey, page, shoot, ...studio }: Studio): Promise<void> {
  const { organization } = journey.sandbox.info;
  const again = await studio.wizard();
  const sub = { profile: "staging", ciProfile: "staging" };
  await answerUpToReview(again, { organization, profile: "hub", branches: "main", sub });
  await again.sees("Everything exists already. Nothing will be created.");
  await shoot("review-exists");
  await withBrokenConfig(journey.demo.repository, async () => {
    await again.press("Continue to the pipeline");
    await (await again.button("Read the config again")).waitFor();
    await shoot("pipeline-failed");
  });

  const other = await studio.wizard();
  await answerUpToReview(other, { organization, profile: "hub" });
  await other.sees("Something exists that would be changed or shared.");
  await shoot("review-change");
  const changes = (await other.frame()).getByRole("button", { name: "Show the change", exact: true });
  await changes.first().click();
  await page.locator(".monaco-diff-editor .line-insert").first().waitFor();
  await shoot("review-compare");
  await runCommand(page, "View: Close All Editors");
}

/** Does something while a tab in the config makes it invalid YAML. */
async function withBrokenConfig(repository: string, act: () => Promise<void>): Promise<void> {
  const config = join(repository, ".circleci/config.yml");
  const good = await readFile(config, "utf8");
  await writeFile(config, good.replace("  test:", "\ttest:"));
  try {
    await act();
  } finally {
    await writeFile(config, good);
  }
}

/** The roles view: an account with roles, one with none, and one that does not answer. */
export async function rolesPictures({ journey, page, shoot }: Studio): Promise<void> {
  const quick = quickInput(page);
  const choose = async (profile: string): Promise<void> => {
    await runCommand(page, "CircleCI OIDC: Choose AWS Profile");
    await quick.waitFor("AWS profile");
    await quick.choose(profile);
  };
  await showRoles(page);
  await choose("hub");
  const role = page.getByRole("treeitem", { name: "circleci-oidc, made here" });
  await role.waitFor();
  await role.click();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("treeitem", { name: /^Trust policy/ }).click();
  await page.getByText('"Statement"').waitFor();
  await shoot("roles-ready");
  await runCommand(page, "View: Close All Editors");
  journey.sandbox.aws.reset();
  await runCommand(page, "CircleCI OIDC: Refresh Roles");
  await page.getByText("CircleCI has no OIDC provider in this account.").waitFor();
  await shoot("roles-empty");
  await choose("company-sso");
  await page.getByText(/SSO session of the profile company-sso/).waitFor();
  await shoot("roles-expired");
}
