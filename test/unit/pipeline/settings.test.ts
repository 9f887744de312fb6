import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  insertAuthStep,
  keptStep,
  outline,
  updateAuthStep,
  updatedStep,
  type AuthStepOptions,
  type StepStyle,
} from "../../../src/core/pipeline/index.ts";
import { edited, insert, ok, step } from "./judge.ts";

const config = `version: 2.1
jobs:
  a:
    docker: [{ image: cimg/aws:2025.01 }]
    steps:
      - checkout
  b:
    docker: [{ image: cimg/aws:2025.01 }]
    steps:
      - checkout
`;

const withStep = (options: AuthStepOptions, text = config, job = "a"): string =>
  edited(text, insert(text, [job], { step: options }));

function stepsOf(text: string, job = "a") {
  const read = outline(text);
  if ("id" in read) throw new Error(read.id);
  return read.jobs.find(({ name }) => name === job)?.authSteps ?? [];
}

const options = fc
  .record(
    {
      style: fc.constantFrom<StepStyle>("profiles", "webIdentityFile", "command", "orb"),
      durationSeconds: fc.integer({ min: 900, max: 43_200 }),
      sessionName: fc.stringMatching(/^[A-Za-z0-9_+=,.@-]{2,32}$/),
      roleVariable: fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/),
      onlyBranches: fc.uniqueArray(fc.constantFrom("main", "release/*", "feature/a.b", "v-*", "it"), {
        minLength: 1,
      }),
    },
    { requiredKeys: ["style"] },
  )
  .map(({ durationSeconds, onlyBranches, ...more }): AuthStepOptions => ({
    ...step,
    ...more,
    ...(durationSeconds === undefined || more.style === "webIdentityFile" ? {} : { durationSeconds }),
    ...(onlyBranches === undefined || more.style === "orb" ? {} : { onlyBranches }),
  }));

describe("the options of a step that is there", () => {
  it("are read back, whatever they were, so that an update to the same setup changes nothing", () => {
    fc.assert(
      fc.property(options, (chosen) => {
        const text = withStep(chosen);
        const [found] = stepsOf(text);
        const kept = found === undefined ? undefined : keptStep(found, step);
        expect(kept).toMatchObject(chosen);
        if (kept === undefined) return;
        expect(ok(updateAuthStep(text, { jobs: ["a"], step: kept })).jobs).toEqual([
          { name: "a", result: "unchanged" },
        ]);
        // What the setup dictates changes, and what was chosen stays.
        const wanted = { ...step, region: "us-east-1", subAccounts: [] };
        const moved = keptStep(found ?? {}, wanted);
        if (moved === undefined) throw new Error("not kept");
        const after = edited(text, ok(updateAuthStep(text, { jobs: ["a"], step: moved })));
        expect(keptStep(stepsOf(after)[0] ?? {}, wanted)).toEqual(moved);
        expect(after).toContain("us-east-1");
      }),
      { numRuns: 60 },
    );
  });

  it("are not known where the script is another one", () => {
    expect(keptStep({ roleArn: step.roleArn }, step)).toBeUndefined();
    const mine = config.replace("- checkout", "- run: { name: AWS OIDC auth, command: ./auth.sh }");
    expect(stepsOf(mine)[0]?.style).toBeUndefined();
  });
});

describe("the setup of a step that is there", () => {
  const other: AuthStepOptions = { ...step, roleArn: `${step.roleArn}-2`, subAccounts: [] };

  it("is that of its role", () => {
    const found = stepsOf(withStep({ ...step, durationSeconds: 1800 }));
    expect(updatedStep(found, [other, step])).toMatchObject({ roleArn: step.roleArn, durationSeconds: 1800 });
    expect(updatedStep(found, [other])).toBeUndefined();
    expect(updatedStep([], [step])).toBeUndefined();
  });

  it.each(["profiles", "orb"] as const)(
    "is that of its sub-accounts where the role comes from a variable: %s",
    (style) => {
      const found = stepsOf(withStep({ ...step, style, roleVariable: "ROLE" }));
      expect(updatedStep(found, [other, step])).toMatchObject({
        roleVariable: "ROLE",
        roleArn: step.roleArn,
      });
      expect(updatedStep(found, [other])).toBeUndefined();
    },
  );
});

describe("the reusable command that is in the file", () => {
  const command: AuthStepOptions = { ...step, style: "command" };
  const text = withStep(command);

  it("is called by another job with the same options, and by none with others", () => {
    expect(insert(text, ["b"], { step: command }).jobs).toEqual([{ name: "b", result: "inserted" }]);
    const longer = { ...command, durationSeconds: 3600 };
    expect(insert(text, ["b"], { step: longer })).toMatchObject({
      edits: [],
      jobs: [{ result: "refused", problem: { id: "pipeline.otherCommand", line: 3 } }],
    });
    const wanted = { ...command, roleArn: "arn:aws:iam::333333333333:role/other" };
    expect(insert(text, ["b"], { step: wanted }).jobs).toMatchObject([{ result: "refused" }]);
  });

  it("gets other options for all who call it", () => {
    const both = withStep(command, text, "b");
    const longer = { ...command, durationSeconds: 3600 };
    const update = ok(updateAuthStep(both, { jobs: ["a"], step: longer, shared: "edit" }));
    expect(update.jobs).toEqual([{ name: "a", result: "replaced", alsoIn: ["b"] }]);
    const after = edited(both, update);
    expect(stepsOf(after, "b")).toMatchObject([{ style: "command", durationSeconds: 3600 }]);
    // Replacing and adding in one edit leaves one command for both.
    const mixed = ok(insertAuthStep(text, { jobs: ["a", "b"], step: longer, replace: true }));
    expect(mixed.jobs.map(({ result }) => result)).toEqual(["replaced", "inserted"]);
  });
});

describe("a step for certain branches", () => {
  it("takes beginnings of names, with the star outside of the quotes", () => {
    const text = withStep({ ...step, onlyBranches: ["main", "release/*"] });
    expect(text).toContain("'main' | 'release/'*) ;;");
    for (const wrong of ["a*b", "*", "x/**", "it's*"]) {
      expect(insertAuthStep(config, { jobs: ["a"], step: { ...step, onlyBranches: [wrong] } })).toMatchObject(
        {
          id: "pipeline.badBranch",
        },
      );
    }
  });
});

describe("a job's outline", () => {
  it("tells who has the same steps, and whether there are two places", () => {
    const read = outline(`version: 2.1
jobs:
  a:
    steps: &s [checkout, {run: npm ci}, {run: aws s3 ls}]
  b:
    steps: *s
  c:
    steps: [checkout]
`);
    expect(read).toMatchObject({
      jobs: [
        { sharedWith: ["b"], placesDiffer: true },
        { sharedWith: ["a"], placesDiffer: true },
        { sharedWith: [], placesDiffer: false },
      ],
    });
  });
});
