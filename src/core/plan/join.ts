import type { Role } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import { lintRolePermissions, lintTrustPolicy, readTrustPolicy, type TrustRule } from "../trust/index.ts";
import { tryCase, whatIfCases, type WhatIfCase } from "../trust/whatIf.ts";
import { isBlocking, type Reasons } from "./change.ts";
import type { ObservedResource } from "./observed.ts";

type Existing = Extract<ObservedResource, { kind: "Role" }>;

/** What becomes of a role that is shared: why it cannot be, or the consequences in words. */
export type Joined =
  | { readonly ok: true; readonly words: readonly Message[] }
  | { readonly ok: false; readonly reasons: Reasons };

/**
 * Judges a role of somebody else's as a whole before a project joins it: what it would then say, what it may do, and
 * what becomes of the tokens of everybody who uses it already.
 *
 * @param after the trust policy with the statement added
 */
export function judgeJoin(wanted: Role, existing: Existing, after: unknown): Joined {
  const { name } = wanted;
  const critical = lintTrustPolicy({ policy: after }).find(({ severity }) => severity === "critical");
  const administrator = lintRolePermissions({ attached: existing.attachedPolicies }).length > 0;
  const earlier = rulesOf(existing.trust);
  const own = rulesOf(wanted.trust);
  const changed = earlier.find((rule) =>
    tokensOf(rule).some((token) => differs(rule, token, existing.trust, after, own)),
  );
  const denied = own.some((rule) =>
    tokensOf(rule).some((token) => isKeptOut(rule, token, wanted.trust, after)),
  );
  const reasons = [
    ...(critical === undefined ? [] : [msg("plan.join.critical", { role: name, rule: critical.rule })]),
    ...(administrator ? [msg("plan.join.administrator", { role: name })] : []),
    ...(changed === undefined
      ? []
      : [msg("plan.join.changes", { role: name, project: projectsOf(changed) })]),
    ...(denied ? [msg("plan.join.denied", { role: name })] : []),
  ];
  if (isBlocking(reasons)) return { ok: false, reasons };
  const others = earlier.filter((rule) => !own.some((mine) => projectsOf(mine) === projectsOf(rule)));
  return { ok: true, words: [...consequences(wanted, existing), ...others.map(sameWords)] };
}

/** The rules of a policy's statements, where they are ours. */
export function rulesOf(policy: unknown): readonly TrustRule[] {
  const reading = readTrustPolicy({ policy });
  if (reading.kind === "invalid") return [];
  return reading.statements.flatMap(({ rule }) => (rule === undefined ? [] : [rule]));
}

/** Tokens of the rule's own runs, of others, and of whoever might pass for one. */
function tokensOf(rule: TrustRule): readonly WhatIfCase[] {
  const runs = rule.projects[0]?.runs;
  return whatIfCases(rule, runs?.kind === "refs" ? runs.repository : "github.com/acme/shop");
}

/** Whether a token of an earlier project fares otherwise afterwards, unless it is one that the new rule is for. */
function differs(
  rule: TrustRule,
  token: WhatIfCase,
  before: unknown,
  after: unknown,
  own: readonly TrustRule[],
): boolean {
  const [then, now] = [before, after].map((policy) => tryCase(rule, policy, token).verdict);
  if (then === now) return false;
  const isOwn = own.some(({ projects }) =>
    projects.some(({ projectId }) => projectId === token.claims["oidc.circleci.com/project-id"]),
  );
  return !(isOwn && now === "ALLOW");
}

/** A Deny of the role may keep out what the new statement is to let in. */
function isKeptOut(rule: TrustRule, token: WhatIfCase, wanted: unknown, after: unknown): boolean {
  return tryCase(rule, wanted, token).verdict === "ALLOW" && tryCase(rule, after, token).verdict !== "ALLOW";
}

function consequences(wanted: Role, existing: Existing): readonly Message[] {
  const policies = [...existing.attachedPolicies, ...existing.inlinePolicies];
  return [
    msg("plan.join.shared", { role: wanted.name }),
    policies.length === 0
      ? msg("plan.join.nothing")
      : msg("plan.join.permissions", { policies: policies.join(", ") }),
  ];
}

function sameWords(rule: TrustRule): Message {
  return msg("plan.join.same", { project: projectsOf(rule), count: tokensOf(rule).length });
}

function projectsOf({ projects }: TrustRule): string {
  return projects.map(({ projectId }) => projectId).join(", ");
}
