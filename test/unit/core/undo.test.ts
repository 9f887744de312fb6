import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RUN_TAG, SETUP_TAG, type Resource } from "../../../src/core/blueprint/index.ts";
import { targetKey, type Observation } from "../../../src/core/plan/index.ts";
import { msg } from "../../../src/core/messages.ts";
import { planRemoval, precedes, type Users } from "../../../src/core/plan/undo.ts";

import {
  ATTACHMENT,
  KEY,
  ROLE,
  absent,
  evidence,
  kept,
  keyOf,
  noted,
  policy,
  run,
  setup,
  sub,
  uses,
  wanted,
  whole,
} from "./undoFixtures.ts";

describe("a removal", () => {
  it("takes everything that is as it was left, dependents first", () => {
    const removals = planRemoval(noted, evidence(), run);
    expect(removals.map(({ action }) => action)).toEqual(wanted.map(() => "remove"));
    expect(removals.map(({ resource }) => resource.kind)).toEqual([
      "PolicyAttachment",
      "Role",
      "ManagedPolicy",
      "Role",
      "OidcProvider",
    ]);
    expect(keyOf(removals[1]?.resource)).toBe(KEY.sub);
  });

  it("has nothing to do for what is gone", () => {
    const gone = Object.fromEntries(wanted.map((resource) => [targetKey(resource), absent]));
    const removals = planRemoval(noted, evidence(gone), run);
    expect(new Set(removals.map(({ action }) => action))).toEqual(new Set(["gone"]));
  });

  it.each<[string, string, object | Observation, string]>([
    ["a trust policy", KEY.hub, { trust: { Version: "2012-10-17", Statement: [] } }, "removal.keep.trust"],
    [
      "an added policy",
      KEY.sub,
      { attachedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
      "removal.keep.permissions",
    ],
    ["an inline policy", KEY.hub, { inlinePolicies: ["deploy"] }, "removal.keep.permissions"],
    ["a boundary", KEY.sub, { permissionsBoundary: "arn:aws:iam::1:policy/b" }, "removal.keep.boundary"],
    ["the longest session", KEY.sub, { maxSessionSeconds: 7200 }, "removal.keep.session"],
    ["the path", KEY.sub, { arn: "arn:aws:iam::444455556666:role/x/circleci-oidc" }, "removal.keep.arn"],
    [
      "the text of a policy",
      KEY.policy,
      { document: { Version: "2012-10-17", Statement: [] } },
      "removal.keep.document",
    ],
    ["who has a policy", KEY.policy, { attachments: 2 }, "removal.keep.attached"],
    [
      "an audience",
      KEY.provider,
      { clientIds: [setup.audience, "sts.amazonaws.com"] },
      "removal.keep.audiences",
    ],
    ["a missing audience", KEY.provider, { clientIds: [] }, "removal.keep.provider"],
    [
      "a tag of CloudFormation",
      KEY.sub,
      { tags: { ...tagsOf(sub), "aws:cloudformation:stack-name": "s" } },
      "removal.keep.managed",
    ],
    [
      "the tag of the run",
      KEY.sub,
      { tags: { ...tagsOf(sub), [RUN_TAG]: "another" } },
      "removal.keep.notOurs",
    ],
    [
      "the tag of the setup",
      KEY.policy,
      { tags: { ...tagsOf(policy), [SETUP_TAG]: "another" } },
      "removal.keep.notOurs",
    ],
    ["all tags", KEY.provider, { tags: {} }, "removal.keep.notOurs"],
    [
      "what may be read",
      KEY.sub,
      { state: "unknown", reason: { id: "plan.notObserved" } },
      "plan.notObserved",
    ],
  ])("stops at %s that was changed since, and takes the rest", (_, key, change, reason) => {
    const found = evidence({ [key]: change });
    expect(kept(found)[key]).toBe(reason);
    const removals = planRemoval(noted, found, run);
    const going = removals
      .filter(({ action }) => action === "remove")
      .map(({ resource }) => targetKey(resource));
    expect(going).not.toContain(key);
    // The provider stays where the hub role stays, which uses it.
    const above = key === KEY.hub || reason === "plan.notObserved" ? [KEY.hub, KEY.provider] : [];
    const stays = [key, ATTACHMENT, ...above];
    expect(wanted.map(targetKey).filter((each) => !going.includes(each) && !stays.includes(each))).toEqual(
      [],
    );
  });

  const differsAt = (key: string, change: object) => {
    const removal = planRemoval(noted, evidence({ [key]: change }), run).find(
      ({ resource }) => targetKey(resource) === key,
    );
    return removal?.action === "keep" ? removal.differs : undefined;
  };

  it("shows what was left beside what is there now, and no policy of its own", () => {
    const attachedPolicies = ["arn:aws:iam::111122223333:policy/circleci-oidc-assume-sub-accounts", "arn:x"];
    const { wanted: left = "", existing: now = "" } =
      differsAt(KEY.hub, { trust: { Version: "2012-10-17", Statement: [] }, attachedPolicies }) ?? {};
    expect(JSON.parse(left)).toMatchObject({
      AttachedPolicies: [],
      AssumeRolePolicyDocument: { Version: "2012-10-17" },
    });
    expect(JSON.parse(now)).toMatchObject({
      AttachedPolicies: "arn:x",
      AssumeRolePolicyDocument: { Statement: [] },
    });
  });

  it("shows nothing to compare where only tags or other users are in the way", () => {
    expect(differsAt(KEY.policy, { attachments: 2 })).toBeUndefined();
    expect(
      differsAt(KEY.sub, { tags: { ...tagsOf(sub), "aws:cloudformation:stack-name": "s" } }),
    ).toBeUndefined();
    expect(differsAt(KEY.provider, { clientIds: [], thumbprints: ["a".repeat(40)] })).toMatchObject({
      existing: expect.stringContaining('"ThumbprintList": []'),
    });
  });

  it("minds no tags that a company adds", () => {
    expect(kept(evidence({ [KEY.sub]: { tags: { ...tagsOf(sub), "cost-center": "42" } } }))).toEqual({});
  });

  it("takes a role whose trusted role was deleted: nobody edited it", () => {
    const trust = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "AROAEXAMPLE1234567890" }, Action: "sts:AssumeRole" }],
    };
    expect(
      kept(
        evidence(
          { [KEY.sub]: { trust }, [KEY.hub]: absent, [ATTACHMENT]: absent, [KEY.policy]: { attachments: 0 } },
          uses(),
        ),
      ),
    ).toEqual({});
  });

  it("keeps a provider that others trust, and names them", () => {
    const found = evidence({}, uses(KEY.hub, ROLE));
    const removal = planRemoval(noted, found, run).at(-1);
    expect(removal).toMatchObject({
      action: "keep",
      reason: { id: "removal.keep.used", args: { roles: ROLE } },
      commands: [expect.stringContaining("delete-open-id-connect-provider")],
    });
  });

  it("keeps a provider while roles may not be listed", () => {
    const reason = {
      id: "removal.keep.unlisted",
      args: { profile: "hub", action: "iam:ListRoles" },
    } as const;
    expect(kept(evidence({}, { known: false, reason }))).toEqual({ [KEY.provider]: "removal.keep.unlisted" });
  });

  it("keeps the provider of a hub role that stays", () => {
    expect(kept(evidence({ [KEY.hub]: { inlinePolicies: ["deploy"] } }))).toEqual({
      [KEY.hub]: "removal.keep.permissions",
      [KEY.provider]: "removal.keep.used",
    });
  });

  it("says which roles a removed hub role leaves behind", () => {
    const found = evidence({ [KEY.sub]: { tags: {} } });
    const hubRemoval = planRemoval(noted, found, run).find(({ resource }) => targetKey(resource) === KEY.hub);
    expect(hubRemoval).toMatchObject({ notes: [{ id: "removal.note.breaks", args: { roles: KEY.sub } }] });
  });

  it.each<readonly [string, Users, readonly unknown[]]>([
    [
      "of others in the sub-accounts",
      uses(KEY.sub, ROLE),
      [{ id: "removal.note.breaks", args: { roles: ROLE } }],
    ],
    ["none but its own", uses(KEY.sub), []],
    [
      "unknown ones",
      { known: false, reason: msg("removal.keep.unlistable") },
      [{ id: "removal.keep.unlistable" }],
    ],
  ])("says so of roles that are not of the setup: %s", (_, users, notes) => {
    const { observed, users: ofProvider } = evidence();
    const found = { observed, users: { ...ofProvider, [KEY.hub]: users } };
    const hubRemoval = planRemoval(noted, found, whole).find(
      ({ resource }) => targetKey(resource) === KEY.hub,
    );
    expect(hubRemoval).toMatchObject({ action: "remove", notes });
  });

  it("keeps the hub role, and so its provider, while a role that trusts it could not be looked at", () => {
    const unknown: Observation = { state: "unknown", reason: { id: "plan.notObserved" } };
    expect(kept(evidence({ [KEY.sub]: unknown }))).toEqual({
      [KEY.sub]: "plan.notObserved",
      [KEY.hub]: "removal.keep.unseen",
      [KEY.provider]: "removal.keep.used",
    });
  });

  it("gives the commands for what is ours, policies first, and none for somebody else's", () => {
    const found = evidence({
      [KEY.hub]: { inlinePolicies: ["a b"], attachedPolicies: ["arn:aws:iam::aws:policy/X"] },
    });
    const removal = planRemoval(noted, found, run).find(({ resource }) => targetKey(resource) === KEY.hub);
    expect(removal).toMatchObject({
      commands: [
        "aws iam detach-role-policy --role-name circleci-oidc --policy-arn arn:aws:iam::aws:policy/X --profile hub",
        "aws iam delete-role-policy --role-name circleci-oidc --policy-name 'a b' --profile hub",
        "aws iam delete-role --role-name circleci-oidc --profile hub",
      ],
    });
    const foreign = planRemoval(
      wanted.map((resource) => ({ resource, noted: false })),
      evidence({ [KEY.sub]: { tags: {} } }),
      run,
    );
    expect(foreign.find(({ action }) => action === "keep")).toMatchObject({ ours: false, commands: [] });
  });
});

describe("whatever was changed", () => {
  it("nothing without the owner's tags is removed, and never a provider before its users", () => {
    const foreign = fc.subarray(Object.values(KEY));
    const others = fc.boolean();
    fc.assert(
      fc.property(foreign, others, fc.boolean(), (keys, hasOthers, byJournal) => {
        const changes = Object.fromEntries(
          keys.map((key) => [key, { tags: { "managed-by": "circleci-aws-oidc" } }]),
        );
        const found = evidence(changes, uses(KEY.hub, ...(hasOthers ? [ROLE] : [])));
        const removals = planRemoval(
          wanted.map((resource) => ({ resource, noted: byJournal })),
          found,
          run,
        );
        const going = removals
          .filter(({ action }) => action === "remove")
          .map(({ resource }) => targetKey(resource));
        expect(going.filter((key) => keys.includes(key))).toEqual([]);
        if (hasOthers || keys.includes(KEY.hub)) expect(going).not.toContain(KEY.provider);
        for (const [at, { resource }] of removals.entries())
          for (const later of removals.slice(at + 1))
            expect(precedes(later.resource, resource, noted)).toBe(false);
      }),
    );
  });
});

function tagsOf(resource: Resource | undefined): Readonly<Record<string, string>> {
  if (resource === undefined || resource.kind === "PolicyAttachment") throw new Error("It has no tags.");
  return resource.tags;
}
