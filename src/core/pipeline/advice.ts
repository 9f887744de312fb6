import { problem, type PipelineProblem } from "./problem.ts";
import { admitsRef, type RefRule } from "../trust/rule.ts";
import type { BranchFilter, JobRun } from "./workflows.ts";

/** Which runs of a job a role for certain branches and tags admits. */
export type Admission = {
  /** `none` where the job runs on no branch that is admitted, `all` where on no other one. */
  readonly branches: "all" | "some" | "none";
  /** The branches that the job's workflows name exactly. */
  readonly named: readonly string[];
  /** Whether tags run it that are refused: their tokens name no branch. */
  readonly tags: boolean;
  /** Whether any of its runs can be admitted, as far as the file tells. */
  readonly ever: boolean;
};

/** Holds the workflows that run a job against the branches and tags that a role admits. */
export function admissionOf(runs: readonly JobRun[], admitted: readonly RefRule[]): Admission {
  const lists = runs.map(({ branches }) => exactBranches(branches));
  const named = [...new Set(lists.flatMap((list) => list ?? []))];
  const everyBranch = admitted.some((ref) => ref.kind === "branchPrefix" && ref.prefix === "");
  const open = lists.includes(undefined) && !everyBranch;
  const inside = named.filter((name) => admitted.some((ref) => admitsRef(ref, { kind: "branch", name })));
  const all = !open && inside.length === named.length;
  const has = (...kinds: readonly RefRule["kind"][]): boolean =>
    admitted.some(({ kind }) => kinds.includes(kind));
  const onBranches = lists.includes(undefined) ? has("branch", "branchPrefix") : inside.length > 0;
  const onTags = runs.some(({ tags }) => tags === "unknown" || (tags !== undefined && tags.only.length > 0));
  return {
    ever: onBranches || (onTags && has("tag", "tagPrefix")),
    branches: all ? "all" : open || inside.length > 0 ? "some" : "none",
    named,
    tags: runs.some(({ tags }) => tags !== undefined && refusesTags(tags, admitted)),
  };
}

/** Whether tags that run a job are refused, as far as the file tells: a pattern may well fit a prefix. */
function refusesTags(tags: NonNullable<JobRun["tags"]>, admitted: readonly RefRule[]): boolean {
  const some = admitted.some(({ kind }) => kind === "tag" || kind === "tagPrefix");
  if (typeof tags === "string") return !some;
  const exact = tags.only.filter((name) => !isPattern(name));
  const refused = exact.some((name) => !admitted.some((ref) => admitsRef(ref, { kind: "tag", name })));
  return refused || (tags.only.length > exact.length && !some);
}

const isPattern = (name: string): boolean => /^\/.*\/$/.test(name);

/**
 * The branches that a filter names, if it does so exactly: undefined where others are let through too. A name in
 * slashes is a regular expression; one that ignores everything lets no branch through.
 * Source: https://circleci.com/docs/reference/configuration-reference/#branches
 */
function exactBranches(filter: BranchFilter): readonly string[] | undefined {
  if (typeof filter === "string") return undefined;
  if (filter.ignore.some((name) => /^\/\^?\.\*\$?\/$/.test(name))) return [];
  if (filter.only.length === 0) return undefined;
  return filter.only.some(isPattern) ? undefined : filter.only;
}

/** The lifetime that a job's longest AWS step asks for. */
export type Lifetime = {
  readonly durationSeconds: number;
  /** The least that the role has to allow (`MaxSessionDuration`), where that is more than an hour, its default. */
  readonly roleMaximum?: number;
};

/**
 * How long the credentials of the styles that have a lifetime must be good for a step of so many minutes, with
 * some time for what stands before it. Longer than an hour needs a role that allows it, and cannot be had for
 * roles of sub-accounts: AWS limits the second hop to an hour.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining)
 */
export function lifetimeFor(minutes: number, subAccounts: number): Lifetime | PipelineProblem {
  const wanted = Math.ceil((minutes * 60 * 1.1) / 300) * 300;
  const hour = 3600;
  const durationSeconds = Math.max(wanted, 900);
  if (durationSeconds <= hour || minutes <= 60) return { durationSeconds: Math.min(durationSeconds, hour) };
  if (subAccounts > 0) return problem("pipeline.chainTooLong", { minutes });
  if (minutes > 12 * 60) return problem("pipeline.stepTooLong", { minutes });
  const longest = Math.min(durationSeconds, 12 * hour);
  return { durationSeconds: longest, roleMaximum: longest };
}
