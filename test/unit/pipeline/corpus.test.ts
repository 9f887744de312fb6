import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  outline,
  removeAuthStep,
  updateAuthStep,
  type AuthStepOptions,
  type StepStyle,
} from "../../../src/core/pipeline/index.ts";
import { edited, faults, insert, ok, step } from "./judge.ts";

const folder = new URL("../../../../shared/corpus/", import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
if (files.length === 0)
  console.log("skipped: no corpus of real pipelines beside the project (../shared/corpus)");

const styles: readonly StepStyle[] = ["profiles", "webIdentityFile", "command", "orb"];
const other = "arn:aws:iam::333333333333:role/other";

describe.skipIf(files.length === 0)("real pipelines", () => {
  it.each(files)("take the step in every job that can: %s", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const seen = outline(text);
    if (seen.kind === "problem") {
      // The one file that is not YAML: it is indented with tabs.
      expect(name).toContain("hist-tab");
      expect(seen).toMatchObject({ id: "pipeline.notYaml", line: 4, column: 1 });
      return;
    }
    const names = seen.jobs.map((job) => job.name);
    for (const style of styles) {
      const options: AuthStepOptions = { ...step, style };
      const result = insert(text, names, { step: options });
      const able = result.jobs.filter((job) => job.result === "inserted").map((job) => job.name);
      if (style === "profiles") {
        const blocked = seen.jobs.filter(({ blocker }) => blocker !== undefined).map((job) => job.name);
        expect(names.filter((job) => !able.includes(job))).toEqual(blocked);
      }
      const after = edited(text, result);
      expect(faults(text, after, able, options)).toEqual([]);
      expect(insert(after, able, { step: options }).edits).toEqual([]);
      const changed = { ...options, roleArn: other };
      const updated = edited(after, ok(updateAuthStep(after, { jobs: able, step: changed })));
      expect(faults(text, updated, able, changed)).toEqual([]);
      expect(edited(updated, ok(updateAuthStep(updated, { jobs: able, step: options })))).toBe(after);
      const removed = ok(removeAuthStep(after, able));
      expect(removed.jobs.filter((job) => job.result === "refused")).toEqual([]);
      expect(edited(after, removed)).toBe(text);
    }
  });

  it("are nearly all within reach", () => {
    const jobs = files.flatMap((name) => {
      const seen = outline(readFileSync(new URL(name, folder), "utf8"));
      return seen.kind === "problem" ? [] : seen.jobs;
    });
    const blockers = jobs.flatMap(({ blocker }) => blocker?.id ?? []);
    expect(jobs.length).toBeGreaterThan(400);
    expect(blockers.length).toBeLessThan(20);
    expect(new Set(blockers)).toEqual(
      new Set(["pipeline.mixedExecutors", "pipeline.noSteps", "pipeline.stepsFromAnchor"]),
    );
  });

  it("take the step where their steps are shared, for all or for one", () => {
    let count = 0;
    for (const name of files) {
      const text = readFileSync(new URL(name, folder), "utf8");
      const seen = outline(text);
      if (seen.kind === "problem") continue;
      for (const job of seen.jobs.filter(({ blocker }) => blocker?.id === "pipeline.stepsFromAnchor")) {
        const [all] = insert(text, [job.name], { shared: "edit" }).jobs;
        if (all?.result !== "inserted") throw new Error(`${name}: ${job.name}`);
        const after = edited(text, insert(text, [job.name], { shared: "edit" }));
        expect(faults(text, after, [job.name, ...(all.alsoIn ?? [])], step, true)).toEqual([]);
        expect(edited(after, ok(removeAuthStep(after, [job.name], { shared: "edit" })))).toBe(text);
        const alone = edited(text, insert(text, [job.name], { shared: "inline" }));
        expect(faults(text, alone, [job.name])).toEqual([]);
        expect(edited(alone, ok(removeAuthStep(alone, [job.name])))).toBe(text);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(0);
  });
});
