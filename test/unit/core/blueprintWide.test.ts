import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { blueprint, type Resource } from "../../../src/core/blueprint/index.ts";
import { StoredResource } from "../../../src/core/blueprint/schema.ts";
import { requestOf } from "../../../src/core/blueprint/request.ts";
import type { Grant } from "../../../src/core/permissions/grant.ts";
import { policyLength } from "../../../src/core/policy.ts";
import { Setup, type SubAccount } from "../../../src/core/setup.ts";
import { lintRolePermissions } from "../../../src/core/trust/index.ts";
import { RUN, setupOf } from "./setup.ts";

const HUB = { accountId: "111122223333", profile: "hub", roleName: "circleci-oidc" };

const templates: readonly Grant[] = [
  { kind: "template", template: "ecr-push", repositories: ["shop/api"], region: "eu-central-1" },
  {
    kind: "template",
    template: "s3-site",
    bucket: "acme-site",
    prefix: "app/",
    distribution: "E1A2B3C4D5E6F7",
  },
  { kind: "template", template: "cdk-deploy", qualifier: "hnb659fds", regions: ["eu-central-1"] },
  {
    kind: "template",
    template: "terraform-state",
    bucket: "acme-state",
    key: "prod/terraform.tfstate",
    lock: { kind: "table", name: "locks", region: "eu-central-1" },
    kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/0b0c1d2e-0000-4000-8000-000000000001",
  },
];

function find<Kind extends Resource["kind"]>(
  resources: readonly Resource[],
  kind: Kind,
  address: string,
): Extract<Resource, { kind: Kind }> {
  const found = resources.find(
    (one): one is Extract<Resource, { kind: Kind }> => one.kind === kind && one.address === address,
  );
  if (found === undefined) throw new Error(`no ${address} in ${resources.map((one) => one.address).join()}`);
  return found;
}

describe("what CI may do", () => {
  const setup = setupOf({ subAccounts: [], hub: { ...HUB, permissions: templates } });
  const resources = blueprint(setup, RUN);

  it("becomes a policy and an attachment for each template", () => {
    expect(resources.map(({ address }) => address)).toEqual([
      "hub/oidc-provider",
      "hub/role/circleci-oidc",
      ...["ecr-push", "s3-site", "cdk-deploy", "terraform-state"].flatMap((name) => [
        `hub/policy/circleci-oidc-${name}`,
        `hub/attachment/circleci-oidc-${name}`,
      ]),
    ]);
  });

  it("names what a template touches and nothing else", () => {
    const textOf = (name: string): string =>
      JSON.stringify(find(resources, "ManagedPolicy", `hub/policy/circleci-oidc-${name}`).document);
    expect(textOf("ecr-push")).toContain("arn:aws:ecr:eu-central-1:111122223333:repository/shop/api");
    expect(textOf("s3-site")).toContain('"arn:aws:s3:::acme-site/app/*"');
    expect(textOf("s3-site")).toContain("arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5E6F7");
    expect(textOf("terraform-state")).toContain('"arn:aws:s3:::acme-state/prod/terraform.tfstate"');
    expect(textOf("terraform-state")).toContain("arn:aws:dynamodb:eu-central-1:111122223333:table/locks");
    const cdk = find(resources, "ManagedPolicy", "hub/policy/circleci-oidc-cdk-deploy").document;
    expect(cdk.Statement[0]?.["Resource"]).toEqual(
      ["deploy", "file-publishing", "image-publishing", "lookup"].map(
        (name) => `arn:aws:iam::111122223333:role/cdk-hnb659fds-${name}-role-111122223333-eu-central-1`,
      ),
    );
  });

  it("has a star for a resource where the action has none, and only there", () => {
    const open = resources.flatMap((one) =>
      one.kind === "ManagedPolicy"
        ? one.document.Statement.filter((statement) => statement["Resource"] === "*").map(
            (each) => each["Action"],
          )
        : [],
    );
    expect(open).toEqual(["ecr:GetAuthorizationToken"]);
  });

  it("is nothing that the linter would call more than was asked for", () => {
    const policies = resources.flatMap((one) => (one.kind === "ManagedPolicy" ? [one.document] : []));
    const found = lintRolePermissions({ policies }).map(({ rule }) => rule);
    // What CloudFormation may do is decided where the account is bootstrapped: the linter always says so.
    expect(found).toEqual(["cdk-bootstrap"]);
  });

  it("numbers several of one template, and attaches what exists as it is", () => {
    const again: Grant = {
      kind: "template",
      template: "ecr-push",
      repositories: ["other"],
      region: "us-east-1",
    };
    const existing: Grant = { kind: "existing", arn: "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess" };
    const made = blueprint(
      setupOf({ subAccounts: [], hub: { ...HUB, permissions: [...templates, again, existing] } }),
      RUN,
    );
    expect(find(made, "ManagedPolicy", "hub/policy/circleci-oidc-ecr-push-2").document).not.toEqual(
      find(made, "ManagedPolicy", "hub/policy/circleci-oidc-ecr-push").document,
    );
    const attachment = find(
      made,
      "PolicyAttachment",
      "hub/attachment/circleci-oidc/aws/job-function/ViewOnlyAccess",
    );
    expect(attachment.needs).toEqual(["hub/role/circleci-oidc"]);
  });

  it("is not for a hub that leads to other accounts", () => {
    const hub = { ...HUB, permissions: templates };
    expect(v.safeParse(Setup, setupOf({ hub })).success).toBe(false);
    expect(v.safeParse(Setup, setupOf({ hub, federation: "direct" })).success).toBe(true);
    expect(v.safeParse(Setup, setupOf({ hub, subAccounts: [] })).success).toBe(true);
  });
});

describe("how a role is to be", () => {
  const setup = setupOf({
    hub: {
      ...HUB,
      path: "/ci/",
      description: "Deploys the shop.",
      maxSessionSeconds: 7200,
      boundary: { name: "ci-boundary", path: "/company/" },
    },
    tags: { team: "shop", "cost center": "4711" },
  });

  it("goes into the request, its boundary with the account's own ARN", () => {
    const { parameters } = requestOf(find(blueprint(setup, RUN), "Role", "hub/role/circleci-oidc"));
    expect(parameters).toMatchObject({
      Path: "/ci/",
      Description: "Deploys the shop.",
      MaxSessionDuration: 7200,
      PermissionsBoundary: "arn:aws:iam::111122223333:policy/company/ci-boundary",
    });
    expect(JSON.stringify(parameters)).toContain('{"Key":"cost center","Value":"4711"}');
  });

  it("goes into every ARN that names it", () => {
    const sub = find(blueprint(setup, RUN), "Role", "444455556666/role/circleci-oidc");
    expect(JSON.stringify(sub.trust)).toContain('"arn:aws:iam::111122223333:role/ci/circleci-oidc"');
  });

  it("leaves our own tags alone", () => {
    for (const key of [
      "Name",
      "name",
      "managed-by",
      "circleci-aws-oidc:setup-id",
      "aws:cloudformation:stack-name",
    ])
      expect(v.safeParse(Setup, setupOf({ tags: { [key]: "mine" } })).success, key).toBe(false);
  });

  it("asks for an external ID and an organization where they are named", () => {
    const [first] = setup.subAccounts;
    if (first === undefined) throw new Error("no sub-account");
    const guarded = setupOf({
      organization: "o-a1b2c3d4e5",
      subAccounts: [{ ...first, externalId: "shop-42" }],
    });
    const sub = find(blueprint(guarded, RUN), "Role", "444455556666/role/circleci-oidc");
    expect(sub.trust.Statement[0]?.Condition).toEqual({
      StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5", "sts:ExternalId": "shop-42" },
    });
  });
});

describe("direct federation", () => {
  const subs = [
    {
      accountId: "444455556666",
      profile: "a",
      roleName: "deploy",
      ciProfile: "staging",
      permissions: templates,
    },
    { accountId: "444455556666", profile: "a", roleName: "read", ciProfile: "staging-read" },
    { accountId: "777788889999", profile: "b", roleName: "deploy", ciProfile: "prod" },
  ] as const;
  const resources = blueprint(
    setupOf({ federation: "direct", subAccounts: subs, extraAudiences: ["extra"] }),
    RUN,
  );

  it("has one provider in each account, and no role that assumes another", () => {
    const providers = resources.filter(({ kind }) => kind === "OidcProvider").map(({ address }) => address);
    expect(providers).toEqual([
      "hub/oidc-provider",
      "444455556666/oidc-provider",
      "777788889999/oidc-provider",
    ]);
    expect(resources.some(({ address }) => address.includes("assume-sub-accounts"))).toBe(false);
  });

  it("trusts the provider of the same account, for the same runs and audiences", () => {
    for (const role of resources.filter((one) => one.kind === "Role")) {
      const [statement] = role.trust.Statement;
      expect(statement?.Principal).toEqual({
        Federated: `arn:aws:iam::${role.account}:oidc-provider/oidc.circleci.com/org/11111111-2222-4333-8444-555555555555`,
      });
      const audiences = Object.entries(statement?.Condition?.["StringEquals"] ?? {}).find(([key]) =>
        key.endsWith(":aud"),
      );
      expect(audiences?.[1]).toEqual(["11111111-2222-4333-8444-555555555555", "extra"]);
      expect(role.needs).toEqual([`${role.account === "111122223333" ? "hub" : role.account}/oidc-provider`]);
    }
  });
});

const subAccount = (index: number): SubAccount => ({
  accountId: String(100_000_000_000 + index * 7919),
  profile: `p${index}`,
  roleName: "circleci-deploy",
  ciProfile: `p${index}`,
});

/** Which policy names the role of each sub-account. */
function policiesOf(count: number): ReadonlyMap<string, string> {
  const resources = blueprint(
    setupOf({ subAccounts: Array.from({ length: count }, (_, i) => subAccount(i)) }),
    RUN,
  );
  return new Map(
    resources.flatMap((one) => {
      if (one.kind !== "ManagedPolicy") return [];
      expect(policyLength(one.document)).toBeLessThanOrEqual(6144);
      const targets: unknown = one.document.Statement[0]?.["Resource"];
      return Array.isArray(targets) ? targets.map((arn) => [String(arn), one.name] as const) : [];
    }),
  );
}

describe("many sub-accounts", () => {
  it("become as many policies as it takes, each role named once, the later attached first", () => {
    const resources = blueprint(
      setupOf({ subAccounts: Array.from({ length: 200 }, (_, index) => subAccount(index)) }),
      RUN,
    );
    const policies = resources.filter((one) => one.kind === "ManagedPolicy");
    expect(policies.map(({ name }) => name)).toEqual([
      "circleci-oidc-assume-sub-accounts-2",
      "circleci-oidc-assume-sub-accounts",
    ]);
    expect(policies.at(-1)?.needs).toEqual(["hub/attachment/circleci-oidc-assume-sub-accounts-2"]);
    expect(policiesOf(200).size).toBe(200);
  });

  it("change one policy for one account more, and halve one where a policy is added", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
        const [before, after] = [policiesOf(count), policiesOf(count + 1)];
        const names = (map: ReadonlyMap<string, string>): Set<string> => new Set(map.values());
        const moved = [...before].filter(([arn, name]) => after.get(arn) !== name);
        if (names(after).size === names(before).size) expect(moved).toEqual([]);
        else if (names(after).size === names(before).size + 1)
          expect(new Set(moved.map(([, name]) => name)).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});

describe("every resource", () => {
  it("can be kept in a journal and comes back as it was", () => {
    const wide = setupOf({
      federation: "direct",
      hub: { ...HUB, permissions: templates, boundary: { name: "b", path: "/" } },
    });
    for (const resource of [...blueprint(wide, RUN), ...blueprint(setupOf(), RUN)])
      expect(v.parse(StoredResource, JSON.parse(JSON.stringify(resource)))).toEqual(resource);
  });
});
