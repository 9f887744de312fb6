import * as fc from "fast-check";
import { expect, it } from "vitest";
import { removeAuthStep, type StepStyle } from "../../../src/core/pipeline/index.ts";
import { edited, faults, insert, ok, step } from "./judge.ts";

/** Steps as they may stand in brackets and behind hyphens. */
const word = fc.constantFrom(
  "checkout",
  "'checkout'",
  "{run: make}",
  "run: make",
  "{run: {command: 'a, ]'}}",
  "x/y",
);

/** Lines between steps that mean nothing; deeper than any script, so that they could become part of one. */
const idle = fc.array(
  fc.oneof(
    fc.constant(""),
    fc.nat({ max: 26 }).map((spaces) => `${" ".repeat(spaces)}# ${spaces}`),
    fc.nat({ max: 26 }).map((spaces) => " ".repeat(spaces)),
  ),
  { maxLength: 2 },
);

const steps = fc.array(word, { minLength: 1, maxLength: 4 });
const job = fc.record({
  margin: fc.constantFrom(2, 3, 4),
  kind: fc.constantFrom("alias", "brackets", "lines", "below", "alias in braces", "all in braces"),
  words: steps,
  tail: fc.constantFrom("", " # beside", "  "),
  after: fc.constantFrom([], ["docker: [{image: a}]"]),
});
const file = fc.record({
  common: fc.record({
    words: steps,
    form: fc.constantFrom("block", "block deep", "script", "brackets"),
    idle,
  }),
  jobs: fc.array(job, { minLength: 1, maxLength: 3 }),
  idle,
  eols: fc.array(fc.constantFrom("\n", "\r\n"), { minLength: 1, maxLength: 2 }),
  mark: fc.constantFrom("", "\uFEFF"),
  closed: fc.boolean(),
});
type Shape = typeof file extends fc.Arbitrary<infer T> ? T : never;

function common({ words, form, idle: between }: Shape["common"]): string[] {
  if (form === "brackets") return [`common: &common [${words.join(", ")}]`];
  const dash = form === "block deep" ? "      " : "  ";
  const script =
    form === "script" ? [`${dash}- run: |`, `${dash}    a`, "", `${dash}      # no comment`] : [];
  return ["common: &common # all", ...words.flatMap((one) => [`${dash}- ${one}`, ...between]), ...script];
}

function write({ common: shared, jobs, idle: below, eols, mark, closed }: Shape): string {
  const lines = ["version: 2.1", ...common(shared), "jobs:"];
  jobs.forEach(({ margin, kind, words, tail, after }, number) => {
    const indent = " ".repeat(2 + margin);
    const inBraces = { "alias in braces": "*common", "all in braces": `[${words.join(", ")}]` };
    if (kind === "alias in braces" || kind === "all in braces") {
      const fields = [...after, `steps: ${inBraces[kind]}`, "parallelism: 2"];
      lines.push(`  job${number}: {${fields.join(", ")}}${tail}`);
      return;
    }
    lines.push(`  job${number}:`);
    if (kind === "alias") lines.push(`${indent}steps: *common${tail}`);
    if (kind === "brackets") lines.push(`${indent}steps: [${words.join(", ")}]${tail}`);
    if (kind === "lines") {
      lines.push(`${indent}steps: [ # these`, ...words.map((one) => `${indent}   ${one},`));
      lines.push(
        `${indent}   {run: {name: a, # why`,
        "",
        `${indent}   command: 'b`,
        "",
        `${indent}     c'}}`,
        `${indent}]${tail}`,
      );
    }
    if (kind === "below") lines.push(`${indent}steps:`, `${indent}  [ ${words.join(" , ")} ]${tail}`);
    lines.push(...after.map((line) => indent + line));
  });
  const text = [...lines, ...below].map((line, i) => line + (eols[i % eols.length] ?? "\n")).join("");
  return mark + (closed ? text : text.replace(/\r?\n$/, ""));
}

const styles = fc.constantFrom<StepStyle[]>("profiles", "webIdentityFile", "command", "orb");

it(
  "writes steps out that were in brackets or an alias, and brings them back to the byte",
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(file, styles, (shape, style) => {
        const text = write(shape);
        const options = { ...step, style };
        const jobs = shape.jobs.map((_, number) => `job${number}`);
        const result = insert(text, jobs, { step: options, shared: "inline" });
        expect(result.jobs).toEqual(jobs.map((name) => ({ name, result: "inserted" })));
        const after = edited(text, result);
        expect(faults(text, after, jobs, options)).toEqual([]);
        expect(insert(after, jobs, { step: options, shared: "inline" }).edits).toEqual([]);
        expect(edited(after, ok(removeAuthStep(after, jobs)))).toBe(text);
      }),
      { numRuns: 200 },
    );
  },
);

it("keeps a comment below out of a script that is written out", () => {
  const shared = "common: &common\n  - run: |\n      a\n";
  for (const spaces of [7, 9, 10, 11, 12, 20]) {
    const text = `version: 2.1\n${shared}jobs:\n  a:\n    steps: *common\n${" ".repeat(spaces)}# below\n`;
    const result = insert(text, ["a"], { shared: "inline" });
    expect(result.jobs).toEqual([{ name: "a", result: "inserted" }]);
    expect(edited(edited(text, result), ok(removeAuthStep(edited(text, result), ["a"])))).toBe(text);
  }
});

it(
  "edits shared steps for all of their jobs, and takes the step out for all again",
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(file, (shape) => {
        const text = write(shape);
        const sharing = shape.jobs.flatMap(({ kind }, number) =>
          kind.startsWith("alias") ? [`job${number}`] : [],
        );
        const [first] = sharing;
        if (first === undefined) return;
        const result = insert(text, [first], { shared: "edit" });
        expect(result.jobs[0]).toMatchObject({ result: "inserted" });
        const after = edited(text, result);
        expect(faults(text, after, sharing, step, true)).toEqual([]);
        expect(edited(after, ok(removeAuthStep(after, [first], { shared: "edit" })))).toBe(text);
      }),
      { numRuns: 200 },
    );
  },
);
