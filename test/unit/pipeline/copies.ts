import { expect } from "vitest";
import { removeAuthStep, updateAuthStep } from "../../../src/core/pipeline/index.ts";
import { edited, faults, insert, ok, otherStep } from "./judge.ts";

/**
 * Holds that job `a` gets a copy of shared steps for itself, once, that the copy takes other settings, and that the file
 * is as before when the step goes: wherever the job stands, and with either kind of line ends.
 */
export function expectCopies(shared: string, job: string, others: string): void {
  for (const whole of [shared + job + others, shared + others + job, shared + others + job.trimEnd()]) {
    for (const text of [whole, whole.replaceAll("\n", "\r\n")]) {
      const result = insert(text, ["a"], { shared: "inline" });
      expect(result.jobs).toEqual([{ name: "a", result: "inserted" }]);
      const after = edited(text, result);
      expect(faults(text, after, ["a"])).toEqual([]);
      expect(insert(after, ["a"]).edits).toEqual([]);
      const updated = edited(after, ok(updateAuthStep(after, { jobs: ["a"], step: otherStep })));
      expect(faults(text, updated, ["a"], otherStep)).toEqual([]);
      expect(edited(updated, ok(removeAuthStep(updated, ["a"])))).toBe(text);
    }
  }
}
