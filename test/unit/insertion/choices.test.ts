import { describe, expect, it } from "vitest";
import {
  choicesInWords,
  chosenStep,
  lifetimeNote,
  questionsFor,
  recommended,
  type StepChoices,
} from "../../../src/core/insertion/choices.ts";
import { offerOf, type PipelineOffer, type StepRequest } from "../../../src/core/insertion/offer.ts";
import { english } from "../../../src/core/messages.ts";
import { applyEdits, insertAuthStep, isProblem } from "../../../src/core/pipeline/index.ts";
import type { RefRule } from "../../../src/core/trust/index.ts";

const request = (refs?: readonly RefRule[], subs = 0): StepRequest => ({
  step: {
    roleArn: "arn:aws:iam::111122223333:role/ci/deployer",
    region: "eu-central-1",
    durationSeconds: 900,
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    subAccounts: Array.from({ length: subs }, () => ({
      profile: "staging",
      roleArn: "arn:aws:iam::444455556666:role/x",
    })),
  },
  ...(refs === undefined ? {} : { runs: { kind: "refs", repository: "github.com/acme/shop", refs } }),
});
const main: RefRule = { kind: "branch", name: "main" };
const release: RefRule = { kind: "branchPrefix", prefix: "release/" };

const text = `version: 2.1
common: &common
  - checkout
jobs:
  plain:
    docker: [{ image: cimg/aws:2025.01 }]
    steps:
      - checkout
      - run: npm ci
      - run: aws s3 ls
  windows:
    machine: { image: windows-2022 }
    steps:
      - checkout
  a:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *common
  b:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *common
  owner:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: &own
      - checkout
  guest:
    docker: [{ image: cimg/aws:2025.01 }]
    steps: *own
workflows:
  main:
    jobs:
      - plain
      - a: { filters: { branches: { only: main } } }
`;

function offer(wanted: StepRequest, config = text): PipelineOffer {
  const made = offerOf(config, wanted);
  if (isProblem(made)) throw new Error(made.id);
  return made;
}

const choose = (jobs: readonly string[], choices: Partial<StepChoices>, wanted = request()) =>
  chosenStep(wanted, offer(wanted), jobs, { ...recommended, ...choices });

const problemIds = (...args: Parameters<typeof choose>) =>
  choose(...args).problems.map(({ choice, problem }) => [choice, problem.id]);

describe("what was recommended", () => {
  it("is the step of the setup, after checkout", () => {
    expect(choose(["plain"], {})).toEqual({
      problems: [],
      chosen: {
        step: { ...request().step, style: "profiles" },
        placement: "afterCheckout",
        shared: "refuse",
      },
    });
  });

  it("can be inserted into every job that is ready, as it was chosen", () => {
    const wanted = request([main]);
    const made = offer(wanted);
    for (const { name, status } of made.jobs) {
      expect(status).toBe("ready");
      const { shared } = questionsFor(made, [name], wanted.runs);
      const way = shared?.ways.includes("inline") === false ? "edit" : "";
      const { chosen } = chosenStep(wanted, made, [name], { ...recommended, shared: way });
      if (chosen === undefined) throw new Error(`nothing for ${name}`);
      const edit = insertAuthStep(text, { jobs: [name], ...chosen });
      if (isProblem(edit)) throw new Error(edit.id);
      expect(edit.jobs).toMatchObject([{ name, result: "inserted" }]);
      // Afterwards it is there, and nothing is to be updated.
      const after = offer(wanted, applyEdits(text, edit.edits));
      expect(after.jobs.find((job) => job.name === name)?.status).toBe("present");
    }
  });
});

describe("what there is to choose", () => {
  it("is what all chosen jobs can do", () => {
    const made = offer(request());
    expect(questionsFor(made, ["plain"], undefined)).toMatchObject({
      styles: ["profiles", "webIdentityFile", "command", "orb"],
      placement: true,
      refused: [],
    });
    expect(questionsFor(made, ["plain", "windows"], undefined).styles).toEqual([
      "profiles",
      "webIdentityFile",
    ]);
    expect(questionsFor(made, ["windows"], undefined).placement).toBe(false);
  });

  it("names the jobs that a shared edit would reach, and copies where that can be done for all", () => {
    const made = offer(request());
    expect(questionsFor(made, ["plain"], undefined).shared).toBeUndefined();
    expect(questionsFor(made, ["a"], undefined).shared).toEqual({
      jobs: ["a"],
      others: ["b"],
      ways: ["inline", "edit"],
    });
    expect(questionsFor(made, ["a", "b"], undefined).shared).toMatchObject({ others: [] });
    expect(questionsFor(made, ["a", "owner"], undefined).shared).toMatchObject({
      others: ["b", "guest"],
      ways: ["edit"],
    });
  });

  it("is a step that skips elsewhere where the role refuses runs and the script can tell them", () => {
    const skip = (refs: readonly RefRule[], job = "plain") =>
      questionsFor(offer(request(refs)), [job], request(refs).runs).skip;
    expect(skip([main, release])).toEqual(["main", "release/*"]);
    expect(skip([main], "a")).toBeUndefined();
    expect(skip([main, { kind: "tag", name: "v1" }])).toBeUndefined();
  });
});

describe("choices", () => {
  it.each([
    [{ minutes: "40" }, { durationSeconds: 2700, style: "profiles" }],
    [
      { minutes: " 5 ", style: "orb" },
      { durationSeconds: 900, style: "orb" },
    ],
    [
      { style: "command", sessionName: " shop " },
      { style: "command", sessionName: "shop" },
    ],
    [{ roleVariable: "ROLE" }, { roleVariable: "ROLE" }],
    [{ minutes: "90" }, { durationSeconds: 6000 }],
  ] satisfies readonly (readonly [Partial<StepChoices>, object])[])("%j become the step", (choices, step) => {
    expect(choose(["plain"], choices).chosen?.step).toMatchObject(step);
  });

  it("of a web identity file set no lifetime", () => {
    const { chosen } = choose(["plain"], { style: "webIdentityFile", minutes: "50" });
    expect(chosen?.step).not.toHaveProperty("durationSeconds");
  });

  it("of a place count where there are two", () => {
    expect(choose(["plain"], { placement: "beforeAws" }).chosen?.placement).toBe("beforeAws");
    expect(choose(["windows"], { placement: "beforeAws" }).chosen?.placement).toBe("afterCheckout");
  });

  it("to skip limit the step to the branches of the role, where it refuses any run", () => {
    const wanted = request([main, release]);
    expect(choose(["plain"], { elsewhere: "skip" }, wanted).chosen?.step.onlyBranches).toEqual([
      "main",
      "release/*",
    ]);
    expect(choose(["a"], { elsewhere: "skip" }, wanted).chosen?.step.onlyBranches).toBeUndefined();
  });

  it.each([
    [["plain"], { minutes: "soon" }, request(), ["minutes", "step.problem.minutes"]],
    [["plain"], { minutes: "0" }, request(), ["minutes", "step.problem.minutes"]],
    [
      ["plain"],
      { minutes: "61", style: "webIdentityFile" },
      request(),
      ["minutes", "step.problem.fileTooLong"],
    ],
    [["plain"], { minutes: "61" }, request([], 1), ["minutes", "pipeline.chainTooLong"]],
    [["plain"], { minutes: "721" }, request(), ["minutes", "pipeline.stepTooLong"]],
    [["windows"], { style: "orb" }, request(), ["style", "step.problem.style"]],
    [["owner"], {}, request(), ["shared", "step.problem.shared"]],
    [["plain"], { sessionName: "a b" }, request(), ["sessionName", "pipeline.badSessionName"]],
    [["plain"], { roleVariable: "role" }, request(), ["roleVariable", "pipeline.badVariable"]],
    [["plain"], { style: "orb", elsewhere: "skip" }, request([main]), ["elsewhere", "step.problem.orbSkip"]],
  ] satisfies readonly (readonly [
    readonly string[],
    Partial<StepChoices>,
    StepRequest,
    readonly [string, string],
  ])[])("of %j as %j are refused where they do not go together", (jobs, choices, wanted, problem) => {
    const { chosen } = choose(jobs, choices, wanted);
    expect(problemIds(jobs, choices, wanted)).toEqual([problem]);
    expect(chosen).toBeUndefined();
  });

  it("of the command that the file has are its own", () => {
    const wanted = request();
    const first = choose(["plain"], { style: "command", minutes: "30" }).chosen;
    if (first === undefined) throw new Error("not chosen");
    const edit = insertAuthStep(text, { jobs: ["plain"], ...first });
    if (isProblem(edit)) throw new Error(edit.id);
    const made = offer(wanted, applyEdits(text, edit.edits));
    const choices: StepChoices = { ...recommended, style: "command", minutes: "soon" };
    const second = chosenStep(wanted, made, ["windows"], choices);
    expect(second.problems.map(({ choice }) => choice)).toEqual(["style"]);
    const { chosen } = chosenStep(wanted, made, ["guest"], choices);
    expect(chosen?.step.durationSeconds).toBe(2100);
    expect(lifetimeNote(wanted, made, choices)).toMatchObject({ args: { minutes: 35 } });
  });
});

describe("choices in words", () => {
  const words = (jobs: readonly string[], choices: Partial<StepChoices>, wanted: StepRequest) =>
    choicesInWords(wanted, offer(wanted), jobs, { ...recommended, ...choices })
      .map(english)
      .join(" · ");

  it("say what follows from them", () => {
    expect(words(["plain"], {}, request([main]))).toBe(
      "Short-lived keys as profiles · Keys for 15 minutes · After checkout · Fails where the role refuses",
    );
    expect(words(["plain"], { style: "webIdentityFile", elsewhere: "skip" }, request([main]))).toBe(
      "Web identity file · Keys until the token expires · After checkout · Skipped on other branches",
    );
    expect(words(["a"], {}, request())).toContain("Shared steps are copied");
    expect(words(["a"], { shared: "edit" }, request())).toContain("Also in b");
    expect(words(["plain"], { minutes: "x" }, request())).toContain("Enter a number of minutes");
  });

  it("name what a session of more than an hour asks of the role", () => {
    const note = lifetimeNote(request(), offer(request()), { ...recommended, minutes: "90" });
    expect(note === undefined ? "" : english(note)).toContain(
      "aws iam update-role --role-name deployer --max-session-duration 6000",
    );
    const allowing = { ...request(), sessionSeconds: 7200 };
    expect(lifetimeNote(allowing, offer(allowing), { ...recommended, minutes: "90" })).toMatchObject({
      id: "step.lifetime.keys",
    });
  });
});
