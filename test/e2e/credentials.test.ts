import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAws } from "../support/aws-cli.ts";
import { quickInput } from "../support/vscode-host/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { openWizard, type Wizard } from "./support/wizard.ts";

const MFA_CODE = "246810";
const HUB = {
  id: "111122223333",
  name: "hub",
  accessKeyId: "AKIASANDBOXHUB111122",
  secretAccessKey: "sandbox-hub-secret",
  mfaCode: MFA_CODE,
};

let journey: Journey;
let wizard: Wizard;

beforeAll(async () => {
  journey = await startJourney({
    sandbox: { aws: { accounts: [HUB] } },
    prepare: async ({ home }) => {
      const config = join(home, ".aws", "config");
      await appendFile(
        config,
        `\n[profile sso]\nsso_session = none\nsso_account_id = ${HUB.id}\nsso_role_name = a\n`,
      );
      await appendFile(
        config,
        "[sso-session none]\nsso_region = us-east-1\nsso_start_url = https://127.0.0.1:9/\n",
      );
    },
  });
  wizard = await openWizard(journey.page);
  await wizard.fill("Organization ID", journey.sandbox.info.organization);
  await wizard.press("Next");
  await wizard.page("Which AWS account?");
});
afterAll(async () => journey.stop());

describe("credentials that do not work yet", () => {
  it("name the command that signs in, and keep the answers", async () => {
    await wizard.fill("Role name", "my-role");
    await wizard.choose("AWS profile", "sso (IAM Identity Center)");
    await wizard.sees("Run aws sso login --profile sso in a terminal");
    await wizard.press("Try again");
    await wizard.sees("Run aws sso login --profile sso in a terminal");
    const frame = await wizard.frame();
    expect(await frame.getByLabel("Role name", { exact: true }).inputValue()).toBe("my-role");
  });

  it("stop at another account than the one that is meant", async () => {
    await wizard.choose("AWS profile", "hub (access key)");
    await wizard.sees(/arn:aws:iam::111122223333:user\/admin/);
    await wizard.fill("AWS account ID", "444455556666");
    await wizard.press("Next");
    await wizard.sees("You mean account 444455556666; this profile belongs to account 111122223333.");
    await wizard.page("Which AWS account?");
  });
});

describe("a profile with MFA", () => {
  it("asks for the code in an input box", async () => {
    // A role that the administrator may assume with MFA, and a profile that does so.
    const { endpoint } = journey.sandbox.info;
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${HUB.id}:root` },
          Action: "sts:AssumeRole",
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        },
      ],
    };
    const document = JSON.stringify(trust);
    await askAws(endpoint, HUB, [
      "iam",
      "create-role",
      "--role-name",
      "ops",
      "--assume-role-policy-document",
      document,
    ]);
    const lines = [
      "",
      "[profile ops]",
      `role_arn = arn:aws:iam::${HUB.id}:role/ops`,
      "source_profile = hub",
      `mfa_serial = arn:aws:iam::${HUB.id}:mfa/admin`,
      "region = eu-central-1",
      `endpoint_url = ${endpoint}`,
      "",
    ];
    await appendFile(join(journey.demo.home, ".aws", "config"), lines.join("\n"));
    await wizard.press("Read the profiles again");
    await wizard.choose("AWS profile", "ops (assumes a role)");
    await quickInput(journey.page).waitFor();
    await quickInput(journey.page).submit(MFA_CODE);
    await wizard.sees(/arn:aws:sts::111122223333:assumed-role\/ops\//);
  });
});
