import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applyEdits,
  insertAuthStep,
  outline,
  removeAuthStep,
  updateAuthStep,
  type AuthStepOptions,
  type PipelineEdit,
  type PipelineProblem,
  type StepStyle,
} from "../../../src/core/pipeline/index.ts";
import { decodeFile, encodeFile } from "../../../src/features/pipeline/bytes.ts";
import { content, faults, ok, step } from "./judge.ts";

const shared = new URL("../../../../shared/", import.meta.url);
const corpus = new URL("corpus/", shared);
const schemaFile = new URL("data/circleciconfig.schema.json", shared);
const files =
  existsSync(corpus) && existsSync(schemaFile)
    ? readdirSync(corpus).filter((name) => /\.ya?ml$/.test(name))
    : [];
if (files.length === 0) console.log("skipped: no real pipelines or no schema beside the project (../shared)");

const styles: readonly StepStyle[] = ["profiles", "webIdentityFile", "command", "orb"];
const other = "arn:aws:iam::333333333333:role/other";

// Every job with every style takes two minutes. Outside of CI each style has a twentieth of the jobs, not the same ones.
const isWhole = process.env["CORPUS"] === "whole" || process.env["CI"] !== undefined;
const share = isWhole ? 1 : 20;

let folder: string;
let validate: ValidateFunction;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "corpus-alone-"));
  if (files.length === 0) return;
  const schema: object = JSON.parse(readFileSync(schemaFile, "utf8"));
  validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes edits as the product does, from the file's bytes to the file's bytes. */
function write(file: string, edit: PipelineEdit | PipelineProblem): void {
  const before = decodeFile(readFileSync(file));
  if (before === undefined) throw new Error("not UTF-8");
  writeFileSync(file, encodeFile(applyEdits(before.text, ok(edit).edits), before.bom));
}

function textIn(file: string): string {
  return decodeFile(readFileSync(file))?.text ?? "";
}

/** How many places of one job, and of what is beside the jobs, are wrong by the schema. */
function wrongPlaces(text: string, job: string): number {
  const { jobs, workflows, ...rest } = content(text);
  // A job of the file changes in its own entry only, as the comparison of the content says; one of an orb in a workflow.
  const own = jobs?.[job];
  validate({ ...rest, ...(own === undefined ? { jobs, workflows } : { jobs: { [job]: own } }) });
  return new Set((validate.errors ?? []).map(({ instancePath }) => instancePath)).size;
}

/** Every byte of the old file stands in the new one, before or after each place where something is new. */
function keepsBytes(before: Buffer, after: Buffer): boolean {
  let at = 0;
  for (const byte of after) if (byte === before[at]) at += 1;
  return at === before.length;
}

describe.skipIf(files.length === 0).each(styles)("each job of real pipelines alone, with %s", (style) => {
  it("takes the step, keeps it, has it changed and gives it back", { timeout: 600_000 }, () => {
    const options: AuthStepOptions = { ...step, style };
    const changed = { ...options, roleArn: other };
    let [seenJobs, taken] = [styles.indexOf(style), 0];
    for (const name of files) {
      const original = readFileSync(new URL(name, corpus));
      const file = join(folder, name);
      const text = decodeFile(original)?.text ?? "";
      const seen = outline(text);
      for (const { name: job } of seen.kind === "problem" ? [] : seen.jobs) {
        seenJobs += 1;
        if (seenJobs % share !== 0) continue;
        writeFileSync(file, original);
        const edit = ok(insertAuthStep(text, { jobs: [job], step: options }));
        if (edit.jobs[0]?.result !== "inserted") {
          expect(edit.edits).toEqual([]);
          continue;
        }
        taken += 1;
        const where = `${name}, ${job}`;
        write(file, edit);
        const bytes = readFileSync(file);
        const after = textIn(file);
        expect(keepsBytes(original, bytes), where).toBe(true);
        expect(faults(text, after, [job], options), where).toEqual([]);
        expect(wrongPlaces(after, job), where).toBeLessThanOrEqual(wrongPlaces(text, job));
        expect(ok(insertAuthStep(after, { jobs: [job], step: options })).edits, where).toEqual([]);

        write(file, updateAuthStep(after, { jobs: [job], step: changed }));
        const updated = textIn(file);
        expect(faults(text, updated, [job], changed), where).toEqual([]);
        write(file, removeAuthStep(updated, [job]));
        expect(readFileSync(file).equals(original), where).toBe(true);
      }
    }
    expect(taken).toBeGreaterThan(300 / share);
  });
});
