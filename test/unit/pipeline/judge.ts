import { parse } from "yaml";
import type { AuthStepOptions, PipelineEdit } from "../../../src/core/pipeline/index.ts";
import { authStep, insertAuthStep } from "../../../src/core/pipeline/index.ts";

/** A step that every test may insert. */
export const step: AuthStepOptions = {
  roleArn: "arn:aws:iam::111111111111:role/circleci-oidc",
  region: "eu-central-1",
  tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
  subAccounts: [{ profile: "staging", roleArn: "arn:aws:iam::222222222222:role/circleci-deploy" }],
};

/** The script of `step`. */
export function scriptOf(options: AuthStepOptions = step): string {
  const made = authStep(options);
  if ("id" in made) throw new Error(`refused: ${made.id}`);
  return made.command;
}

/** Inserts and insists that the text could be read. */
export function insert(text: string, jobs: readonly string[], replace = false): PipelineEdit {
  const result = insertAuthStep(text, { jobs, step, replace });
  if (result.kind === "problem") throw new Error(`${result.id} ${JSON.stringify(result.args)}`);
  return result;
}

/** Applies edits in a way of its own: from the last to the first, by splicing characters. */
export function edited(text: string, { edits }: Pick<PipelineEdit, "edits">): string {
  const units = text.split("");
  for (const edit of edits.toReversed()) units.splice(edit.offset, edit.length, ...edit.text.split(""));
  return units.join("");
}

/**
 * Takes inserted steps out of a text again, knowing only what the step looks like: at a line with a hyphen
 * and `run:`, the name, `command: |`, and as many lines of script as it has. Says how many there were.
 */
function withoutSteps(text: string, script = scriptOf()): { text: string; count: number } {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const body = script.trimEnd().split("\n");
  const kept: string[] = [];
  let count = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const head = /^(\uFEFF? *)- run:\r?\n$/.exec(lines[at] ?? "");
    const indent = head?.[1] ?? "";
    const expected = [
      "    name: AWS OIDC auth",
      "    command: |",
      ...body.map((line) => line && `      ${line}`),
    ];
    const ours =
      head !== null &&
      expected.every(
        (line, i) => (lines[at + 1 + i] ?? "").replace(/\r?\n$/, "") === (line === "" ? "" : indent + line),
      );
    if (ours) {
      at += expected.length;
      count += 1;
    } else {
      kept.push(lines[at] ?? "");
    }
  }
  const whole = kept.join("");
  return { text: text.endsWith("\n") ? whole : whole.replace(/\r?\n$/, ""), count };
}

type Content = { jobs: Record<string, { steps: unknown[] }> };

/** A pipeline's content as plain values that share nothing. */
export function content(text: string): Content {
  const value: Content = JSON.parse(JSON.stringify(parse(text, { merge: true, maxAliasCount: -1 })));
  return value;
}

/** What the step is in the parsed pipeline; a text that ends in the script may end without a line break. */
export function isOurStep(value: unknown, script = scriptOf()): boolean {
  const text = JSON.stringify(value);
  return [script, script.trimEnd()].some(
    (command) => text === JSON.stringify({ run: { name: "AWS OIDC auth", command } }),
  );
}

/** Everything wrong with an insertion into jobs that all could take it; empty if it is right. */
export function faults(before: string, after: string, jobs: readonly string[]): string[] {
  const found: string[] = [];
  const bytes = withoutSteps(after);
  if (bytes.text !== before) found.push("bytes outside the step changed");
  if (bytes.count !== jobs.length) found.push(`${bytes.count} steps in the text, not ${jobs.length}`);
  const [old, now] = [content(before), content(after)];
  for (const job of jobs) {
    const steps = now.jobs[job]?.steps ?? [];
    const index = steps.findIndex((item) => isOurStep(item));
    if (index < 0) found.push(`no step in ${job}`);
    const checkout = steps.findIndex(
      (item) => item === "checkout" || (typeof item === "object" && item !== null && "checkout" in item),
    );
    if (index !== checkout + 1) found.push(`the step of ${job} is at ${index}, checkout at ${checkout}`);
    steps.splice(index, 1);
  }
  if (JSON.stringify(old) !== JSON.stringify(now)) found.push("the content differs by more than the step");
  return found;
}
