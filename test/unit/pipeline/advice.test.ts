import { describe, expect, it } from "vitest";
import { admissionOf, lifetimeFor, type JobRun } from "../../../src/core/pipeline/index.ts";
import type { RefRule } from "../../../src/core/trust/index.ts";

const run = (only: readonly string[], more: Partial<JobRun> = {}): JobRun => ({
  workflow: "w",
  branches: { only, ignore: [] },
  ...more,
});

describe("admissionOf", () => {
  it.each<[string, readonly JobRun[], object]>([
    ["one branch", [run(["main"])], { branches: "all", named: ["main"], tags: false }],
    ["two workflows", [run(["main"]), run(["dev"])], { branches: "some", named: ["main", "dev"] }],
    ["another branch", [run(["dev"])], { branches: "none", named: ["dev"] }],
    ["every branch", [{ workflow: "w", branches: "any" }], { branches: "some", named: [] }],
    [
      "an expression",
      [{ workflow: "w", branches: "unknown", tags: "unknown" }],
      { branches: "some", tags: true },
    ],
    ["a pattern", [run(["/main/"])], { branches: "some" }],
    [
      "tags alone",
      [{ workflow: "w", branches: { only: [], ignore: ["/.*/"] }, tags: { only: ["/v.*/"], ignore: [] } }],
      { branches: "all", named: [], tags: true },
    ],
  ])("tells whom a role for main admits of a job that runs on %s", (_name, runs, expected) => {
    expect(admissionOf(runs, [{ kind: "branch", name: "main" }])).toMatchObject(expected);
  });

  it.each([
    ["a prefix", [{ kind: "branchPrefix", prefix: "rel" }], run(["release"]), { branches: "all" }],
    [
      "every branch",
      [{ kind: "branchPrefix", prefix: "" }],
      { workflow: "w", branches: "any" },
      { branches: "all" },
    ],
    ["tags alone", [{ kind: "tagPrefix", prefix: "v" }], run(["main"]), { branches: "none" }],
  ] satisfies readonly (readonly [string, readonly RefRule[], JobRun, object])[])(
    "knows a role for %s",
    (_name, refs, one, expected) => expect(admissionOf([one], refs)).toMatchObject(expected),
  );

  it.each([
    [["v1"], [{ kind: "tag", name: "v1" }], false],
    [["v1", "w1"], [{ kind: "tagPrefix", prefix: "v" }], true],
    // A pattern may well fit the prefix; only where no tag is admitted at all is it certain.
    [["/v.*/"], [{ kind: "tagPrefix", prefix: "v" }], false],
    [["/v.*/"], [{ kind: "branch", name: "main" }], true],
  ] satisfies readonly (readonly [readonly string[], readonly RefRule[], boolean])[])(
    "tells whether tags %j are refused",
    (only, refs, refused) => {
      expect(admissionOf([run(["main"], { tags: { only, ignore: [] } })], refs).tags).toBe(refused);
    },
  );
});

describe("lifetimeFor", () => {
  it.each([
    [1, 900],
    [14, 1200],
    [30, 2100],
    [60, 3600],
  ])("gives a step of %i minutes %i seconds", (minutes, durationSeconds) => {
    expect(lifetimeFor(minutes, 2)).toEqual({ durationSeconds });
  });

  it("asks for a role that allows more than an hour, and says where that cannot be had", () => {
    expect(lifetimeFor(120, 0)).toEqual({ durationSeconds: 8100, roleMaximum: 8100 });
    expect(lifetimeFor(720, 0)).toEqual({ durationSeconds: 43_200, roleMaximum: 43_200 });
    expect(lifetimeFor(120, 1)).toMatchObject({ id: "pipeline.chainTooLong" });
    expect(lifetimeFor(721, 0)).toMatchObject({ id: "pipeline.stepTooLong" });
  });
});
