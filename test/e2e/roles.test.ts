import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAws } from "../support/aws-cli.ts";
import { notifications, quickInput } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { chooseFromMenu, openRoles, PATIENCE, type RolesView } from "./support/workbench.ts";
import { answerUpToReview, wizardIn } from "./support/wizard.ts";

let journey: Journey;
let roles: RolesView;

/** A profile whose secret does not fit its key; the right one comes later. */
const WRONG = "not-the-secret";

beforeAll(async () => {
  journey = await startJourney({
    prepare: async ({ home }) => {
      const credentials = join(home, ".aws/credentials");
      const [keys = ""] = /aws_access_key_id = .*/.exec(await readFile(credentials, "utf8")) ?? [];
      const [endpoint = ""] =
        /endpoint_url = .*/.exec(await readFile(join(home, ".aws/config"), "utf8")) ?? [];
      await appendFile(credentials, `\n[mistyped]\n${keys}\naws_secret_access_key = ${WRONG}\n`);
      await appendFile(
        join(home, ".aws/config"),
        `\n[profile mistyped]\nregion = eu-central-1\n${endpoint}\n`,
      );
    },
  });
  await journey.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  roles = await openRoles(journey.page);
});
afterAll(async () => journey.stop());

const calls = (): number => journey.sandbox.aws.calls().length;

async function chooseProfile(name: string): Promise<void> {
  await quickInput(journey.page).waitFor("AWS profile");
  await quickInput(journey.page).choose(name);
}

describe("the view CircleCI OIDC › Roles", () => {
  it("says what it is for and asks nobody before a profile is chosen", async () => {
    await roles.welcome.getByText("See which AWS roles CircleCI can assume.").waitFor(PATIENCE);
    expect(await roles.lines()).toEqual([]);
    expect(calls()).toBe(0);
  });

  it("offers the set-up where the account has no provider for CircleCI", async () => {
    await roles.welcome.getByRole("button", { name: "Choose AWS Profile" }).click();
    await chooseProfile("hub");
    await roles.sees("Account 111122223333");
    expect(await roles.lines()).toEqual([
      expect.stringMatching(/^Account 111122223333, hub · asked at 127\.0\.0\.1:\d+$/),
      "  CircleCI has no OIDC provider in this account.",
      "  Set Up AWS Access",
    ]);
  });

  it("lists what the wizard has created, as soon as it is there", async () => {
    await roles.row("Set Up AWS Access").click();
    const wizard = wizardIn(journey.page);
    await wizard.page("Which CircleCI project?");
    const { organization } = journey.sandbox.info;
    const sub = { profile: "staging", ciProfile: "staging" };
    await answerUpToReview(wizard, { organization, profile: "hub", branches: "main", sub });
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
    await roles.sees(`Organization ${organization}`);
    await expandRole();
    expect((await roles.lines()).slice(1)).toEqual([
      `  Organization ${organization}`,
      `    Audiences, ${organization}`,
      expect.stringMatching(/^ {4}Thumbprints, [0-9a-f]{40}$/),
      "    circleci-oidc, made here",
      "      Trust policy",
      "      circleci-oidc-assume-sub-accounts, managed policy",
    ]);
  });

  it("copies the ARN of a role", async () => {
    await roles.act(/^circleci-oidc\s*made here/, "Copy ARN");
    await expect
      .poll(() => journey.page.evaluate("navigator.clipboard.readText()"), PATIENCE)
      .toBe("arn:aws:iam::111122223333:role/circleci-oidc");
  });

  it("opens a role in the AWS console, after VS Code has asked", async () => {
    await roles.act(/^circleci-oidc\s*made here/, "Open in AWS Console");
    const dialog = journey.page.locator(".monaco-dialog-box");
    await dialog.waitFor(PATIENCE);
    expect(await dialog.innerText()).toContain(
      "https://console.aws.amazon.com/iam/home#/roles/details/circleci-oidc",
    );
    await journey.page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden", ...PATIENCE });
  });

  it("opens the trust policy as it is stored", async () => {
    await roles.row("Trust policy").click();
    const editor = journey.page.locator(".editor-instance .view-lines");
    await editor.getByText("sts:AssumeRoleWithWebIdentity").waitFor(PATIENCE);
  });

  it("checks the trust policy of a role from its context menu, and asks nobody for it", async () => {
    const { page, sandbox } = journey;
    const before = sandbox.aws.calls().length;
    await chooseFromMenu(page, roles.row(/^circleci-oidc\s*made here/), "Check a Trust Policy");
    await notifications(page).waitFor("Nothing to object to in this trust policy.");
    expect(sandbox.aws.calls()).toHaveLength(before);
  });

  it("shows what has changed when it is refreshed", async () => {
    const { accounts, endpoint } = journey.sandbox.info;
    const [hub] = accounts;
    if (hub === undefined) throw new Error("no account");
    const document = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }],
    });
    await askAws(endpoint, hub, [
      "iam",
      "put-role-policy",
      "--role-name",
      "circleci-oidc",
      "--policy-name",
      "list-buckets",
      "--policy-document",
      document,
    ]);
    await roles.title("Refresh Roles");
    await roles.sees(/list-buckets/);
    expect(await roles.lines()).toContain("      list-buckets, inline policy");
  });

  it("says what is wrong with a profile, and Try again helps once it is mended", async () => {
    await roles.title("Choose AWS Profile");
    await chooseProfile("mistyped");
    await roles.sees("AWS refuses the signature");
    expect(await roles.lines()).toEqual([
      "AWS refuses the signature: the secret key of the profile mistyped does not fit its access key.",
      "Enter both keys again with the command: aws configure",
      "Try again",
      "Choose another AWS profile",
    ]);
    const credentials = join(journey.demo.home, ".aws/credentials");
    const secret = journey.sandbox.info.accounts[0]?.secretAccessKey ?? "";
    await writeFile(credentials, (await readFile(credentials, "utf8")).replace(WRONG, secret));
    await roles.row("Try again").click();
    await roles.sees("Account 111122223333");
    expect((await roles.lines())[0]).toMatch(/^Account 111122223333, mistyped/);
  });
});

/** The role stays folded until somebody wants to see more. */
async function expandRole(): Promise<void> {
  const role = roles.row(/^circleci-oidc\s*made here/);
  await role.waitFor(PATIENCE);
  if ((await role.getAttribute("aria-expanded")) === "false")
    await role.locator(".monaco-tl-twistie").click();
  await roles.sees("Trust policy");
}
