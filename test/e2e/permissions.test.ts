import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAws } from "../support/aws-cli.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { answerAccounts, openWizard, type Wizard } from "./support/wizard.ts";

/*
 * What CI may do: a sub-account's role with a path gets a permission out of a template, and a policy that exists. The
 * real aws CLI finds role, policy and attachments exactly as the review page showed them.
 */

let journey: Journey;
let wizard: Wizard;
const shown = new Map<string, unknown>();

beforeAll(async () => {
  journey = await startJourney();
});
afterAll(async () => journey.stop());

const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

describe("the wizard", () => {
  it("asks for a path in what is folded away, and says what is wrong with it", async () => {
    wizard = await openWizard(journey.page);
    await answerAccounts(wizard, {
      organization: journey.sandbox.info.organization,
      profile: "hub",
      sub: { profile: "staging", ciProfile: "staging" },
    });
    const frame = await wizard.frame();
    await frame.locator("summary", { hasText: "More about the role" }).last().click();
    const path = frame.getByLabel("Path", { exact: true }).last();
    await path.fill("ci");
    await wizard.press("Next");
    await wizard.sees("A path begins and ends with a slash");
    await path.fill("/ci/");
    await wizard.press("Next");
    await wizard.page("Who may use the role?");
    await wizard.press("Next");
  });

  it("does not go on before it is said what CI may do", async () => {
    await wizard.page("What may CI do?");
    expect(await (await wizard.frame()).locator("input:checked").count()).toBe(0);
    await wizard.press("Next");
    await wizard.sees("Choose what CI may do, or “Nothing yet”.");
    await wizard.check("What I choose here");
    await wizard.press("Deploy a site to S3");
    await wizard.fill("Bucket", "acme-web-shop");
    await wizard.fill("CloudFront distribution (optional)", "E2QWRUHAPOMQZL");
    await wizard.sees("New policy circleci-oidc-s3-site");
    await wizard.press("Existing policies");
    await wizard.fill("Policy ARNs", "arn:aws:iam::aws:policy/AdministratorAccess");
    await wizard.press("Next");
    await wizard.sees("Type AdministratorAccess to show that you mean it");
    await wizard.fill("Policy ARNs", READ_ONLY);
    await wizard.press("Next");
    await wizard.sees("This chain is not publicly trusted");
    await wizard.press("Next");
    await wizard.sees("Who can assume the role then");
  });

  it("shows it all in the review, and creates it", async () => {
    const frame = await wizard.frame();
    for (const details of await frame.locator("details").all()) {
      await details.locator("summary").click();
      const json: unknown = JSON.parse(await details.locator("pre").innerText());
      shown.set(await details.locator("summary").innerText(), json);
    }
    expect(shown.size).toBe(8);
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
  });
});

describe("the aws CLI finds in the sub-account", () => {
  const ask = (...args: readonly string[]): Promise<unknown> => {
    const { endpoint, accounts } = journey.sandbox.info;
    const [, keys] = accounts;
    if (keys === undefined) throw new Error("no such account");
    return askAws(endpoint, keys, ["iam", ...args]);
  };
  const request = <T>(name: RegExp, schema: v.GenericSchema<unknown, T>): T => {
    const found = [...shown].find(([summary]) => name.test(summary));
    return v.parse(schema, found?.[1]);
  };

  it("the role as it was shown, below its path", async () => {
    const Wanted = v.object({
      RoleName: v.string(),
      Path: v.literal("/ci/"),
      AssumeRolePolicyDocument: v.unknown(),
      Description: v.string(),
      MaxSessionDuration: v.number(),
    });
    const wanted = request(/^Role circleci-oidc \(444455556666\)/, Wanted);
    const { Role: role } = v.parse(
      v.object({ Role: v.object({ ...Wanted.entries, Arn: v.string() }) }),
      await ask("get-role", "--role-name", wanted.RoleName),
    );
    expect(role).toEqual({ ...wanted, Arn: "arn:aws:iam::444455556666:role/ci/circleci-oidc" });
  });

  const arn = "arn:aws:iam::444455556666:policy/circleci-oidc-s3-site";

  it("the policy as it was shown", async () => {
    const wanted = request(/^Policy circleci-oidc-s3-site \(/, v.object({ PolicyDocument: v.unknown() }));
    const answer = await ask("get-policy-version", "--policy-arn", arn, "--version-id", "v1");
    const Version = v.object({ PolicyVersion: v.object({ Document: v.unknown() }) });
    expect(v.parse(Version, answer).PolicyVersion.Document).toEqual(wanted.PolicyDocument);
    expect(JSON.stringify(wanted)).toContain("distribution/E2QWRUHAPOMQZL");
  });

  it("the attachments as they were shown, and no other", async () => {
    const Attachment = v.object({ RoleName: v.string(), PolicyArn: v.string() });
    const wanted = [/^Policy circleci-oidc-s3-site on/, /^Policy ReadOnlyAccess on/].map((name) =>
      request(name, Attachment),
    );
    expect(wanted.map(({ PolicyArn }) => PolicyArn)).toEqual([arn, READ_ONLY]);
    const { AttachedPolicies } = v.parse(
      v.object({ AttachedPolicies: v.array(v.object({ PolicyArn: v.string() })) }),
      await ask("list-attached-role-policies", "--role-name", "circleci-oidc"),
    );
    expect(AttachedPolicies.map(({ PolicyArn }) => PolicyArn).toSorted()).toEqual(
      [READ_ONLY, arn].toSorted(),
    );
  });
});
