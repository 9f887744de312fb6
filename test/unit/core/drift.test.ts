import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blueprint, RUN_TAG, SETUP_TAG } from "../../../src/core/blueprint/index.ts";
import { restoration, rolesAffected, setUpTexts, restoredTexts } from "../../../src/core/drift/index.ts";
import { msg } from "../../../src/core/messages.ts";
import {
  isEdit,
  plan,
  referenceKey,
  type Observation,
  type Observations,
} from "../../../src/core/plan/index.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { after, applied, compare, differencesOf, idsOf, LATER, originOf, rich } from "./driftWorld.ts";
import { elsewhere, roleOf, statementOf, trusting } from "./planSeen.ts";
import { RUN, setupOf } from "./setup.ts";

const ROLE = "hub/role/circleci-oidc";
const PROVIDER = "hub/oidc-provider";
const POLICY = "hub/policy/deploy";
const ATTACHMENT = "hub/attachment/deploy";
const theirs = {
  Sid: "Theirs",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/x" },
  Action: "sts:AssumeRole",
};
const changedStatement = { ...statementOf(rich), Condition: {} };

type World = (observed: Observations) => Observations;

const absent = (...addresses: readonly string[]): World => {
  const gone = Object.fromEntries(addresses.map((one): [string, Observation] => [one, { state: "absent" }]));
  return (observed) => ({ ...observed, ...gone });
};
const set =
  (address: string, changes: object): World =>
  (observed) => {
    const found = observed[address];
    if (found?.state !== "present") throw new Error(`no ${address}`);
    return { ...observed, [address]: { state: "present", resource: { ...found.resource, ...changes } } };
  };
const tagsOf = (address: string): Readonly<Record<string, string>> => {
  const resource = blueprint(rich, RUN).find((one) => one.address === address);
  return resource !== undefined && "tags" in resource ? resource.tags : {};
};
const without = (address: string, key: string): object => {
  const { [key]: _, ...tags } = tagsOf(address);
  return { tags };
};
const attachedBut = (arn: string): readonly string[] => {
  const role = applied(rich)[ROLE];
  if (role?.state !== "present" || role.resource.kind !== "Role") throw new Error("no role");
  return role.resource.attachedPolicies.filter((one) => one !== arn);
};
const detached: World = (observed) =>
  absent(ATTACHMENT)(
    set(ROLE, { attachedPolicies: attachedBut("arn:aws:iam::111122223333:policy/deploy") })(observed),
  );
const roleGone = absent(ROLE, ATTACHMENT, "hub/attachment/circleci-oidc/aws/ReadOnlyAccess");
const readOnly = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111122223333:policy/deploy"];

/** Each with what is said of it, and whether restoring brings it back. */
const CHANGES: readonly (readonly [name: string, change: World, says: string, restored: boolean])[] = [
  ["the provider is gone", absent(PROVIDER), "drift.missing", true],
  ["the role is gone", roleGone, "drift.missing", true],
  ["a policy is detached", detached, "drift.missing.attachment", true],
  ["an audience is gone", set(PROVIDER, { clientIds: [rich.audience] }), "drift.audience.missing", true],
  [
    "another audience",
    set(PROVIDER, { clientIds: [rich.audience, "deploy", "x"] }),
    "drift.audience.extra",
    false,
  ],
  [
    "another thumbprint in its place",
    set(PROVIDER, { thumbprints: ["b".repeat(40)] }),
    "drift.thumbprint.missing",
    true,
  ],
  [
    "a thumbprint more",
    set(PROVIDER, { thumbprints: ["a".repeat(40), "b".repeat(40)] }),
    "drift.thumbprint.extra",
    false,
  ],
  ["all thumbprints are gone", set(PROVIDER, { thumbprints: [] }), "drift.thumbprint.missing", false],
  ["the statement is gone", set(ROLE, trusting(theirs)), "drift.trust.missing", true],
  ["the statement was changed", set(ROLE, trusting(changedStatement)), "drift.trust.changed", true],
  ["another statement", set(ROLE, trusting(statementOf(rich), theirs)), "drift.trust.extra", false],
  ["another Sid", set(ROLE, trusting({ ...statementOf(rich), Sid: "Mine" })), "drift.trust.else", false],
  ["a trust policy that is none", set(ROLE, { trust: "?", trustText: "?" }), "drift.trust.missing", false],
  ["a longer session", set(ROLE, { maxSessionSeconds: 43_200 }), "drift.session", true],
  [
    "another boundary",
    set(ROLE, { permissionsBoundary: "arn:aws:iam::111122223333:policy/b" }),
    "drift.boundary.changed",
    true,
  ],
  ["no boundary", set(ROLE, { permissionsBoundary: undefined }), "drift.boundary.missing", true],
  ["another description", set(ROLE, { description: "mine" }), "drift.description", false],
  [
    "another policy attached",
    set(ROLE, { attachedPolicies: [...readOnly, "arn:aws:iam::aws:policy/PowerUserAccess"] }),
    "drift.attached.extra",
    false,
  ],
  ["an inline policy", set(ROLE, { inlinePolicies: ["deploy"] }), "drift.inline.extra", false],
  [
    "another document",
    set(POLICY, { document: { Version: "2012-10-17", Statement: [] } }),
    "drift.document",
    true,
  ],
  ["another path", set(ROLE, { arn: "arn:aws:iam::111122223333:role/x/circleci-oidc" }), "drift.arn", false],
  ...[PROVIDER, ROLE, POLICY].flatMap((address) => [
    [
      `a tag of ${address} is gone`,
      set(address, without(address, "team")),
      "drift.tag.missing",
      false,
    ] as const,
    [
      `a name of ${address}`,
      set(address, { tags: { ...tagsOf(address), Name: "x" } }),
      "drift.tag.changed",
      false,
    ] as const,
    [`the run of ${address}`, set(address, without(address, RUN_TAG)), "drift.tag.missing", false] as const,
    [`our tag of ${address}`, set(address, without(address, "managed-by")), "drift.notOurs", false] as const,
    [
      `the setup of ${address}`,
      set(address, { tags: { ...tagsOf(address), ...elsewhere } }),
      "drift.notOurs",
      false,
    ] as const,
  ]),
];

const everything = (setup: Setup, observed: Observations) => {
  const compared = compare(setup, observed);
  return { compared, restored: restoration(compared, new Set(differencesOf(compared))) };
};

describe("a setup beside what is there", () => {
  const setups = fc.record({
    subs: fc.integer({ min: 0, max: 3 }),
    direct: fc.boolean(),
    thumbprint: fc.boolean(),
    session: fc.constantFrom(3600, 7200),
  });

  it("differs in nothing right after it was applied, whatever it asks for", () => {
    expect(idsOf(compare(rich, applied(rich)))).toEqual([]);
    fc.assert(
      fc.property(setups, ({ subs, direct, thumbprint, session }) => {
        const setup = setupOf({
          subAccounts: Array.from({ length: subs }, (_, at) => ({
            accountId: `44445555666${at}`,
            profile: `sub${at}`,
            roleName: "deploy",
            ciProfile: `sub${at}`,
            maxSessionSeconds: session,
          })),
          federation: direct ? "direct" : "hub",
          ...(thumbprint ? { thumbprint: "c".repeat(40) } : {}),
        });
        expect(idsOf(compare(setup, applied(setup)))).toEqual([]);
      }),
    );
  });

  it.each(CHANGES)("finds %s", (_, change, says, isRestored) => {
    const observed = change(applied(rich));
    const { compared, restored } = everything(rich, observed);
    const found = differencesOf(compared).filter(({ says: { id } }) => id === says);
    expect(found.length).toBeGreaterThan(0);
    for (const { remedy } of found) expect(remedy.by !== "hand").toBe(isRestored);
    const [affected = 0] = rolesAffected(compared, () => true).values();
    expect(affected).toBeGreaterThan(0);
    if (!restored.ok) throw new Error("blocked");
    if (!isRestored) return expect(restored.changes).toEqual([]);
    const left = compare(rich, after(observed, restored.changes, restored.consents));
    // What somebody added stays, and is still shown.
    expect(
      differencesOf(left)
        .map(({ kind }) => kind)
        .filter((kind) => kind !== "more"),
    ).toEqual([]);
  });

  it("restores any number of changes at once, and never takes away what was added", () => {
    const apart = CHANGES.filter(
      ([, , says]) => !["drift.missing", "drift.arn", "drift.notOurs"].includes(says),
    );
    fc.assert(
      fc.property(
        fc.subarray(
          apart.map((_, at) => at),
          { minLength: 1 },
        ),
        (chosen) => {
          const observed = chosen.reduce((world, at) => apart[at]?.[1](world) ?? world, applied(rich));
          const { compared, restored } = everything(rich, observed);
          if (!restored.ok) throw new Error("blocked");
          const next = after(observed, restored.changes, restored.consents);
          const byRestore = differencesOf(compared).filter(({ remedy }) => remedy.by !== "hand");
          const left = differencesOf(compare(rich, next));
          expect(left.filter(({ remedy }) => remedy.by !== "hand")).toEqual([]);
          const more = differencesOf(compared).filter(({ kind }) => kind === "more");
          const kept = new Set(left.map(({ fingerprint }) => fingerprint));
          expect(more.filter(({ fingerprint }) => !kept.has(fingerprint))).toEqual([]);
          expect(restored.changes.length > 0).toBe(byRestore.length > 0);
        },
      ),
    );
  });

  it("never takes what could not be read for equal, and says it once for a role and its policies", () => {
    const reason = msg("aws.observe.malformed");
    const unread = Object.fromEntries(
      Object.keys(applied(rich)).map((address): [string, Observation] => [
        address,
        { state: "unknown", reason },
      ]),
    );
    const { compared, restored } = everything(rich, unread);
    expect(differencesOf(compared).map(({ kind }) => kind)).toEqual(["unread", "unread", "unread"]);
    expect(differencesOf(compared).map(({ says }) => says)).toEqual([reason, reason, reason]);
    expect(restored).toMatchObject({ ok: true, changes: [] });
    expect(
      compared.every((one) => setUpTexts(one, compared) === undefined || one.differences.length === 0),
    ).toBe(true);
    expect(idsOf(compareNothing())).toEqual(Array.from({ length: 5 }, () => "plan.notObserved"));
  });
  const compareNothing = () => compare(rich, {});
});

describe("what is restored", () => {
  it("is exactly what was chosen, with what it needs", () => {
    const observed = [roleGone, absent(PROVIDER)].reduce((world, change) => change(world), applied(rich));
    const compared = compare(rich, observed);
    const chosen = compared.find(({ change }) => change.resource.address === ATTACHMENT)?.differences ?? [];
    const restored = restoration(compared, new Set(chosen));
    if (!restored.ok) throw new Error("blocked");
    expect(restored.changes.map(({ resource }) => resource.address)).toEqual([PROVIDER, ROLE, ATTACHMENT]);
  });

  it("is one edit of several where only one was chosen, and agreed to for that one alone", () => {
    const observed = set(ROLE, { maxSessionSeconds: 3600, ...trusting(changedStatement) })(applied(rich));
    const compared = compare(rich, observed);
    const session = differencesOf(compared).filter(({ says }) => says.id === "drift.session");
    const restored = restoration(compared, new Set(session));
    if (!restored.ok) throw new Error("blocked");
    expect(restored.changes).toMatchObject([
      { action: "update", edits: [{ kind: "MaxSession", after: 7200 }] },
    ]);
    const whole = plan(blueprint(rich, LATER), observed).flatMap((change) =>
      change.action === "update" ? [change.consent.key] : [],
    );
    expect(restored.consents.size).toBe(1);
    expect(whole.some((key) => restored.consents.has(key))).toBe(false);
  });

  it("leaves another statement for the same project where the setup's own is put back", () => {
    const other = statementOf(setupOf({ subAccounts: [], runs: { kind: "any" } }));
    const observed = set(ROLE, trusting(other))(applied(rich));
    const { compared, restored } = everything(rich, observed);
    expect(idsOf(compared)).toEqual(["drift.trust.missing", "drift.trust.extra"]);
    if (!restored.ok) throw new Error("blocked");
    const [change] = restored.changes;
    if (change?.action !== "update") throw new Error("no update");
    expect(change.edits).toMatchObject([{ kind: "TrustStatements", remove: [], add: [statementOf(rich)] }]);
  });

  it("is nothing of a role that is somebody else's by now, and neither are its policies", () => {
    const tags = { tags: {} };
    const observed = detached(set(ROLE, { ...trusting(changedStatement), ...tags })(applied(rich)));
    const { compared, restored } = everything(rich, observed);
    expect(idsOf(compared)).toContain("drift.notOurs");
    expect(idsOf(compared)).toContain("drift.missing.attachment");
    expect(restored).toMatchObject({ ok: true, changes: [] });
  });

  it("is nothing where the plan is blocked, and the plan's reason is said", () => {
    const open = { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" };
    const observed = set(ROLE, { ...trusting(open), maxSessionSeconds: 3600 })(applied(rich));
    const { compared, restored } = everything(rich, observed);
    expect(restored).toMatchObject({ ok: true, changes: [] });
    for (const id of ["drift.trust.missing", "drift.session"]) {
      const found = differencesOf(compared).find(({ says }) => says.id === id);
      expect(found?.remedy).toMatchObject({ by: "hand", reason: { id: "plan.join.critical" } });
    }
  });

  it("is nothing at all where something that it needs cannot be created", () => {
    const boundary = "arn:aws:iam::111122223333:policy/limit";
    const observed = absent(referenceKey("111122223333", boundary))(roleGone(applied(rich)));
    const compared = compare(rich, observed);
    const attachment = compared.find(({ change }) => change.resource.address === ATTACHMENT);
    expect(restoration(compared, new Set(attachment?.differences))).toMatchObject({
      ok: false,
      change: { resource: { address: ROLE } },
      reason: { id: "plan.missing.boundary" },
    });
  });

  it("names the deleted role that a sub-account's role trusts", () => {
    const setup = setupOf();
    const address = "444455556666/role/circleci-oidc";
    const { trust } = roleOf(setup, address);
    const deleted = JSON.stringify(trust).replace(
      "arn:aws:iam::111122223333:role/circleci-oidc",
      "AROAEXAMPLEEXAMPLE123",
    );
    const observed = set(address, { trust: JSON.parse(deleted), trustText: deleted })(applied(setup));
    const { compared, restored } = everything(setup, observed);
    expect(idsOf(compared)).toEqual(["drift.trust.deleted"]);
    if (!restored.ok) throw new Error("blocked");
    expect(idsOf(compare(setup, after(observed, restored.changes, restored.consents)))).toEqual([]);
  });
});

describe("what belongs to others and is used", () => {
  const shared = { clientIds: [rich.audience, "deploy", "theirs"], thumbprints: ["a".repeat(40)], tags: {} };
  const origin = { ...originOf(rich), made: new Set<string>() };

  it("is no difference where the journal says that it was not made here", () => {
    const joined = set(ROLE, { ...trusting(theirs, statementOf(rich)), tags: {}, inlinePolicies: ["x"] });
    const observed = joined(set(PROVIDER, shared)(applied(rich)));
    expect(idsOf(compare(rich, observed, origin))).toEqual([]);
    const gone = set(ROLE, trusting(theirs))(observed);
    const compared = compare(rich, gone, origin);
    expect(idsOf(compared)).toEqual(["drift.trust.missing"]);
    expect(differencesOf(compared)[0]?.remedy.by).toBe("hand");
  });

  it("is not taken for ours or for known where there is no journal, but for the provider", () => {
    const observed = set(ROLE, { tags: {} })(set(PROVIDER, shared)(applied(rich)));
    expect(idsOf(compare(rich, observed, { setupId: rich.id }))).toEqual(["drift.notOurs"]);
  });

  it("gets back the audience that is missing, as the plan has it", () => {
    const observed = set(PROVIDER, { ...shared, clientIds: ["deploy"] })(applied(rich));
    const compared = compare(rich, observed, origin);
    const restored = restoration(compared, new Set(differencesOf(compared)));
    expect(restored).toMatchObject({
      changes: [{ edits: [{ kind: "AddAudience", audience: rich.audience }] }],
    });
  });
});

describe("a difference", () => {
  const fingerprints = (change: World): readonly string[] =>
    differencesOf(compare(rich, change(applied(rich)))).map(({ fingerprint }) => fingerprint);

  it("is known again, and is another once it changes again or where the setup changes", () => {
    const all = CHANGES.map(([, change]) => fingerprints(change));
    CHANGES.forEach(([, change], at) => expect(fingerprints(change)).toEqual(all[at]));
    const [first, second] = [3600, 10_800].map((seconds) =>
      fingerprints(set(ROLE, { maxSessionSeconds: seconds })),
    );
    expect(first).not.toEqual(second);
    const inline = ["a", "b"].map((name) => fingerprints(set(ROLE, { inlinePolicies: [name] })));
    expect(inline[0]).not.toEqual(inline[1]);
    const documents = ["s3:Get*", "s3:Put*"].map((Action) =>
      fingerprints(
        set(POLICY, {
          document: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] },
        }),
      ),
    );
    expect(documents[0]).not.toEqual(documents[1]);
  });

  it("has the command that would change it back where it is not restored", () => {
    const commandsOf = (change: World): readonly string[] =>
      differencesOf(compare(rich, change(applied(rich)))).flatMap(({ remedy }) =>
        remedy.by === "hand" ? remedy.commands : [],
      );
    expect(commandsOf(set(ROLE, { inlinePolicies: ["it's mine"] }))).toEqual([
      `aws iam delete-role-policy --role-name circleci-oidc --policy-name 'it'\\''s mine' --profile hub`,
    ]);
    expect(commandsOf(set(PROVIDER, { clientIds: [rich.audience, "deploy", "x"] }))[0]).toContain(
      "remove-client-id-from-open-id-connect-provider",
    );
    expect(commandsOf(set(ROLE, without(ROLE, "team")))).toEqual([
      `aws iam tag-role --role-name circleci-oidc --tags '[{"Key":"team","Value":"web"}]' --profile hub`,
    ]);
    const [command = ""] = commandsOf(set(ROLE, trusting(statementOf(rich), theirs)));
    expect(command).toContain("update-assume-role-policy");
    expect(command).not.toContain("Theirs");
    // Tags would make it ours: what took the place of ours could then be removed with the setup.
    expect(commandsOf(set(ROLE, without(ROLE, SETUP_TAG)))).toEqual([]);
  });

  it("shows what was set up beside what is there, and what restoring makes of it", () => {
    const observed = set(ROLE, { inlinePolicies: ["x"], description: "mine", maxSessionSeconds: 3600 })(
      applied(rich),
    );
    const compared = compare(rich, observed);
    const role = compared.find(({ change }) => change.resource.address === ROLE);
    if (role === undefined) throw new Error("no role");
    const texts = setUpTexts(role, compared);
    const lines = (text = ""): readonly string[] => text.split("\n");
    const apart = lines(texts?.right).filter((line) => !lines(texts?.left).includes(line));
    expect(apart).toEqual([
      '  "Description": "mine",',
      '  "InlinePolicies": "x",',
      '  "MaxSessionDuration": 3600,',
    ]);
    const restored = restoration(compared, new Set(differencesOf(compared)));
    if (!restored.ok) throw new Error("blocked");
    const [change] = restored.changes;
    if (change === undefined || isEdit(change.resource)) throw new Error("no change");
    const made = restoredTexts(change);
    expect(lines(made.right).filter((line) => !lines(made.left).includes(line))).toEqual([
      '  "MaxSessionDuration": 7200,',
    ]);
    const equal = compare(rich, applied(rich));
    for (const one of equal) {
      const same = setUpTexts(one, equal);
      expect(same?.left).toBe(same?.right);
    }
  });
});
