import { describe, expect, it } from "vitest";
import { outline } from "../../../src/core/pipeline/index.ts";
import { pipelineMessages } from "../../../src/core/pipeline/messages.ts";

const job = "jobs:\n  build:\n    steps:\n      - checkout\n";

/** An alias bomb: every level stands for ten of the one before. */
function bomb(levels: number): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i <= levels; i += 1) {
    lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(", ")}]`);
  }
  return `${lines.join("\n")}\n${job}`;
}

/** One alias per line, of the list in the line before. */
const chain = (length: number): string =>
  `a0: &a0 [x]\n${Array.from({ length }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join("")}`;

describe("a file that cannot be read", () => {
  it.each([
    ["tabs as indentation", "jobs:\n\tbuild:\n", "pipeline.notYaml", { line: 2, column: 1 }],
    ["an open bracket", "jobs:\n  build: [a\nb: c\n", "pipeline.notYaml", { line: 3 }],
    ["an open quote", 'jobs: "a\n', "pipeline.notYaml", { line: 2 }],
    ["bad indentation", "jobs:\n  a: b\n c: d\n", "pipeline.notYaml", { line: 3 }],
    ["a key twice", "jobs:\n  a: b\n  a: c\n", "pipeline.notYaml", { line: 3, column: 3 }],
    ["an alias of nothing", "jobs:\n  a: *b\n", "pipeline.notYaml", { line: 2, column: 6 }],
    ["an alias before its anchor", "jobs: *b\nx: &b c\n", "pipeline.notYaml", { line: 1 }],
    ["a merge conflict", `<<<<<<< HEAD\n${job}`, "pipeline.notYaml", {}],
    ["two documents", `${job}---\n${job}`, "pipeline.severalDocuments", { line: 5 }],
    ["nothing", "", "pipeline.notPipeline", {}],
    ["only comments", "# a\n# b\n", "pipeline.notPipeline", {}],
    ["a list", "- a\n", "pipeline.notPipeline", {}],
    ["a word", "a\n", "pipeline.notPipeline", {}],
    ["another file", "name: x\non: push\n", "pipeline.notPipeline", {}],
    ["an alias of itself", "jobs: &j\n  build: *j\n", "pipeline.tooManyAliases", { line: 2 }],
    ["aliases of aliases", bomb(6), "pipeline.tooManyAliases", {}],
    ["a long chain of aliases", chain(500), "pipeline.tooManyAliases", { line: 399 }],
    ["brackets in brackets", `jobs: ${"[".repeat(100)}${"]".repeat(100)}`, "pipeline.tooDeep", { line: 1 }],
    ["very many brackets", `jobs: ${"[".repeat(20_000)}`, "pipeline.tooDeep", {}],
    ["hyphens on hyphens", `jobs:\n  ${"- ".repeat(5_000)}a\n`, "pipeline.tooDeep", {}],
    ["too much", `${job}#${"x".repeat(1_000_000)}\n`, "pipeline.tooLarge", { args: { limit: 1_000_000 } }],
  ])("is a problem with a place: %s", (_name, text, id, where) => {
    expect(outline(text)).toMatchObject({ kind: "problem", id, ...where });
  });

  it("gives every problem the arguments of its sentence", () => {
    for (const text of ["jobs:\n\tbuild:\n", `${job}---\n${job}`, bomb(6), `jobs: ${"[".repeat(100)}`]) {
      const seen = outline(text);
      if (seen.kind !== "problem") throw new Error("read");
      const names = [...pipelineMessages[seen.id].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(seen.args)).toEqual(expect.arrayContaining(names));
    }
  });
});

describe("a file within the limits", () => {
  it("may be large: many keys, many aliases", () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}: &k${i} v`).join("\n");
    const aliases = Array.from({ length: 20_000 }, (_, i) => `  - *k${i}`).join("\n");
    expect(outline(`${keys}\nall:\n${aliases}\n${job}`)).toMatchObject({ jobs: [{ name: "build" }] });
  });

  it("may redefine an anchor", () => {
    const text = `x: &s [checkout]\ny: &s [run: a]\njobs:\n  build:\n    steps: *s\n`;
    expect(outline(text)).toMatchObject({ jobs: [{ hasCheckout: false }] });
  });

  it("may name things like properties of objects", () => {
    const text = `jobs:\n  __proto__:\n    steps: [checkout]\n  constructor:\n    steps: [checkout]\n`;
    expect(outline(text)).toMatchObject({ jobs: [{ name: "__proto__" }, { name: "constructor" }] });
  });
});
