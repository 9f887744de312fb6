import { readDocument, type PipelineDocument } from "./document.ts";
import type { AuthStep } from "./edit.ts";

/** A step that an edit put into a job, and whether it is new there. */
export type Placed = { readonly job: string; readonly index: number; readonly isNew: boolean };

/**
 * Parses an edited text again and compares: the steps stand where they were meant to, and nothing else in the
 * expanded content differs, so that no alias has carried a step elsewhere.
 */
export function onlyStepsDiffer(
  before: PipelineDocument,
  after: string,
  placed: readonly Placed[],
  step: AuthStep,
): boolean {
  const edited = readDocument(after);
  if (edited.kind === "problem") return false;
  const [old, now] = [plain(before), plain(edited)];
  for (const { job, index, isNew } of placed) {
    const steps = stepsOf(now, job);
    if (!isStep(steps?.[index], step)) return false;
    if (isNew) {
      steps?.splice(index, 1);
    } else {
      const was = stepsOf(old, job)?.[index];
      setCommand(was, "");
      setCommand(steps?.[index], "");
    }
  }
  return JSON.stringify(old) === JSON.stringify(now);
}

/** A copy of the content in which nothing is shared. */
function plain(document: PipelineDocument): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document.value()));
  return copy;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function stepsOf(content: unknown, job: string): unknown[] | undefined {
  const jobs = isRecord(content) ? content["jobs"] : undefined;
  const found = isRecord(jobs) && Object.hasOwn(jobs, job) ? jobs[job] : undefined;
  const steps = isRecord(found) ? found["steps"] : undefined;
  return Array.isArray(steps) ? steps : undefined;
}

function runOf(item: unknown): Record<string, unknown> | undefined {
  const run = isRecord(item) ? item["run"] : undefined;
  return isRecord(run) ? run : undefined;
}

function isStep(item: unknown, step: AuthStep): boolean {
  const command = runOf(item)?.["command"];
  return typeof command === "string" && command.trimEnd() === step.command.trimEnd();
}

function setCommand(item: unknown, command: string): void {
  const run = runOf(item);
  if (run !== undefined) run["command"] = command;
}
