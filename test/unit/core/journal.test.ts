import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { blueprint, type Resource } from "../../../src/core/blueprint/index.ts";
import { targetKey } from "../../../src/core/plan/edit.ts";
import {
  isUnfinished,
  leftOf,
  noted,
  RunJournal,
  standingOf,
  startJournal,
  type RunEvent,
  type RunState,
} from "../../../src/core/plan/journal.ts";
import { RUN, setupOf } from "./setup.ts";

const NOW = new Date("2026-01-02T03:04:05.678Z");
const wanted = blueprint(setupOf(), RUN);
const start = startJournal({ runId: RUN, setup: setupOf(), process: 42, now: NOW });

function resource(kind: Resource["kind"]): Resource {
  const found = wanted.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

const after = (...events: readonly RunEvent[]) =>
  events.reduce((journal, event) => noted(journal, event, resource("Role"), NOW), start);

describe("a journal", () => {
  it.each([
    [[], "untouched"],
    [["creating"], "inDoubt"],
    [["creating", "created"], "made"],
    [["creating", "notCreated"], "untouched"],
    [["creating", "created", "removing"], "inDoubt"],
    [["creating", "created", "removing", "removed"], "undone"],
    [["creating", "created", "removing", "notRemoved"], "made"],
    [["creating", "created", "removing", "removed", "creating"], "inDoubt"],
  ] as const)("says after %j that the resource is %s", (events, standing) => {
    const journal = after(...events);
    expect(standingOf(journal, resource("Role"))).toBe(standing);
    expect(standingOf(journal, resource("ManagedPolicy"))).toBe("untouched");
    const left = standing === "made" || standing === "inDoubt" ? [standing] : [];
    expect(leftOf(journal).map((each) => each.standing)).toEqual(left);
  });

  it("names what is left in the order of creation, and last what was created anew", () => {
    const [provider, role] = [resource("OidcProvider"), resource("Role")];
    let journal = start;
    for (const each of [provider, role]) {
      journal = noted(noted(journal, "creating", each, NOW), "created", each, NOW);
    }
    expect(leftOf(journal).map((each) => each.resource.kind)).toEqual(["OidcProvider", "Role"]);
    for (const event of ["removing", "removed", "creating"] as const)
      journal = noted(journal, event, provider, NOW);
    expect(leftOf(journal).map((each) => each.resource.kind)).toEqual(["Role", "OidcProvider"]);
  });

  it("tells resources of the same address in two accounts apart", () => {
    const other = blueprint(setupOf({ hub: { ...setupOf().hub, accountId: "999988887777" } }), RUN);
    const keys = [...wanted, ...other].map(targetKey);
    // The roles of the sub-account are the same.
    expect(new Set(keys).size).toBe(keys.length - 1);
  });

  it("comes back from disk as it was, whatever was noted", () => {
    const event = fc.constantFrom<RunEvent>(
      "creating",
      "created",
      "notCreated",
      "removing",
      "removed",
      "notRemoved",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.constantFrom(...wanted))), (notes) => {
        const journal = notes.reduce((each, [what, which]) => noted(each, what, which, NOW), start);
        const read: unknown = JSON.parse(JSON.stringify(journal));
        expect(v.parse(RunJournal, read)).toEqual(journal);
      }),
    );
  });

  it.each([
    ["another version", { version: 1 }],
    ["a run ID that leads out of the folder", { runId: "../../setups/x" }],
    ["an unknown state", { state: "paused" }],
    ["an unknown event", { entries: [{ at: NOW.toISOString(), event: "deleted", resource: wanted[0] }] }],
    [
      "a role name that is none",
      {
        entries: [
          { at: NOW.toISOString(), event: "created", resource: { ...resource("Role"), name: "x; rm -rf ~" } },
        ],
      },
    ],
  ])("is not read with %s", (_, change) => {
    expect(v.safeParse(RunJournal, { ...start, ...change }).success).toBe(false);
  });

  it("holds no secret: only what the setup and the resources say", () => {
    const text = JSON.stringify(after("creating", "created"));
    expect(text).not.toMatch(/secret|password|token"|accessKey/i);
  });

  it.each<[RunState, boolean, number, boolean]>([
    ["finished", false, 99, false],
    ["undone", false, 99, false],
    ["left", false, 99, false],
    ["stopped", true, 0, true],
    ["running", false, 0, true],
    ["running", true, 9, false],
    ["running", true, 11, true],
  ])("%s, its process alive: %s, silent for %d minutes: unfinished %s", (state, alive, minutes, expected) => {
    const now = new Date(NOW.getTime() + minutes * 60_000);
    expect(isUnfinished({ ...start, state }, now, (id) => id === 42 && alive)).toBe(expected);
  });
});
