import { describe, expect, it } from "vitest";
import { admissionOf, lifetimeFor, type JobRun } from "../../../src/core/pipeline/index.ts";

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
    expect(admissionOf(runs, ["main"])).toMatchObject(expected);
  });
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
