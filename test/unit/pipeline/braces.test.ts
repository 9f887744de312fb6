import { describe, expect, it } from "vitest";
import { removeAuthStep } from "../../../src/core/pipeline/index.ts";
import { expectCopies } from "./copies.ts";
import { content, edited, faults, insert, ok, outcomes } from "./judge.ts";

describe("a job in braces, or one that is an alias", () => {
  const common = `version: 2.1
common: &common
  - checkout
  - run: |
      make
job: &job
  docker: [{image: x}]
  steps: *common
jobs:
`;
  const others = "  b:\n    steps: *common\n";

  it.each([
    ["steps by an alias", "  a: {docker: [{image: x}], steps: *common}\n"],
    ["steps first, a comment behind", "  a: { steps: *common, resource_class: small } # c\n"],
    ["several lines", "  a: {\n    docker: [{image: x}],\n    steps: *common,\n  }\n"],
    ["on a line of its own", "  a:\n    {steps: *common}\n"],
    ["JSON", `  "a": {"docker":[{"image":"x"}],"steps":*common }\n`],
    ["a merge key", "  a: {<<: *job, parallelism: 2}\n"],
    ["a merge key alone", "  a: {<<: *job}\n"],
    ["a key without a value", "  a: {<<: *job, environment}\n"],
    ["comments", "  a: { # one\n    steps: *common, # two\n    parallelism: 2 # three\n    # four\n  }\n"],
    [
      "a key over several lines",
      "  a: {steps: *common, docker: [\n    {image: x,\n   environment: {A: 'b\n\n   c'}}]}\n",
    ],
    ["a deep comment below", "  a: {steps: *common}\n           # deep\n\n"],
    ["an alias", "  a: *job\n"],
    ["an alias with a comment", "  a: *job # the same\n"],
  ])("gets a copy for itself, and is as before when the step goes: %s", (_name, job) => {
    expectCopies(common, job, others);
  });

  it("says what its lines took the place of", () => {
    const text = `${common}  a: {docker: [{image: x}], steps: *common}\n`;
    expect(edited(text, insert(text, ["a"], { shared: "inline" }))).toContain(`jobs:
  a: # AWS OIDC auth, instead of: {docker: [{image: x}], steps: *common}
    docker: [{image: x}]
    steps:
      - checkout
      - run:
          name: AWS OIDC auth
`);
  });

  it.each([
    ["its own steps", "  a: {docker: [{image: x}], steps: [checkout, run: make]}\n"],
    ["several lines", "  a: {\n    steps: [\n      checkout,\n      {run: make}\n    ]\n  }\n"],
    ["an anchor of the steps", "  a: {steps: &s [checkout], parallelism: 2}\n"],
    ["an anchor of the job", "  a: &a {steps: [checkout]}\n"],
  ])("takes the step among its own: %s", (_name, job) => {
    const text = `${common}${job}${others}`;
    const after = edited(text, insert(text, ["a"]));
    expect(faults(text, after, ["a"])).toEqual([]);
    expect(edited(after, ok(removeAuthStep(after, ["a"])))).toBe(text);
  });

  it("is edited for all who have it by an alias", () => {
    const text = `${common}  a: &a {steps: [checkout]}\n  c: *a\n`;
    expect(outcomes(insert(text, ["a"]))).toEqual(["pipeline.stepsShared"]);
    const after = edited(text, insert(text, ["a"], { shared: "edit" }));
    expect(faults(text, after, ["a", "c"])).toEqual([]);
    expect(edited(after, ok(removeAuthStep(after, ["a"], { shared: "edit" })))).toBe(text);
  });

  it("stays as it is written now where somebody has changed it since", () => {
    const text = `${common}  a: {docker: [{image: x}], steps: *common}\n`;
    const after = edited(text, insert(text, ["a"], { shared: "inline" }));
    const changed = after.replace(
      "    docker: [{image: x}]\n    steps:",
      "    docker: [{image: y}]\n    steps:",
    );
    expect(changed).not.toBe(after);
    const back = edited(changed, ok(removeAuthStep(changed, ["a"])));
    expect(content(back).jobs["a"]).toMatchObject({ docker: [{ image: "y" }], steps: ["checkout", {}] });
  });

  it.each([["braces around", "  {a: {steps: *common}}\n"]])(
    "is refused with its reason: %s",
    (_name, job) => {
      const text = common + job;
      expect(outcomes(insert(text, ["a"], { shared: "inline" }))).toEqual(["pipeline.stepsFromAnchor"]);
    },
  );
});
