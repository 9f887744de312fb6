import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { describe, expect, it } from "vitest";
import { outline, type StepStyle } from "../../../src/core/pipeline/index.ts";
import { content, edited, insert, step } from "./judge.ts";

const shared = new URL("../../../../shared/", import.meta.url);
const list = (folder: string, pattern: RegExp): URL[] =>
  existsSync(new URL(folder, shared))
    ? readdirSync(new URL(folder, shared))
        .filter((name) => pattern.test(name))
        .map((name) => new URL(`${folder}${name}`, shared))
    : [];
const files = list("corpus/", /\.ya?ml$/);
const schemas = ["circleciconfig.schema.json", "circleciconfig.schemastore-2025-04.schema.json"];
const complete = files.length > 0 && schemas.every((name) => existsSync(new URL(`data/${name}`, shared)));
if (!complete) {
  console.log("skipped: no real pipelines or no schemas of CircleCI beside the project (../shared)");
}

const styles: readonly StepStyle[] = ["profiles", "webIdentityFile", "command", "orb"];

// The schemas reject a fifth of what CircleCI runs: they cannot say whether a file is right, only whether an
// edit made it worse.
describe.skipIf(!complete).each(schemas)("%s", (name) => {
  /** Where the file is wrong; how many of a schema's alternatives fail there says nothing. */
  const wrong = (validate: ValidateFunction, text: string): number => {
    validate(content(text));
    return new Set((validate.errors ?? []).map(({ instancePath }) => instancePath)).size;
  };

  it("finds no more wrong with real pipelines that have the step", { timeout: 120_000 }, () => {
    const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    const schema: object = JSON.parse(readFileSync(new URL(`data/${name}`, shared), "utf8"));
    const validate = ajv.compile(schema);
    let compared = 0;
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      const seen = outline(text);
      if (seen.kind === "problem") continue;
      const before = wrong(validate, text);
      const jobs = seen.jobs.map(({ name }) => name);
      for (const style of styles) {
        const after = edited(text, insert(text, jobs, { step: { ...step, style } }));
        expect(`${wrong(validate, after) - before} more in ${file.pathname} with ${style}`).toMatch(
          /^(0|-\d+) more/,
        );
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(200);
  });
});
