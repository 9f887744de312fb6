import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askAws } from "../support/aws-cli.ts";
import type { TokenRequest } from "../support/circleci/index.ts";
import { startJourney, type Journey } from "./support/journey.ts";
import { authStepOf, createJobs, type Job } from "./support/pipeline.ts";
import { answerUpToReview, openWizard, type Wizard } from "./support/wizard.ts";

/*
 * The proof: from a clone to a proven role. The wizard is gone through as a user would, in the installed
 * extension; the real aws CLI finds what it made, as the review page showed it; and the step it inserted, run as
 * CircleCI runs it, gets credentials with the right token and with no other.
 */

let journey: Journey;
let wizard: Wizard;
const shown = new Map<string, unknown>();

beforeAll(async () => {
  journey = await startJourney({ sandbox: { aws: { knobs: { latencyMs: 300 } } } });
});
afterAll(async () => journey.stop());

describe("the wizard", () => {
  it("leads to a review with the exact JSON of every resource", async () => {
    const { organization } = journey.sandbox.info;
    wizard = await openWizard(journey.page);
    const sub = { profile: "staging", ciProfile: "staging" };
    await answerUpToReview(wizard, { organization, profile: "hub", branches: "main", sub });
    expect(await wizard.text()).toContain(
      "whose token says branch main of github.com/acme/web-shop, started by anyone.",
    );
    const frame = await wizard.frame();
    for (const details of await frame.locator("details").all()) {
      await details.locator("summary").click();
      const json: unknown = JSON.parse(await details.locator("pre").innerText());
      shown.set(await details.locator("summary").innerText(), json);
    }
    expect(shown.size).toBe(5);
    expect(journey.sandbox.aws.calls().filter((call) => /^(Create|Attach|Put)/.test(call.action))).toEqual(
      [],
    );
  });

  it("shows each resource pending, running and done", async () => {
    const frame = await wizard.frame();
    // What the progress list has said over time, noted in the page itself so that nothing is missed.
    await frame.evaluate(`{
      const seen = new Set();
      const note = () => {
        for (const word of ["waiting", "being written", "created"]) {
          if (document.body.innerText.includes(word)) seen.add(word);
        }
        document.body.dataset.seen = [...seen].join(", ");
      };
      new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
    }`);
    await wizard.press("Create in AWS");
    await wizard.sees("Everything has been created.");
    const seen = await frame.locator("body").getAttribute("data-seen");
    expect(seen?.split(", ")).toEqual(expect.arrayContaining(["waiting", "being written", "created"]));
  });

  it("inserts the step into the chosen job and saves the config", async () => {
    await wizard.press("Next");
    await wizard.page("Add the step to your pipeline");
    await wizard.check("deploy");
    await wizard.press("Insert the step");
    await wizard.page("Done");
    expect(await wizard.text()).toContain("arn:aws:iam::111122223333:role/circleci-oidc");
    const command = await authStepOf(join(journey.demo.repository, ".circleci/config.yml"), "deploy");
    expect(command).toContain("role=arn:aws:iam::111122223333:role/circleci-oidc");
  });
});

const Tags = v.array(v.object({ Key: v.string(), Value: v.string() }));

describe("the aws CLI finds", () => {
  const ask = (account: 0 | 1, ...args: readonly string[]): Promise<unknown> => {
    const { endpoint, accounts } = journey.sandbox.info;
    const keys = accounts[account];
    if (keys === undefined) throw new Error("no such account");
    return askAws(endpoint, keys, args);
  };
  const request = <T>(name: RegExp, schema: v.GenericSchema<unknown, T>): T => {
    const found = [...shown].find(([summary]) => name.test(summary));
    return v.parse(schema, found?.[1]);
  };
  const sorted = (tags: v.InferOutput<typeof Tags>): v.InferOutput<typeof Tags> =>
    tags.toSorted((a, b) => a.Key.localeCompare(b.Key));

  it("the provider as it was shown", async () => {
    const wanted = request(
      /^OIDC provider/,
      v.object({ Url: v.string(), ClientIDList: v.array(v.string()), Tags }),
    );
    const arn = `arn:aws:iam::111122223333:oidc-provider/${wanted.Url.replace("https://", "")}`;
    const answer = await ask(0, "iam", "get-open-id-connect-provider", "--open-id-connect-provider-arn", arn);
    const provider = v.parse(v.object({ Url: v.string(), ClientIDList: v.array(v.string()), Tags }), answer);
    expect(`https://${provider.Url}`).toBe(wanted.Url);
    expect(provider.ClientIDList).toEqual(wanted.ClientIDList);
    expect(sorted(provider.Tags)).toEqual(sorted(wanted.Tags));
  });

  it.each([
    ["the hub role", 0, /^Role circleci-oidc \(111122223333\)/],
    ["the sub-account role", 1, /^Role circleci-oidc \(444455556666\)/],
  ] as const)("%s as it was shown", async (_what, account, name) => {
    const Wanted = v.object({
      RoleName: v.string(),
      AssumeRolePolicyDocument: v.unknown(),
      Description: v.string(),
      MaxSessionDuration: v.number(),
      Tags,
    });
    const wanted = request(name, Wanted);
    const answer = await ask(account, "iam", "get-role", "--role-name", wanted.RoleName);
    const { Role: role } = v.parse(v.object({ Role: Wanted }), answer);
    expect({ ...role, Tags: sorted(role.Tags) }).toEqual({ ...wanted, Tags: sorted(wanted.Tags) });
  });

  it("the policy as it was shown, attached to the hub role", async () => {
    const wanted = request(
      /^Policy circleci-oidc-assume-sub-accounts \(/,
      v.object({ PolicyDocument: v.unknown() }),
    );
    const arn = "arn:aws:iam::111122223333:policy/circleci-oidc-assume-sub-accounts";
    const answer = await ask(0, "iam", "get-policy-version", "--policy-arn", arn, "--version-id", "v1");
    const Version = v.object({ PolicyVersion: v.object({ Document: v.unknown() }) });
    expect(v.parse(Version, answer).PolicyVersion.Document).toEqual(wanted.PolicyDocument);
    const attached = await ask(0, "iam", "list-attached-role-policies", "--role-name", "circleci-oidc");
    expect(attached).toMatchObject({ AttachedPolicies: [{ PolicyArn: arn }] });
  });
});

describe("the inserted step", () => {
  const staticKeys = { AWS_ACCESS_KEY_ID: "AKIAOLDKEY0000000001", AWS_SECRET_ACCESS_KEY: "old-secret" };
  let jobs: Awaited<ReturnType<typeof createJobs>>;
  beforeAll(async () => {
    jobs = await createJobs(journey);
  });
  const jobWith = (token: Partial<TokenRequest>): Promise<Job> => jobs(token, staticKeys);

  const step = (): Promise<string> =>
    authStepOf(join(journey.demo.repository, ".circleci/config.yml"), "deploy");

  it("gives the next step the hub role and the sub-account role, in spite of static keys in the job", async () => {
    const job = await jobWith({});
    try {
      const authenticated = await job.step(await step());
      expect(authenticated).toMatchObject({ code: 0 });
      const hub = await job.step("aws sts get-caller-identity --query Arn --output text");
      expect(hub.stdout).toMatch(/^arn:aws:sts::111122223333:assumed-role\/circleci-oidc\/circleci-7-/);
      const sub = await job.step("aws sts get-caller-identity --profile staging --query Arn --output text");
      expect(sub.stdout).toMatch(/^arn:aws:sts::444455556666:assumed-role\/circleci-oidc\/circleci-7-/);
      expect(authenticated.stdout + authenticated.stderr).not.toContain("old-secret");
    } finally {
      await job.remove();
    }
  });

  const injected = "x/vcs-origin/github.com/acme/web-shop/vcs-ref/refs/heads/main";
  const notAuthorized = "Its trust policy does not admit this job: organization ";

  it.each([
    ["another project", { project: "cc33dd44-5e6f-4a7b-9c8d-0e1f2a3b4c5d" }, notAuthorized],
    [
      "another organization",
      {
        organization: "66666666-dead-4bad-8bad-666666666666",
        project: "77777777-dead-4bad-9bad-777777777777",
      },
      "Its account has no OIDC provider for this organization",
    ],
    ["another branch", { branch: "feature" }, notAuthorized],
    ["an injected branch name", { branch: injected }, notAuthorized],
    ["a fork", { repository: "github.com/mallory/web-shop" }, notAuthorized],
    [
      "another audience",
      { audience: "sts.amazonaws.com" },
      "does not list the audience of this job's token.",
    ],
    ["a forged signature", { forged: true }, "signature is invalid"],
    ["an expired token", { expired: true }, "This job's token has expired."],
  ] satisfies readonly [string, Partial<TokenRequest>, string][])(
    "is refused with %s, in a clear sentence",
    async (_what, changes, reason) => {
      const job = await jobWith(changes);
      try {
        const refused = await job.step(await step());
        expect(refused.code).not.toBe(0);
        expect(refused.stderr).toContain(reason);
        expect(refused.stderr).toContain(
          "AWS OIDC auth: AWS gave no credentials for arn:aws:iam::111122223333:role/circleci-oidc.",
        );
      } finally {
        await job.remove();
      }
    },
  );
});
