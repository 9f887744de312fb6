import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeAuthStep, updateAuthStep } from "../../../src/core/pipeline/index.ts";
import { content, edited, insert, isOurStep, ok, otherStep, outcomes, step } from "./judge.ts";

const job = { docker: [{ image: "cimg/aws:2025.01" }], steps: ["checkout", { run: "aws s3 ls" }] };
const config = { version: 2.1, jobs: { build: job, other: { ...job, steps: ["checkout"] } } };
const compact = JSON.stringify(config);
const pretty = JSON.stringify(config, undefined, 2);

/** Inserts, looks at what is new, and takes it out again by way of another step. */
function roundTrip(text: string, options = step): string {
  const result = insert(text, ["build"], { step: options });
  expect(result.jobs).toEqual([{ name: "build", result: "inserted" }]);
  const after = edited(text, result);
  const [old, now] = [content(text), content(after)];
  const steps = now.jobs["build"]?.steps ?? [];
  const at = steps.findIndex((item) => isOurStep(item, options));
  expect(at).toBe((old.jobs["build"]?.steps ?? []).indexOf("checkout") + 1);
  steps.splice(at, 1);
  expect(now).toEqual(old);
  expect(insert(after, ["build"], { step: options }).edits).toEqual([]);
  const updated = edited(after, ok(updateAuthStep(after, { jobs: ["build"], step: otherStep })));
  expect(content(updated).jobs["build"]?.steps.filter((item) => isOurStep(item, otherStep))).toHaveLength(1);
  expect(edited(updated, ok(removeAuthStep(updated, ["build"])))).toBe(text);
  return after;
}

describe("a config in which all stands in brackets", () => {
  it.each([
    ["compact JSON", compact],
    ["pretty JSON", `${pretty}\n`],
    ["pretty JSON with CRLF", pretty.replaceAll("\n", "\r\n")],
    ["no checkout", compact.replace('"checkout",', "")],
    ["no steps", compact.replace('"checkout",{"run":"aws s3 ls"}', "")],
    ["one step on a line of its own", '{"jobs": {"build": {"steps": [\n  "checkout"\n]}}}'],
    ["YAML in braces", "jobs: {build: {steps: [checkout, run: make, ], docker: []}}\n"],
    ["an anchor on the first step", "jobs: {build: {steps: [ &r {run: a}, *r ]}}\n"],
    [
      "comments",
      "jobs: {build: { # one\n  steps: [checkout # two\n    , run: make], # three\n  docker: []}}\n",
    ],
  ])("takes the step, and is as before without it: %s", (_name, text) => {
    roundTrip(text);
    roundTrip(text, { ...step, style: "webIdentityFile" });
  });

  it("stays JSON, each step on a line of its own where they were", () => {
    const after = roundTrip(pretty);
    expect(JSON.parse(after)).toMatchObject({ jobs: { build: { steps: ["checkout", { run: {} }, {}] } } });
    expect(after).toContain(
      '        "checkout",\n        {"run":{"name":"AWS OIDC auth","command":"{ set +x',
    );
    expect(JSON.parse(roundTrip(compact))).toMatchObject({ version: 2.1 });
  });

  it("is refused what cannot stand there", () => {
    for (const style of ["orb", "command"] as const) {
      const result = insert(compact, ["build"], { step: { ...step, style } });
      expect(result.edits).toEqual([]);
      expect(outcomes(result)[0]).toMatch(/^pipeline\./);
    }
    const first = "jobs: {build: {steps: [ # first\n  run: make]}}\n";
    expect(outcomes(insert(first, ["build"]))).toEqual(["pipeline.flowSteps"]);
  });

  it("holds for any JSON", () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const steps = fc.array(fc.oneof(fc.constant("checkout"), fc.record({ run: fc.string() })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(steps, value, fc.nat({ max: 4 }), (list, extra, indent) => {
        const jobs = { build: { steps: list, environment: extra } };
        roundTrip(JSON.stringify({ version: 2.1, jobs }, undefined, indent));
      }),
      { numRuns: 100 },
    );
  });
});
