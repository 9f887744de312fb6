import { describe, expect, it } from "vitest";
import { jobFacts } from "../../../src/core/insertion/facts.ts";
import { english } from "../../../src/core/messages.ts";
import { applyEdits, insertAuthStep, isProblem, outline } from "../../../src/core/pipeline/index.ts";

function factsOf(text: string, job: string): string {
  const read = outline(text);
  if (isProblem(read)) throw new Error(read.id);
  const found = read.jobs.find(({ name }) => name === job);
  if (found === undefined) throw new Error(`no job ${job}`);
  return jobFacts(found).map(english).join(" ");
}

/** A job called x that runs with these settings in its workflow, with this executor and these steps. */
const config = (where: string, steps: string, filters: string): string => `version: 2.1
orbs: { s3: circleci/aws-s3@4.1, win: circleci/windows@5 }
jobs:
  x:
    ${where}
    steps: [${steps}]
workflows:
  main:
    jobs:
      - x: { ${filters} }
`;
const docker = "docker: [{ image: cimg/base:current }]";

describe("what is said of a job", () => {
  it.each([
    ["context: c", "Runs on every branch."],
    ["filters: { branches: { only: [main, /release.*/] } }", "Runs on main, /release.*/."],
    ["filters: { branches: { ignore: gh-pages } }", "Runs on every branch but gh-pages."],
    [
      "filters: { branches: { only: << pipeline.parameters.b >> } }",
      "An expression decides on which branches it runs.",
    ],
    [
      "filters: { branches: { ignore: /.*/ }, tags: { only: /v.*/ } }",
      "Runs on no branch. Runs on tags /v.*/.",
    ],
    ["filters: { tags: { ignore: beta } }", "Runs on every branch. Runs on every tag but beta."],
  ])("tells when it runs: %s", (filters, expected) => {
    expect(factsOf(config(docker, "checkout", filters), "x")).toBe(
      `${expected} Linux in Docker. AWS is not seen in it.`,
    );
  });

  it("puts the runs of several workflows together, once", () => {
    const two = `${config(docker, "checkout", "filters: { branches: { only: main } }")}  other:
    jobs: [{ x: { filters: { branches: { only: [main, next] } } } }]
`;
    expect(factsOf(two, "x")).toContain("Runs on main, next.");
    expect(factsOf(two.replace("only: [main, next]", "ignore: old"), "x")).toContain(
      "Runs on main. Runs on every branch but old.",
    );
    expect(factsOf(config(docker, "checkout", "context: c").replace("- x:", "- y:"), "x")).toContain(
      "No workflow runs it.",
    );
  });

  it.each([
    ["machine: { image: ubuntu-2404:current }", "Linux machine."],
    ["macos: { xcode: 16.0.0 }", "macOS."],
    ["executor: win/default", "Windows."],
    ["executor: some/where", "The file does not tell where it runs: the step needs sh or bash there."],
    [`shell: pwsh\n    ${docker}`, "Linux in Docker. Shell pwsh."],
  ])("tells where it runs: %s", (where, expected) => {
    expect(factsOf(config(where, "checkout", "context: c"), "x")).toBe(
      `Runs on every branch. ${expected} AWS is not seen in it.`,
    );
  });

  it.each([
    ["s3/sync", "Uses the orb’s s3/sync. Looks like a deploy."],
    ["{ run: aws s3 ls }, { run: cdk synth }", "Calls aws, cdk."],
    ["{ run: cdk deploy }", "Calls cdk. Looks like a deploy."],
    ["{ run: 'echo $AWS_ACCESS_KEY_ID' }", "Uses long-lived keys (AWS_ACCESS_KEY_ID)."],
    ["{ run: { command: ls, environment: { AWS_REGION: x } } }", "Sets AWS_REGION."],
  ])("tells what it does with AWS: %s", (steps, expected) => {
    expect(factsOf(config(docker, steps, "context: c"), "x")).toBe(
      `Runs on every branch. Linux in Docker. ${expected}`,
    );
  });

  it("names the role of a step that is there", () => {
    const text = config(docker, "checkout", "context: c");
    const role = { roleArn: "arn:aws:iam::111122223333:role/ci/deployer", region: "eu-central-1" };
    const step = { ...role, tokenVariable: "CIRCLE_OIDC_TOKEN_V2", subAccounts: [] } as const;
    const withStep = (roleVariable?: string): string => {
      const more = roleVariable === undefined ? {} : { roleVariable };
      const edit = insertAuthStep(text, { jobs: ["x"], step: { ...step, ...more } });
      if (isProblem(edit)) throw new Error(edit.id);
      return factsOf(applyEdits(text, edit.edits), "x");
    };
    expect(withStep()).toContain("Has the step for deployer.");
    expect(withStep("ROLE")).toContain("Has the step.");
  });
});
