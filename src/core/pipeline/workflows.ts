import { isMap, isScalar, isSeq } from "yaml";
import type { Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { entries, field, mapAt, resolve, textOf, type PipelineDocument } from "./document.ts";

/** Names and `/regular expressions/` of a filter, as they stand in the file. */
export type NameFilter = { readonly only: readonly string[]; readonly ignore: readonly string[] };

/** Which branches a filter lets through. */
export type BranchFilter =
  | "any"
  /** An expression or a parameter decides. */
  | "unknown"
  | NameFilter;

/** One place in a workflow that runs a job. */
export type JobRun = {
  readonly workflow: string;
  readonly branches: BranchFilter;
  /** Which tags run it; none where left out, as CircleCI has it. */
  readonly tags?: "unknown" | NameFilter;
  /** The name the job goes by there, if it is another one. */
  readonly name?: string;
  /** Runs once for each combination of parameters. */
  readonly matrix?: true;
  readonly contexts?: readonly string[];
};

/** A job as a workflow names it. */
export type JobReference = {
  readonly job: string;
  readonly at: Node | Scalar;
  readonly run: JobRun;
  /** The sequence it is an item of, and its index there. */
  readonly seq: YAMLSeq;
  readonly index: number;
  /** What it is given there. */
  readonly settings: YAMLMap | undefined;
};

/**
 * Lists every job that a workflow runs, in the order of the file.
 * Source: https://circleci.com/docs/reference/configuration-reference/#workflows
 */
export function jobReferences(document: PipelineDocument): JobReference[] {
  const workflows = mapAt(document, document.root, "workflows");
  if (workflows === undefined) return [];
  return entries(document, workflows).flatMap(({ key, value }) => {
    const jobs = isMap(value) ? field(document, value, "jobs")?.value : undefined;
    if (!isSeq(jobs)) return [];
    const workflow = textOf(key) ?? "";
    return jobs.items.flatMap((_, index) => reference(document, workflow, jobs, index));
  });
}

function reference(
  document: PipelineDocument,
  workflow: string,
  seq: YAMLSeq,
  index: number,
): JobReference[] {
  const item = resolve(document, seq.items[index]);
  const plain = textOf(item);
  if (item !== undefined && plain !== undefined) {
    return [{ job: plain, at: item, run: { workflow, branches: "any" }, seq, index, settings: undefined }];
  }
  const first = isMap(item) ? entries(document, item)[0] : undefined;
  if (first === undefined) return [];
  const settings = isMap(first.value) ? first.value : undefined;
  const job = textOf(first.key) ?? "";
  return [{ job, at: first.key, run: runOf(document, workflow, settings), seq, index, settings }];
}

function runOf(document: PipelineDocument, workflow: string, settings: YAMLMap | undefined): JobRun {
  if (settings === undefined) return { workflow, branches: "any" };
  const filters = field(document, settings, "filters")?.value;
  const name = textOf(field(document, settings, "name")?.value);
  const tags = tagFilter(document, filters);
  const contexts = list(document, settings, "context");
  return {
    workflow,
    branches: branchFilter(document, filters),
    ...(tags === undefined ? {} : { tags }),
    ...(name === undefined ? {} : { name }),
    ...(field(document, settings, "matrix") === undefined ? {} : { matrix: true as const }),
    ...(contexts.length === 0 ? {} : { contexts }),
  };
}

function branchFilter(document: PipelineDocument, filters: Node | undefined): BranchFilter {
  if (filters === undefined) return "any";
  if (!isMap(filters)) return "unknown";
  const branches = field(document, filters, "branches")?.value;
  if (branches === undefined) return "any";
  if (!isMap(branches)) return "unknown";
  const filter = onlyAndIgnore(document, branches);
  return filter === "unknown" || filter.only.length + filter.ignore.length > 0 ? filter : "any";
}

function tagFilter(document: PipelineDocument, filters: Node | undefined): JobRun["tags"] {
  if (filters === undefined) return undefined;
  if (!isMap(filters)) return "unknown";
  const tags = field(document, filters, "tags")?.value;
  if (tags === undefined) return undefined;
  return isMap(tags) ? onlyAndIgnore(document, tags) : "unknown";
}

function onlyAndIgnore(document: PipelineDocument, map: YAMLMap): NameFilter | "unknown" {
  const [only, ignore] = [list(document, map, "only"), list(document, map, "ignore")];
  return [...only, ...ignore].some((name) => name.includes("<<")) ? "unknown" : { only, ignore };
}

function list(document: PipelineDocument, map: YAMLMap, name: string): string[] {
  const value = field(document, map, name)?.value;
  const items = isSeq(value) ? value.items : [value];
  return items.flatMap((item) => {
    const node = resolve(document, item);
    return isScalar(node) && node.value === null ? [] : (textOf(node) ?? []);
  });
}
