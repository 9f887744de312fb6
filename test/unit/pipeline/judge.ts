import { parse } from "yaml";
import type {
  AuthStepOptions,
  InsertRequest,
  PipelineEdit,
  PipelineProblem,
} from "../../../src/core/pipeline/index.ts";
import { authStep, insertAuthStep } from "../../../src/core/pipeline/index.ts";
import { lineFaults } from "./judgeLines.ts";

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
export function insert(
  text: string,
  jobs: readonly string[],
  options: Partial<InsertRequest> = {},
): PipelineEdit {
  return ok(insertAuthStep(text, { jobs, step, ...options }));
}

/** An edit, and not the reason why there is none. */
export function ok(result: PipelineEdit | PipelineProblem): PipelineEdit {
  if (result.kind === "problem") throw new Error(`${result.id} ${JSON.stringify(result.args)}`);
  return result;
}

/** Applies edits in a way of its own: from the last to the first, by splicing characters. */
export function edited(text: string, { edits }: Pick<PipelineEdit, "edits">): string {
  const units = text.split("");
  for (const edit of edits.toReversed()) units.splice(edit.offset, edit.length, ...edit.text.split(""));
  return units.join("");
}

type Content = Record<string, unknown> & { jobs: Record<string, { steps: unknown[] }> };

let parsed: { readonly text: string; readonly json: string }[] = [];

/** A pipeline's content as plain values that share nothing. */
export function content(text: string): Content {
  // The same few texts are judged again and again, and parsing is what takes the time.
  const known = parsed.find((one) => one.text === text);
  const json = known?.json ?? JSON.stringify(parse(text, { merge: true, maxAliasCount: -1 }));
  if (known === undefined) parsed = [{ text, json }, ...parsed.slice(0, 3)];
  const value: Content = JSON.parse(json);
  return value;
}

/** Whether a parsed step is the one that options ask for, in whatever style. */
export function isOurStep(value: unknown, options: AuthStepOptions = step): boolean {
  if (options.style === "command") return value === "aws-oidc-auth";
  const text = JSON.stringify(value) ?? "";
  if (options.style === "orb") {
    const mine = [options.roleArn, ...options.subAccounts.map(({ roleArn }) => roleArn)];
    return (
      /^\{"[\w-]+\/(setup|role_arn_setup)":\{/.test(text) &&
      mine.some((arn) => text.includes(`"role_arn":"${arn}"`))
    );
  }
  // A text that ends in the script may end without a line break.
  const script = scriptOf(options);
  return [script, script.trimEnd()].some((command) =>
    [{}, { shell: "bash.exe" }, { shell: "/bin/sh" }].some(
      (shell) => text === JSON.stringify({ run: { name: "AWS OIDC auth", ...shell, command } }),
    ),
  );
}

/** How many items the step is. */
export function itemCount({ style, subAccounts }: AuthStepOptions): number {
  return style === "orb" ? 1 + subAccounts.length : 1;
}

/** Everything wrong with an insertion into jobs that all could take it; empty if it is right. */
export function faults(
  before: string,
  after: string,
  jobs: readonly string[],
  options: AuthStepOptions = step,
  /** Whether an anchor that is written outside the jobs may hold the step. */
  elsewhere = false,
): string[] {
  const script = options.style === "orb" ? "" : scriptOf(options);
  const found = lineFaults(before, after, script);
  const [old, now] = [content(before), content(after)];
  const counts = new Map<string, number>();
  const count = (job: string): void => void counts.set(job, (counts.get(job) ?? 0) + 1);
  found.push(...definitionFaults(now, options));
  const placed = structuredClone(now.jobs ?? {});
  const stripped = bare(strip(now, options, count), old);
  if (elsewhere) {
    for (const key of Object.keys(stripped)) {
      if (!["jobs", "workflows"].includes(key)) stripped[key] = deeply(stripped[key], options);
    }
  }
  for (const job of jobs) {
    if (counts.get(job) === undefined) found.push(`no step in ${job}`);
    else if ((counts.get(job) ?? 0) % itemCount(options) !== 0)
      found.push(`${counts.get(job)} items in ${job}`);
    if (Array.isArray(old.jobs?.[job]?.steps))
      found.push(...placeFaults(job, placed[job]?.steps ?? [], options));
  }
  const others = [...counts.keys()].filter((job) => !jobs.includes(job));
  if (others.length > 0) found.push(`a step in ${others.join(", ")}`);
  if (stable(stripped) !== stable(bare(old, old))) found.push("the content differs by more than the step");
  return found;
}

const builtIn =
  /^(run|when|unless|checkout|\w+_cache|\w+_workspace|setup_remote_docker|store_\w+|add_ssh_keys)$/;

/** Where every step up to `checkout` is one of CircleCI's own and shows no AWS, ours is right after it, or first. */
function placeFaults(job: string, steps: readonly unknown[], options: AuthStepOptions): string[] {
  const index = steps.findIndex((item) => isOurStep(item, options));
  const rest = steps.filter((item) => !isOurStep(item, options));
  const words = rest.map((item) => (isRecord(item) ? (Object.keys(item)[0] ?? "") : String(item)));
  const checkout = words.indexOf("checkout");
  const early = rest.slice(0, checkout < 0 ? rest.length : checkout);
  const clear = words.slice(0, early.length).every((word) => builtIn.test(word));
  if (!clear || /aws|terraform|cdk|sam |pulumi|packer|sls|serverless/.test(JSON.stringify(early))) return [];
  return index === checkout + 1 ? [] : [`the step of ${job} is at ${index}, checkout at ${checkout}`];
}

/** What the step calls has to be there: the command with the script, the orb in version 5. */
function definitionFaults(now: Content, options: AuthStepOptions): string[] {
  const text = JSON.stringify(now);
  if (options.style === "command" && text.includes('"aws-oidc-auth"')) {
    const { commands } = now;
    const command = isRecord(commands) ? commands["aws-oidc-auth"] : undefined;
    const steps = isRecord(command) ? command["steps"] : undefined;
    const first: unknown = Array.isArray(steps) ? steps[0] : undefined;
    return isOurStep(first, { ...options, style: "profiles" }) ? [] : ["the command is not there"];
  }
  if (options.style !== "orb") return [];
  const { orbs } = now;
  return [...text.matchAll(/"([\w-]+)\/setup":\{"role_arn":"arn:/g)].flatMap(([, name = ""]) => {
    const source = isRecord(orbs) ? orbs[name] : undefined;
    return typeof source === "string" && source.startsWith("circleci/aws-cli@5") ? [] : [`no orb ${name}`];
  });
}

/** Takes our steps out of a parsed pipeline, wherever they run, and calls `count` with the job's name. */
function strip(now: Content, options: AuthStepOptions, count: (job: string) => void): Content {
  const without = (steps: unknown, job: string): unknown =>
    Array.isArray(steps)
      ? steps.filter((item) => {
          if (isOurStep(item, options)) count(job);
          return !isOurStep(item, options);
        })
      : steps;
  for (const [name, job] of Object.entries(now.jobs ?? {})) {
    if (isRecord(job) && Array.isArray(job["steps"]))
      Object.assign(job, { steps: without(job["steps"], name) });
  }
  for (const settings of workflowJobs(now)) {
    for (const [name, given] of Object.entries(settings)) {
      if (isRecord(given) && "pre-steps" in given) given["pre-steps"] = without(given["pre-steps"], name);
    }
  }
  return now;
}

function deeply(value: unknown, options: AuthStepOptions): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isOurStep(item, options)).map((item) => deeply(item, options));
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deeply(inner, options)]));
}

function* workflowJobs(pipeline: Content): Generator<Record<string, unknown>> {
  const workflows = pipeline["workflows"];
  for (const workflow of Object.values(isRecord(workflows) ? workflows : {})) {
    const jobs = isRecord(workflow) && Array.isArray(workflow["jobs"]) ? workflow["jobs"] : [];
    for (const item of jobs) if (isRecord(item)) yield item;
  }
}

/** Brings both sides to one form: what the styles add beside the jobs, and jobs of workflows as one-key maps. */
function bare(pipeline: Content, before: Content): Content {
  const copy = structuredClone(pipeline);
  for (const [section, name] of [
    ["orbs", /^aws-cli(-oidc)?$/],
    ["commands", /^aws-oidc-auth$/],
  ] as const) {
    const [entries, old] = [copy[section], before[section]];
    if (!isRecord(entries)) {
      if (entries === null) delete copy[section];
      continue;
    }
    for (const key of Object.keys(entries)) {
      if (name.test(key) && !(isRecord(old) && key in old)) delete entries[key];
    }
    if (Object.keys(entries).length === 0) delete copy[section];
  }
  const workflows = copy["workflows"];
  for (const workflow of Object.values(isRecord(workflows) ? workflows : {})) {
    if (!isRecord(workflow) || !Array.isArray(workflow["jobs"])) continue;
    workflow["jobs"] = workflow["jobs"].map((item) => {
      if (typeof item === "string") return { [item]: {} };
      if (!isRecord(item)) return item;
      return Object.fromEntries(
        Object.entries(item).map(([name, given]) => {
          if (!isRecord(given)) return [name, given ?? {}];
          const rest = { ...given };
          if (Array.isArray(rest["pre-steps"]) && rest["pre-steps"].length === 0) delete rest["pre-steps"];
          return [name, rest];
        }),
      );
    });
  }
  return copy;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON in which the order of keys does not count. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stable(value[key])}`).join()}}`;
}

/** A step for another role. */
export const otherStep: AuthStepOptions = { ...step, roleArn: "arn:aws:iam::333333333333:role/other" };

/** What became of each job: its result, or why it was refused. */
export const outcomes = ({ jobs }: PipelineEdit): readonly string[] =>
  jobs.map((job) => (job.result === "refused" ? job.problem.id : job.result));
