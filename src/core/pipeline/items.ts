import type { CheckedAuthStep } from "./options.ts";
import { checkAuthStep, type AuthStepOptions } from "./options.ts";
import { commandName, marker, stepName } from "./names.ts";
import { isProblem, problem, type PipelineProblem } from "./problem.ts";
import { script } from "./script.ts";

/** The step as it stands in a pipeline. */
export type AuthStep = { readonly name: string; readonly command: string };

/** An item of a sequence of steps: its lines, the first with the hyphen, and what they are when parsed. */
export type StepItem = { readonly lines: readonly string[]; readonly value: unknown };

/** The step in its style, made out of checked options. */
export type Prepared =
  | { readonly kind: "run" | "command"; readonly script: string }
  | { readonly kind: "orb"; readonly step: CheckedAuthStep };

/** Writes the step. Options that must not stand in a script are a problem, and none of them is repaired. */
export function authStep(options: AuthStepOptions): AuthStep | PipelineProblem {
  const checked = checkAuthStep(options);
  if (isProblem(checked)) return checked;
  if (checked.style === "orb") return problem("pipeline.badStyle", { value: checked.style });
  return { name: stepName, command: script(checked) };
}

/** Checks options and prepares their style. */
export function prepare(options: AuthStepOptions): Prepared | PipelineProblem {
  const checked = checkAuthStep(options);
  if (isProblem(checked)) return checked;
  if (checked.style === "orb") return { kind: "orb", step: checked };
  return { kind: checked.style === "command" ? "command" : "run", script: script(checked) };
}

/** The items that go into a job. `orbName` is what the file calls the orb. */
export function itemsOf(prepared: Prepared, orbName: string, shell?: string): readonly StepItem[] {
  switch (prepared.kind) {
    case "run":
      return [runItem(prepared.script, shell)];
    case "command":
      return [{ lines: [`- ${commandName}`], value: commandName }];
    case "orb":
      return orbItems(prepared.step, orbName);
  }
}

/** The step as a `run` step. */
export function runItem(command: string, shell?: string): StepItem {
  return {
    lines: [
      "- run:",
      `    name: ${stepName}`,
      ...(shell === undefined ? [] : [`    shell: ${shell}`]),
      "    command: |",
      ...scriptLines(command, 6),
    ],
    value: { run: { name: stepName, ...(shell === undefined ? {} : { shell }), command } },
  };
}

/** The lines of a script below `command: |`, indented by so many spaces. */
export function scriptLines(command: string, indent: number): string[] {
  return command
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(indent) + line));
}

/**
 * The commands of the orb. With sub-accounts the keys stay out of the environment, where they would win over
 * every profile; without, they are put there, where they win over keys that the job has.
 * Source: https://circleci.com/developer/orbs/orb/circleci/aws-cli (5.x)
 */
function orbItems(step: CheckedAuthStep, orbName: string): StepItem[] {
  const { roleArn, roleVariable, region, durationSeconds, sessionName, subAccounts } = step;
  const setup: Record<string, string | boolean> = {
    role_arn: roleVariable === undefined ? roleArn : `\${${roleVariable}}`,
    region,
    role_session_name: `${sessionName}-\${CIRCLE_BUILD_NUM}`,
    session_duration: String(durationSeconds),
    ...(subAccounts.length === 0 ? {} : { set_aws_env_vars: false }),
  };
  return [
    orbItem(`${orbName}/setup`, setup),
    ...subAccounts.map((sub) =>
      orbItem(`${orbName}/role_arn_setup`, { profile_name: sub.profile, role_arn: sub.roleArn }),
    ),
  ];
}

function orbItem(name: string, settings: Readonly<Record<string, string | boolean>>): StepItem {
  const lines = Object.entries(settings).map(
    ([key, value]) => `    ${key}: ${typeof value === "boolean" ? String(value) : JSON.stringify(value)}`,
  );
  return { lines: [`- ${name}: ${marker}`, ...lines], value: { [name]: settings } };
}
