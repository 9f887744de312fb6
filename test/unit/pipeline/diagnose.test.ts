import { describe, expect, it } from "vitest";
import {
  diagnose,
  type AuthStepOptions,
  type Known,
  type Workspace,
} from "../../../src/core/pipeline/index.ts";
import { pipelineMessages } from "../../../src/core/pipeline/messages.ts";
import { edited, insert, step } from "./judge.ts";

const inSteps = (...lines: readonly string[]): string =>
  `version: 2.1\norbs:\n  aws: circleci/aws-cli@5.4.1\njobs:\n  a:\n    steps:\n${lines.map((line) => `      ${line}\n`).join("")}`;
const ids = (text: string, known?: Known): string[] =>
  diagnose(text, known).map(({ id }) => id.replace("pipeline.find.", ""));

const repository = "github.com/acme/web-shop";
const owner = {
  organization: "0a1b2c3d-0000-4000-8000-000000000001",
  project: "0a1b2c3d-0000-4000-8000-000000000002",
};
const subject = (ref: string): string =>
  `org/${owner.organization}/project/${owner.project}/user/????????-????-????-????-????????????/vcs-origin/${repository}/vcs-ref/${ref}`;

const inBraces = (environment: string): string =>
  `jobs:\n  a:\n    environment: ${environment}\n    steps: []\n`;

describe("diagnose", () => {
  it.each([
    [
      "a key of a job",
      "jobs:\n  a:\n    environment:\n      AWS_ACCESS_KEY_ID: AKIA\n      B: c\n    steps: []\n",
      "staticKeys",
      true,
    ],
    [
      "a key of a step",
      inSteps(
        "- run:",
        "    command: a",
        "    environment:",
        "      A: b",
        "      AWS_SECRET_ACCESS_KEY: $KEY",
      ),
      "staticKeys",
      true,
    ],
    [
      "the only key",
      "jobs:\n  a:\n    environment:\n      AWS_ACCESS_KEY_ID: AKIA\n    steps: []\n",
      "staticKeys",
      true,
    ],
    ["the first key in braces", inBraces("{AWS_SESSION_TOKEN: x, B: c}"), "staticKeys", true],
    ["the last key in braces", inBraces("{ B: c , AWS_SESSION_TOKEN: x }"), "staticKeys", true],
    ["a key in the middle", inBraces("{ B: c, AWS_SESSION_TOKEN: x, D: e }"), "staticKeys", true],
    [
      "a key on a line in braces",
      inBraces("{\n      AWS_SESSION_TOKEN: x,\n      B: c\n    }"),
      "staticKeys",
      true,
    ],
    ["the only key in braces", inBraces("{ AWS_SESSION_TOKEN: x } # old"), "staticKeys", true],
    ["the only key, with an anchor", inBraces("&env { AWS_SESSION_TOKEN: x }"), "staticKeys", false],
    [
      "a key with a comment",
      inBraces("{\n      AWS_SESSION_TOKEN: x, # old\n      B: c }"),
      "staticKeys",
      false,
    ],
    ["a token that is shown", inSteps("- run: echo $CIRCLE_OIDC_TOKEN"), "tokenPrinted", false],
    [
      "a token that is shown, in a script",
      inSteps("- run: |", "    set -e", '    make && printf "%s" "${CIRCLE_OIDC_TOKEN_V2}"'),
      "tokenPrinted",
      false,
    ],
    ["a heredoc", inSteps("- run: |", "    cat <<EOF >> x", "    a", "    EOF"), "heredoc", true],
    [
      "a quoted heredoc",
      inSteps("- run:", "    command: |", "      cat <<- 'EOF'", "      EOF"),
      "heredoc",
      true,
    ],
    ["a heredoc in double quotes", inSteps('- run: "cat <<EOF\\n"'), "heredoc", true],
    ["a here-string", inSteps("- run: |", '    tr a b <<< "$X"'), "heredoc", true],
    ["an old parameter", inSteps("- aws/setup:", "    role-arn: x"), "oldParameter", true],
    [
      "an old parameter beside the new one",
      inSteps("- aws/setup:", "    aws-region: x", "    region: y"),
      "oldParameter",
      false,
    ],
    ["settings beside the command", inSteps("- aws/setup:", "  role_arn: x", "  region: y"), "beside", true],
  ])("finds %s", (_name, text, id, fixable) => {
    const found = diagnose(text);
    expect(ids(text)).toEqual([id]);
    const [first] = found;
    expect(first?.fix !== undefined).toBe(fixable);
    expect(first?.length).toBeGreaterThan(0);
    expect(text.slice(first?.offset).length).toBeGreaterThan(0);
    if (first !== undefined) {
      const names = [...pipelineMessages[first.id].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(first.args)).toEqual(expect.arrayContaining(names));
    }
    if (first?.fix === undefined) return;
    expect(ids(edited(text, { edits: first.fix }))).toEqual([]);
  });

  it.each([
    ["a text that cannot be read", "jobs: ["],
    ["expressions", inSteps("- run: echo << parameters.x >> <<pipeline.id>> << matrix.y >>")],
    ["an escaped heredoc", inSteps("- run: |", "    cat \\<<EOF", "    EOF")],
    ["a heredoc in version 2", inSteps("- run: |", "    cat <<EOF", "    EOF").replace("2.1", "2")],
    ["a token that goes into a file", inSteps('- run: echo "$CIRCLE_OIDC_TOKEN" > token')],
    ["a token that goes to a program", inSteps('- run: echo "$CIRCLE_OIDC_TOKEN_V2" | jq .')],
    ["new parameters", inSteps("- aws/setup:", "    role_arn: x")],
    ["parameters of an old orb", inSteps("- aws/setup:", "    role-arn: x").replace("5.4.1", "3.1")],
    ["another orb's", inSteps("- other/setup:", "    role-arn: x")],
    ["a region in a job without the step", "jobs:\n  a:\n    environment: {AWS_REGION: x}\n    steps: []\n"],
    ["our own step", edited(inSteps("- checkout"), insert(inSteps("- checkout"), ["a"]))],
    [
      "our own step, by the orb",
      edited(
        inSteps("- checkout"),
        insert(inSteps("- checkout"), ["a"], { step: { ...step, style: "orb" } }),
      ),
    ],
  ])("finds nothing wrong with %s", (_name, text) => {
    expect(ids(text)).toEqual([]);
  });

  it("finds a profile or a region that wins over the step", () => {
    const text =
      "jobs:\n  a:\n    environment:\n      X: y\n      AWS_REGION: us-east-1\n    steps:\n      - checkout\n";
    const after = edited(text, insert(text, ["a"]));
    expect(ids(after)).toEqual(["overrides"]);
    const [found] = diagnose(after);
    expect(found).toMatchObject({ args: { job: "a", variable: "AWS_REGION" }, line: 5, column: 7 });
    expect(ids(edited(after, { edits: found?.fix ?? [] }))).toEqual([]);
  });

  describe("with what is known of roles", () => {
    const text = inSteps("- checkout");
    const withStep = (options: Partial<AuthStepOptions> = {}): string =>
      edited(text, insert(text, ["a"], { step: { ...step, ...options } }));
    const role = { roleArn: step.roleArn, subjects: [subject("refs/heads/main")] };

    it.each([
      ["unknownRole", { roles: [], accounts: ["111111111111"] }],
      [
        "otherProject",
        {
          roles: [role],
          accounts: [],
          workspace: { projectId: "0a1b2c3d-0000-4000-8000-000000000009", repositories: [] },
        },
      ],
      ["refused", { roles: [role], accounts: [] }],
    ])("finds that of a step of the orb that somebody else wrote: %s", (id, known) => {
      const orb = inSteps("- aws/setup:", `    role_arn: ${step.roleArn}`, "    region: x");
      const onDev = `${orb}workflows:\n  w:\n    jobs:\n      - a: { filters: { branches: { only: dev } } }\n`;
      expect(ids(onDev, known)).toEqual([id]);
      expect(ids(onDev.replace(step.roleArn, "$ROLE_ARN"), known)).toEqual([]);
      const unused = onDev.replace("aws/setup", "aws/install");
      expect(ids(unused, known)).toEqual([]);
    });

    it("finds a role that the connected account does not have", () => {
      expect(ids(withStep(), { roles: [], accounts: ["111111111111"] })).toEqual(["unknownRole"]);
      expect(ids(withStep(), { roles: [], accounts: ["999999999999"] })).toEqual([]);
      expect(ids(withStep(), { roles: [role], accounts: ["111111111111"] })).toEqual([]);
      const [found] = diagnose(withStep(), { roles: [], accounts: ["111111111111"] });
      expect(withStep().slice(found?.offset).startsWith(step.roleArn)).toBe(true);
    });

    it("finds a token that does not name the branch that the role asks for", () => {
      const old = withStep({ tokenVariable: "CIRCLE_OIDC_TOKEN" });
      const known = { roles: [role], accounts: [] };
      expect(ids(old, known)).toEqual(["oldToken"]);
      expect(ids(old, { roles: [{ roleArn: step.roleArn }], accounts: [] })).toEqual([]);
      const [found] = diagnose(old, known);
      expect(edited(old, { edits: found?.fix ?? [] })).toBe(withStep());
    });
  });

  describe("a role that admits no run of this project or repository", () => {
    const text = edited(inSteps("- checkout"), insert(inSteps("- checkout"), ["a"]));
    const found = (subjects: readonly string[], workspace: Workspace) =>
      diagnose(text, { accounts: [], roles: [{ roleArn: step.roleArn, subjects }], workspace }).map(
        ({ id, args, severity }) => [
          id.replace("pipeline.find.", ""),
          args["project"] ?? args["repository"],
          severity,
        ],
      );
    const onMain = subject("refs/heads/main");
    const shop = { organizationId: owner.organization, projectId: owner.project, repositories: [repository] };
    const fork = "github.com/jo/web-shop";

    it.each([
      ["the repository of its policy", [onMain], shop, []],
      ["written in another case", [onMain], { repositories: ["github.com/Acme/Web-Shop"] }, []],
      ["one of several remotes", [onMain], { repositories: [fork, repository] }, []],
      ["another repository", [onMain], { repositories: [fork] }, [["otherRepository", fork, "warning"]]],
      ["nothing known", [onMain], { repositories: [] }, []],
      [
        "another project",
        [onMain],
        { ...shop, projectId: owner.organization },
        [["otherProject", owner.organization, "warning"]],
      ],
      [
        "another organization",
        [onMain],
        { ...shop, organizationId: owner.project },
        [["otherProject", owner.project, "warning"]],
      ],
      ["one of two projects", [onMain.replace(owner.project, owner.organization), onMain], shop, []],
      [
        "a policy for every run of the project",
        [`org/${owner.organization}/project/${owner.project}/*`],
        shop,
        [],
      ],
      [
        "a policy for every repository of a name",
        ["org/*/vcs-origin/*/web-shop/vcs-ref/*"],
        { repositories: [fork] },
        [],
      ],
      [
        "a policy for repositories of another owner",
        ["org/*/user/*/vcs-origin/github.com/acme/*"],
        { repositories: [fork] },
        [["otherRepository", fork, "warning"]],
      ],
      ["a policy for a foreign issuer", ["repo:acme/web-shop:*"], { repositories: [] }, []],
    ] as const)("is found, or not: %s", (_name, subjects, workspace, expected) => {
      expect(found(subjects, workspace)).toEqual(expected);
    });

    it("is judged by branches only as far as its policy is for this project", () => {
      const text21 =
        text + "workflows:\n  main:\n    jobs:\n      - a: { filters: { branches: { only: dev } } }\n";
      const elsewhere = subject("refs/heads/dev").replace(owner.project, owner.organization);
      const known = { accounts: [], roles: [{ roleArn: step.roleArn, subjects: [onMain, elsewhere] }] };
      expect(ids(text21, known)).toEqual([]);
      expect(ids(text21, { ...known, workspace: shop })).toEqual(["refused"]);
    });
  });

  describe("a job that the role never admits", () => {
    const job = "version: 2.1\njobs:\n  a:\n    steps:\n      - checkout\n";
    const withFilters = (filters: string): string => {
      const workflows = `workflows:\n  main:\n    jobs:\n      - a: { filters: ${filters} }\n`;
      return edited(job + workflows, insert(job + workflows, ["a"], { step }));
    };
    const onMain = {
      roles: [{ roleArn: step.roleArn, subjects: [subject("refs/heads/main")] }],
      accounts: [],
    };
    const onTags = {
      roles: [{ roleArn: step.roleArn, subjects: [subject("refs/tags/v*")] }],
      accounts: [],
    };

    it.each([
      ["{ branches: { only: dev } }", onMain, ["refused"]],
      ["{ branches: { only: [dev, main] } }", onMain, []],
      ["{ branches: { only: /main/ } }", onMain, []],
      ["{ branches: { ignore: /.*/ }, tags: { only: /v.*/ } }", onMain, ["refused"]],
      ["{ branches: { ignore: /.*/ }, tags: { only: /v.*/ } }", onTags, []],
      ["{ branches: { only: main } }", onTags, ["refused"]],
    ])("is found with the filters %s", (filters, known, expected) => {
      expect(ids(withFilters(filters), known)).toEqual(expected);
    });

    it("is not looked for where no workflow runs the job", () => {
      expect(ids(edited(job, insert(job, ["a"], { step })), onMain)).toEqual([]);
    });
  });

  it("stays fast where a line is made to be slow", () => {
    const line = "echo echo <<a ".repeat(15_000);
    expect(ids(inSteps(`- run: "${line}"`)).length).toBe(15_000);
  });
});
