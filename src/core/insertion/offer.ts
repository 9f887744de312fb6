import { msg, type Message } from "../messages.ts";
import {
  admissionOf,
  insertAuthStep,
  isProblem,
  keptStep,
  outline,
  updateAuthStep,
  type AuthStepOptions,
  type JobOutline,
  type JobResult,
  type PipelineOutline,
  type PipelineProblem,
  type SharedSteps,
  type StepStyle,
} from "../pipeline/index.ts";
import { commandName } from "../pipeline/names.ts";
import { refAsTyped, type RunRule } from "../trust/index.ts";
import { jobFacts } from "./facts.ts";

/** The step to insert and, where known, which runs its role admits and how long it lets a session be, in seconds. */
export type StepRequest = {
  readonly step: AuthStepOptions;
  readonly runs?: RunRule;
  readonly sessionSeconds?: number;
};

/** What may become of steps that several jobs share: an edit for all of them, or a copy for one. */
export type SharedWay = Exclude<SharedSteps, "refuse">;

/** What can be done with one job, and what there is to know about it before. */
export type JobOffer = {
  readonly name: string;
  /** `present` jobs have the same step, whatever was chosen for it; `different` ones another. */
  readonly status: "ready" | "present" | "different" | "unavailable";
  /** What the file tells of the job. */
  readonly facts: readonly Message[];
  /** Why it is not ready, or which of its runs the role refuses. */
  readonly note?: Message;
  /** Whether the role refuses some of its runs. */
  readonly refused: boolean;
  /** The styles that the job can take. */
  readonly styles: readonly StepStyle[];
  /** Whether right before its first step that uses AWS is another place than after checkout. */
  readonly placesDiffer: boolean;
  /** Where its steps are those of other jobs too: which, and what can be done about it. */
  readonly shared?: { readonly jobs: readonly string[]; readonly ways: readonly SharedWay[] };
};

export type PipelineOffer = {
  readonly kind: "offer";
  readonly jobs: readonly JobOffer[];
  /** The reusable command that the file has for this role, with its own options: it is called as it is. */
  readonly command?: AuthStepOptions;
};

const styles: readonly StepStyle[] = ["profiles", "webIdentityFile", "command", "orb"];
const sharedProblems: readonly string[] = [
  "pipeline.stepsFromAnchor",
  "pipeline.jobFromAnchor",
  "pipeline.stepsShared",
];

type Results = ReadonlyMap<string, JobResult>;

/**
 * What each job of a config could do with the step: by dry runs of the insertion, with each style and with each
 * way to deal with shared steps.
 */
export function offerOf(text: string, { step, runs }: StepRequest): PipelineOffer | PipelineProblem {
  const read = outline(text);
  if (isProblem(read)) return read;
  const plain = insertAuthStep(text, { jobs: read.jobs.map(({ name }) => name), step });
  if (isProblem(plain)) return plain;
  const results: Results = new Map(plain.jobs.map((job) => [job.name, job]));
  const shared = sharedWays(text, step, results);
  const command = commandOf(read, step);
  const able = read.jobs
    .map(({ name }) => name)
    .filter((name) => results.get(name)?.result === "inserted" || shared.has(name));
  const fitting = stylesOf(text, { step, command }, able, shared);
  const same = sameSteps(text, read.jobs, step);
  const jobs = read.jobs.flatMap((job): JobOffer[] => {
    const result = results.get(job.name);
    if (result === undefined) return [];
    const ways = shared.get(job.name);
    const { status, note } = statusOf(result, ways !== undefined, same.has(job.name));
    const refusal = status === "ready" ? refusedRuns(job, runs) : undefined;
    const said = note ?? refusal;
    return [
      {
        name: job.name,
        status,
        facts: jobFacts(job),
        ...(said === undefined ? {} : { note: said }),
        refused: refusal !== undefined,
        styles: fitting.get(job.name) ?? [],
        placesDiffer: job.placesDiffer,
        ...(ways === undefined ? {} : { shared: { jobs: job.sharedWith, ways } }),
      },
    ];
  });
  return { kind: "offer", jobs, ...(command === undefined ? {} : { command }) };
}

function dryRun(text: string, step: AuthStepOptions, jobs: readonly string[], shared: SharedSteps): Results {
  const edit = jobs.length === 0 ? undefined : insertAuthStep(text, { jobs, step, shared });
  return new Map(edit === undefined || isProblem(edit) ? [] : edit.jobs.map((job) => [job.name, job]));
}

/** What can be done for each job that is refused only because others have its steps too. */
function sharedWays(
  text: string,
  step: AuthStepOptions,
  results: Results,
): ReadonlyMap<string, readonly SharedWay[]> {
  const refused = [...results.values()].flatMap((job) =>
    job.result === "refused" && sharedProblems.includes(job.problem.id) ? [job] : [],
  );
  const names = refused.map(({ name }) => name);
  const edit = dryRun(text, step, names, "edit");
  // A job in which the shared steps are written has no copy to make.
  const copies = refused.filter(({ problem }) => problem.id !== "pipeline.stepsShared");
  const inline = dryRun(
    text,
    step,
    copies.map(({ name }) => name),
    "inline",
  );
  const ways = names.map((name) => {
    const able = (["edit", "inline"] as const).filter((way) => {
      return (way === "edit" ? edit : inline).get(name)?.result === "inserted";
    });
    return [name, able] as const;
  });
  return new Map(ways.filter(([, able]) => able.length > 0));
}

function stylesOf(
  text: string,
  { step, command }: { readonly step: AuthStepOptions; readonly command: AuthStepOptions | undefined },
  jobs: readonly string[],
  shared: ReadonlyMap<string, readonly SharedWay[]>,
): ReadonlyMap<string, readonly StepStyle[]> {
  const copied = jobs.filter((name) => shared.get(name)?.includes("edit") === false);
  const edited = jobs.filter((name) => !copied.includes(name));
  const byStyle = styles.map((style) => {
    const options = style === "command" && command !== undefined ? command : styled(step, style);
    const all = [...dryRun(text, options, edited, "edit"), ...dryRun(text, options, copied, "inline")];
    return { style, able: new Set(all.flatMap(([name, { result }]) => (result === "inserted" ? name : []))) };
  });
  return new Map(
    jobs.map((name) => [name, byStyle.flatMap(({ style, able }) => (able.has(name) ? style : []))]),
  );
}

/** The options in another style; a web identity file has no lifetime of its own. */
export function styled({ durationSeconds, ...step }: AuthStepOptions, style: StepStyle): AuthStepOptions {
  const lasting = style === "webIdentityFile" || durationSeconds === undefined ? {} : { durationSeconds };
  return { ...step, style, ...lasting };
}

function commandOf({ commands }: PipelineOutline, step: AuthStepOptions): AuthStepOptions | undefined {
  const [found] = commands.find(({ name }) => name === commandName)?.authSteps ?? [];
  if (found?.style !== "profiles" || (found.roleVariable ?? found.roleArn) === undefined) return undefined;
  if (found.roleVariable === undefined && found.roleArn !== step.roleArn) return undefined;
  return keptStep({ ...found, style: "command" }, step);
}

/** The jobs whose step an update would leave as it is. One dry run for all jobs with the same options. */
function sameSteps(text: string, jobs: readonly JobOutline[], step: AuthStepOptions): ReadonlySet<string> {
  const groups = new Map<string, { readonly step: AuthStepOptions; readonly jobs: string[] }>();
  for (const { name, authSteps } of jobs) {
    const [first] = authSteps;
    const kept = first === undefined ? undefined : keptStep(first, step);
    if (kept === undefined) continue;
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { step: kept, jobs: [] };
    group.jobs.push(name);
    groups.set(key, group);
  }
  return new Set(
    [...groups.values()].flatMap((group) => {
      const edit = updateAuthStep(text, { ...group, shared: "edit" });
      if (isProblem(edit)) return [];
      return edit.jobs.flatMap(({ name, result }) => (result === "unchanged" ? name : []));
    }),
  );
}

function statusOf(
  job: JobResult,
  isShared: boolean,
  isSame: boolean,
): { readonly status: JobOffer["status"]; readonly note?: Message } {
  const { name } = job;
  if (isSame || job.result === "unchanged") {
    return { status: "present", note: msg("pipelineEditor.job.present", { job: name }) };
  }
  if (job.result === "different") return { status: "different", note: differentNote(job) };
  if (job.result !== "refused" || isShared) return { status: "ready" };
  return { status: "unavailable", note: msg(job.problem.id, job.problem.args) };
}

/** Says which other step a job has. */
export function differentNote({ name, roleArn }: Extract<JobResult, { result: "different" }>): Message {
  return roleArn === undefined
    ? msg("pipelineEditor.job.different", { job: name })
    : msg("pipelineEditor.job.otherRole", { job: name, role: roleArn });
}

/** Says so where the job runs on branches or tags that the role refuses. */
function refusedRuns({ runs }: JobOutline, rule: RunRule | undefined): Message | undefined {
  if (rule?.kind !== "refs" || runs.length === 0) return undefined;
  const { branches, named, tags } = admissionOf(runs, rule.refs);
  const admitted = rule.refs
    .filter(({ kind }) => kind === "branch" || kind === "branchPrefix")
    .map(refAsTyped)
    .join(", ");
  if (branches !== "all" && admitted === "") return msg("pipelineEditor.job.tagsOnly");
  if (branches === "none") {
    return msg("pipelineEditor.job.noBranch", { runs: named.join(", "), branches: admitted });
  }
  if (branches === "some") return msg("pipelineEditor.job.branches", { branches: admitted });
  return tags
    ? msg("pipelineEditor.job.tags", { admitted: rule.refs.map(refAsTyped).join(", ") })
    : undefined;
}
