import { isMap, isSeq } from "yaml";
import type { Node, Scalar, YAMLMap } from "yaml";
import { entries, field, mapAt, resolve, textOf, type PipelineDocument } from "./document.ts";

/** Which branches a filter lets through. Names and `/regular expressions/` as they stand in the file. */
export type BranchFilter =
  | "any"
  /** An expression or a parameter decides. */
  | "unknown"
  | { readonly only: readonly string[]; readonly ignore: readonly string[] };

/** One place in a workflow that runs a job. */
export type JobRun = { readonly workflow: string; readonly branches: BranchFilter };

/** A job as a workflow names it. */
export type JobReference = { readonly job: string; readonly at: Node | Scalar; readonly run: JobRun };

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
    return jobs.items.flatMap((item) => reference(document, workflow, resolve(document, item)));
  });
}

function reference(document: PipelineDocument, workflow: string, item: Node | undefined): JobReference[] {
  const plain = textOf(item);
  if (item !== undefined && plain !== undefined) {
    return [{ job: plain, at: item, run: { workflow, branches: "any" } }];
  }
  const first = isMap(item) ? entries(document, item)[0] : undefined;
  if (first === undefined) return [];
  const filters = isMap(first.value) ? field(document, first.value, "filters")?.value : undefined;
  const branches = branchFilter(document, filters);
  return [{ job: textOf(first.key) ?? "", at: first.key, run: { workflow, branches } }];
}

function branchFilter(document: PipelineDocument, filters: Node | undefined): BranchFilter {
  if (filters === undefined) return "any";
  if (!isMap(filters)) return "unknown";
  const branches = field(document, filters, "branches")?.value;
  if (branches === undefined) return "any";
  return isMap(branches) ? onlyAndIgnore(document, branches) : "unknown";
}

function onlyAndIgnore(document: PipelineDocument, branches: YAMLMap): BranchFilter {
  const [only, ignore] = [list(document, branches, "only"), list(document, branches, "ignore")];
  if ([...only, ...ignore].some((name) => name.includes("<<"))) return "unknown";
  return only.length + ignore.length === 0 ? "any" : { only, ignore };
}

function list(document: PipelineDocument, map: YAMLMap, name: string): string[] {
  const value = field(document, map, name)?.value;
  const items = isSeq(value) ? value.items : [value];
  return items.flatMap((item) => textOf(resolve(document, item)) ?? []);
}
