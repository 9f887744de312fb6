import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { compareEdited } from "../../../src/core/plan/compare.ts";
import { earlierSetupId } from "../../../src/core/plan/earlier.ts";
import { isApplicable, quotasKey, type Change, type Observations } from "../../../src/core/plan/index.ts";
import {
  changeAt,
  elsewhere,
  HUB,
  OTHER_PROJECT,
  roleOf,
  seen,
  simple,
  statementOf,
  trusting,
} from "./planSeen.ts";
import { RUN, setupOf } from "./setup.ts";

describe("a role of somebody else's", () => {
  const other = setupOf({ subAccounts: [], projectId: OTHER_PROJECT });
  const joined = (changes: object, setup = simple): Change =>
    changeAt(HUB, setup, seen(setup, { [HUB]: changes }));

  it("is joined by a statement of the project's own, if that is agreed to", () => {
    const change = joined({ ...trusting(statementOf(other)), tags: elsewhere });
    expect(change).toMatchObject({
      action: "update",
      edits: [{ kind: "TrustStatements", remove: [], add: [statementOf(simple)] }],
      consent: {
        required: true,
        words: [
          { id: "plan.join.shared" },
          { id: "plan.join.nothing" },
          { id: "plan.join.same", args: { project: OTHER_PROJECT } },
        ],
      },
    });
    if (change.action !== "update") throw new Error("no update");
    const diff = compareEdited(change.existing, change.edits, change.resource);
    expect(diff.existing).not.toContain(simple.projectId);
    expect(diff.wanted).toContain(simple.projectId);
    expect(diff.wanted).toContain(OTHER_PROJECT);
  });

  it("needs another agreement where it may do something else", () => {
    const keyFor = (attachedPolicies: readonly string[]): string | undefined => {
      const change = joined({ ...trusting(statementOf(other)), tags: elsewhere, attachedPolicies });
      return change.action === "update" ? change.consent.key : undefined;
    };
    const read = keyFor(["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    expect(read).toBeDefined();
    expect(keyFor([])).not.toBe(read);
  });

  it("is agreed to for good: with the statement in place and what is granted attached, nobody is asked again", () => {
    const hub = setupOf();
    const policy = "arn:aws:iam::111122223333:policy/circleci-oidc-assume-sub-accounts";
    const at = (statements: readonly object[], attachedPolicies: readonly string[]): Change =>
      changeAt(HUB, hub, seen(hub, { [HUB]: { ...trusting(...statements), tags: {}, attachedPolicies } }));
    const before = at([statementOf(other)], []);
    if (before.action !== "update") throw new Error("no update");
    const agreed = new Set([before.consent.key]);
    for (const attached of [[], [policy]]) {
      const after = at([statementOf(other), statementOf(hub)], attached);
      expect(after).toMatchObject({ action: "adopt", consent: { required: true } });
      expect(isApplicable([after])).toBe(false);
      expect(isApplicable([after], agreed)).toBe(true);
    }
    const more = at(
      [statementOf(other), statementOf(hub)],
      [policy, "arn:aws:iam::aws:policy/PowerUserAccess"],
    );
    expect(isApplicable([more], agreed)).toBe(false);
  });

  it("stays another project's once it is joined: nothing else of it is changed, and no setup goes on with it", () => {
    const statements = trusting(statementOf(other), statementOf(simple));
    const change = joined({ ...statements, tags: elsewhere, maxSessionSeconds: 7200 });
    expect(change).toMatchObject({ action: "adopt", consent: { required: true } });
    const observed = seen(simple, { [HUB]: { ...statements, tags: elsewhere } });
    expect(earlierSetupId(blueprint(simple, RUN), observed)).toBeUndefined();
  });

  it("that says what is wanted already is shared all the same, where it may do something", () => {
    const change = joined({ tags: {}, inlinePolicies: ["deploy"] });
    expect(change).toMatchObject({
      action: "adopt",
      consent: { required: true, words: [{ id: "plan.join.shared" }, { id: "plan.join.permissions" }] },
    });
    expect(isApplicable([change])).toBe(false);
    expect(joined({ tags: {} })).not.toHaveProperty("consent");
  });

  it.each([
    [
      "may do anything",
      { attachedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
      "plan.join.administrator",
    ],
    ["is managed by CloudFormation", { tags: { "aws:cloudformation:stack-id": "x" } }, "plan.managed.role"],
    ["is managed by Terraform", { tags: { "managed-by": "terraform" } }, "plan.managed.role"],
    ["has another path", { arn: "arn:aws:iam::111122223333:role/x/circleci-oidc" }, "plan.differs.arn"],
    ["has a policy that cannot be read", { trust: "{broken", trustText: "{broken" }, "plan.differs.trust"],
    [
      "lets in whoever comes",
      trusting({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
      "plan.join.critical",
    ],
    [
      "denies what is wanted",
      trusting(statementOf(other), {
        Effect: "Deny",
        Principal: roleOf(simple).trust.Statement[0]?.Principal,
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`oidc.circleci.com/org/${simple.organizationId}:oidc.circleci.com/project-id`]: simple.projectId,
          },
        },
      }),
      "plan.join.denied",
    ],
  ])("is left alone where it %s", (_, changes, id) => {
    expect(joined({ ...trusting(statementOf(other)), tags: elsewhere, ...changes })).toMatchObject({
      action: "blocked",
      reasons: [{ id }],
    });
  });

  it("is left alone where it lacks the boundary that is wanted", () => {
    const bounded = setupOf({ subAccounts: [], hub: { ...simple.hub, boundary: { name: "b", path: "/" } } });
    const changes = {
      ...trusting(statementOf(other)),
      tags: elsewhere,
      permissionsBoundary: "arn:aws:iam::1:policy/x",
    };
    expect(joined(changes, bounded)).toMatchObject({
      action: "blocked",
      reasons: [{ id: "plan.join.boundary" }],
    });
  });

  it.each([
    ["shared", trusting(statementOf(other), statementOf(simple))],
    ["for this project alone", trusting(statementOf(simple))],
  ])("is left alone where it allows shorter sessions, or has another boundary: %s", (_, trust) => {
    const long = setupOf({
      subAccounts: [],
      hub: { ...simple.hub, boundary: { name: "b", path: "/" }, maxSessionSeconds: 7200 },
    });
    const changes = { tags: {}, maxSessionSeconds: 3600, permissionsBoundary: "arn:aws:iam::1:policy/x" };
    expect(joined({ ...trust, ...changes }, long)).toMatchObject({
      action: "blocked",
      reasons: [
        { id: "plan.join.boundary", args: { arn: "arn:aws:iam::111122223333:policy/b" } },
        { id: "plan.join.session", args: { from: 1, to: 2 } },
      ],
    });
  });

  it("is told everything that is in the way at once", () => {
    const long = setupOf({ subAccounts: [], hub: { ...simple.hub, maxSessionSeconds: 7200 } });
    const changes = {
      ...trusting({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
      attachedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"],
      tags: { "managed-by": "terraform" },
    };
    expect(joined({ ...changes, maxSessionSeconds: 3600 }, long)).toMatchObject({
      reasons: [
        { id: "plan.managed.role" },
        { id: "plan.join.critical" },
        { id: "plan.join.administrator" },
        { id: "plan.join.session" },
      ],
    });
  });

  it("is left alone where its trust policy would become too long", () => {
    const quota = (figures: Readonly<Record<string, number>>): Observations => ({
      ...seen(simple, { [HUB]: { ...trusting(statementOf(other)), tags: elsewhere } }),
      [quotasKey("111122223333")]: { state: "present", resource: { kind: "Quotas", figures } },
    });
    expect(changeAt(HUB, simple, quota({ AssumeRolePolicySizeQuota: 900 }))).toMatchObject({
      action: "blocked",
      reasons: [{ id: "plan.quota.trust", args: { quota: 900 } }],
    });
    expect(changeAt(HUB, simple, quota({ AssumeRolePolicySizeQuota: 2048 })).action).toBe("update");
  });
});
