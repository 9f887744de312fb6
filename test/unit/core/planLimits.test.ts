import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import {
  isApplicable,
  plan,
  quotasKey,
  referenceKey,
  type Observations,
} from "../../../src/core/plan/index.ts";
import { deletedPrincipal } from "../../../src/core/plan/principal.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { changeAt, HUB, roleOf, seen, simple, statementOf, trusting } from "./planSeen.ts";
import { RUN, setupOf } from "./setup.ts";

describe("the role of a sub-account", () => {
  const SUB = "444455556666/role/circleci-oidc";
  const id = "AROAEXAMPLE1234567890";
  const deleted = { Effect: "Allow", Principal: { AWS: id }, Action: "sts:AssumeRole" };

  it("that trusts a deleted hub is brought to trust the new one, if it was made here", () => {
    expect(changeAt(SUB, setupOf(), seen(setupOf(), { [SUB]: trusting(deleted) }))).toMatchObject({
      action: "update",
      edits: [{ remove: [deleted], add: [statementOf(setupOf(), SUB)] }],
    });
    expect(deletedPrincipal(trusting(deleted).trust, roleOf(setupOf(), SUB).trust)).toBe(id);
    const wider = trusting({ ...deleted, Action: "*" }).trust;
    expect(deletedPrincipal(wider, roleOf(setupOf(), SUB).trust)).toBeUndefined();
  });

  it("of somebody else's is joined beside what it trusts already", () => {
    const theirs = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::444455556666:root" },
      Action: "sts:AssumeRole",
    };
    expect(
      changeAt(SUB, setupOf(), seen(setupOf(), { [SUB]: { ...trusting(theirs), tags: {} } })),
    ).toMatchObject({
      action: "update",
      edits: [{ remove: [], add: [statementOf(setupOf(), SUB)] }],
    });
  });
});

describe("a policy that was made here", () => {
  it("gets a new version, with everybody who has it named", () => {
    const [first] = setupOf().subAccounts;
    if (first === undefined) throw new Error("no sub-account");
    const more = setupOf({
      subAccounts: [first, { ...first, accountId: "777788889999", ciProfile: "prod" }],
    });
    const address = "hub/policy/circleci-oidc-assume-sub-accounts";
    const before = blueprint(setupOf(), RUN).find((one) => one.address === address);
    if (before?.kind !== "ManagedPolicy") throw new Error("no policy");
    const observed = seen(more, { [address]: { document: before.document, users: ["role/circleci-oidc"] } });
    expect(changeAt(address, more, observed)).toMatchObject({
      action: "update",
      edits: [{ kind: "PolicyVersion", before: before.document, version: "v1" }],
      consent: { words: [{ id: "plan.update.policy" }, { id: "plan.update.users" }] },
    });
  });
});

describe("what does not fit", () => {
  const absent = (setup: Setup, more: Observations): Observations => ({
    ...Object.fromEntries(
      blueprint(setup, RUN).map(({ address }) => [address, { state: "absent" } as const]),
    ),
    ...more,
  });
  const figures = (account: string, values: Readonly<Record<string, number>>): Observations => ({
    [quotasKey(account)]: { state: "present", resource: { kind: "Quotas", figures: values } },
  });

  it.each([
    ["roles", HUB, { Roles: 1000, RolesQuota: 1000 }, "plan.quota.roles"],
    [
      "policies",
      "hub/policy/circleci-oidc-assume-sub-accounts",
      { Policies: 5, PoliciesQuota: 5 },
      "plan.quota.policies",
    ],
    [
      "attached policies",
      "hub/attachment/circleci-oidc-assume-sub-accounts",
      { AttachedPoliciesPerRoleQuota: 0 },
      "plan.quota.attached",
    ],
  ])("is refused before anything is written: %s", (_, address, values, id) => {
    const observed = absent(setupOf(), figures("111122223333", values));
    expect(changeAt(address, setupOf(), observed)).toMatchObject({ action: "blocked", reasons: [{ id }] });
    const elsewhereOnly = absent(setupOf(), figures("444455556666", values));
    expect(changeAt(address, setupOf(), elsewhereOnly).action).toBe("create");
  });

  it("is refused where a policy is not there that is only named", () => {
    const boundary = "arn:aws:iam::111122223333:policy/ci/limits";
    const existing = "arn:aws:iam::111122223333:policy/deploy";
    const setup = setupOf({
      subAccounts: [],
      hub: {
        ...simple.hub,
        boundary: { name: "limits", path: "/ci/" },
        permissions: [{ kind: "existing", arn: existing }],
      },
    });
    const missing = absent(setup, {
      [referenceKey("111122223333", boundary)]: { state: "absent" },
      [referenceKey("111122223333", existing)]: { state: "absent" },
    });
    expect(changeAt(HUB, setup, missing)).toMatchObject({ reasons: [{ id: "plan.missing.boundary" }] });
    expect(changeAt("hub/attachment/circleci-oidc/deploy", setup, missing)).toMatchObject({
      reasons: [{ id: "plan.missing.policy" }],
    });
    const unknown = absent(setup, {
      [referenceKey("111122223333", boundary)]: { state: "unknown", reason: { id: "plan.notObserved" } },
    });
    expect(changeAt(HUB, setup, unknown).action).toBe("create");
  });

  it("is told with every reason at once", () => {
    const boundary = "arn:aws:iam::111122223333:policy/ci/limits";
    const setup = setupOf({
      subAccounts: [],
      hub: { ...simple.hub, boundary: { name: "limits", path: "/ci/" } },
    });
    const observed = absent(setup, {
      [referenceKey("111122223333", boundary)]: { state: "absent" },
      ...figures("111122223333", { Roles: 9, RolesQuota: 9, AssumeRolePolicySizeQuota: 100 }),
    });
    expect(changeAt(HUB, setup, observed)).toMatchObject({
      reasons: [
        { id: "plan.missing.boundary" },
        { id: "plan.quota.trust", args: { quota: 100 } },
        { id: "plan.quota.roles" },
      ],
    });
  });

  it("is refused where two things have one name", () => {
    const twice = {
      kind: "document",
      name: "same",
      document: { Version: "2012-10-17", Statement: [{}] },
    } as const;
    const setup = setupOf({ subAccounts: [], hub: { ...simple.hub, permissions: [twice, twice] } });
    const changes = plan(blueprint(setup, RUN), absent(setup, {}));
    expect(changes.filter(({ action }) => action === "blocked")).toHaveLength(2);
    expect(isApplicable(changes)).toBe(false);
  });
});
