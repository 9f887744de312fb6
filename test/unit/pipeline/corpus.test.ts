import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { outline } from "../../../src/core/pipeline/index.ts";
import { edited, faults, insert } from "./judge.ts";

const folder = new URL("../../../../shared/corpus/", import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : [];
if (files.length === 0)
  console.log("skipped: no corpus of real pipelines beside the project (../shared/corpus)");

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
    const able = seen.jobs.filter(({ blocker }) => blocker === undefined).map((job) => job.name);
    const result = insert(
      text,
      seen.jobs.map((job) => job.name),
    );
    for (const job of result.jobs) {
      const blocker = seen.jobs.find((one) => one.name === job.name)?.blocker;
      expect(job).toMatchObject(
        blocker === undefined ? { result: "inserted" } : { result: "refused", problem: { id: blocker.id } },
      );
    }
    const after = edited(text, result);
    expect(faults(text, after, able)).toEqual([]);
    expect(insert(after, able).edits).toEqual([]);
    const again = outline(after);
    const found = again.kind === "outline" ? again.jobs.filter(({ authSteps }) => authSteps.length > 0) : [];
    expect(found.map((job) => job.name).toSorted()).toEqual(able.toSorted());
  });

  it("are nearly all within reach", () => {
    const jobs = files.flatMap((name) => {
      const seen = outline(readFileSync(new URL(name, folder), "utf8"));
      return seen.kind === "problem" ? [] : seen.jobs;
    });
    const own = jobs.filter(({ kind }) => kind === "build");
    const refused = own.filter(({ blocker }) => blocker !== undefined);
    expect(own.length).toBeGreaterThan(300);
    expect([...new Set(refused.map(({ blocker }) => blocker?.id))]).toEqual(["pipeline.windows"]);
  });
});
