import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  StoredTarget,
  subjectOf,
  targetKey,
  type Edit,
  type Statement,
} from "../../../src/core/plan/edit.ts";
import { edited, editState, takenBack } from "../../../src/core/plan/editState.ts";
import type { ObservedResource } from "../../../src/core/plan/index.ts";
import { statementsOf } from "../../../src/core/plan/statements.ts";
import { samePolicy } from "../../../src/core/policy.ts";

const at = { address: "a", account: "111122223333", profile: "p", needs: [] };

const statement = fc.record({
  Sid: fc.stringMatching(/^[A-Za-z0-9]{1,6}$/),
  Effect: fc.constantFrom("Allow", "Deny"),
  Principal: fc.record({ AWS: fc.constantFrom("arn:aws:iam::1:root", "arn:aws:iam::2:role/x") }),
  Action: fc.constantFrom("sts:AssumeRole", "sts:TagSession"),
});

/** IAM wants each `Sid` once in a policy. */
const distinct = fc.uniqueArray(statement, { minLength: 1, maxLength: 6, selector: ({ Sid }) => Sid });

/** A role whose trust policy is written in some way of its own. */
function roleWith(statements: readonly Statement[], spaces: number, bare: boolean): RoleSeen {
  const [only] = statements;
  const written = bare && statements.length === 1 ? only : statements;
  const trust = { Version: "2012-10-17", Id: "theirs", Statement: written };
  return {
    kind: "Role",
    arn: "arn:aws:iam::111122223333:role/r",
    trust,
    trustText: JSON.stringify(trust, undefined, spaces),
    maxSessionSeconds: 3600,
    tags: {},
    attachedPolicies: [],
    inlinePolicies: [],
  };
}

type RoleSeen = Extract<ObservedResource, { kind: "Role" }>;

/** A role, some of its statements to go, and some to come. */
const scene = fc
  .record({
    all: distinct,
    removed: fc.nat(5),
    comes: distinct,
    spaces: fc.constantFrom(0, 2, 4),
    bare: fc.boolean(),
  })
  .map(({ all, removed, comes, spaces, bare }) => {
    const role = roleWith(all, spaces, bare);
    const remove = all.slice(0, removed % (all.length + 1));
    const stays = all.slice(remove.length);
    const add = comes.filter(
      (one) =>
        !remove.some((other) => samePolicy(one, other)) && !stays.some(({ Sid: sid }) => sid === one.Sid),
    );
    const edit: Edit = { ...at, kind: "TrustStatements", roleName: "r", remove, add, before: role.trustText };
    return { role, edit, add, remove, all };
  })
  .filter(({ add, remove, all }) => add.length > 0 && all.length - remove.length + add.length > 0);

describe("an edit of a trust policy", () => {
  it("changes its own statements and no other, and is seen to be made", () => {
    fc.assert(
      fc.property(scene, ({ role, edit, add, remove, all }) => {
        expect(editState(edit, role)).toBe("notMade");
        const after = edited(role, edit);
        expect(editState(edit, after)).toBe("made");
        const now = after.kind === "Role" ? (statementsOf(after.trust) ?? []) : [];
        const others = all.filter((one) => !remove.includes(one));
        expect(now.filter((one) => !add.some((each) => samePolicy(each, one)))).toEqual(others);
      }),
    );
  });

  it("is taken back to the very text from before", () => {
    fc.assert(
      fc.property(scene, ({ role, edit }) => {
        expect(takenBack(edited(role, edit), edit)).toEqual(role);
      }),
    );
  });

  it("is taken back beside what somebody else has added since, which stays", () => {
    fc.assert(
      fc.property(scene, statement, ({ role, edit, add, all }, more) => {
        fc.pre(![...add, ...all].some(({ Sid: sid }) => sid === more.Sid));
        const theirs: Edit = {
          ...at,
          kind: "TrustStatements",
          roleName: "r",
          remove: [],
          add: [more],
          before: "",
        };
        const back = takenBack(edited(edited(role, edit), theirs), edit);
        const now = back.kind === "Role" ? statementsOf(back.trust) : undefined;
        const wanted = statementsOf(edited(role, theirs).kind === "Role" ? role.trust : undefined) ?? [];
        expect(now?.map((one) => JSON.stringify(one)).toSorted()).toEqual(
          [...wanted, more].map((one) => JSON.stringify(one)).toSorted(),
        );
      }),
    );
  });

  it("is neither made nor not where its statement was changed since", () => {
    fc.assert(
      fc.property(scene, ({ role, edit, add }) => {
        const [first] = add;
        fc.pre(first !== undefined && edit.kind === "TrustStatements");
        const changed: Edit = {
          ...at,
          kind: "TrustStatements",
          roleName: "r",
          remove: [first ?? {}],
          add: [{ ...first, Action: "sts:SetSourceIdentity" }],
          before: "",
        };
        expect(editState(edit, edited(edited(role, edit), changed))).toBe("else");
      }),
    );
  });
});

const provider: ObservedResource = { kind: "OidcProvider", clientIds: ["a"], thumbprints: ["1"], tags: {} };
const policy: ObservedResource = {
  kind: "ManagedPolicy",
  arn: "arn:aws:iam::111122223333:policy/p",
  document: { Version: "2012-10-17", Statement: [] },
  version: "v1",
  attachments: 0,
  tags: {},
};
const body = { Version: "2012-10-17", Statement: [{ Effect: "Deny" }] } as const;
const role = roleWith([{ Effect: "Deny" }], 0, false);

const others: readonly (readonly [ObservedResource, Edit])[] = [
  [provider, { ...at, kind: "AddAudience", arn: "arn:aws:iam::111122223333:oidc-provider/x", audience: "b" }],
  [
    provider,
    {
      ...at,
      kind: "AddThumbprint",
      arn: "arn:aws:iam::111122223333:oidc-provider/x",
      thumbprint: "a".repeat(40),
      before: [],
    },
  ],
  [
    policy,
    {
      ...at,
      kind: "PolicyVersion",
      arn: "arn:aws:iam::111122223333:policy/p",
      version: "v1",
      before: { Version: "2012-10-17", Statement: [] },
      after: body,
    },
  ],
  [
    { ...policy, others: [{ version: "v2", text: JSON.stringify(body) }] },
    {
      ...at,
      kind: "DropVersion",
      arn: "arn:aws:iam::111122223333:policy/p",
      version: "v2",
      text: JSON.stringify(body),
    },
  ],
  [
    { ...role, tags: { Name: "old", team: "web" } },
    {
      ...at,
      kind: "Tag",
      arn: "arn:aws:iam::111122223333:role/x/r",
      key: "Name",
      before: "old",
      after: "new",
    },
  ],
  [
    provider,
    { ...at, kind: "Tag", arn: "arn:aws:iam::111122223333:oidc-provider/x", key: "Name", after: "new" },
  ],
  [policy, { ...at, kind: "Tag", arn: "arn:aws:iam::111122223333:policy/p", key: "Name", after: "new" }],
  [
    { ...role, description: "old" },
    { ...at, kind: "Description", roleName: "r", before: "old", after: "new" },
  ],
  [role, { ...at, kind: "Description", roleName: "r", before: "", after: "new" }],
  [role, { ...at, kind: "MaxSession", roleName: "r", before: 3600, after: 7200 }],
  [role, { ...at, kind: "Boundary", roleName: "r", after: "arn:aws:iam::111122223333:policy/b" }],
];

describe("every other edit", () => {
  it("of a policy is still to be taken back while its version is there and does not count", () => {
    const [found, edit] = others.find(([, { kind }]) => kind === "PolicyVersion") ?? [];
    if (found?.kind !== "ManagedPolicy" || edit === undefined) throw new Error("no policy");
    expect(editState(edit, { ...found, isLeft: true })).toBe("made");
    expect(editState(edit, found)).toBe("notMade");
  });

  it("that makes room is not made while what the version says stands anywhere", () => {
    const [found, edit] = others.find(([, { kind }]) => kind === "DropVersion") ?? [];
    if (found?.kind !== "ManagedPolicy" || edit === undefined) throw new Error("no policy");
    const renumbered = { version: "v9", text: JSON.stringify(body, undefined, 2) };
    expect(editState(edit, { ...found, others: [renumbered] })).toBe("notMade");
    expect(editState(edit, { ...found, others: [], document: body })).toBe("notMade");
    expect(editState(edit, { ...found, others: [{ version: "v2", text: "{}" }] })).toBe("made");
  });

  it.each(others)("of %o is made and taken back", (existing, edit) => {
    expect(editState(edit, existing)).toBe("notMade");
    expect(editState(edit, edited(existing, edit))).toBe("made");
    expect(takenBack(edited(existing, edit), edit)).toEqual(existing);
    for (const stranger of [provider, policy, role])
      if (stranger.kind !== existing.kind) expect(editState(edit, stranger)).toBe("else");
  });

  it.each(others)("of %o can be kept in a journal", (_, edit) => {
    expect(v.parse(StoredTarget, JSON.parse(JSON.stringify(edit)))).toEqual(edit);
  });

  it("has a key of its own, and shares its subject with what it changes", () => {
    const edits = others.map(([, edit]) => edit);
    expect(new Set(edits.map(targetKey)).size).toBe(edits.length);
    expect(new Set(edits.map(subjectOf)).size).toBe(3);
  });
});
