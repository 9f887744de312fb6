import { isMap, isSeq } from "yaml";
import type { Node, YAMLSeq } from "yaml";
import { needsCredentials, usesOfJob } from "./aws.ts";
import { entries, field, resolve, startOf, textOf, type PipelineDocument } from "./document.ts";
import type { Placement, WriteContext } from "./draft.ts";
import type { Job } from "./jobs.ts";
import { problem, type PipelineProblem } from "./problem.ts";
import { placeIndex } from "./place.ts";
import type { Reach } from "./reach.ts";

/** Something to know about an edit that was made all the same. The sentence is `pipelineMessages[id]`. */
export type PipelineWarning = Omit<PipelineProblem, "kind"> & {
  readonly kind: "warning";
  readonly job: string;
};

/** What is worth knowing about the step in a job: what may carry the credentials away, and what overrides it. */
export function warningsFor(context: WriteContext, job: Job): PipelineWarning[] {
  const { document, reach, references, placement } = context;
  const { steps, map, name } = job;
  if (steps === undefined || map === undefined) return [];
  return [
    ...severalNames(
      references.flatMap(({ job: one, run }) => (one === name ? (run.name ?? one) : [])),
      job,
    ),
    ...keptFolders(document, job, steps, placeIndex(reach, steps, placement)),
    ...overriding(document, job),
    ...orbRegion(context, job),
    ...unseenAws(document, reach, job, steps, placement),
  ];
}

function warn(job: string, found: PipelineProblem): PipelineWarning {
  return { ...found, kind: "warning", job };
}

function severalNames(uses: readonly string[], { name }: Job): PipelineWarning[] {
  const names = [...new Set(uses)];
  if (names.length < 2) return [];
  return [warn(name, problem("pipeline.warn.severalNames", { job: name, names: names.join(", ") }))];
}

const keepers: Readonly<Record<string, readonly string[]>> = {
  save_cache: ["paths"],
  persist_to_workspace: ["paths"],
  store_artifacts: ["path"],
  store_test_results: ["path"],
};

/** Later steps that keep a folder which holds `~/.aws`: whoever gets it gets the credentials. */
function keptFolders(
  document: PipelineDocument,
  { name, map }: Job,
  seq: YAMLSeq,
  from: number,
): PipelineWarning[] {
  const workdir = map === undefined ? "" : (textOf(field(document, map, "working_directory")?.value) ?? "");
  return seq.items.slice(from).flatMap((item) => {
    const node = resolve(document, item);
    if (!isMap(node)) return [];
    return entries(document, node).flatMap(({ key, value }) => {
      const step = textOf(key) ?? "";
      if (!isMap(value)) return [];
      const root =
        step === "persist_to_workspace" ? textOf(field(document, value, "root")?.value) : undefined;
      return (keepers[step] ?? [])
        .flatMap((setting) => listOf(document, field(document, value, setting)?.value))
        .filter(({ text }) => holdsAwsFolder(joined(root, text), workdir))
        .slice(0, 1)
        .map(({ node: at, text }) =>
          warn(
            name,
            problem(
              "pipeline.warn.keepsCredentials",
              { job: name, step, path: joined(root, text) },
              document.place(startOf(at)),
            ),
          ),
        );
    });
  });
}

function listOf(document: PipelineDocument, value: Node | undefined): { node: Node; text: string }[] {
  return (isSeq(value) ? value.items : [value]).flatMap((item) => {
    const node = resolve(document, item);
    const text = textOf(node);
    return node === undefined || text === undefined ? [] : [{ node, text }];
  });
}

function joined(root: string | undefined, path: string): string {
  if (path === "." && root !== undefined) return root;
  return root === undefined || /^[~/$]/.test(path) ? path : `${root}/${path}`;
}

/** Whether a path is the home folder, one above it, or `.aws` in it. A job works in `~/project` by default. */
export function holdsAwsFolder(path: string, workdir: string): boolean {
  const base = workdir === "" ? "~/project" : workdir;
  const whole = /^[~/$]/.test(path) ? path : `${base}/${path}`;
  const parts: string[] = [];
  const home = whole
    .replace(/^(?:\$\{?HOME\}?|\/root|\/home\/[^/]+|\/Users\/[^/]+)(?=\/|$)/, "~")
    .split("/")
    .filter((part) => part !== "" && part !== "." && part !== "*" && part !== "**");
  for (const part of home) {
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  const flat = parts.join("/");
  return ["", "~", "root", "home", "Users", "~/.aws"].includes(flat) || flat.startsWith("~/.aws/");
}

/** Variables of the job that the AWS CLI and SDKs heed before the profiles of the step. */
function overriding(document: PipelineDocument, { name, map }: Job): PipelineWarning[] {
  if (map === undefined) return [];
  return usesOfJob(document, map)
    .filter(({ kind }) => kind === "variable")
    .map((use) =>
      warn(
        name,
        problem("pipeline.warn.variable", { job: name, variable: use.name }, document.place(use.offset)),
      ),
    );
}

/** The orb's command for a second hop takes no region, and the CLI does not look at that of another profile. */
function orbRegion({ prepared }: WriteContext, { name }: Job): PipelineWarning[] {
  if (prepared.kind !== "orb" || prepared.step.subAccounts.length === 0) return [];
  return [warn(name, problem("pipeline.warn.orbRegion", { job: name }))];
}

function unseenAws(
  document: PipelineDocument,
  reach: Reach,
  { name, key }: Job,
  seq: YAMLSeq,
  placement: Placement,
): PipelineWarning[] {
  if (placement === "afterCheckout" || reach.steps(seq).uses.some(needsCredentials)) return [];
  return [warn(name, problem("pipeline.warn.noAwsStep", { job: name }, document.place(startOf(key))))];
}
