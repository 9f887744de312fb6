import * as fc from "fast-check";
import { expect, it } from "vitest";
import { removeAuthStep, updateAuthStep, type StepStyle } from "../../../src/core/pipeline/index.ts";
import { edited, faults, insert, ok, step } from "./judge.ts";

/** A step as its lines, the first without hyphen, the others indented from it. */
const stepLines = fc.constantFrom(
  ["checkout"],
  ["checkout # beside"],
  ["'checkout'"],
  ["checkout:", "    path: ~/a"],
  ["{checkout: {path: a}}"],
  ["run: make"],
  ["run: |", "    a", "", "      - checkout", "    # no comment"],
  ["run: |+", "    a", ""],
  ["run: >-", "    a", "    b"],
  ["run:", "    name: AWS", '    command: "a \\', '      b"'],
  ["run: { command: a, name: 'b # c' } # d"],
  ["when:", "    condition: << pipeline.parameters.x >>", "    steps:", "      - checkout"],
  ["attach_workspace: {at: .}"],
  ["&a1 run: a"],
  ["# above", "  run: c"],
);

/** Lines that mean nothing, at any indentation. */
const idle = fc.array(
  fc.oneof(
    fc.nat({ max: 24 }).map((spaces) => `${" ".repeat(spaces)}# ${spaces}`),
    fc.nat({ max: 24 }).map((spaces) => " ".repeat(spaces)),
    fc.constant(""),
  ),
  { maxLength: 3 },
);

const job = fc.record({
  margin: fc.constantFrom(2, 3, 4),
  indent: fc.constantFrom(0, 1, 2, 4),
  steps: fc.array(fc.record({ above: idle, lines: stepLines }), { minLength: 1, maxLength: 5 }),
  keyTail: fc.constantFrom("", " # these", " &s", "   "),
  before: fc.constantFrom(
    [],
    ["docker: [{image: a}]"],
    ["environment:", "  A: |", "    steps:", "    - checkout"],
  ),
  after: fc.constantFrom([], ["resource_class: large"], ["working_directory: ~/x # y"]),
});

const file = fc.record({
  head: fc.constantFrom([], ["version: 2.1"], ["# top", "---", "version: '2'"], ["%YAML 1.2", "---"]),
  tail: idle,
  jobs: fc.array(job, { minLength: 1, maxLength: 3 }),
  eols: fc.array(fc.constantFrom("\n", "\r\n"), { minLength: 1, maxLength: 3 }),
  mark: fc.constantFrom("", "\uFEFF"),
  closed: fc.boolean(),
});

type Shape = typeof file extends fc.Arbitrary<infer T> ? T : never;

function write({ head, tail, jobs, eols, mark, closed }: Shape): string {
  const lines = [...head, "jobs:"];
  jobs.forEach((shape, number) => {
    const margin = " ".repeat(2 + shape.margin);
    const dash = margin + " ".repeat(shape.indent);
    lines.push(`  job${number}:`, ...shape.before.map((line) => margin + line));
    // An anchor is named once only, as a second one would be another one.
    lines.push(`${margin}steps:${shape.keyTail}`);
    for (const { above, lines: own } of shape.steps) {
      lines.push(...above);
      own.forEach((line, i) =>
        lines.push(line === "" ? "" : dash + (i === 0 ? "- " : "  ") + line.replace(/^ {2}/, "")),
      );
    }
    lines.push(...shape.after.map((line) => margin + line));
  });
  lines.push(...tail);
  const text = lines.map((line, i) => line + (eols[i % eols.length] ?? "\n")).join("");
  return mark + (closed ? text : text.replace(/\r?\n$/, ""));
}

const styles = fc.constantFrom<StepStyle[]>("profiles", "webIdentityFile", "command", "orb");

it("changes nothing but the steps, whatever stands around them", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(file, styles, (shape, wanted) => {
      const text = write(shape);
      const style = text.includes("version: 2.1") ? wanted : "profiles";
      const options = { ...step, style };
      const jobs = shape.jobs.map((_, number) => `job${number}`);
      const result = insert(text, jobs, { step: options });
      expect(result.jobs).toEqual(jobs.map((name) => ({ name, result: "inserted" })));
      const after = edited(text, result);
      expect(faults(text, after, jobs, options)).toEqual([]);
      expect(insert(after, jobs, { step: options }).edits).toEqual([]);
      expect(insert(after, jobs, { step: options, replace: true }).edits).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

it(
  "gives the steps other settings and styles and takes them out again, to the byte",
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(file, styles, styles, (shape, first, second) => {
        const text = write(shape);
        const able = text.includes("version: 2.1");
        const options = { ...step, style: able ? first : "profiles" };
        const changed = { ...step, style: able ? second : "webIdentityFile", region: "us-east-1" };
        const jobs = shape.jobs.map((_, number) => `job${number}`);
        const after = edited(text, insert(text, jobs, { step: options }));
        const result = ok(updateAuthStep(after, { jobs, step: changed }));
        expect(result.jobs).toEqual(jobs.map((name) => ({ name, result: "replaced" })));
        const updated = edited(after, result);
        expect(faults(text, updated, jobs, changed)).toEqual([]);
        expect(edited(updated, ok(updateAuthStep(updated, { jobs, step: options })))).toBe(after);
        expect(edited(after, ok(removeAuthStep(after, jobs)))).toBe(text);
        expect(edited(updated, ok(removeAuthStep(updated, jobs)))).toBe(text);
      }),
      { numRuns: 150 },
    );
  },
);
