import { describe, expect, it } from "vitest";
import { insertAuthStep, outline, type PipelineOutline } from "../../../src/core/pipeline/index.ts";
import { holdsAwsFolder } from "../../../src/core/pipeline/warnings.ts";
import { content, edited, insert, isOurStep, ok, step } from "./judge.ts";

const pipeline = `version: 2.1
orbs:
  aws: circleci/aws-cli@4.1
  ecs: circleci/aws-ecs@6
  node: circleci/node@7
  own:
    commands: {}
executors:
  win: {machine: {image: windows-server-2022-gui:current}, shell: powershell.exe}
  tux: {docker: [{image: x}]}
commands:
  ship:
    steps:
      - run: cd infra && terraform apply
base: &base
  working_directory: ~/x
jobs:
  static:
    <<: *base
    docker:
      - image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/x
        aws_auth: {aws_access_key_id: $AWS_ACCESS_KEY_ID}
    environment: {AWS_ACCESS_KEY_ID: AKIA, AWS_REGION: eu-west-1}
    steps:
      - run: |
          # aws is not called here
          pip install awscli
          echo "$AWS_SECRET_ACCESS_KEY"
  orb:
    executor: tux
    steps: [aws/setup: {role_arn: x}]
  roll:
    parameters: {where: {type: executor, default: tux}}
    executor: << parameters.where >>
    steps:
      - ship
  many:
    parameters: {where: {type: executor}}
    executor: << parameters.where >>
    steps: [checkout]
workflows:
  one:
    jobs:
      - static: {context: [aws, npm]}
      - many: {matrix: {parameters: {where: [tux, win]}}}
      - roll: {name: publish-docs, where: win}
      - ecs/deploy_service_update:
          cluster: x
`;

function read(text: string): PipelineOutline {
  const seen = outline(text);
  if (seen.kind === "problem") throw new Error(seen.id);
  return seen;
}
const job = (name: string) => read(pipeline).jobs.find((one) => one.name === name);
const uses = (name: string) => job(name)?.aws.map((use) => `${use.kind} ${use.name} ${use.line}`);

describe("what a job does with AWS", () => {
  it.each([
    [
      "static",
      [
        "staticKeys AWS_ACCESS_KEY_ID 23",
        "variable AWS_REGION 23",
        "dockerAuth aws_auth 22",
        "staticKeys AWS_SECRET_ACCESS_KEY 25",
      ],
    ],
    ["orb", ["orb aws/setup 31"]],
    ["roll", ["tool terraform 14"]],
    ["many", []],
    ["ecs/deploy_service_update", ["orb ecs/deploy_service_update 47"]],
  ])("is seen: %s", (name, found) => {
    expect(uses(name)).toEqual(found);
  });

  it("tells jobs that deploy, by their names, orbs and tools", () => {
    const deploys = read(pipeline)
      .jobs.filter((one) => one.looksLikeDeploy)
      .map(({ name }) => name);
    expect(deploys).toEqual(["roll", "ecs/deploy_service_update"]);
    expect(job("roll")).toMatchObject({ commands: ["ship"] });
  });
});

describe("where a job runs", () => {
  it("is read through parameters, matrices and defaults", () => {
    expect(job("roll")?.executor).toEqual({ kind: "windows", os: "windows", shell: "powershell.exe" });
    expect(job("many")).toMatchObject({
      executor: { os: "mixed" },
      blocker: { id: "pipeline.mixedExecutors", line: 37 },
    });
    expect(read(pipeline.replace(", where: win", "")).jobs[2]?.executor.os).toBe("linux");
    expect(read(pipeline).executors.map(({ name, executor }) => [name, executor.os])).toEqual([
      ["win", "windows"],
      ["tux", "linux"],
    ]);
  });

  it("is Linux or macOS where a matrix leads to both, and open where one of them is", () => {
    const text = (other: string): string =>
      `version: 2.1\nexecutors:\n  tux: {docker: [{image: a}]}\n  apple: {macos: {xcode: 16.0.0}}\njobs:\n  a:\n    parameters: {on: {type: executor}}\n    executor: << parameters.on >>\n    shell: fish\n    steps:\n      - checkout\nworkflows:\n  w:\n    jobs:\n      - a: {matrix: {parameters: {on: [tux, ${other}]}}}\n`;
    expect(read(text("apple")).jobs[0]).toMatchObject({ executor: { os: "posix" } });
    expect(edited(text("apple"), insert(text("apple"), ["a"]))).toContain("shell: /bin/sh");
    expect(read(text("other")).jobs[0]).toMatchObject({
      executor: { os: "unknown" },
      blocker: { id: "pipeline.shell" },
    });
  });

  it("decides the shell of the step", () => {
    const shellOf = (keys: string): unknown => {
      const text = `jobs:\n  a:\n    ${keys}\n    steps:\n      - checkout\n`;
      const item = content(edited(text, insert(text, ["a"]))).jobs["a"]?.steps.find((one) => isOurStep(one));
      return JSON.stringify(item).match(/"shell":"([^"]+)"/)?.[1];
    };
    const windows = "machine: {image: windows-server-2022-gui:current}";
    expect(shellOf(windows)).toBe("bash.exe");
    expect(shellOf(`${windows}\n    shell: bash.exe`)).toBeUndefined();
    expect(shellOf("docker: [{image: a}]\n    shell: pwsh")).toBe("/bin/sh");
    expect(shellOf("docker: [{image: a}]\n    shell: /bin/sh -leo pipefail")).toBeUndefined();
    expect(shellOf("docker: [{image: a}]\n    shell: zsh")).toBeUndefined();
    expect(shellOf("docker: [{image: a}]")).toBeUndefined();
  });
});

describe("the rest of a file", () => {
  it("is listed: workflows with the names jobs go by, orbs, anchors", () => {
    const seen = read(pipeline);
    expect(seen.workflows.map(({ name, jobs }) => [name, jobs])).toEqual([
      ["one", ["static", "many", "publish-docs", "ecs/deploy_service_update"]],
    ]);
    expect(seen.orbs.map(({ name, source, aws }) => [name, source, aws])).toEqual([
      ["aws", "circleci/aws-cli@4.1", true],
      ["ecs", "circleci/aws-ecs@6", true],
      ["node", "circleci/node@7", false],
      ["own", undefined, false],
    ]);
    expect(seen.anchors).toEqual([{ name: "base", line: 16, column: 3, aliases: [19] }]);
    expect(job("many")?.runs).toEqual([{ workflow: "one", branches: "any", matrix: true }]);
    expect(job("static")?.runs).toEqual([{ workflow: "one", branches: "any", contexts: ["aws", "npm"] }]);
  });

  it("is a kind error where it is a template", () => {
    const text = "version: 2.1\njobs:\n{{ range .jobs }}\n  {{ . }}: {}\n{{ end }}\n";
    expect(outline(text)).toMatchObject({ id: "pipeline.template", args: { mark: "{{" } });
    expect(outline("jobs:\n  a: [\n").kind === "problem").toBe(true);
  });

  it("that nests by aliases of aliases is refused", () => {
    const lines = Array.from({ length: 2_000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`);
    expect(outline(`a0: &a0 x\n${lines.join("\n")}\njobs: {}\n`)).toMatchObject({
      id: "pipeline.tooManyAliases",
    });
  });
});

describe("warnings", () => {
  const warned = (body: string, options: object = {}): string[] => {
    const text = `version: 2.1\njobs:\n  a:\n${body}`;
    const result = ok(insertAuthStep(text, { jobs: ["a"], step, ...options }));
    return result.warnings.map(
      ({ id, args }) => `${id.replace("pipeline.warn.", "")} ${Object.values(args).join(" ")}`,
    );
  };

  it("tell of later steps that keep the credentials", () => {
    const body = `    steps:
      - persist_to_workspace: {root: ~/, paths: [.aws]}
      - checkout
      - run: aws s3 ls
      - save_cache: {key: k, paths: [~/.npm, ~/.aws]}
      - persist_to_workspace: {root: ., paths: [dist]}
      - store_artifacts: {path: /root}
`;
    expect(warned(body)).toEqual([
      "keepsCredentials a save_cache ~/.aws 8 46",
      "keepsCredentials a store_artifacts /root 10 33",
    ]);
  });

  it.each([
    ["~", "", true],
    ["~/", "", true],
    ["$HOME/.aws/credentials", "", true],
    ["${HOME}", "", true],
    ["/home/circleci", "", true],
    ["/", "", true],
    [".", "", false],
    [".", "~", true],
    ["..", "", true],
    ["*", "/root", true],
    ["dist/../../.aws", "", true],
    ["~/.npm", "", false],
    ["~/.aws-sam", "", false],
    ["/tmp", "", false],
    ["node_modules", "~/x", false],
  ])("know whether %s, from %j, holds ~/.aws", (path, workdir, holds) => {
    expect(holdsAwsFolder(path, workdir)).toBe(holds);
  });

  it("tell of variables that win, and of AWS that is not seen", () => {
    const body =
      "    environment: {AWS_PROFILE: x}\n    steps:\n      - checkout\n      - run: ./deploy.sh\n";
    expect(warned(body)).toEqual(["variable a AWS_PROFILE 4 19"]);
    expect(warned(body, { placement: "beforeAws" })).toEqual([
      "variable a AWS_PROFILE 4 19",
      "noAwsStep a 3 3",
    ]);
  });
});
