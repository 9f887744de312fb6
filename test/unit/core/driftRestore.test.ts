import { describe, expect, it } from "vitest";
import { blueprint, SETUP_TAG } from "../../../src/core/blueprint/index.ts";
import { restoration, restoredTexts, setUpTexts } from "../../../src/core/drift/index.ts";
import { isEdit, plan, referenceKey } from "../../../src/core/plan/index.ts";
import {
  ROLE,
  PROVIDER,
  POLICY,
  ATTACHMENT,
  theirs,
  changedStatement,
  type World,
  absent,
  set,
  without,
  detached,
  roleGone,
  CHANGES,
  everything,
} from "./driftChanges.ts";
import { after, applied, compare, differencesOf, idsOf, LATER, originOf, rich } from "./driftWorld.ts";
import { OTHER_PROJECT, roleOf, statementOf, trusting } from "./planSeen.ts";
import { setupOf } from "./setup.ts";

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

  it("is the text of a policy together with the version that makes room for it", () => {
    const oldest = { version: "v2", text: "{}" };
    const observed = set(POLICY, { document: { Version: "2012-10-17", Statement: [] }, oldest })(
      applied(rich),
    );
    const { restored } = everything(rich, observed);
    if (!restored.ok) throw new Error("blocked");
    expect(restored.changes).toMatchObject([
      { action: "update", edits: [{ kind: "DropVersion", ...oldest }, { kind: "PolicyVersion" }] },
    ]);
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
      expect(found?.remedy).toMatchObject({ by: "hand", reasons: [{ id: "plan.join.critical" }] });
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
      reasons: [{ id: "plan.missing.boundary" }],
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
    expect(commandsOf(set(ROLE, without(ROLE, "team")))).toEqual([]);
    const [command = ""] = commandsOf(set(ROLE, trusting(statementOf(rich), theirs)));
    expect(command).toContain("update-assume-role-policy");
    expect(command).not.toContain("Theirs");
    // Tags would make it ours: what took the place of ours could then be removed with the setup.
    expect(commandsOf(set(ROLE, without(ROLE, SETUP_TAG)))).toEqual([]);
  });

  it("names the other project whose statement is in the trust policy", () => {
    const shared = trusting(statementOf(rich), statementOf({ ...rich, projectId: OTHER_PROJECT }));
    const [found] = differencesOf(compare(rich, set(ROLE, shared)(applied(rich))));
    expect(found?.says).toMatchObject({ id: "drift.trust.shared", args: { project: OTHER_PROJECT } });
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
      expect.stringContaining('"Description": "CircleCI project '),
      '  "MaxSessionDuration": 7200,',
    ]);
    const equal = compare(rich, applied(rich));
    for (const one of equal) {
      const same = setUpTexts(one, equal);
      expect(same?.left).toBe(same?.right);
    }
  });
});
