import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { applyEdits, insertAuthStep, isProblem } from "../../../src/core/pipeline/index.ts";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import { lensesOf } from "../../../src/features/pipeline/lenses.ts";

const text = `version: 2.1
jobs:
  test:
    docker: [{ image: cimg/base:current }]
    steps: [checkout]
  hold:
    type: approval
`;

describe("lensesOf", () => {
  it("offers the step above each job that can take it", () => {
    const lenses = lensesOf(text);
    expect(lenses).toHaveLength(1);
    expect(lenses[0]?.job).toBe("test");
    expect(lenses[0]?.offset).toBe(text.indexOf("test:"));
    expect(lenses[0]?.length).toBe("test".length);
    expect(lenses.map(({ title }) => english(title))).toEqual(["Insert AWS auth step"]);
  });

  it("names the role of a job that has the step, without its path", () => {
    const roleArn = "arn:aws:iam::111122223333:role/ci/circleci-oidc";
    const edit = insertAuthStep(text, {
      jobs: ["test"],
      step: { roleArn, region: "eu-central-1", tokenVariable: "CIRCLE_OIDC_TOKEN", subAccounts: [] },
    });
    if (isProblem(edit)) throw new Error(edit.id);
    const [lens, ...others] = lensesOf(applyEdits(text, edit.edits));
    expect(others).toEqual([]);
    expect(lens?.job).toBeUndefined();
    expect(lens === undefined ? "" : english(lens.title)).toBe("AWS OIDC auth: circleci-oidc ✓");
  });

  it("offers an update where the setup has other settings, and keeps a lifetime that was set by hand", () => {
    const step = {
      roleArn: "arn:aws:iam::111122223333:role/ci",
      region: "eu-central-1",
      tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
      subAccounts: [],
    } as const;
    const edit = insertAuthStep(text, { jobs: ["test"], step });
    if (isProblem(edit)) throw new Error(edit.id);
    const inserted = applyEdits(text, edit.edits).replace("seconds=900", "seconds=3600");
    const titles = (known: readonly AuthStepOptions[]): string[] =>
      lensesOf(inserted, known).map(({ title }) => english(title));
    expect(titles([])).toEqual(["AWS OIDC auth: ci ✓"]);
    expect(titles([step])).toEqual(["AWS OIDC auth: ci ✓"]);
    expect(titles([{ ...step, roleArn: `${step.roleArn}-2` }])).toEqual(["AWS OIDC auth: ci ✓"]);
    const moved = { ...step, region: "eu-west-1" };
    expect(titles([moved])).toEqual(["AWS OIDC auth: ci ✓", "Update"]);
    expect(lensesOf(inserted, [moved])[1]).toMatchObject({ job: "test", action: "update" });
  });

  const options = {
    roleArn: "arn:aws:iam::111122223333:role/ci",
    region: "eu-central-1",
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    subAccounts: [],
  } as const;
  const two = `version: 2.1
jobs:
  one:
    docker: [{ image: cimg/base:current }]
    steps: [checkout]
  two:
    docker: [{ image: cimg/base:current }]
    steps: [checkout]
`;

  it.each<Partial<AuthStepOptions>>([
    { style: "webIdentityFile" },
    { style: "orb", durationSeconds: 1800 },
    { style: "command", durationSeconds: 1800 },
    { sessionName: "shop", onlyBranches: ["main", "release/*"] },
  ])("never offers to take back what was chosen for the step: %j", (chosen) => {
    const edit = insertAuthStep(two, { jobs: ["one", "two"], step: { ...options, ...chosen } });
    if (isProblem(edit)) throw new Error(edit.id);
    const inserted = applyEdits(two, edit.edits);
    const updates = (known: AuthStepOptions): readonly (string | undefined)[] =>
      lensesOf(inserted, [known]).flatMap(({ action, job }) => (action === "update" ? [job] : []));
    expect(updates({ ...options, durationSeconds: 900 })).toEqual([]);
    expect(updates({ ...options, region: "eu-west-1" })).toEqual(["one", "two"]);
  });

  it("offers the step to a job whose steps are shared", () => {
    const shared = `version: 2.1
base: &steps [checkout]
jobs:
  test:
    docker: [{ image: cimg/base:current }]
    steps: *steps
`;
    expect(lensesOf(shared)).toMatchObject([{ job: "test", action: "insert" }]);
  });

  it("shows the step of a job on an alias too, where nothing could be inserted", () => {
    const alias = `version: 2.1
base: &steps
  - run: { name: AWS OIDC auth, command: echo }
jobs:
  test:
    docker: [{ image: cimg/base:current }]
    steps: *steps
`;
    expect(lensesOf(alias).map(({ title }) => english(title))).toEqual(["AWS OIDC auth ✓"]);
  });

  it("has none for what is not valid YAML or not a pipeline", () => {
    expect(lensesOf("jobs: [")).toEqual([]);
    expect(lensesOf("organization: { id: 1 }")).toEqual([]);
    expect(lensesOf("")).toEqual([]);
  });
});
