import { describe, expect, it } from "vitest";
import { english, msg } from "../../../src/core/messages.ts";
import { applyEdits, insertAuthStep, isProblem } from "../../../src/core/pipeline/index.ts";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import type { RunRule } from "../../../src/core/trust/index.ts";
import { offerOf, type JobOffer } from "../../../src/core/insertion/offer.ts";
import { warningsAbout } from "../../../src/features/pipeline/problems.ts";

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

function jobsOf(text: string, runs?: RunRule, options: AuthStepOptions = step): readonly JobOffer[] {
  const offer = offerOf(text, { step: options, ...(runs === undefined ? {} : { runs }) });
  if (isProblem(offer)) throw new Error(english(msg(offer.id, offer.args)));
  return offer.jobs;
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

describe("offerOf", () => {
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
    expect(jobs.at(-1)?.facts.map(({ id }) => id)).toContain("step.fact.unknown");
  });

  it("takes the same role with another region for different", () => {
    const text = withStep(deployWith("context: x"), "deploy", { ...step, region: "us-east-1" });
    expect(jobsOf(text).map(({ status }) => status)).toEqual(["different"]);
  });

  it("reports what is wrong with the file or with the step", () => {
    expect(offerOf("jobs: [", { step })).toMatchObject({ id: "pipeline.notYaml" });
    expect(offerOf("a: b", { step })).toMatchObject({ id: "pipeline.notPipeline" });
    const wrong = { ...step, roleArn: "arn:aws:iam::111122223333:role/$(id)" };
    expect(offerOf(deployWith("context: x"), { step: wrong })).toMatchObject({
      id: "pipeline.badRoleArn",
    });
  });
});

describe("a step that is there with options of its own", () => {
  const subAccounts = [{ profile: "staging", roleArn: "arn:aws:iam::444455556666:role/x" }];
  it.each<[string, Partial<AuthStepOptions>]>([
    ["a lifetime", { durationSeconds: 3600 }],
    ["a web identity file", { style: "webIdentityFile" }],
    ["the reusable command", { style: "command", durationSeconds: 1200 }],
    ["the orb", { style: "orb", durationSeconds: 1800, subAccounts }],
    ["a session name and a variable", { sessionName: "shop", roleVariable: "ROLE" }],
    ["branches", { onlyBranches: ["main", "release/*"] }],
  ])("is present with %s, and different where the setup asks for another region", (_what, more) => {
    const options = { ...step, ...more };
    const text = withStep(deployWith("context: x"), "deploy", options);
    const wanted = { ...step, subAccounts: options.subAccounts };
    expect(jobsOf(text, undefined, wanted).map(({ status }) => status)).toEqual(["present"]);
    const moved = { ...wanted, region: "us-east-1" };
    expect(jobsOf(text, undefined, moved).map(({ status }) => status)).toEqual(["different"]);
  });
});

describe("shared steps", () => {
  const shared = `version: 2.1
common: &common
  - checkout
  - run: make
jobs:
  a:
    docker: [{ image: cimg/base:current }]
    steps: *common
  b:
    docker: [{ image: cimg/base:current }]
    steps: *common
  owner:
    docker: [{ image: cimg/base:current }]
    steps: &own
      - checkout
  guest:
    docker: [{ image: cimg/base:current }]
    steps: *own
`;

  it("can be edited for all, or copied where they are used by an alias", () => {
    const jobs = jobsOf(shared);
    expect(jobs.map(({ name, status, shared: ways }) => [name, status, ways])).toEqual([
      ["a", "ready", { jobs: ["b"], ways: ["edit", "inline"] }],
      ["b", "ready", { jobs: ["a"], ways: ["edit", "inline"] }],
      ["owner", "ready", { jobs: ["guest"], ways: ["edit"] }],
      ["guest", "ready", { jobs: ["owner"], ways: ["edit", "inline"] }],
    ]);
  });
});

describe("the styles of a job", () => {
  it("are those that the version, its shell and the file allow", () => {
    const all = ["profiles", "webIdentityFile", "command", "orb"];
    const text = deployWith("context: x");
    expect(jobsOf(text)[0]?.styles).toEqual(all);
    expect(jobsOf(text.replace("2.1", "2"))[0]?.styles).toEqual(["profiles", "webIdentityFile"]);
    const windows = text.replace(
      "docker: [{ image: cimg/base:current }]",
      "machine: { image: windows-2022 }",
    );
    expect(jobsOf(windows)[0]?.styles).toEqual(["profiles", "webIdentityFile"]);
    const oldOrb = text.replace("jobs:\n", "orbs: { aws-cli: circleci/aws-cli@3.1 }\njobs:\n");
    expect(jobsOf(oldOrb)[0]?.styles).not.toContain("orb");
    const v1 = { ...step, tokenVariable: "CIRCLE_OIDC_TOKEN" } as const;
    expect(jobsOf(text, undefined, v1)[0]?.styles).not.toContain("orb");
  });

  it("have the command of the file as it is where it is for this role, and none for another", () => {
    const two = `version: 2.1
jobs:
${linuxJob("a")}${linuxJob("b")}`;
    const text = withStep(two, "a", { ...step, style: "command", durationSeconds: 3600 });
    const offer = offerOf(text, { step });
    expect(offer).toMatchObject({ command: { style: "command", durationSeconds: 3600 } });
    expect(jobsOf(text).map(({ status }) => status)).toEqual(["present", "ready"]);
    expect(jobsOf(text)[1]?.styles).toContain("command");
    const other = { ...step, roleArn: "arn:aws:iam::111122223333:role/other" };
    expect(jobsOf(text, undefined, other)[1]?.styles).not.toContain("command");
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

  it("has two good places where the job does other work before AWS, and only then", () => {
    const differ = (config: string): boolean | undefined => jobsOf(config)[0]?.placesDiffer;
    expect(differ(text)).toBe(true);
    expect(differ(text.replace("      - run: npm ci\n", ""))).toBe(false);
    expect(differ(text.replace("aws s3 sync", "./sync"))).toBe(false);
  });

  it("comes with what to know about it", () => {
    expect(warningsAbout(text, { jobs: ["deploy"], step }).map(({ id }) => id)).toEqual([
      "pipeline.warn.keepsCredentials",
      "pipeline.warn.variable",
    ]);
    expect(warningsAbout("jobs: [", { jobs: ["deploy"], step })).toEqual([]);
  });
});
