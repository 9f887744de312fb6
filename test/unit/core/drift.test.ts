import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rolesAffected, setUpTexts } from "../../../src/core/drift/index.ts";
import { msg } from "../../../src/core/messages.ts";
import type { Observation } from "../../../src/core/plan/index.ts";
import { CHANGES, everything } from "./driftChanges.ts";
import { after, applied, compare, differencesOf, idsOf, rich } from "./driftWorld.ts";
import { setupOf } from "./setup.ts";

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
