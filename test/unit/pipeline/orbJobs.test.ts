import { describe, expect, it } from "vitest";
import { insertAuthStep, outline, removeAuthStep, updateAuthStep } from "../../../src/core/pipeline/index.ts";
import { content, edited, faults, insert, ok, otherStep, outcomes, step } from "./judge.ts";

describe("jobs of orbs", () => {
  const text = `version: 2.1
orbs:
  ecr: circleci/aws-ecr@9.3
workflows:
  main:
    jobs:
      - ecr/build # plain
      - ecr/build:
          # above
          name: second
          requires: [x]
      - ecr/build:
          name: third
          pre-steps:
            - run: first
      - ecr/build:
          name: fourth
          pre-steps: [checkout]
      - ecr/build:
`;

  it.each(["profiles", "webIdentityFile", "command", "orb"] as const)(
    "get the step as a pre-step of every use, in the style %s",
    (style) => {
      const options = { ...step, style };
      const result = insert(text, ["ecr/build"], { step: options });
      expect(result.jobs).toEqual([{ name: "ecr/build", result: "inserted" }]);
      const after = edited(text, result);
      expect(faults(text, after, ["ecr/build"], options)).toEqual([]);
      expect(after.match(/pre-steps:/g)).toHaveLength(5);
      expect(insert(after, ["ecr/build"], { step: options }).edits).toEqual([]);
      const changed = { ...options, roleArn: otherStep.roleArn };
      const updated = edited(after, ok(updateAuthStep(after, { jobs: ["ecr/build"], step: changed })));
      expect(faults(text, updated, ["ecr/build"], changed)).toEqual([]);
      expect(edited(after, ok(removeAuthStep(after, ["ecr/build"])))).toBe(text);
    },
  );

  it("need version 2.1", () => {
    expect(outcomes(insert(text.replace("2.1", "2"), ["ecr/build"]))).toEqual(["pipeline.needs21"]);
  });

  const inWorkflow = (jobs: string): string =>
    `version: 2.1\nworkflows:\n  w:\n    jobs:${jobs}\n  # the end\n`;
  const json = { version: 2.1, workflows: { w: { jobs: ["test", { "ecr/build": { name: "a" } }] } } };
  it.each([
    ["a name", inWorkflow(" [ecr/build]"), 1],
    ["a name in quotes", inWorkflow(' [ test, "ecr/build" ] # c'), 1],
    [
      "several uses",
      inWorkflow(" [ecr/build, {ecr/build: {name: a, filters: {branches: {only: main}}}}, ecr/build]"),
      3,
    ],
    ["settings in braces behind a hyphen", inWorkflow("\n      - ecr/build: { name: a } # c"), 1],
    ["empty settings", inWorkflow("\n      - ecr/build: {}"), 1],
    ["steps before", inWorkflow("\n      - ecr/build: {pre-steps: [run: a, checkout], name: a}"), 1],
    ["JSON", JSON.stringify(json), 1],
    ["pretty JSON", JSON.stringify(json, undefined, 2), 1],
  ])("take the step in brackets too, and are as before without it: %s", (_name, flow, uses) => {
    const seen = outline(flow);
    expect("jobs" in seen && seen.jobs.filter(({ blocker }) => blocker !== undefined)).toEqual([]);
    const result = insert(flow, ["ecr/build"]);
    expect(result.jobs).toEqual([{ name: "ecr/build", result: "inserted" }]);
    const after = edited(flow, result);
    const preSteps = JSON.stringify(content(after)["workflows"]).match(
      /"pre-steps":\[\{"run":\{"name":"AWS OIDC auth"/g,
    );
    expect(preSteps).toHaveLength(uses);
    expect(insert(after, ["ecr/build"]).edits).toEqual([]);
    const updated = edited(after, ok(updateAuthStep(after, { jobs: ["ecr/build"], step: otherStep })));
    expect(updated.split(otherStep.roleArn)).toHaveLength(1 + uses);
    expect(edited(updated, ok(removeAuthStep(updated, ["ecr/build"])))).toBe(flow);
  });

  it("keep what somebody has written into the braces since", () => {
    const flow = inWorkflow(" [ecr/build]");
    const after = edited(flow, insert(flow, ["ecr/build"]));
    const changed = after.replace('{ecr/build: {"pre-steps"', '{ecr/build: {name: a, "pre-steps"');
    expect(changed).not.toBe(after);
    expect(outcomes(ok(removeAuthStep(changed, ["ecr/build"])))).toEqual(["pipeline.stepsLayout"]);
    const spaced = after.replace("{ecr/build: {", "{ ecr/build: {");
    expect(edited(spaced, ok(removeAuthStep(spaced, ["ecr/build"])))).toBe(inWorkflow(" [{ ecr/build: {}}]"));
  });
});

describe("a job under several names", () => {
  const text = `version: 2.1\njobs:\n  deploy:\n    steps:\n      - checkout\nworkflows:\n  w:\n    jobs:\n      - deploy: {name: staging}\n      - deploy: {name: prod}\n`;

  it("gets the step once, and that is said", () => {
    const result = insert(text, ["deploy"]);
    expect(faults(text, edited(text, result), ["deploy"])).toEqual([]);
    expect(result.warnings).toEqual([
      {
        kind: "warning",
        job: "deploy",
        id: "pipeline.warn.severalNames",
        args: { job: "deploy", names: "staging, prod" },
      },
    ]);
    expect(insert(text, ["prod"]).jobs).toMatchObject([
      { problem: { id: "pipeline.otherName", args: { job: "deploy" } } },
    ]);
  });
});

describe("what an update needs", () => {
  it("is a step that is there", () => {
    const text = "jobs:\n  a:\n    steps:\n    - checkout\n";
    expect(outcomes(ok(updateAuthStep(text, { jobs: ["a", "b"], step })))).toEqual([
      "pipeline.noStep",
      "pipeline.noSuchJob",
    ]);
    expect(insertAuthStep(text, { jobs: ["a"], step: { ...step, style: "orb" } })).toMatchObject({
      edits: [],
      jobs: [{ problem: { id: "pipeline.needs21" } }],
    });
  });
});
