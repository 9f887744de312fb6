import { describe, expect, it } from "vitest";
import { readDocument } from "../../../src/core/pipeline/document.ts";
import type { Context, Draft } from "../../../src/core/pipeline/draft.ts";
import { removeAuthStep, updateAuthStep, type AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import { readJobs } from "../../../src/core/pipeline/jobs.ts";
import { reachOf } from "../../../src/core/pipeline/reach.ts";
import { tried } from "../../../src/core/pipeline/tryOut.ts";
import { edited, faults, insert, ok, step } from "./judge.ts";

const text = "jobs:\n  a:\n    steps:\n    - checkout\n  b:\n    steps:\n    - checkout\n";

function contextOf(source: string): Context {
  const document = readDocument(source);
  if (document.kind === "problem") throw new Error(document.id);
  return {
    document,
    references: [],
    jobs: readJobs(document, []),
    reach: reachOf(document),
    shared: "refuse",
  };
}

/** A draft that adds an item to a job, and says that it does. */
function draft({ jobs }: Context, name: string, added: string, meant: unknown): Draft {
  const seq = jobs.find((job) => job.name === name)?.steps;
  if (seq === undefined) throw new Error("no steps");
  const offset = seq.range?.[1] ?? 0;
  return {
    result: { name, result: "inserted" },
    edits: [{ offset, length: 0, text: added }],
    expected: [{ kind: "items", seq, index: 1, removed: 0, values: [meant] }],
  };
}

describe("an edit that does something else than it was meant to", () => {
  const context = contextOf(text);
  const good = draft(context, "a", "    - made\n", "made");

  it.each([
    ["another step", draft(context, "b", "    - other\n", "made")],
    ["no valid YAML", draft(context, "b", "    - [\n", "made")],
    ["nothing but a comment", draft(context, "b", "    # made\n", "made")],
    ["a key beside the steps", draft(context, "b", "    - made\n    docker: []\n", "made")],
    ["another job", draft(context, "b", "    - made\n  c: {}\n", "made")],
  ])("is refused, and the others are kept: %s", (_name, bad) => {
    const result = tried(context, [good, bad], { edits: [], expected: [] }, []);
    expect(result.drafts.map(({ result: one }) => one.result)).toEqual(["inserted", "refused"]);
    expect(result.drafts[1]).toMatchObject({
      edits: [],
      result: { problem: { id: "pipeline.stepsLayout" } },
    });
  });

  it("is refused where it overlaps with what is edited beside the jobs", () => {
    const [edit] = good.edits;
    const over = { offset: (edit?.offset ?? 0) - 3, length: 5, text: "" };
    const result = tried(context, [good], { edits: [over], expected: [] }, []);
    expect(result).toMatchObject({ edits: [], drafts: [{ result: { result: "refused" } }] });
  });
});

describe("what stands around", () => {
  it.each(["|+", ">+"])("keeps the blank lines that belong to a script with %s", (header) => {
    const kept = `jobs:\n  a:\n    steps:\n      - run: ${header}\n          make\n\n\n      - run: aws s3 ls\n`;
    const after = edited(kept, insert(kept, ["a"], { placement: "beforeAws" }));
    expect(faults(kept, after, [])).toEqual(["a step in a"]);
    expect(edited(after, ok(removeAuthStep(after, ["a"])))).toBe(kept);
  });

  it.each(["orb", "command"] as const)("keeps the %s as long as another job uses it", (style) => {
    const source = `version: 2.1\n${text}`;
    const options: AuthStepOptions = { ...step, style };
    const after = edited(source, insert(source, ["a", "b"], { step: options }));
    const one = edited(after, ok(removeAuthStep(after, ["a"])));
    expect(faults(source, one, ["b"], options)).toEqual([]);
    const other = edited(after, ok(updateAuthStep(after, { jobs: ["a"], step })));
    expect(other).toContain(style === "orb" ? "aws-cli: circleci/aws-cli" : "aws-oidc-auth: #");
    expect(edited(one, ok(removeAuthStep(one, ["b"])))).toBe(source);
  });

  it.each([
    [
      "an orb of the same name",
      "orbs:\n  aws-cli: acme/other@1\n",
      "orb",
      "aws-cli-oidc: circleci/aws-cli@5",
    ],
    ["the orb under another name", "orbs:\n  tools: circleci/aws-cli@5.1\n", "orb", "- tools/setup: #"],
    ["an empty section", "orbs:\n", "orb", "orbs:\n  aws-cli: circleci/aws-cli@5"],
    [
      "commands of its own",
      "commands:\n  # mine\n  x:\n    steps: [checkout]\n",
      "command",
      "commands:\n  aws-oidc-auth: #",
    ],
  ] as const)("is taken as it is: %s", (_name, head, style, found) => {
    const source = `version: 2.1\n${head}${text}`;
    const options: AuthStepOptions = { ...step, style };
    const after = edited(source, insert(source, ["a"], { step: options }));
    expect(after).toContain(found);
    expect(faults(source, after, ["a"], options)).toEqual([]);
    expect(edited(after, ok(removeAuthStep(after, ["a"])))).toBe(source);
  });

  it.each([
    ["an old orb", "orbs:\n  aws-cli: circleci/aws-cli@3.1\n", "orb", "pipeline.oldOrb"],
    [
      "another command of that name",
      "commands:\n  aws-oidc-auth: {steps: [checkout]}\n",
      "command",
      "pipeline.commandTaken",
    ],
    ["a section in braces", "orbs: {x: circleci/node@7}\n", "orb", "pipeline.sectionLayout"],
    [
      "a section through an alias",
      "x: &o\n  y: circleci/node@7\norbs: *o\n",
      "orb",
      "pipeline.sectionLayout",
    ],
  ] as const)("stops the style: %s", (_name, head, style, id) => {
    const result = insert(`version: 2.1\n${head}${text}`, ["a"], { step: { ...step, style } });
    expect(result).toMatchObject({
      edits: [],
      jobs: [{ result: "refused", problem: { id, line: expect.any(Number) } }],
    });
  });

  it("cannot serve a Windows job with a command or an orb", () => {
    const source = `version: 2.1\njobs:\n  a:\n    machine: {image: windows-server-2022-gui:current}\n    steps:\n    - checkout\n`;
    for (const style of ["orb", "command"] as const) {
      const result = insert(source, ["a"], { step: { ...step, style } });
      expect(result).toMatchObject({ edits: [], jobs: [{ problem: { id: "pipeline.styleShell" } }] });
    }
  });
});
