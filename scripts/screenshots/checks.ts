import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { poisonedPolicy } from "../../test/support/poisonedPolicy.ts";
import { notifications, openFile, quickInput, runCommand } from "../../test/support/vscode-host/index.ts";
import type { Studio } from "./studio.ts";

/** What is found in a trust policy, and in a config; ends with no editor open. */
export async function findingPictures({ journey, page, shoot }: Studio): Promise<void> {
  const { repository } = journey.demo;
  const { organization, project } = journey.sandbox.info;
  const policy = join(repository, "policy.json");
  await writeFile(policy, poisonedPolicy(organization, project));
  await openFile(page, "policy.json");
  await runCommand(page, "CircleCI OIDC: Check a Trust Policy");
  await notifications(page).click("This trust policy is not as it should be", "Show Problems");
  const rows = page.locator(".markers-panel .monaco-list-row");
  await rows.filter({ hasText: "lets every project" }).waitFor();
  await shoot("trust-check");

  const folder = join(repository, "services/old");
  await mkdir(join(folder, ".circleci"), { recursive: true });
  await writeFile(join(folder, ".circleci/config.yml"), oldConfig);
  await runCommand(page, "View: Close All Editors");
  await openFile(page, "old/.circleci/config.yml");
  await rows.filter({ hasText: "AWS_ACCESS_KEY_ID" }).first().waitFor();
  await shoot("config-findings");
  await runCommand(page, "View: Hide Panel");
  await runCommand(page, "View: Close All Editors");
  await Promise.all([rm(policy), rm(join(repository, "services"), { recursive: true })]);
}

/** The question before a setup is removed. Nothing is. */
export async function removalPicture({ page, shoot }: Studio): Promise<void> {
  const quick = quickInput(page);
  await runCommand(page, "CircleCI OIDC: Remove Setup");
  await quick.waitFor("Remove a setup");
  await quick.choose("circleci-oidc");
  const dialog = page.locator(".monaco-dialog-box");
  await dialog.getByText("Will be removed:").waitFor();
  await shoot("remove-setup");
  await dialog.locator(".monaco-button", { hasText: "Cancel" }).click();
}

const oldConfig = `version: 2.1
jobs:
  deploy:
    docker:
      - image: cimg/aws:2025.01
    environment:
      AWS_ACCESS_KEY_ID: AKIAIOSFODNN7EXAMPLE
      AWS_DEFAULT_REGION: eu-central-1
    steps:
      - checkout
      - run: echo "$CIRCLE_OIDC_TOKEN_V2"
      - run: |
          cat <<EOF > .env
          STAGE=production
          EOF
      - run: aws s3 sync site s3://acme-web-shop
workflows:
  main:
    jobs: [deploy]
`;
