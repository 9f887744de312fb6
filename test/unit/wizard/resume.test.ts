import { describe, expect, it } from "vitest";
import { toSetup } from "../../../src/core/wizard/check.ts";
import { standing } from "../../../src/core/wizard/claim.ts";
import type { Grant } from "../../../src/core/permissions/grant.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { stateOfRun } from "../../../src/features/wizard/resume.ts";
import { RUN, setupOf } from "../core/setup.ts";
import { drive, identity, load, type Driven } from "./drive.ts";

const folders = [{ uri: "file:///shop", name: "shop" }];

/** A wizard that goes on with a run, after the workspace has been read. */
function resumed(setup: Setup, claim?: { organizationId: string; projectId: string }): Driven {
  const driven = drive(folders);
  driven.state = stateOfRun({ setup, runId: RUN, consents: [] }, folders);
  driven.send({ type: "start" });
  const value = claim === undefined ? {} : { claim: { file: ".circleci/info.yml", ...claim } };
  load(driven, {
    what: "detected",
    result: { ok: true, value: { ...value, repository: "github.com/acme/other" } },
  });
  return driven;
}

const site = { kind: "template", template: "s3-site", bucket: "acme-site", prefix: "docs/" } as const;
const boundary = { name: "ci-boundary", path: "/company/" };

/** A setup that says everything a setup with a hub can say. */
function fullSetup(): Setup {
  const [sub] = setupOf().subAccounts;
  if (sub === undefined) throw new Error("no sub-account");
  const permissions: readonly Grant[] = [
    { kind: "existing", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    { kind: "existing", arn: `arn:aws:iam::${sub.accountId}:policy/team/deploy` },
    { kind: "template", template: "ecr-push", repositories: ["web-shop/api", "cron"], region: "eu-west-1" },
    site,
    { ...site, bucket: "acme-assets", distribution: "E2QWRUHAPOMQZL" },
    { kind: "template", template: "cdk-deploy", qualifier: "acme", regions: ["eu-west-1", "us-east-1"] },
    {
      kind: "template",
      template: "terraform-state",
      bucket: "acme-tf",
      key: "a.tfstate",
      lock: { kind: "file" },
    },
    {
      kind: "template",
      template: "terraform-state",
      bucket: "tf-state",
      key: "b.tfstate",
      lock: { kind: "table", name: "locks", region: "eu-west-1" },
      kmsKeyArn: "arn:aws:kms:eu-west-1:444455556666:key/1234",
    },
    { kind: "document", name: "queues", document: POLICY },
    { kind: "existing", arn: "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess" },
  ];
  const { hub } = setupOf();
  return setupOf({
    hub: { ...hub, path: "/ci/", description: "The door", maxSessionSeconds: 7200, boundary },
    subAccounts: [
      { ...sub, path: "/ci/deploy/", maxSessionSeconds: 5400, boundary, externalId: "acme-1", permissions },
    ],
    organization: "o-a1b2c3d4e5",
    tags: { team: "payments", "cost center": "47=11" },
    extraAudiences: ["sts.amazonaws.com"],
  });
}

const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["sqs:SendMessage"], Resource: "arn:aws:sqs:*:444455556666:web-*" }],
} as const;

/** The same where each account takes the token. */
function directly(): Setup {
  const { hub, subAccounts, organization: _o, ...rest } = fullSetup();
  return {
    ...rest,
    federation: "direct",
    hub: { ...hub, permissions: [site] },
    subAccounts: subAccounts.map(({ externalId: _e, ...sub }) => sub),
  };
}

/** Presses through to the review; only AWS and the issuer are asked anew. */
function toReview(driven: Driven, setup: Setup): void {
  driven.press("next");
  const choices = [setup.hub.profile, ...setup.subAccounts.map(({ profile }) => profile)];
  load(driven, {
    what: "profiles",
    result: { ok: true, value: choices.map((id) => ({ id, label: id })) },
  });
  driven.press("identify");
  load(driven, { what: "identity", result: { ok: true, value: identity(setup.hub.accountId) } });
  setup.subAccounts.forEach(({ accountId }, index) => {
    driven.press(`identify:${index + 1}`);
    load(driven, { what: "subIdentity", key: index + 1, result: { ok: true, value: identity(accountId) } });
  });
  driven.press("next");
  driven.press("next");
  driven.press("next");
  load(driven, {
    what: "thumbprint",
    result: { ok: true, value: { kind: "unreachable", reason: "no network", code: "connection-failed" } },
  });
  driven.press("next");
}

describe("a wizard that goes on with a run", () => {
  it.each([
    ["named branches", setupOf()],
    ["all runs of the project", setupOf({ runs: { kind: "any" }, subAccounts: [] })],
    [
      "prefixes, tags and users",
      setupOf({
        runs: {
          kind: "refs",
          repository: "github.com/acme/shop",
          refs: [
            { kind: "branchPrefix", prefix: "release/" },
            { kind: "tag", name: "v1" },
            { kind: "tagPrefix", prefix: "" },
          ],
        },
        users: { kind: "named", ids: ["99999999-8888-4777-8666-555555555555"] },
      }),
    ],
    ["all that can be said of roles", fullSetup()],
    ["accounts that each take the token", directly()],
  ])("comes to the same setup and run: %s", (_, setup) => {
    const driven = resumed(setup);
    toReview(driven, setup);
    expect(driven.state.page).toBe("review");
    expect(driven.state.runId).toBe(RUN);
    expect(toSetup(driven.state)).toEqual(setup);
  });

  it("does not go on in a repository that names another organization", () => {
    const setup = setupOf();
    const other = { organizationId: "99999999-2222-4333-8444-555555555555", projectId: setup.projectId };
    expect(standing(resumed(setup, other).state).kind).toBe("refused");
  });

  it("wants an organization confirmed again that CircleCI had confirmed", () => {
    const setup = setupOf({ sources: { organizationId: "CircleCI API", projectId: "CircleCI API" } });
    expect(standing(resumed(setup).state).kind).toBe("open");
    expect(standing(resumed(setupOf()).state)).toEqual({ kind: "confirmed", by: "typed" });
  });
});
