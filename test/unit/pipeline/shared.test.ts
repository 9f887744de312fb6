import { describe, expect, it } from "vitest";
import { outline, removeAuthStep, updateAuthStep } from "../../../src/core/pipeline/index.ts";
import { expectCopies } from "./copies.ts";
import { content, edited, faults, insert, isOurStep, ok, otherStep, outcomes, step } from "./judge.ts";

describe("steps that are written once for several jobs", () => {
  const text = `version: 2.1
common: &common # for all
  # gets the code
  - checkout
  - run: |
      make

      make test
jobs:
  a:
    docker: [{image: x}]
    steps: *common # here
  b:
    steps: *common
  c:
    <<: &base
      steps: *common
  d: *base
`;

  it("are edited for all of them, which are named", () => {
    const result = insert(text, ["a"], { shared: "edit" });
    expect(result.jobs).toEqual([{ name: "a", result: "inserted", alsoIn: ["b", "c", "d"] }]);
    const after = edited(text, result);
    expect(faults(text, after, ["a", "b", "c", "d"], step, true)).toEqual([]);
    expect(insert(after, ["a", "b", "c"]).jobs.map(({ result: one }) => one)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
    ]);
    const updated = edited(
      after,
      ok(updateAuthStep(after, { jobs: ["b"], step: otherStep, shared: "edit" })),
    );
    expect(faults(text, updated, ["a", "b", "c", "d"], otherStep, true)).toEqual([]);
    expect(outcomes(ok(updateAuthStep(after, { jobs: ["b"], step: otherStep })))).toEqual([
      "pipeline.stepsFromAnchor",
    ]);
    const back = ok(removeAuthStep(after, ["c"], { shared: "edit" }));
    expect(back.jobs).toEqual([{ name: "c", result: "removed", alsoIn: ["a", "b", "d"] }]);
    expect(edited(after, back)).toBe(text);
  });

  it("are edited once where all of their jobs are asked for", () => {
    const result = insert(text, ["a", "b", "c", "d"], { shared: "edit" });
    expect(result.jobs).toEqual(["a", "b", "c", "d"].map((name) => ({ name, result: "inserted" })));
    expect(faults(text, edited(text, result), ["a", "b", "c", "d"], step, true)).toEqual([]);
  });

  it("are copied for one job, and become the alias again when the step goes", () => {
    const result = insert(text, ["a"], { shared: "inline" });
    expect(result.jobs).toEqual([{ name: "a", result: "inserted" }]);
    const after = edited(text, result);
    expect(faults(text, after, ["a"])).toEqual([]);
    expect(after).toContain(
      "    steps: # AWS OIDC auth, instead of: *common # here\n      - checkout\n      - run:\n          name: AWS OIDC auth\n",
    );
    expect(edited(after, ok(removeAuthStep(after, ["a"])))).toBe(text);
  });

  it("stay a copy where somebody has changed it since", () => {
    const after = edited(text, insert(text, ["a"], { shared: "inline" })).replace(
      "      - run: |\n          make\n",
      "      - run: |\n          make clean\n",
    );
    const back = edited(after, ok(removeAuthStep(after, ["a"])));
    expect(back).toContain("make clean");
    expect(content(back).jobs["a"]?.steps).toHaveLength(2);
  });

  it.each(["edit", "inline"] as const)("in brackets: %s", (shared) => {
    const flow = `x: &s [checkout, {run: make}]\njobs:\n  a:\n    steps: *s\n  b:\n    steps: *s\n`;
    const after = edited(flow, insert(flow, ["a"], { shared }));
    expect(faults(flow, after, shared === "edit" ? ["a", "b"] : ["a"], step, true)).toEqual([]);
    expect(edited(after, ok(removeAuthStep(after, ["a"], { shared: "edit" })))).toBe(flow);
  });
});

describe("steps that a merge key brings", () => {
  const defaults = `version: 2.1
x: &defaults
  docker: [{image: x}]
  # what all do
  steps:
    - checkout
    # tests
    - run: |
        make

        make test
    - run: deploy # last
jobs:
`;
  const others = "  other:\n    <<: *defaults\n";

  it.each([
    ["alone", "  a:\n    <<: *defaults\n"],
    ["before other keys", "  a:\n    <<: *defaults # all of it\n    # more\n    environment: {A: b}\n"],
    ["after other keys", "  a:\n    environment: {A: b}\n    <<: *defaults\n"],
    ["one of several", "  a:\n    <<: [*defaults, *defaults]\n    environment: {A: b}\n"],
    ["deeper comments below", "  a:\n    <<: *defaults\n           # deep\n\n"],
    ["deeper indentation", "  a:\n        <<: *defaults\n        environment: {A: b}\n"],
    [
      "merged twice",
      "  b:\n    <<: &again\n      <<: *defaults\n      parallelism: 2\n  a:\n    <<: *again\n",
    ],
    ["steps by an alias", "  b:\n    <<: &again\n      steps: &s [checkout, run: x]\n  a:\n    <<: *again\n"],
  ])("are copied for one job, and go again with the step: %s", (_name, jobs) => {
    expectCopies(defaults, jobs, others);
  });

  it("stay a copy where somebody has changed it, or what it was made of", () => {
    const text = `${defaults}  a:\n    <<: *defaults\n${others}`;
    const after = edited(text, insert(text, ["a"], { shared: "inline" }));
    for (const changed of [
      after.replace("          make\n", "          make clean\n"),
      after.replace("        make\n", "        make clean\n"),
    ]) {
      const back = edited(changed, ok(removeAuthStep(changed, ["a"])));
      expect(content(back).jobs["a"]?.steps).toHaveLength(3);
      expect(back).toContain("    steps: # AWS OIDC auth, a copy\n");
      expect(changed).not.toBe(after);
    }
  });

  it("are copied in every style", () => {
    const text = `${defaults}  a:\n    <<: *defaults\n${others}`;
    for (const style of ["webIdentityFile", "command", "orb"] as const) {
      const after = edited(text, insert(text, ["a"], { shared: "inline", step: { ...step, style } }));
      expect(faults(text, after, ["a"], { ...step, style })).toEqual([]);
      expect(edited(after, ok(removeAuthStep(after, ["a"])))).toBe(text);
    }
  });
});

describe("steps inside commands", () => {
  const text = `version: 2.1
commands:
  prepare:
    steps:
      - checkout
      - nested
  nested:
    steps: [run: make]
  upload:
    steps:
      - run: aws s3 sync . s3://x
jobs:
  a:
    steps:
      - prepare
      - run: test
      - upload
  b:
    steps:
      - upload
`;

  it("count for where the step goes: after the checkout, before AWS", () => {
    const after = edited(text, insert(text, ["a", "b"]));
    const { jobs } = content(after);
    expect(jobs["a"]?.steps.findIndex((item) => isOurStep(item))).toBe(1);
    expect(jobs["b"]?.steps.findIndex((item) => isOurStep(item))).toBe(0);
    const late = content(edited(text, insert(text, ["a"], { placement: "beforeAws" })));
    expect(late.jobs["a"]?.steps.findIndex((item) => isOurStep(item))).toBe(2);
  });

  it("may hold the step, which is found, updated for all who call it, and removed", () => {
    const script = JSON.stringify(insertedScript());
    const inside = text.replace(
      "      - run: aws s3 sync",
      `      - run:\n          name: AWS OIDC auth\n          command: ${script}\n      - run: aws s3 sync`,
    );
    const seen = outline(inside);
    expect(seen).toMatchObject({
      jobs: [{ authSteps: [{ via: "upload", roleArn: step.roleArn }] }, { authSteps: [{ via: "upload" }] }],
      commands: [{ name: "prepare" }, {}, { name: "upload", authSteps: [{ roleArn: step.roleArn }] }],
    });
    expect(insert(inside, ["a", "b"]).edits).toEqual([]);
    expect(outcomes(ok(updateAuthStep(inside, { jobs: ["a"], step: otherStep })))).toEqual([
      "pipeline.inCommand",
    ]);
    const updated = ok(updateAuthStep(inside, { jobs: ["a"], step: otherStep, shared: "edit" }));
    expect(updated.jobs).toEqual([{ name: "a", result: "replaced", alsoIn: ["b"] }]);
    expect(edited(inside, updated)).toContain(`role=${otherStep.roleArn}`);
    expect(outcomes(ok(removeAuthStep(inside, ["a"])))).toEqual(["pipeline.inCommand"]);
    const removed = ok(removeAuthStep(inside, ["a", "b"], { shared: "edit" }));
    expect(edited(inside, removed)).toBe(text);
  });

  it("that call each other in a circle are read all the same", () => {
    const loop = `version: 2.1\ncommands:\n  x: {steps: [y]}\n  y: {steps: [x, checkout]}\njobs:\n  a:\n    steps:\n      - x\n      - run: b\n`;
    expect(faults(loop, edited(loop, insert(loop, ["a"])), ["a"])).toEqual([]);
  });
});

function insertedScript(): string {
  const text = "jobs:\n  a:\n    steps:\n    - checkout\n";
  const [, item] = content(edited(text, insert(text, ["a"]))).jobs["a"]?.steps ?? [];
  const run = typeof item === "object" && item !== null && "run" in item ? item.run : undefined;
  return typeof run === "object" && run !== null && "command" in run ? String(run.command) : "";
}
