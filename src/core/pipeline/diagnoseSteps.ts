import { isMap, isSeq, visit } from "yaml";
import type { Node } from "yaml";
import { refAsTyped } from "../trust/refs.ts";
import { fitsOwner, subjectRefs, type SubjectOwner } from "../trust/subjects.ts";
import { admissionOf } from "./advice.ts";
import { endOf, entries, field, startOf, textOf, type PipelineDocument } from "./document.ts";
import { finding, type Finding } from "./finding.ts";
import { readJobs } from "./jobs.ts";
import type { TextEdit } from "./layout.ts";
import { reachOf, type FoundStep } from "./reach.ts";
import { jobReferences } from "./workflows.ts";

/** What is known of a role, from what the user has set up or looked up. */
export type KnownRole = {
  readonly roleArn: string;
  /** What `admittedSubjects` says of its trust policy; left out where that is not known or does not limit them. */
  readonly subjects?: readonly string[];
};

/** Whose runs a config is for, as files beside it say. IDs are lowercase UUIDs. */
export type Workspace = Omit<SubjectOwner, "repository"> & {
  /** The repositories that its runs may be for: those of every remote, the main one first. */
  readonly repositories: readonly string[];
};

/** What is known outside the file. `accounts` are those whose roles are all in `roles`. */
export type Known = {
  readonly roles: readonly KnownRole[];
  readonly accounts: readonly string[];
  readonly workspace?: Workspace;
};

/** A step that gets credentials of a role. */
type RoleStep = {
  readonly roleArn: string;
  readonly item: Node;
  /** The jobs that have it. */
  readonly jobs: readonly string[];
  /** Its script, if it has one. */
  readonly command: string;
};

/** Steps that get credentials of a role, ours and those of the orb, held against what is known of their roles. */
export function authSteps(document: PipelineDocument, known: Known): Finding[] {
  const reach = reachOf(document);
  const jobs = readJobs(document, jobReferences(document)).flatMap(({ name: job, steps: seq }) =>
    seq === undefined ? [] : [{ job, ...reach.steps(seq) }],
  );
  const ours = jobs.flatMap(({ job, found }) => found.map((step) => ({ ...step, job })));
  const others = jobs.flatMap(({ job, uses }) =>
    uses.flatMap(({ kind, offset }) => (kind === "orb" ? [{ job, offset }] : [])),
  );
  return [...ofOurs(ours), ...ofOrb(document, others)].flatMap((step) => ofStep(document, known, step) ?? []);
}

function ofOurs(steps: readonly (FoundStep & { readonly job: string })[]): readonly RoleStep[] {
  const once = steps.filter((step, i) => steps.findIndex(({ offset }) => offset === step.offset) === i);
  return once.flatMap(({ offset, roleArn, command, seq, index }) => {
    const item: unknown = seq.items[index];
    if (roleArn === undefined || (!isMap(item) && !isSeq(item))) return [];
    const jobs = steps.filter((one) => one.offset === offset).map(({ job }) => job);
    return [{ roleArn, item, jobs, command }];
  });
}

/** The orb's own steps that name a role and were written by somebody else. */
function ofOrb(
  document: PipelineDocument,
  uses: readonly { readonly job: string; readonly offset: number }[],
): readonly RoleStep[] {
  const found: RoleStep[] = [];
  visit(document.root, {
    Map: (_, item) => {
      const [first] = entries(document, item);
      if (first === undefined || !isMap(first.value) || !(textOf(first.key) ?? "").endsWith("/setup")) return;
      const jobs = uses.filter(({ offset }) => offset === startOf(first.key)).map(({ job }) => job);
      const roleArn = textOf(field(document, first.value, "role_arn")?.value) ?? "";
      if (jobs.length > 0 && roleArn.startsWith("arn:")) found.push({ roleArn, item, jobs, command: "" });
    },
  });
  return found;
}

function ofStep(
  document: PipelineDocument,
  known: Known,
  { roleArn: role, item, jobs, command }: RoleStep,
): Finding | undefined {
  const at = within(document, item, role);
  const found = known.roles.find((one) => one.roleArn === role);
  if (found === undefined) {
    const missing = known.accounts.includes(role.split(":")[4] ?? "");
    return missing ? finding(document, { id: "pipeline.find.unknownRole", args: { role }, at }) : undefined;
  }
  const { subjects } = found;
  if (subjects === undefined) return undefined;
  const fitting = subjects.filter((subject) => fits(subject, known.workspace));
  if (fitting.length === 0) return stranger(document, { role, at, subjects, workspace: known.workspace });
  const refs = subjectRefs(fitting);
  if (refs === undefined) return undefined;
  const runs = jobReferences(document)
    .filter(({ job }) => jobs.includes(job))
    .map(({ run }) => run);
  if (runs.length > 0 && !admissionOf(runs, refs).ever) {
    const args = { role, admitted: refs.map(refAsTyped).join(", "), job: jobs.join(", ") };
    return finding(document, { id: "pipeline.find.refused", args, at, severity: "error" });
  }
  if (!/\$\{?CIRCLE_OIDC_TOKEN\b(?!_V2)/.test(command)) return undefined;
  const fix = tokenFix(document, item);
  return finding(document, { id: "pipeline.find.oldToken", args: { role }, at, severity: "error", fix });
}

/** Whether a run for any of the workspace's repositories may have a subject of this pattern. */
function fits(subject: string, workspace: Workspace | undefined): boolean {
  const { repositories = [], ...owner }: Partial<Workspace> = workspace ?? {};
  if (repositories.length === 0) return fitsOwner(subject, owner);
  return repositories.some((repository) => fitsOwner(subject, { ...owner, repository }));
}

/** A role that admits no run of this project, or none that a change of this repository starts. */
function stranger(
  document: PipelineDocument,
  given: {
    readonly role: string;
    readonly at: { readonly offset: number; readonly length: number };
    readonly subjects: readonly string[];
    readonly workspace: Workspace | undefined;
  },
): Finding | undefined {
  const { role, at, subjects, workspace } = given;
  const { repositories = [], ...owner }: Partial<Workspace> = workspace ?? {};
  const { projectId: project } = owner;
  const ofProject = subjects.some((subject) => fitsOwner(subject, owner));
  if (project !== undefined && !ofProject) {
    return finding(document, { id: "pipeline.find.otherProject", args: { role, project }, at });
  }
  const [repository] = repositories;
  if (repository === undefined) return undefined;
  return finding(document, { id: "pipeline.find.otherRepository", args: { role, repository }, at });
}

function within(document: PipelineDocument, item: Node, needle: string): { offset: number; length: number } {
  const end = endOf(document.text, item);
  const at = document.text.indexOf(needle, startOf(item));
  return at < 0 || at > end ? { offset: startOf(item), length: 1 } : { offset: at, length: needle.length };
}

function tokenFix(document: PipelineDocument, item: Node): TextEdit[] {
  const start = startOf(item);
  const source = document.text.slice(start, endOf(document.text, item));
  return [...source.matchAll(/\bCIRCLE_OIDC_TOKEN\b(?!_V2)/g)].map((match) => {
    return { offset: start + match.index + match[0].length, length: 0, text: "_V2" };
  });
}
