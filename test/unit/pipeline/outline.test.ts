import { describe, expect, it } from "vitest";
import { outline, type JobOutline, type PipelineOutline } from "../../../src/core/pipeline/index.ts";
import { edited, insert, step } from "./judge.ts";

const pipeline = `# our pipeline
version: 2.1
setup: false
orbs:
  win: circleci/windows@5.0
  node: circleci/node@7
executors:
  linux:
    docker: [{image: cimg/base:current}]
    shell: /bin/bash -eo pipefail
  desktop:
    machine: {image: "windows-server-2022-gui:current"}
commands:
  greet:
    steps: [run: echo]
jobs:
  build:
    executor: linux
    steps:
      - checkout
      - run: make
  deploy: # the one
    docker: [{image: cimg/aws:2025.01}]
    steps:
      - attach_workspace: {at: .}
  windows:
    executor: {name: win/default}
    steps: [checkout]
  gui:
    executor: desktop
    steps: [checkout]
  mac:
    macos: {xcode: 16.0.0}
    steps: [checkout]
  runner:
    machine: true
    resource_class: acme/runner
    steps: [checkout]
  any:
    parameters: {os: {type: executor}}
    executor: << parameters.os >>
    steps: [checkout]
  hold:
    type: approval
workflows:
  main:
    jobs:
      - build
      - deploy:
          requires: [build]
          filters: &main
            branches: {only: main}
      - gui: {filters: {branches: {only: [main, /release.*/], ignore: dev}}}
      - any: {filters: pipeline.git.branch == "main"}
      - runner: {filters: {branches: {only: << pipeline.parameters.b >>}}}
      - mac: {filters: {tags: {only: /v.*/}}}
      - node/test:
          filters: *main
  nightly:
    jobs: [deploy]
`;

function read(text: string): PipelineOutline {
  const seen = outline(text);
  if (seen.kind === "problem") throw new Error(seen.id);
  return seen;
}

function job(name: string, text = pipeline): JobOutline {
  const found = read(text).jobs.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no job ${name}`);
  return found;
}

describe("outline", () => {
  it("lists version, commands and jobs with their places", () => {
    const seen = read(pipeline);
    expect(seen).toMatchObject({ version: "2.1", setup: false });
    expect(seen.commands).toEqual([
      { name: "greet", offset: pipeline.indexOf("greet:"), length: 5, line: 14, column: 3, authSteps: [] },
    ]);
    const names = "build deploy windows gui mac runner any hold node/test";
    expect(seen.jobs.map(({ name }) => name).join(" ")).toBe(names);
    for (const { name, offset, length, line, column } of seen.jobs) {
      expect(pipeline.slice(offset, offset + length)).toBe(name);
      expect(pipeline.split("\n")[line - 1]?.slice(column - 1)).toMatch(new RegExp(`^${name}\\b`));
    }
  });

  it("tells what can take the step, and why not", () => {
    const verdicts = read(pipeline).jobs.map(({ name, kind, blocker }) => [name, kind, blocker?.id]);
    expect(verdicts).toEqual([
      ["build", "build", undefined],
      ["deploy", "build", undefined],
      ["windows", "build", undefined],
      ["gui", "build", undefined],
      ["mac", "build", undefined],
      ["runner", "build", undefined],
      ["any", "build", undefined],
      ["hold", "noSteps", "pipeline.noSteps"],
      ["node/test", "orb", undefined],
    ]);
    expect(job("build")).toMatchObject({ steps: 2, hasCheckout: true });
    expect(job("deploy")).toMatchObject({ steps: 1, hasCheckout: false });
  });

  it.each([
    ["build", { kind: "docker", os: "linux", shell: "/bin/bash -eo pipefail" }],
    ["deploy", { kind: "docker", os: "linux" }],
    ["windows", { kind: "windows", os: "windows" }],
    ["gui", { kind: "windows", os: "windows" }],
    ["mac", { kind: "macos", os: "macos" }],
    ["runner", { kind: "machine", os: "unknown" }],
    ["any", { kind: "unknown", os: "unknown" }],
  ])("knows where %s runs", (name, executor) => {
    expect(job(name).executor).toEqual(executor);
  });

  it.each([
    ["build", [{ workflow: "main", branches: "any" }]],
    [
      "deploy",
      [
        { workflow: "main", branches: { only: ["main"], ignore: [] } },
        { workflow: "nightly", branches: "any" },
      ],
    ],
    ["gui", [{ workflow: "main", branches: { only: ["main", "/release.*/"], ignore: ["dev"] } }]],
    ["any", [{ workflow: "main", branches: "unknown", tags: "unknown" }]],
    ["runner", [{ workflow: "main", branches: "unknown" }]],
    ["mac", [{ workflow: "main", branches: "any", tags: { only: ["/v.*/"], ignore: [] } }]],
    ["node/test", [{ workflow: "main", branches: { only: ["main"], ignore: [] } }]],
    ["windows", []],
  ])("knows which branches run %s", (name, runs) => {
    expect(job(name).runs).toEqual(runs);
  });

  it("runs a job called build where there are no workflows", () => {
    const text = "version: 2\njobs:\n  build:\n    steps: [checkout]\n  other:\n    steps: [checkout]\n";
    expect(job("build", text).runs).toEqual([{ workflow: "build", branches: "any" }]);
    expect(job("other", text).runs).toEqual([]);
  });

  it("finds the step and its role", () => {
    const after = edited(pipeline, insert(pipeline, ["deploy"]));
    const [found] = job("deploy", after).authSteps;
    expect(found).toMatchObject({ roleArn: step.roleArn, column: 9 });
    expect(after.slice(found?.offset).startsWith("run:\n")).toBe(true);
    expect(job("build", after).authSteps).toEqual([]);
  });

  it("sees steps and jobs through aliases, but does not offer to edit them there", () => {
    const text = "x: &s [checkout]\njobs:\n  a: &a\n    steps: *s\n  b: *a\n";
    expect(job("a", text)).toMatchObject({ kind: "stepsFromAnchor", steps: 1, hasCheckout: true });
    expect(job("b", text)).toMatchObject({
      kind: "jobFromAnchor",
      blocker: { id: "pipeline.jobFromAnchor", args: { anchor: "a" }, line: 5 },
    });
  });

  it("accepts a setup pipeline that has no jobs of its own", () => {
    expect(read("version: 2.1\nsetup: true\norbs: {p: circleci/path-filtering@1}\n")).toMatchObject({
      setup: true,
      jobs: [],
    });
  });
});
