import { describe, expect, it } from "vitest";
import { blueprint, SETUP_TAG } from "../../../src/core/blueprint/index.ts";
import { consentKey } from "../../../src/core/plan/change.ts";
import { earlierSetupId } from "../../../src/core/plan/earlier.ts";
import { isAgreed, isApplicable, writesAnything, type Change } from "../../../src/core/plan/index.ts";
import { asCreated } from "./observations.ts";
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

describe("a provider that exists", () => {
  const at = (changes: object): Change =>
    changeAt("hub/oidc-provider", simple, seen(simple, { "hub/oidc-provider": changes }));

  it("gets the audience that is missing, if that is agreed to", () => {
    const change = at({ clientIds: ["someone-else"], tags: {} });
    expect(change).toMatchObject({
      action: "update",
      edits: [{ kind: "AddAudience", audience: simple.audience }],
      consent: { required: true },
    });
    if (change.action !== "update") throw new Error("no update");
    expect(isApplicable([change])).toBe(false);
    expect(isApplicable([change], new Set([change.consent.key]))).toBe(true);
    expect(writesAnything([change])).toBe(false);
  });

  it("is left alone where a tool manages it, with its name", () => {
    const tags = { "aws:cloudformation:stack-name": "oidc" };
    expect(at({ clientIds: ["other"], tags })).toMatchObject({
      action: "blocked",
      reasons: [{ id: "plan.managed.audience", args: { tool: "CloudFormation" } }],
    });
    expect(at({ tags: { ManagedBy: "Terraform" } })).toMatchObject({ action: "adopt" });
  });

  it("is not given more audiences than AWS allows", () => {
    const clientIds = Array.from({ length: 100 }, (_, index) => `a${index}`);
    expect(at({ clientIds })).toMatchObject({
      action: "blocked",
      reasons: [{ id: "plan.differs.audiences" }],
    });
  });

  it("is offered a thumbprint more, which it can do without", () => {
    const setup = { ...simple, thumbprint: "a".repeat(40) };
    const with1 = seen(setup, { "hub/oidc-provider": { thumbprints: ["B".repeat(40)] } });
    const change = changeAt("hub/oidc-provider", setup, with1);
    expect(change).toMatchObject({ action: "update", consent: { required: false } });
    expect(isApplicable([change])).toBe(true);
    expect(writesAnything([change])).toBe(false);
    const none = seen(setup, { "hub/oidc-provider": { thumbprints: [] } });
    expect(changeAt("hub/oidc-provider", setup, none).action).toBe("unchanged");
    const same = seen(setup, { "hub/oidc-provider": { thumbprints: ["A".repeat(40)] } });
    expect(changeAt("hub/oidc-provider", setup, same).action).toBe("unchanged");
  });
});

describe("an agreement", () => {
  const resource = roleOf(simple);
  const key = (edits: readonly string[], shared: readonly string[] = []): string =>
    consentKey(
      resource,
      edits.map((audience) => ({
        kind: "AddAudience",
        address: "",
        account: resource.account,
        profile: "hub",
        needs: [],
        arn: resource.arn,
        audience,
      })),
      shared,
    );

  it("holds for each part of it, as after a run that was stopped half-way, and for nothing else", () => {
    const given = new Set([key(["a", "b"], ["role", "policy"])]);
    for (const part of [key(["a"], ["role"]), key(["b"]), key([], ["role", "policy"]), key(["a", "b"])])
      expect(isAgreed(given, part)).toBe(true);
    for (const other of [key(["c"]), key(["a", "c"]), key(["a"], ["another"]), key(["role"])])
      expect(isAgreed(given, other)).toBe(false);
    const elsewhereKey = consentKey({ ...resource, arn: `${resource.arn}-2` }, [], ["role"]);
    expect(isAgreed(given, elsewhereKey)).toBe(false);
  });
});

describe("a role that was made for the project", () => {
  it("gets the new rule in place of the old one", () => {
    const earlier = setupOf({ subAccounts: [], runs: { kind: "any" } });
    const change = changeAt(HUB, simple, seen(simple, { [HUB]: trusting(statementOf(earlier)) }));
    expect(change).toMatchObject({
      action: "update",
      edits: [{ kind: "TrustStatements", remove: [statementOf(earlier)], add: [statementOf(simple)] }],
    });
  });

  it("keeps the statements of others, and is unchanged beside them", () => {
    const other = setupOf({ subAccounts: [], projectId: OTHER_PROJECT });
    const both = seen(simple, { [HUB]: trusting(statementOf(other), statementOf(simple)) });
    expect(changeAt(HUB, simple, both)).toMatchObject({
      action: "unchanged",
      notes: [{ id: "plan.note.statements", args: { count: 1 } }],
    });
  });

  it("is not used where somebody has opened it since", () => {
    const open = { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
    expect(changeAt(HUB, simple, seen(simple, { [HUB]: trusting(statementOf(simple), open) }))).toMatchObject(
      {
        action: "blocked",
        reasons: [{ id: "plan.join.critical" }],
      },
    );
  });

  it("gets a longer session and a boundary where they are wanted, and keeps a boundary that somebody added", () => {
    const longer = setupOf({ subAccounts: [], hub: { ...simple.hub, maxSessionSeconds: 7200 } });
    expect(changeAt(HUB, longer, seen(longer, { [HUB]: { maxSessionSeconds: 3600 } }))).toMatchObject({
      action: "update",
      edits: [{ kind: "MaxSession", before: 3600, after: 7200 }],
      consent: { required: true },
    });
    expect(changeAt(HUB, simple, seen(simple, { [HUB]: { maxSessionSeconds: 7200 } }))).toMatchObject({
      action: "update",
      consent: { required: false },
    });
    const bounded = setupOf({ subAccounts: [], hub: { ...simple.hub, boundary: { name: "b", path: "/" } } });
    const bare = { state: "present", resource: asCreated(roleOf(simple)) } as const;
    const without = { ...seen(bounded), [HUB]: bare };
    expect(changeAt(HUB, bounded, without)).toMatchObject({
      action: "update",
      edits: [{ kind: "Boundary", after: "arn:aws:iam::111122223333:policy/b" }],
    });
    const added = seen(simple, { [HUB]: { permissionsBoundary: "arn:aws:iam::111122223333:policy/theirs" } });
    expect(changeAt(HUB, simple, added)).toMatchObject({
      action: "unchanged",
      notes: [{ id: "plan.note.boundary" }],
    });
  });

  it("is gone on with under the ID of the setup that made it", () => {
    const wanted = blueprint(simple, RUN);
    const earlier = setupOf({ subAccounts: [], runs: { kind: "any" } });
    const found = seen(simple, { [HUB]: { ...trusting(statementOf(earlier)), tags: elsewhere } });
    expect(earlierSetupId(wanted, found)).toBe(elsewhere[SETUP_TAG]);
    const foreign = setupOf({ subAccounts: [], projectId: OTHER_PROJECT });
    for (const changes of [
      { ...trusting(statementOf(foreign)), tags: elsewhere },
      { tags: {} },
      { tags: { ...elsewhere, [SETUP_TAG]: "../../etc" } },
    ])
      expect(earlierSetupId(wanted, seen(simple, { [HUB]: changes }))).toBeUndefined();
  });
});
