import { describe, expect, it } from "vitest";
import { english, msg } from "../../../src/core/messages.ts";
import { applyEdits, insertAuthStep, isProblem } from "../../../src/core/pipeline/index.ts";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import type { RunRule } from "../../../src/core/trust/index.ts";
import type { PipelineJob } from "../../../src/core/wizard/state.ts";
import { jobStatuses, placementsDiffer, warningsAbout } from "../../../src/features/pipeline/jobStatus.ts";

const step: AuthStepOptions = {
  roleArn: "arn:aws:iam::111122223333:role/circleci-oidc",
  region: "eu-central-1",
  tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
  subAccounts: [],
};
const onlyMain: RunRule = {
  kind: "refs",
  repository: "github.com/acme/web-shop",
  refs: [{ kind: "branch", name: "main" }],
};

function jobsOf(text: string, runs?: RunRule): readonly PipelineJob[] {
  const jobs = jobStatuses(text, { step, ...(runs === undefined ? {} : { runs }) });
  if ("message" in jobs) throw new Error(english(jobs.message));
  return jobs;
}

function withStep(text: string, job: string, options: AuthStepOptions): string {
  const edit = insertAuthStep(text, { jobs: [job], step: options });
  if (isProblem(edit)) throw new Error(edit.id);
  return applyEdits(text, edit.edits);
}

const linuxJob = (name: string): string => `  ${name}:
    docker: [{ image: cimg/base:current }]
    steps:
      - checkout
`;

/** One job called deploy, run with these lines below its name in the workflow. */
const deployWith = (...lines: readonly string[]): string =>
  `version: 2.1
jobs:
${linuxJob("deploy")}workflows:
  main:
    jobs:
      - deploy:
${lines.map((line) => `          ${line}\n`).join("")}`;

describe("jobStatuses", () => {
  it("tells what each job could do with the step, and why not", () => {
    const text = `version: 2.1
orbs:
  aws-s3: circleci/aws-s3@4.1
jobs:
${linuxJob("ready")}${linuxJob("present")}${linuxJob("different")}  windows:
    machine: { image: windows-server-2022-gui:current }
    resource_class: windows.medium
    steps:
      - checkout
  shell:
    docker: [{ image: cimg/base:current }]
    shell: pwsh
    steps:
      - checkout
  somewhere:
    executor: some/where
    shell: pwsh
    steps:
      - checkout
  hold:
    type: approval
workflows:
  main:
    jobs:
      - ready
      - aws-s3/sync
`;
    const other = { ...step, roleArn: "arn:aws:iam::111122223333:role/other" };
    const jobs = jobsOf(withStep(withStep(text, "present", step), "different", other));
    expect(jobs.map(({ name, status }) => [name, status])).toEqual([
      ["ready", "ready"],
      ["present", "present"],
      ["different", "different"],
      ["windows", "ready"],
      ["shell", "ready"],
      ["somewhere", "unavailable"],
      ["hold", "unavailable"],
      ["aws-s3/sync", "ready"],
    ]);
    const notes = new Map(jobs.map(({ name, note }) => [name, note?.id]));
    expect(notes.get("ready")).toBeUndefined();
    expect(notes.get("present")).toBe("pipelineEditor.job.present");
    expect(jobs.find(({ name }) => name === "different")?.note).toEqual(
      msg("pipelineEditor.job.otherRole", { job: "different", role: other.roleArn }),
    );
    expect(notes.get("windows")).toBeUndefined();
    expect(notes.get("shell")).toBeUndefined();
    expect(notes.get("somewhere")).toBe("pipeline.shell");
    expect(notes.get("hold")).toBe("pipeline.noSteps");
    expect(notes.get("aws-s3/sync")).toBe("pipelineEditor.job.unknownExecutor");
  });

  it("takes the same role with another region for different", () => {
    const text = withStep(deployWith("context: x"), "deploy", { ...step, region: "us-east-1" });
    expect(jobsOf(text).map(({ status }) => status)).toEqual(["different"]);
  });

  it("says so where the file does not tell where the job runs", () => {
    const text = `version: 2.1
jobs:
  deploy:
    executor: somewhere/else
    steps:
      - checkout
`;
    expect(jobsOf(text)).toEqual([
      { name: "deploy", status: "ready", note: msg("pipelineEditor.job.unknownExecutor") },
    ]);
  });

  it("reports what is wrong with the file or with the step", () => {
    expect(jobStatuses("jobs: [", { step })).toMatchObject({ code: "pipeline.notYaml" });
    expect(jobStatuses("a: b", { step })).toMatchObject({ code: "pipeline.notPipeline" });
    const wrong = { ...step, roleArn: "arn:aws:iam::111122223333:role/$(id)" };
    expect(jobStatuses(deployWith("context: x"), { step: wrong })).toMatchObject({
      code: "pipeline.badRoleArn",
    });
  });
});

describe("a branch rule", () => {
  const refusesOthers = msg("pipelineEditor.job.branches", { branches: "main" });
  const refusesAll = (runs: string) => msg("pipelineEditor.job.noBranch", { runs, branches: "main" });

  it.each([
    ["every branch", ["context: x"], refusesOthers],
    ["main only", ["filters: { branches: { only: main } }"], undefined],
    ["main among others", ["filters: { branches: { only: [main, next] } }"], refusesOthers],
    ["other branches only", ["filters: { branches: { only: [next, dev] } }"], refusesAll("next, dev")],
    ["all but one", ["filters: { branches: { ignore: next } }"], refusesOthers],
    ["a pattern", ["filters: { branches: { only: /main.*/ } }"], refusesOthers],
    [
      "main and tags",
      ["filters: { branches: { only: main }, tags: { only: /v.*/ } }"],
      msg("pipelineEditor.job.tags", { admitted: "main" }),
    ],
    [
      "tags only",
      ["filters: { branches: { ignore: /.*/ }, tags: { only: /v.*/ } }"],
      msg("pipelineEditor.job.tags", { admitted: "main" }),
    ],
    ["an expression", ["filters: pipeline.git.branch == 'main'"], refusesOthers],
  ])("is held against a job that runs on %s", (_name, lines, note) => {
    expect(jobsOf(deployWith(...lines), onlyMain).map((job) => job.note)).toEqual([note]);
  });

  it("looks at every workflow that runs the job", () => {
    const text = `${deployWith("filters: { branches: { only: main } }")}  nightly:
    jobs: [deploy]
`;
    expect(jobsOf(text, onlyMain).map((job) => job.note)).toEqual([refusesOthers]);
  });

  it("says nothing where every branch is admitted, or no rule is known", () => {
    expect(jobsOf(deployWith("context: x"), { kind: "any" }).map((job) => job.note)).toEqual([undefined]);
    expect(jobsOf(deployWith("context: x")).map((job) => job.note)).toEqual([undefined]);
  });

  it("says it in words", () => {
    expect(english(refusesOthers)).toBe("On branches other than main the step fails: the role refuses them.");
  });
});

describe("an insertion", () => {
  const text = `version: 2.1
jobs:
  deploy:
    docker: [{ image: cimg/aws:2025.01 }]
    environment: { AWS_REGION: us-east-1 }
    steps:
      - checkout
      - run: npm ci
      - run: aws s3 sync . s3://x
      - save_cache: { key: k, paths: [~/.aws] }
`;

  it("is asked about where there are two good places, and only then", () => {
    const request = { jobs: ["deploy"], step };
    expect(placementsDiffer(text, request)).toBe(true);
    expect(placementsDiffer(text.replace("      - run: npm ci\n", ""), request)).toBe(false);
    expect(placementsDiffer(text.replace("aws s3 sync", "./sync"), request)).toBe(false);
    expect(placementsDiffer("jobs: [", request)).toBe(false);
  });

  it("comes with what to know about it", () => {
    expect(warningsAbout(text, { jobs: ["deploy"], step }).map(({ id }) => id)).toEqual([
      "pipeline.warn.keepsCredentials",
      "pipeline.warn.variable",
    ]);
    expect(warningsAbout("jobs: [", { jobs: ["deploy"], step })).toEqual([]);
  });
});
