import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { isApplicable, writesAnything, type Change } from "../../../src/core/plan/index.ts";
import { changeAt, elsewhere, HUB, roleOf, seen } from "./planSeen.ts";
import { RUN, setupOf } from "./setup.ts";

/* Tags and descriptions of what a setup has: offered for change where they differ, and never insisted on. */

const setup = setupOf({ tags: { team: "web" } });
const tagged = blueprint(setup, RUN).flatMap((one) =>
  one.kind === "PolicyAttachment" ? [] : [[one.kind, one.address, one.tags] as const],
);

const at = (address: string, changes: object): Change =>
  changeAt(address, setup, seen(setup, { [address]: changes }));

describe("a tag of the setup", () => {
  it.each(tagged)("of the %s %s is offered where it is gone or another one", (_, address, tags) => {
    const { team: __, ...without } = tags;
    for (const [now, before] of [
      [without, {}],
      [{ ...without, team: "shop" }, { before: "shop" }],
    ] as const) {
      const change = at(address, { tags: now });
      expect(change).toMatchObject({
        action: "update",
        edits: [{ kind: "Tag", key: "team", ...before, after: "web" }],
        consent: { required: false },
      });
      expect(change.action === "update" && change.edits).toHaveLength(1);
      expect(change.action === "update" && change.consent.words).toContainEqual({
        id: "plan.update.tag",
        args: { key: "team", value: "web" },
      });
      expect(isApplicable([change])).toBe(true);
      expect(writesAnything([change])).toBe(false);
    }
  });

  it.each(tagged)("of the %s %s is left to whose it is", (_, address, tags) => {
    const run = { "circleci-aws-oidc:run-id": "another" };
    expect(at(address, { tags: { ...tags, ...run, theirs: "x" } }).action).toBe("unchanged");
    const { team: __, ...without } = tags;
    for (const now of [
      { ...without, ...elsewhere },
      { ...without, provisioner: "terraform" },
      { ...without, Team: "theirs" },
      { ...without, "aws:cloudformation:stack-name": "x" },
    ])
      expect(at(address, { tags: now }).action).not.toBe("update");
  });
});

describe("the description of a role", () => {
  it("is offered where it is gone or another one, beside what has to be", () => {
    const { description } = roleOf(setup);
    expect(at(HUB, { description: "mine" })).toMatchObject({
      action: "update",
      edits: [{ kind: "Description", before: "mine", after: description }],
      consent: { required: false },
    });
    expect(at(HUB, { description: undefined })).toMatchObject({ edits: [{ before: "" }] });
    expect(at(HUB, { description: "mine", maxSessionSeconds: 900 })).toMatchObject({
      edits: [{ kind: "Description" }, { kind: "MaxSession" }],
      consent: { required: true },
    });
  });

  it("is left alone where the role is of another setup, or a tool's", () => {
    const { tags } = roleOf(setup);
    expect(at(HUB, { description: "mine", tags: { ...tags, provisioner: "terraform" } }).action).toBe(
      "unchanged",
    );
    expect(at(HUB, { description: "mine", tags: {} }).action).toBe("adopt");
  });

  it("does not hide a session that is too long where a tool manages the role", () => {
    const tags = { ...roleOf(setup).tags, provisioner: "terraform" };
    expect(at(HUB, { description: "mine", maxSessionSeconds: 43_200, tags })).toMatchObject({
      action: "blocked",
      reasons: [{ id: "plan.managed.role" }],
    });
  });
});
