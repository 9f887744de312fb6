import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { pageProblems, toSetup } from "../../../src/core/wizard/check.ts";
import { enabledActions } from "../../../src/features/wizard/view/index.ts";
import type { Block } from "../../../src/shared/protocol.ts";
import { RUN } from "../core/setup.ts";
import { backTo, driveToReview, HUB, identity, load, SUB, type Driven } from "./drive.ts";

/** At the page, where something is to be chosen; `Nothing yet` is what `driveToReview` had chosen. */
function atPage(options: { readonly sub?: boolean } = {}): Driven {
  const driven = driveToReview(options);
  backTo(driven, "permissions");
  driven.type(`grant.${options.sub === true ? 1 : "hub"}.permissions`, "some");
  return driven;
}

const problems = ({ state }: Driven): readonly string[] =>
  pageProblems(state, "permissions").map(({ field, problem }) => `${field} ${problem.id}`);

function flat(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => {
    if (block.kind === "columns") return [...flat(block.main), ...flat(block.side)];
    return "blocks" in block ? [block, ...flat(block.blocks)] : [block];
  });
}
const shown = (driven: Driven): readonly Block[] => flat(driven.view().page.blocks);

function typeAll(driven: Driven, grant: string, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) driven.type(`grant.${grant}.${name}`, value);
}

const everything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

describe("the page", () => {
  it("asks, chooses nothing by itself, and is not left without an answer", () => {
    const driven = driveToReview({ sub: true });
    driven.press("remove-sub:1");
    backTo(driven, "permissions");
    const [radio] = shown(driven).flatMap((block) => (block.kind === "field" ? [block.field] : []));
    expect(radio).toMatchObject({ kind: "radio", id: "grant.hub.permissions", value: "" });
    expect(radio).not.toHaveProperty("error");
    driven.press("next");
    expect(driven.state.page).toBe("permissions");
    expect(driven.focus).toBe("grant.hub.permissions");
    expect(JSON.stringify(driven.view())).toContain("Choose what CI may do, or “Nothing yet”.");
    expect(toSetup(driven.state)).toBeUndefined();
    driven.type("grant.hub.permissions", "some");
    expect(problems(driven)).toEqual(["grant.hub.permissions grant.none.empty"]);
    driven.type("grant.hub.permissions", "nothing");
    driven.press("next");
    expect(driven.state.page).toBe("thumbprint");
    expect(toSetup(driven.state)?.hub).not.toHaveProperty("permissions");
  });

  it("asks nothing of a first role that leads on, and of it too where each account takes the token", () => {
    const asked = (driven: Driven): readonly string[] =>
      shown(driven).flatMap((block) => (block.kind === "group" ? [block.legend] : []));
    const driven = atPage({ sub: true });
    expect(asked(driven)).toEqual([`Role circleci-oidc in account ${SUB}`]);
    expect(JSON.stringify(driven.view())).toContain("it only leads on to the sub-accounts");
    backTo(driven, "aws");
    driven.type("federation", "direct");
    driven.press("next");
    driven.press("next");
    expect(asked(driven)).toEqual([
      `Role circleci-oidc in account ${HUB}`,
      `Role circleci-oidc in account ${SUB}`,
    ]);
    expect(problems(driven)).toContain("grant.hub.permissions grant.choose.empty");
  });

  it("forgets what was said of a sub-account that is gone", () => {
    const driven = atPage({ sub: true });
    driven.press("add-grant:1:existing");
    driven.type("grant.1.1.arns", "arn:aws:iam::aws:policy/ReadOnlyAccess");
    driven.type("role.1.path", "/ci/");
    driven.press("remove-sub:1");
    driven.press("add-sub");
    expect(driven.state.roles).toEqual({});
    expect(driven.state.touched.filter((field) => /\.1\./.test(field))).toEqual([]);
  });

  it("drops what was planned when permissions come or go", () => {
    const driven = driveToReview();
    driven.state = { ...driven.state, plan: { kind: "loading", attempt: driven.state.attempt } };
    driven.press("add-grant:hub:existing");
    expect(driven.state.plan.kind).toBe("idle");
  });
});

describe("a permission", () => {
  it.each([
    [
      "ecr-push",
      { repositories: "web-shop/api, cron" },
      { template: "ecr-push", repositories: ["web-shop/api", "cron"], region: "eu-central-1" },
    ],
    [
      "s3-site",
      { bucket: "acme-site", prefix: "docs/", distribution: "E2QWRUHAPOMQZL" },
      { template: "s3-site", bucket: "acme-site", prefix: "docs/", distribution: "E2QWRUHAPOMQZL" },
    ],
    ["s3-site", { bucket: "acme-site" }, { template: "s3-site", bucket: "acme-site" }],
    ["cdk-deploy", {}, { template: "cdk-deploy", qualifier: "hnb659fds", regions: ["eu-central-1"] }],
    [
      "terraform-state",
      { bucket: "acme-tf", key: "prod/terraform.tfstate" },
      {
        template: "terraform-state",
        bucket: "acme-tf",
        key: "prod/terraform.tfstate",
        lock: { kind: "file" },
      },
    ],
    [
      "terraform-state",
      { bucket: "acme-tf", key: "a", lock: "table", table: "locks" },
      { bucket: "acme-tf", lock: { kind: "table", name: "locks", region: "eu-central-1" } },
    ],
    [
      "existing",
      { arns: `arn:aws:iam::aws:policy/ReadOnlyAccess\narn:aws:iam::${HUB}:policy/ci/deploy` },
      { kind: "existing", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    ],
    [
      "document",
      {
        name: "queues",
        document: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}',
      },
      {
        kind: "document",
        name: "queues",
        document: { Statement: [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }] },
      },
    ],
  ] as const)("%s goes into the setup as it was typed: %j", (kind, values, grant) => {
    const driven = atPage();
    driven.press(`add-grant:hub:${kind}`);
    typeAll(driven, "hub.1", values);
    expect(problems(driven)).toEqual([]);
    expect(toSetup(driven.state)?.hub.permissions?.[0]).toMatchObject(grant);
  });

  it.each([
    ["ecr-push", { repositories: "" }, "repositories grant.missing.empty"],
    ["ecr-push", { repositories: "web, Web" }, "repositories grant.repositories.malformed"],
    ["ecr-push", { repositories: "web web" }, "repositories grant.twice"],
    ["ecr-push", { repositories: "web", region: "Frankfurt" }, "region grant.region.malformed"],
    ["s3-site", { bucket: "Acme" }, "bucket grant.bucket.malformed"],
    ["s3-site", { bucket: "acme", prefix: "*" }, "prefix grant.prefix.malformed"],
    ["s3-site", { bucket: "acme", distribution: "d123" }, "distribution grant.distribution.malformed"],
    ["cdk-deploy", { qualifier: "*" }, "qualifier grant.qualifier.malformed"],
    ["cdk-deploy", { regions: "eu-central-1, *" }, "regions grant.regions.malformed"],
    ["terraform-state", { bucket: "acme", key: "*" }, "key grant.key.malformed"],
    ["terraform-state", { bucket: "acme", key: "a", lock: "table" }, "table grant.missing.empty"],
    [
      "terraform-state",
      { bucket: "acme", key: "a", kmsKeyArn: "alias/x" },
      "kmsKeyArn grant.kmsKeyArn.malformed",
    ],
    ["existing", { arns: "ReadOnlyAccess" }, "arns grant.arns.malformed"],
    ["existing", { arns: `arn:aws:iam::${SUB}:policy/deploy` }, "arns grant.arns.account"],
    ["existing", { arns: "arn:aws-cn:iam::aws:policy/ReadOnlyAccess" }, "arns grant.arns.partition"],
    ["document", { name: "a b", document: everything }, "name grant.name.malformed"],
    ["document", { name: "a", document: "" }, "document grant.missing.empty"],
  ] as const)("%s with %j is refused in one sentence", (kind, values, problem) => {
    const driven = atPage();
    driven.press(`add-grant:hub:${kind}`);
    typeAll(driven, "hub.1", values);
    expect(problems(driven)).toEqual([`grant.hub.1.${problem}`]);
    driven.press("next");
    expect(driven.state.page).toBe("permissions");
    expect(JSON.stringify(driven.view())).not.toMatch(/\{(?:value|name|arn|account|line)\}/);
  });

  it("is numbered as its policy will be, and can be taken away", () => {
    const driven = atPage();
    for (const bucket of ["acme-one", "acme-two"]) {
      driven.press("add-grant:hub:s3-site");
      driven.type(`grant.hub.${bucket === "acme-one" ? 1 : 2}.bucket`, bucket);
    }
    const labels = (): readonly string[] =>
      shown(driven).flatMap((block) => (block.kind === "code" ? [block.label] : []));
    expect(labels()).toEqual(["New policy circleci-oidc-s3-site", "New policy circleci-oidc-s3-site-2"]);
    driven.press("policy:hub:2");
    expect(driven.effects.at(-1)).toMatchObject({
      kind: "openPolicy",
      policy: { name: "circleci-oidc-s3-site-2" },
    });
    driven.press("remove-grant:hub:1");
    expect(labels()).toEqual(["New policy circleci-oidc-s3-site"]);
  });

  it("is shown as it is created", () => {
    const driven = atPage({ sub: true });
    driven.press("add-grant:1:terraform-state");
    typeAll(driven, "1.1", { bucket: "acme-tf", key: "a.tfstate" });
    const setup = toSetup(driven.state);
    if (setup === undefined) throw new Error("no setup");
    const policies = blueprint(setup, RUN).flatMap((one) => (one.kind === "ManagedPolicy" ? [one] : []));
    const made = policies.find(({ account }) => account === SUB);
    const code = shown(driven).find((block) => block.kind === "code");
    expect(code).toMatchObject({ label: `New policy ${made?.name}` });
    expect(JSON.parse(code?.kind === "code" ? code.text : "")).toEqual(made?.document);
  });

  it("has a name of its own in its account", () => {
    const driven = atPage();
    driven.press("add-grant:hub:s3-site");
    driven.type("grant.hub.1.bucket", "acme-site");
    driven.press("add-grant:hub:document");
    const document = everything.replace('"*"', '"s3:GetObject"');
    typeAll(driven, "hub.2", { name: "CircleCI-oidc-s3-site", document });
    expect(problems(driven)).toEqual(["grant.hub.2.name grant.sameName"]);
    driven.press("add-grant:hub:existing");
    driven.press("add-grant:hub:existing");
    for (const key of [3, 4]) driven.type(`grant.hub.${key}.arns`, "arn:aws:iam::aws:policy/ReadOnlyAccess");
    driven.press("remove-grant:hub:2");
    expect(problems(driven)).toEqual(["grant.hub.4.arns grant.sameName"]);
  });

  it("is no longer than IAM allows", () => {
    const driven = atPage();
    driven.press("add-grant:hub:document");
    const Resource = Array.from({ length: 200 }, (_, at) => `arn:aws:s3:::acme-site-${at}/*`);
    const long = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource }],
    };
    typeAll(driven, "hub.1", { name: "many", document: JSON.stringify(long) });
    expect(problems(driven)).toEqual(["grant.hub.1.document grant.length"]);
  });
});

describe("what is as good as administrator", () => {
  it.each([
    ["existing", { arns: "arn:aws:iam::aws:policy/AdministratorAccess" }, "AdministratorAccess"],
    [
      "existing",
      { arns: "arn:aws:iam::aws:policy/IAMFullAccess, arn:aws:iam::aws:policy/AdministratorAccess" },
      "IAMFullAccess AdministratorAccess",
    ],
    ["document", { name: "all", document: everything }, "all"],
    ["document", { name: "widens", document: everything.replace('"*"', '"iam:PutRolePolicy"') }, "widens"],
  ] as const)("is warned of and wants its name typed: %s %j", (kind, values, name) => {
    const driven = atPage();
    driven.press(`add-grant:hub:${kind}`);
    typeAll(driven, "hub.1", values);
    expect(problems(driven)).toEqual(["grant.hub.1.confirm grant.confirm"]);
    expect(JSON.stringify(driven.view())).toContain("This is as good as administrator");
    driven.press("next");
    expect(driven.focus).toBe("grant.hub.1.confirm");
    expect(toSetup(driven.state)).toBeUndefined();
    driven.type("grant.hub.1.confirm", "yes");
    expect(problems(driven)).toHaveLength(1);
    driven.type("grant.hub.1.confirm", name);
    expect(problems(driven)).toEqual([]);
  });

  it("is offered nowhere", () => {
    const driven = atPage();
    for (const id of enabledActions(driven.view())) if (id.startsWith("add-grant:")) driven.press(id);
    expect(JSON.stringify(driven.view())).not.toMatch(/AdministratorAccess|IAMFullAccess/);
  });

  it("does not carry over to another policy", () => {
    const driven = atPage();
    driven.press("add-grant:hub:existing");
    typeAll(driven, "hub.1", { arns: "arn:aws:iam::aws:policy/IAMFullAccess", confirm: "IAMFullAccess" });
    expect(problems(driven)).toEqual([]);
    driven.type("grant.hub.1.arns", "arn:aws:iam::aws:policy/AdministratorAccess");
    expect(problems(driven)).toEqual(["grant.hub.1.confirm grant.confirm"]);
  });

  it("is told of CDK, without a further question", () => {
    const driven = atPage();
    driven.press("add-grant:hub:cdk-deploy");
    expect(problems(driven)).toEqual([]);
    const text = JSON.stringify(driven.view());
    expect(text).toContain("was decided when it was bootstrapped");
    expect(text).toContain("which deploy as administrator unless bootstrapped otherwise");
  });
});

it("asks AWS's word before a policy of an account is judged", () => {
  const driven = atPage();
  driven.press("add-grant:hub:existing");
  driven.type("grant.hub.1.arns", `arn:aws:iam::${SUB}:policy/deploy`);
  driven.type("profile", "sub");
  load(driven, { what: "identity", result: { ok: true, value: identity(SUB) } });
  expect(problems(driven)).toEqual([]);
});
