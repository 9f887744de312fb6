import { describe, expect, it } from "vitest";
import { insertAuthStep, outline, removeAuthStep, updateAuthStep } from "../../../src/core/pipeline/index.ts";
import { edited, faults, insert, ok, otherStep, outcomes, step } from "./judge.ts";

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

  it("need version 2.1, and uses that are not in brackets", () => {
    expect(outcomes(insert(text.replace("2.1", "2"), ["ecr/build"]))).toEqual(["pipeline.needs21"]);
    const flow = "version: 2.1\nworkflows:\n  w:\n    jobs: [ecr/build]\n";
    expect(outcomes(insert(flow, ["ecr/build"]))).toEqual(["pipeline.stepsLayout"]);
    expect(outline(flow)).toMatchObject({ jobs: [{ blocker: { id: "pipeline.stepsLayout" } }] });
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
