import { msg, type Message } from "../messages.ts";
import { auditLogClaims, jobClaims, type CircleCiJob, type JobRef, type TokenClaims } from "./claims.ts";
import { admitsRef, issuerHostPath, issuerOfRule, type ProjectRule, type TrustRule } from "./rule.ts";
import { simulateWebIdentity } from "./simulate.ts";
import type { Simulation } from "./simulation.ts";

/** A token that somebody may come with, and what the rule's author would want for it. */
export type WhatIfCase = {
  readonly id: string;
  readonly title: Message;
  /**
   * `intended`: what the rule is for. `other`: another run of the project. `foreign`: what no rule should let in.
   * `reach`: a run that says what an intended one says, for who can bring it about.
   */
  readonly kind: "intended" | "other" | "foreign" | "reach";
  /** When such a token comes about, or what follows. */
  readonly note?: Message;
  readonly claims: TokenClaims;
};

/** IDs that stand for somebody else's; no project or user has them. */
const OTHER_PROJECT = "00000000-0000-4000-8000-0000000000a1";
const SOME_USER = "00000000-0000-4000-8000-0000000000b1";
const OTHER_USER = "00000000-0000-4000-8000-0000000000b2";
const OTHER_BRANCH = "some-other-branch";

/**
 * Ready cases for a rule, about its first project: the runs it is for, other runs, and the ways in which somebody
 * might try to pass for one.
 *
 * @param repository shown where the rule names none
 */
export function whatIfCases(rule: TrustRule, repository: string): readonly WhatIfCase[] {
  const [project] = rule.projects;
  if (project === undefined) return [];
  const scene = sceneOf(rule, project, repository);
  return [...runCases(scene), ...strangerCases(scene), ...reachCases(scene)];
}

/** Whether the policy of a rule lets a case in, with the provider that belongs to it. */
export function tryCase(rule: TrustRule, policy: unknown, { claims }: WhatIfCase): Simulation {
  const { partition, accountId } = rule;
  const provider = { url: issuerOfRule(rule), clientIds: rule.audiences };
  return simulateWebIdentity({ policy, role: { partition, accountId }, provider, claims });
}

type Scene = {
  readonly rule: TrustRule;
  readonly project: ProjectRule;
  readonly repository: string;
  /** The ref that the rule names first. */
  readonly ref: JobRef;
  readonly claims: (changes: Partial<CircleCiJob>) => TokenClaims;
  readonly at: (ref: JobRef, repository?: string) => TokenClaims;
};

function sceneOf(rule: TrustRule, project: ProjectRule, fallback: string): Scene {
  const { runs, users, projectId } = project;
  const repository = runs.kind === "refs" ? runs.repository : fallback;
  const ref = firstRef(project);
  const job: CircleCiJob = {
    organizationId: rule.organizationId,
    projectId,
    userId: (users.kind === "named" ? users.ids[0] : undefined) ?? SOME_USER,
    trigger: { kind: "vcs", repository, ref },
    token: project.subject ?? "V2",
    issuedAt: 0,
    audience: rule.audiences[0] ?? rule.organizationId,
    ...(issuerOfRule(rule) === issuerHostPath(rule.organizationId)
      ? {}
      : { serverIssuer: `https://${issuerOfRule(rule)}` }),
  };
  const claims: Scene["claims"] = (changes) => jobClaims({ ...job, ...changes });
  return {
    rule,
    project,
    repository,
    ref,
    claims,
    at: (other, from = repository) => claims({ trigger: { kind: "vcs", repository: from, ref: other } }),
  };
}

function firstRef({ runs }: ProjectRule): JobRef {
  const [first] = runs.kind === "refs" ? runs.refs : [];
  switch (first?.kind) {
    case undefined:
      return { kind: "branch", name: "main" };
    case "branch":
    case "tag":
      return { kind: first.kind, name: first.name };
    case "branchPrefix":
      return { kind: "branch", name: first.prefix === "" ? "main" : `${first.prefix}1` };
    case "tagPrefix":
      return { kind: "tag", name: `${first.prefix}1` };
  }
}

function runCases({ project, repository, ref, claims, at }: Scene): readonly WhatIfCase[] {
  const { runs, users } = project;
  const otherBranch = runs.kind === "refs" && admitsBranch(project, OTHER_BRANCH);
  const tag: JobRef = { kind: "tag", name: "v1.0.0" };
  return [
    { id: "this", title: refTitle(ref, repository), kind: "intended", claims: claims({}) },
    {
      id: "branch",
      title: refTitle({ kind: "branch", name: OTHER_BRANCH }, repository),
      kind: otherBranch ? "intended" : "other",
      claims: at({ kind: "branch", name: OTHER_BRANCH }),
    },
    { id: "tag", title: refTitle(tag, repository), kind: "other", claims: at(tag) },
    {
      id: "webhook",
      title: msg("trust.case.webhook"),
      kind: "other",
      claims: claims({ trigger: { kind: "webhook" } }),
    },
    ...(users.kind === "named"
      ? [
          {
            id: "user",
            title: msg("trust.case.user"),
            kind: "foreign" as const,
            claims: claims({ userId: OTHER_USER }),
          },
        ]
      : []),
  ];
}

function refTitle(ref: JobRef, repository: string): Message {
  const name = ref.kind === "pull" ? String(ref.number) : ref.name;
  return msg(ref.kind === "tag" ? "trust.case.tag" : "trust.case.branch", { name, repository });
}

function strangerCases({ rule, project, repository, ref, claims, at }: Scene): readonly WhatIfCase[] {
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  const host = repository.slice(0, repository.indexOf("/"));
  const fork = `${host}/somebody-else/${name}`;
  const wanted = ref.kind === "pull" ? "main" : ref.name;
  const injected = `x/vcs-origin/${repository}/vcs-ref/${ref.kind === "tag" ? "refs/tags" : "refs/heads"}/${wanted}`;
  return [
    {
      id: "fork",
      title: msg("trust.case.fork", { repository: fork }),
      kind: "foreign",
      note: msg("trust.case.fork.note"),
      claims: at(ref, fork),
    },
    {
      id: "injected",
      title: msg("trust.case.injected", { name: injected }),
      // Where every branch is let in, this is one of them and passes for nothing.
      kind: admitsBranch(project, injected) ? "other" : "foreign",
      note: msg("trust.case.injected.note"),
      claims: at({ kind: "branch", name: injected }),
    },
    {
      id: "project",
      title: msg("trust.case.project"),
      kind: "foreign",
      claims: claims({ projectId: OTHER_PROJECT }),
    },
    ...(issuerOfRule(rule) === issuerHostPath(rule.organizationId)
      ? [
          {
            id: "audit",
            title: msg("trust.case.audit"),
            kind: "foreign" as const,
            note: msg("trust.case.audit.note"),
            claims: auditLogClaims({ organizationId: rule.organizationId, issuedAt: 0 }),
          },
        ]
      : []),
  ];
}

function admitsBranch({ runs }: ProjectRule, name: string): boolean {
  return runs.kind === "any" || runs.refs.some((one) => admitsRef(one, { kind: "branch", name }));
}

function reachCases({ claims }: Scene): readonly WhatIfCase[] {
  return [
    {
      id: "mixed",
      title: msg("trust.case.mixed"),
      kind: "reach",
      note: msg("trust.case.mixed.note"),
      claims: claims({}),
    },
    {
      id: "unversioned",
      title: msg("trust.case.unversioned"),
      kind: "reach",
      note: msg("trust.case.unversioned.note"),
      claims: claims({}),
    },
    {
      id: "ssh",
      title: msg("trust.case.ssh"),
      kind: "reach",
      note: msg("trust.case.ssh.note"),
      claims: claims({ sshRerun: true }),
    },
  ];
}
