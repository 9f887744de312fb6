import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notifications, quickInput, runCommand } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerUpToReview, openWizard, wizardIn } from "./support/wizard.ts";
import { PATIENCE } from "./support/workbench.ts";

/** Of another project of the same organization. */
const OTHER_PROJECT = "99999999-8888-4777-8666-555555555555";
const RoleName = "circleci-oidc";
const READ = "arn:aws:iam::aws:policy/ReadOnlyAccess";

let journey: Journey;
let iam: IAMClient;
/** Their trust policy: what is restored later has to be this very text. */
let theirs: string;

beforeAll(async () => {
  journey = await startJourney();
  const { organization, endpoint, accounts } = journey.sandbox.info;
  const keys = accounts.find(({ id }) => id === "111122223333");
  if (keys === undefined) throw new Error("no hub");
  iam = new IAMClient({ endpoint, region: "us-east-1", credentials: keys });
  const issuer = `oidc.circleci.com/org/${organization}`;
  const statement = {
    Sid: "TheirOwnName",
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: "theirs",
        [`${issuer}:oidc.circleci.com/project-id`]: OTHER_PROJECT,
      },
    },
  };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, undefined, 2);
  const given = { Url: `https://${issuer}`, ClientIDList: ["theirs"], ThumbprintList: ["a".repeat(40)] };
  await iam.send(new CreateOpenIDConnectProviderCommand(given));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ }));
  theirs = await trustNow();
});
afterAll(async () => journey.stop());

async function trustNow(): Promise<string> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
}

const audiences = () =>
  journey.sandbox.aws.dump().flatMap((one) => one.providers.map((each) => each.clientIds));

async function agree(to: string): Promise<void> {
  const group = (await wizardIn(journey.page).frame()).getByRole("group", { name: to });
  await group.getByRole("checkbox").click(PATIENCE);
  await group.locator(":checked, [aria-checked=true]").first().waitFor(PATIENCE);
}

describe("a second project in an account", () => {
  it("is shown what it would share, and writes nothing before that is agreed to", async () => {
    const wizard = await openWizard(journey.page);
    const { organization } = journey.sandbox.info;
    await answerUpToReview(wizard, { organization, profile: "hub", branches: "main" });
    const text = await wizard.text();
    expect(text).toContain("Something exists that would be changed or shared.");
    expect(text).toContain(`The provider will also accept the audience ${organization}.`);
    expect(text).toContain("circleci-oidc was not made for this project.");
    expect(text).toContain(`Jobs of this project can then do what these policies allow: ${READ}.`);
    expect(text).toContain(`Project ${OTHER_PROJECT}: `);
    expect(await (await wizard.button("Create in AWS")).count()).toBe(0);
    expect(await (await wizard.button("Change in AWS")).isEnabled()).toBe(false);
    expect(await trustNow()).toBe(theirs);
  });

  it("shows the change of the trust policy as a comparison", async () => {
    const { page } = journey;
    const group = (await wizardIn(page).frame()).getByRole("group", { name: "Role circleci-oidc" });
    await group.getByRole("button", { name: "Show the change" }).click(PATIENCE);
    const added = page.locator(".monaco-diff-editor .editor.modified .view-line", { hasText: "Sid" });
    await added.first().waitFor(PATIENCE);
    await runCommand(page, "View: Close Editor");
  });

  it("joins the role by a statement of its own once that is agreed to", async () => {
    const wizard = wizardIn(journey.page);
    await agree("OIDC provider");
    await agree("Role circleci-oidc");
    await wizard.press("Change in AWS");
    await wizard.sees("Everything has been created.");
    const trust: unknown = JSON.parse(await trustNow());
    expect(trust).toMatchObject({
      Statement: [{ Sid: "TheirOwnName" }, { Sid: expect.stringMatching(/^CircleCI/) }],
    });
    expect(audiences()).toEqual([["theirs", journey.sandbox.info.organization]]);
  });

  it("leaves the role and the provider to the others when its setup is removed, to the byte", async () => {
    const { page } = journey;
    await runCommand(page, "View: Close Editor");
    await runCommand(page, "CircleCI OIDC: Remove Setup");
    await quickInput(page).choose("circleci-oidc");
    const dialog = page.locator(".monaco-dialog-box");
    await dialog.waitFor(PATIENCE);
    expect(await dialog.innerText()).toContain("Statement in the trust policy of circleci-oidc");
    await dialog.locator(".monaco-button", { hasText: "Remove Setup" }).click(PATIENCE);
    await notifications(page).waitFor("The setup has been removed from AWS.");
    expect(await trustNow()).toBe(theirs);
    expect(audiences()).toEqual([["theirs"]]);
  });
});
