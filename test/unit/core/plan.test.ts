import { describe, expect, it } from "vitest";
import { blueprint, type Resource } from "../../../src/core/blueprint/index.ts";
import { compareResources } from "../../../src/core/plan/compare.ts";
import { fingerprint } from "../../../src/core/plan/fingerprint.ts";
import {
  isApplicable,
  plan,
  writesAnything,
  type Observation,
  type Observations,
} from "../../../src/core/plan/index.ts";
import { asCreated, present } from "./observations.ts";
import { RUN, setupOf } from "./setup.ts";

const wanted = blueprint(setupOf(), RUN);

const ours = (resource: Resource): Observation => present(resource, { "managed-by": "circleci-aws-oidc" });

function all(make: (resource: Resource) => Observation): Record<string, Observation> {
  return Object.fromEntries(wanted.map((resource) => [resource.address, make(resource)]));
}

/** Everything exists as wanted but one resource, which is changed. */
function but(kind: Resource["kind"], change: object): Observations {
  const seen = all(ours);
  const target = wanted.find((resource) => resource.kind === kind);
  const observation = target === undefined ? undefined : seen[target.address];
  if (target === undefined || observation?.state !== "present") throw new Error(`no ${kind}`);
  return {
    ...seen,
    [target.address]: { state: "present", resource: { ...observation.resource, ...change } },
  };
}

function actionOf(kind: Resource["kind"], observed: Observations): string | undefined {
  return plan(wanted, observed).find((change) => change.resource.kind === kind)?.action;
}

describe("a plan", () => {
  it("creates everything in empty accounts", () => {
    const changes = plan(
      wanted,
      all(() => ({ state: "absent" })),
    );
    expect(new Set(changes.map((change) => change.action))).toEqual(new Set(["create"]));
    expect(writesAnything(changes)).toBe(true);
  });

  it("changes nothing where everything exists", () => {
    const changes = plan(wanted, all(ours));
    expect(new Set(changes.map((change) => change.action))).toEqual(new Set(["unchanged"]));
    expect(writesAnything(changes)).toBe(false);
    expect(isApplicable(changes)).toBe(true);
  });

  it("takes what could not be read for blocked, never for absent", () => {
    const unknown = plan(
      wanted,
      all(() => ({ state: "unknown", reason: { id: "plan.notObserved" } })),
    );
    expect(isApplicable(unknown)).toBe(false);
    expect(isApplicable(plan(wanted, {}))).toBe(false);
  });

  it("creates an attachment to a role that is new, whatever was read of it", () => {
    const seen = all((resource) =>
      resource.kind === "PolicyAttachment"
        ? { state: "unknown", reason: { id: "plan.notObserved" } }
        : { state: "absent" },
    );
    expect(actionOf("PolicyAttachment", seen)).toBe("create");
  });

  it.each([
    ["Role", { arn: "arn:aws:iam::111122223333:role/path/circleci-oidc" }],
    ["Role", { tags: {}, attachedPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"] }],
    ["ManagedPolicy", { tags: {}, document: { Version: "2012-10-17", Statement: [] } }],
  ] as const)("leaves a %s that differs alone: %j", (kind, change) => {
    expect(actionOf(kind, but(kind, change))).toBe("blocked");
  });

  it.each([
    ["OidcProvider", { tags: {} }],
    ["Role", { tags: {} }],
    ["ManagedPolicy", { tags: {} }],
  ] as const)("adopts a %s that somebody else made and that says what is wanted", (kind, change) => {
    expect(actionOf(kind, but(kind, change))).toBe("adopt");
  });

  it("takes a provider with more audiences and other thumbprints as it is, and says so", () => {
    const seen = but("OidcProvider", {
      clientIds: ["another", "11111111-2222-4333-8444-555555555555"],
      thumbprints: ["f".repeat(40)],
    });
    const change = plan(wanted, seen)[0];
    expect(change).toMatchObject({
      action: "unchanged",
      notes: [{ id: "plan.note.audiences", args: { audiences: "another" } }],
    });
  });

  it("names the permissions and the boundary of a role it made before", () => {
    const seen = but("Role", { inlinePolicies: ["deploy"], permissionsBoundary: "arn:aws:iam::1:policy/b" });
    expect(plan(wanted, seen)[1]).toMatchObject({
      action: "unchanged",
      notes: [{ id: "plan.note.permissions" }, { id: "plan.note.boundary" }],
    });
  });

  it("blocks a policy that is longer than IAM takes", () => {
    const Statement = Array.from({ length: 100 }, (_, index) => ({
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::acme-${index}/*`,
    }));
    const document = { Version: "2012-10-17", Statement } as const;
    const hub = { ...setupOf().hub, permissions: [{ kind: "document", name: "long", document }] as const };
    const many = blueprint(setupOf({ subAccounts: [], hub }), RUN);
    const changes = plan(many, Object.fromEntries(many.map((one) => [one.address, { state: "absent" }])));
    const policy = changes.find((change) => change.resource.kind === "ManagedPolicy");
    expect(policy).toMatchObject({ action: "blocked", reasons: [{ id: "plan.policyTooLong" }] });
  });
});

describe("the fingerprint in a plan", () => {
  const seenOf = (observed: Observations): readonly string[] =>
    plan(wanted, observed).map((change) => change.seen);

  it("is the same for the same observation, in whatever order it was read", () => {
    const policy = { kind: "ManagedPolicy", arn: "a", document: { x: 1, y: [2] }, version: "v1" } as const;
    const { kind, arn, document, version } = policy;
    const one = fingerprint({
      state: "present",
      resource: { kind, arn, document, version, attachments: 0, tags: { a: "1", b: "2" } },
    });
    const other = fingerprint({
      resource: { tags: { b: "2", a: "1" }, attachments: 0, version, document: { y: [2], x: 1 }, arn, kind },
      state: "present",
    });
    expect(other).toBe(one);
    const role = wanted.find((resource) => resource.kind === "Role");
    const created = role === undefined ? undefined : asCreated(role);
    if (created?.kind !== "Role") throw new Error("no role");
    const attached = (...attachedPolicies: readonly string[]): string =>
      fingerprint({ state: "present", resource: { ...created, attachedPolicies } });
    expect(attached("a", "b")).toBe(attached("b", "a"));
    expect(attached("a", "b")).not.toBe(attached("a"));
    expect(fingerprint(undefined)).not.toBe(fingerprint({ state: "absent" }));
  });

  it.each([
    ["Role", { inlinePolicies: ["added"] }],
    ["Role", { maxSessionSeconds: 7200 }],
    ["OidcProvider", { clientIds: ["11111111-2222-4333-8444-555555555555", "another"] }],
    ["ManagedPolicy", { version: "v2" }],
  ] as const)("is another one where a %s was changed: %j", (kind, change) => {
    const before = seenOf(all(ours));
    const after = seenOf(but(kind, change));
    expect(after.filter((seen, index) => seen !== before[index])).toHaveLength(1);
  });
});

describe("a comparison", () => {
  it("differs where the resources differ and nowhere else", () => {
    const role = wanted.find((resource) => resource.kind === "Role");
    const observation = role === undefined ? undefined : ours(role);
    if (role === undefined || observation?.state !== "present" || observation.resource.kind !== "Role") {
      throw new Error("no role");
    }
    const same = compareResources(observation.resource, role);
    expect(same.existing).toBe(same.wanted);
    const other = compareResources({ ...observation.resource, inlinePolicies: ["admin"] }, role);
    expect(lines(other.existing).filter((line) => !lines(other.wanted).includes(line))).toEqual([
      '  "InlinePolicies": "admin",',
    ]);
  });
});

const lines = (text: string): readonly string[] => text.split("\n");
