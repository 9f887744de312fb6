import { msg, type Message, type MessageId } from "../messages.ts";
import type { AwsUse, BranchFilter, Executor, JobOutline, JobRun, NameFilter } from "../pipeline/index.ts";

/** What a config tells of a job, in sentences: when it runs, where, what it does with AWS, whether it deploys. */
export function jobFacts(job: JobOutline): readonly Message[] {
  return [
    ...runFacts(job.runs),
    ...executorFacts(job.executor),
    ...awsFacts(job),
    ...(job.looksLikeDeploy ? [msg("step.fact.deploy")] : []),
  ];
}

function runFacts(runs: readonly JobRun[]): readonly Message[] {
  if (runs.length === 0) return [msg("step.fact.unused")];
  return once([
    ...branchFacts(runs.map(({ branches }) => branches)),
    ...runs.flatMap(({ tags }) => (tags === undefined ? [] : [tagFact(tags)])),
  ]);
}

/** The branches of all runs together: a run on every branch says more than one that names some. */
function branchFacts(filters: readonly BranchFilter[]): readonly Message[] {
  if (filters.includes("any")) return [msg("step.fact.everyBranch")];
  const lists = filters.flatMap((filter) => (typeof filter === "string" ? [] : [filter]));
  const named = [...new Set(lists.flatMap(({ only }) => only))];
  const others = lists.filter(({ only }) => only.length === 0);
  const but = others.filter(({ ignore }) => !ignore.some(isEverything));
  return [
    ...(named.length === 0 ? [] : [msg("step.fact.branches", { names: named.join(", ") })]),
    ...but.map(({ ignore }) => msg("step.fact.butBranches", { names: ignore.join(", ") })),
    ...(filters.includes("unknown") ? [msg("step.fact.openBranches")] : []),
    ...(others.length === filters.length && but.length === 0 ? [msg("step.fact.noBranch")] : []),
  ];
}

function tagFact(tags: "unknown" | NameFilter): Message {
  if (tags === "unknown") return msg("step.fact.openTags");
  const { only, ignore } = tags;
  return only.length > 0
    ? msg("step.fact.tags", { names: only.join(", ") })
    : msg("step.fact.butTags", { names: ignore.join(", ") });
}

const isEverything = (name: string): boolean => /^\/\^?\.\*\$?\/$/.test(name);

function executorFacts({ kind, os, shell }: Executor): readonly Message[] {
  return [executorFact(kind, os), ...(shell === undefined ? [] : [msg("step.fact.shell", { shell })])];
}

function executorFact(kind: Executor["kind"], os: Executor["os"]): Message {
  switch (os) {
    case "linux":
      return msg(kind === "docker" ? "step.fact.docker" : "step.fact.linux");
    case "macos":
    case "posix":
    case "windows":
    case "mixed":
      return msg(`step.fact.${os}`);
    case "unknown":
      return msg("step.fact.unknown");
  }
}

const sentences: readonly (readonly [AwsUse["kind"], MessageId])[] = [
  ["orb", "step.fact.orb"],
  ["tool", "step.fact.tool"],
  ["staticKeys", "step.fact.keys"],
  ["dockerAuth", "step.fact.dockerAuth"],
  ["variable", "step.fact.variables"],
];

function awsFacts({ aws, authSteps }: JobOutline): readonly Message[] {
  const roles = [...new Set(authSteps.flatMap(({ roleArn }) => roleArn?.split("/").at(-1) ?? []))];
  const ours =
    roles.length === 0 ? msg("step.fact.oursUnnamed") : msg("step.fact.ours", { role: roles.join(", ") });
  const found = [
    ...(authSteps.length === 0 ? [] : [ours]),
    ...sentences.flatMap(([kind, id]) => {
      const names = [...new Set(aws.flatMap((use) => (use.kind === kind ? [use.name] : [])))];
      return names.length === 0 ? [] : [msg(id, { names: names.join(", ") })];
    }),
  ];
  return found.length === 0 ? [msg("step.fact.noAws")] : found;
}

function once(messages: readonly Message[]): readonly Message[] {
  const seen = new Map(messages.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}
