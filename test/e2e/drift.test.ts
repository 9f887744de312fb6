import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAws } from "../support/aws-cli.ts";
import { notifications, quickInput, runCommand, screenshot } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerUpToReview, openWizard } from "./support/wizard.ts";
import { chooseFromMenu, openRoles, PATIENCE, type RolesView } from "./support/workbench.ts";

let journey: Journey;
let roles: RolesView;

const COMPARE = "CircleCI OIDC: Compare Setup with AWS";
const ROLE = "circleci-oidc";
const SHOTS = process.env["DRIFT_SHOTS"];

beforeAll(async () => {
  journey = await startJourney();
  const { page, sandbox } = journey;
  roles = await openRoles(page);
  const wizard = await openWizard(page);
  const { organization } = sandbox.info;
  await answerUpToReview(wizard, { organization, profile: "hub", branches: "main" });
  await wizard.press("Create in AWS");
  await wizard.sees("Everything has been created.");
  await runCommand(page, "View: Close Editor");
  await roles.sees(/^circleci-oidc\s*made here/);
});
afterAll(async () => journey.stop());

/** Where somebody wants to look at it. */
async function shot(name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await mkdir(SHOTS, { recursive: true });
  await screenshot(journey.page, join(SHOTS, `${name}.png`));
}

async function iam(...args: readonly string[]): Promise<unknown> {
  const { accounts, endpoint } = journey.sandbox.info;
  const [hub] = accounts;
  if (hub === undefined) throw new Error("no account");
  return askAws(endpoint, hub, ["iam", ...args]);
}

const trust = (): string => JSON.stringify(journey.sandbox.aws.dump("111122223333")[0]?.roles[0]?.trust);
const list = () => quickInput(journey.page);
/** The line that says this. */
const line = (says: string) => list().rows.filter({ hasText: says }).first();
async function act(says: string, action: string): Promise<void> {
  await line(says).hover(PATIENCE);
  await line(says).locator(`.action-label[aria-label="${action}"]`).click(PATIENCE);
}

describe("Compare Setup with AWS", () => {
  it("says that nothing differs, and what was looked at", async () => {
    const { page } = journey;
    await runCommand(page, COMPARE);
    await notifications(page).waitFor("circleci-oidc in AWS is as it was set up. Looked at: 2 resources");
    await shot("1-same");
    await runCommand(page, "Notifications: Clear All Notifications");
  });

  it("shows what somebody changed, marks the role, and lays it beside what was set up", async () => {
    const { page } = journey;
    const before = trust();
    const { Role } = journeyRole(await iam("get-role", "--role-name", ROLE));
    const [statement] = Role.AssumeRolePolicyDocument.Statement;
    const widened = { ...Role.AssumeRolePolicyDocument, Statement: [{ ...statement, Condition: {} }] };
    await iam("update-assume-role-policy", "--role-name", ROLE, "--policy-document", JSON.stringify(widened));
    const bucket = { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [bucket] });
    await iam(
      "put-role-policy",
      "--role-name",
      ROLE,
      "--policy-name",
      "buckets",
      "--policy-document",
      policy,
    );

    await roles.title("Refresh Roles");
    await chooseFromMenu(page, roles.row(/^circleci-oidc\s*made here/), "Compare Setup with AWS");
    await list().waitFor("circleci-oidc: what differs from the setup (2)");
    await shot("2-list");
    await roles.sees(/made here · differs from its setup \(2\)/);
    await line("The statement of this setup in its trust policy was changed.").click(PATIENCE);
    await page.locator(".monaco-diff-editor .editor.modified").waitFor(PATIENCE);
    expect(await list().widget.isVisible()).toBe(true);
    await page
      .locator(".monaco-diff-editor .line-insert")
      .first()
      .waitFor({ ...PATIENCE, state: "attached" });
    await page.getByText("Role circleci-oidc: as set up ↔ in AWS").first().waitFor(PATIENCE);
    await shot("3-diff");
    await act("It has an inline policy: buckets", "How to Change It Back");
    const editor = page.locator(".editor-instance .view-lines");
    await editor
      .getByText(/delete-role-policy/)
      .first()
      .waitFor(PATIENCE);
    await shot("4-commands");
    expect(trust()).not.toBe(before);
  });

  it("restores what was set up after the diff and a question, and leaves what was added", async () => {
    const { page } = journey;
    await act("The statement of this setup in its trust policy was changed.", "Restore…");
    await notifications(page).waitFor("The diff shows what restoring changes");
    await shot("5-restore-diff");
    await notifications(page).click("The diff shows what restoring changes", "Go On…");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.waitFor(PATIENCE);
    expect(await dialog.innerText()).toContain(
      "Statement in the trust policy of circleci-oidc (111122223333)",
    );
    await shot("6-question");
    await dialog.locator(".monaco-button", { hasText: "Restore" }).click(PATIENCE);
    await list().waitFor("circleci-oidc: what differs from the setup (1)");
    await notifications(page).waitFor("Restored as it was set up.");
    await shot("7-restored");
    expect(trust()).toContain("oidc.circleci.com/org/");
    expect(JSON.stringify(journey.sandbox.aws.dump("111122223333"))).toContain("s3:ListAllMyBuckets");
  });

  it("accepts the rest, which is then no difference any more", async () => {
    const { page, sandbox } = journey;
    const before = JSON.stringify(sandbox.aws.dump());
    await act("It has an inline policy: buckets", "Accept");
    await notifications(page).waitFor("but for what was accepted (1)");
    await notifications(page).click("but for what was accepted (1)", "Show");
    await list().waitFor("circleci-oidc: what differs from the setup (0)");
    await shot("8-accepted");
    await list().dismiss();
    await expect.poll(() => roles.lines(), PATIENCE).toContain("    circleci-oidc, made here");
    await shot("9-roles");
    expect(JSON.stringify(sandbox.aws.dump())).toBe(before);
  });
});

type Policy = { readonly Statement: readonly Readonly<Record<string, unknown>>[] };
type RoleAnswer = { readonly Role: { readonly AssumeRolePolicyDocument: Policy } };

/** The answer of `get-role`. */
function journeyRole(answer: unknown): RoleAnswer {
  if (!isRole(answer)) throw new Error("no role");
  return answer;
}

function isRole(answer: unknown): answer is RoleAnswer {
  return typeof answer === "object" && answer !== null && "Role" in answer;
}
