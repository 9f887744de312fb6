import { describe, expect, it } from "vitest";
import { applyEdits, insertAuthStep, removeAuthStep } from "../../../src/core/pipeline/index.ts";
import { content, edited, faults, insert, isOurStep, ok, scriptOf, step } from "./judge.ts";
import { deep, layouts } from "./layouts.ts";

describe("insertAuthStep", () => {
  it.each(Object.entries(layouts))("changes nothing but the step: %s", (_name, text) => {
    const first = insert(text, ["build"]);
    expect(first.jobs).toEqual([{ name: "build", result: "inserted" }]);
    const after = edited(text, first);
    expect(faults(text, after, ["build"])).toEqual([]);
    expect(applyEdits(text, first.edits)).toBe(after);

    const again = insert(after, ["build"]);
    expect(again.edits).toEqual([]);
    expect(again.jobs).toEqual([{ name: "build", result: "unchanged" }]);
  });

  it("writes the step as a person would, below checkout", () => {
    const text = layouts["steps not indented"] ?? "";
    const lines = edited(text, insert(text, ["build"])).split("\n");
    expect(lines.slice(3, 9)).toEqual([
      "    steps:",
      "    - checkout",
      "    - run:",
      "        name: AWS OIDC auth",
      "        command: |",
      "          { set +x; } 2>/dev/null",
    ]);
  });

  it("leaves a comment above the first step where it is about that step", () => {
    const text = layouts["comment above the first step"] ?? "";
    const after = edited(text, insert(text, ["build"]));
    expect(after).toContain("    steps: # these\n      - run:\n          name: AWS OIDC auth\n");
    expect(after).toContain("      # about the next\n      - run: make\n");
  });

  it("uses the line break of the neighbouring line", () => {
    const text = layouts["CRLF in LF"] ?? "";
    const added = insert(text, ["build"]).edits[0]?.text ?? "";
    expect(added.match(/\r\n/g)?.length).toBe(added.match(/\n/g)?.length);
    const plain = insert(layouts["steps indented by 2"] ?? "", ["build"]).edits[0]?.text ?? "";
    expect(plain).not.toContain("\r");
  });

  it("edits several jobs at once, each once, in the order of the text", () => {
    const text = `jobs:\n  a:\n    steps:\n    - checkout\n  b:\n    steps:\n      - run: x\n  c:\n    steps: [checkout]\n`;
    const result = insert(text, ["b", "a", "b"]);
    expect(result.jobs.map(({ name }) => name)).toEqual(["b", "a"]);
    expect(result.edits.map(({ offset }) => offset)).toEqual(
      result.edits.map(({ offset }) => offset).toSorted((a, b) => a - b),
    );
    expect(faults(text, edited(text, result), ["a", "b"])).toEqual([]);
  });

  it.each([
    ["one word", "    steps: [checkout]\n"],
    ["nothing", "    steps: []\n"],
    ["a comment after", "    steps: [checkout, {run: a}] # c\n"],
    ["an anchor", "    steps: &s [run: make, checkout, 'x/y']\n"],
    [
      "several lines",
      "    steps:\n      [\n        checkout,\n        run: make,\n      ]\n    docker: []\n",
    ],
    ["comments", "    steps: [ # c\n      checkout, # d\n      # e\n      {run: x}]\n"],
    ["a step over several lines", "    steps: [checkout, {run:\n      a}, run: 'b\n\n     c']\n"],
    ["a comment in a step", "    steps: [checkout, {run: # why\n      a}]\n"],
    ["no final line break", "    steps: [checkout]"],
    ["a deep comment below", `    steps: [checkout]\n${deep}# deep\n`],
  ])("puts steps in brackets on lines of their own: %s", (_name, steps) => {
    const text = `jobs:\n  build:\n${steps}`;
    const result = insert(text, ["build"]);
    expect(result.jobs).toEqual([{ name: "build", result: "inserted" }]);
    const after = edited(text, result);
    const [old, now] = [content(text), content(after)];
    const all = now.jobs["build"]?.steps ?? [];
    const index = all.findIndex((item) => isOurStep(item));
    expect(index).toBe((old.jobs["build"]?.steps ?? []).indexOf("checkout") + 1);
    all.splice(index, 1);
    expect(now).toEqual(old);
    for (const comment of text.match(/#.*/g) ?? []) expect(after).toContain(comment);
    expect(insert(after, ["build"]).edits).toEqual([]);
    expect(edited(after, ok(removeAuthStep(after, ["build"])))).toBe(text);
  });
});

describe("jobs that cannot take the step", () => {
  const cases: readonly (readonly [string, string, string, Record<string, string>])[] = [
    [
      "steps by an alias",
      "x: &s\n  - checkout\njobs:\n  build:\n    steps: *s\n",
      "pipeline.stepsFromAnchor",
      { anchor: "s" },
    ],
    [
      "steps by a merge key",
      "x: &d {steps: [checkout]}\njobs:\n  build:\n    <<: *d\n",
      "pipeline.stepsFromAnchor",
      { anchor: "d" },
    ],
    [
      "a job by an alias",
      "x: &j\n  steps: [checkout]\njobs:\n  build: *j\n",
      "pipeline.jobFromAnchor",
      { anchor: "j" },
    ],
    [
      "shared steps",
      "jobs:\n  build:\n    steps: &s\n      - checkout\n  b:\n    steps: *s\n",
      "pipeline.stepsShared",
      { others: "6" },
    ],
    [
      "a shared job",
      "jobs:\n  build: &j\n    steps:\n      - checkout\n  b:\n    <<: *j\n",
      "pipeline.stepsShared",
      { others: "6" },
    ],
    ["no steps", "jobs:\n  build:\n    type: approval\n", "pipeline.noSteps", {}],
    ["empty steps", "jobs:\n  build:\n    steps:\n", "pipeline.noSteps", {}],
    ["an empty job", "jobs:\n  build:\n", "pipeline.noSteps", {}],
    [
      "a comment in front of the first step of JSON",
      "jobs: {build: {steps: [ # c\n  run: make]}}\n",
      "pipeline.flowSteps",
      {},
    ],
    [
      "another shell",
      "jobs:\n  build:\n    shell: pwsh -c\n    steps:\n      - checkout\n",
      "pipeline.shell",
      { shell: "pwsh -c" },
    ],
    [
      "steps after an explicit key",
      "jobs:\n  build:\n    ? steps\n    : - run: a\n",
      "pipeline.stepsLayout",
      {},
    ],
  ];

  it.each(cases)("says so and changes nothing: %s", (_name, text, id, args) => {
    const result = insert(text, ["build"]);
    expect(result.edits).toEqual([]);
    expect(result.jobs).toEqual([
      {
        name: "build",
        result: "refused",
        problem: expect.objectContaining({
          id,
          args: expect.objectContaining({ job: "build", ...args }),
          line: expect.any(Number),
        }),
      },
    ]);
  });

  it("keeps the jobs that can", () => {
    const text = `jobs:\n  a:\n    steps: &s\n      - checkout\n  b:\n    steps: *s\n  c:\n    steps:\n      - checkout\n`;
    const result = insert(text, ["a", "b", "c", "d", "x/y"]);
    expect(result.jobs.map((job) => (job.result === "refused" ? job.problem.id : job.result))).toEqual([
      "pipeline.stepsShared",
      "pipeline.stepsFromAnchor",
      "inserted",
      "pipeline.noSuchJob",
      "pipeline.noSuchJob",
    ]);
    expect(faults(text, edited(text, result), ["c"])).toEqual([]);
  });

  it("takes steps whose anchor is overridden where it is merged", () => {
    const text = `jobs:\n  build: &j\n    steps:\n      - checkout\n  b:\n    <<: *j\n    steps:\n      - run: a\n`;
    const result = insert(text, ["build", "b"]);
    expect(result.jobs.map((job) => job.result)).toEqual(["inserted", "inserted"]);
    expect(faults(text, edited(text, result), ["build", "b"])).toEqual([]);
  });
});

describe("a step that is there already", () => {
  const empty = `jobs:\n  build:\n    steps:\n      - checkout\n      - run: make\n`;
  const other = { ...step, roleArn: "arn:aws:iam::333333333333:role/old" };
  const older = (): string => {
    const result = insertAuthStep(empty, { jobs: ["build"], step: other });
    if (result.kind === "problem") throw new Error(result.id);
    return edited(empty, result);
  };

  it("is left alone with other settings, and its role is named", () => {
    const result = insert(older(), ["build"]);
    expect(result.edits).toEqual([]);
    expect(result.jobs).toEqual([{ name: "build", result: "different", roleArn: other.roleArn }]);
  });

  it("is replaced on demand and keeps what was added to it", () => {
    const text = older().replace("command: |", "when: always # keep\n          command: |");
    const result = insert(text, ["build"], { replace: true });
    expect(result.jobs).toEqual([{ name: "build", result: "replaced" }]);
    const after = edited(text, result);
    expect(content(after).jobs["build"]?.steps).toEqual([
      "checkout",
      { run: { name: "AWS OIDC auth", when: "always", command: scriptOf() } },
      { run: "make" },
    ]);
    expect(after).toContain("# keep");
    expect(insert(after, ["build"], { replace: true }).edits).toEqual([]);
    expect(after.replace(scriptOf(), "")).not.toContain(other.roleArn);
  });

  it("is found after it was renamed", () => {
    const text = edited(empty, insert(empty, ["build"])).replace("name: AWS OIDC auth", "name: login");
    expect(insert(text, ["build"]).jobs).toEqual([{ name: "build", result: "unchanged" }]);
  });

  it("is not replaced where an anchor holds it", () => {
    const text = `x:\n  - &auth\n    run: {name: AWS OIDC auth, command: a}\njobs:\n  build:\n    steps:\n      - *auth\n`;
    const [job] = insert(text, ["build"], { replace: true }).jobs;
    expect(job).toMatchObject({ result: "refused", problem: { id: "pipeline.stepsFromAnchor" } });
  });

  it("is replaced in braces too, as one long text", () => {
    const text = `jobs:\n  build:\n    steps:\n      - run: {name: AWS OIDC auth, command: a, when: always} # c\n`;
    const after = edited(text, insert(text, ["build"], { replace: true }));
    expect(content(after).jobs["build"]?.steps).toEqual([
      { run: { name: "AWS OIDC auth", when: "always", command: scriptOf() } },
    ]);
    expect(after.replace(JSON.stringify(scriptOf()), "a")).toBe(text);
  });

  it.each([
    ["an anchor in braces", "- run: {name: AWS OIDC auth, command: &c a}"],
    ["an anchor on the script", "- run:\n          name: AWS OIDC auth\n          command: &c a"],
    ["a comment beside the script", "- run:\n          name: AWS OIDC auth\n          command: a # c"],
  ])("is not replaced where that cannot be done safely: %s", (_name, item) => {
    const [job] = insert(`jobs:\n  build:\n    steps:\n      ${item}\n      - run: b\n`, ["build"], {
      replace: true,
    }).jobs;
    expect(job).toMatchObject({ result: "refused", problem: { id: "pipeline.stepsLayout", line: 4 } });
  });

  it.each(Object.entries(layouts))("comes out again without a trace: %s", (_name, text) => {
    const after = edited(text, insert(text, ["build"]));
    const result = removeAuthStep(after, ["build"]);
    if (result.kind === "problem") throw new Error(result.id);
    expect(result.jobs).toEqual([{ name: "build", result: "removed" }]);
    expect(edited(after, result)).toBe(text);
    expect(removeAuthStep(text, ["build"])).toMatchObject({ edits: [], jobs: [{ result: "unchanged" }] });
  });

  it("stays where it is the only step", () => {
    const text = `jobs:\n  build:\n    steps:\n      - run: {name: AWS OIDC auth, command: a}\n`;
    expect(removeAuthStep(text, ["build"])).toMatchObject({ edits: [], jobs: [{ result: "refused" }] });
  });
});
