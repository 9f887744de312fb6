import { blueprint } from "../core/blueprint/index.ts";
import { isEdit, subjectOf, targetKey, type Target } from "../core/plan/edit.ts";
import { leftOf, type RunJournal } from "../core/plan/journal.ts";
import {
  isOwned,
  planRemoval,
  trustedRole,
  type Candidate,
  type Evidence,
  type Owner,
  type Removal,
  type Users,
} from "../core/plan/undo.ts";
import type { Setup } from "../core/setup.ts";
import type { AwsAccess } from "./access.ts";
import { ACCOUNTS_AT_ONCE } from "./accounts.ts";
import { createLimit } from "./limit.ts";
import { look } from "./observe.ts";
import { rolesTrusting } from "./roles.ts";
import { surplusPolicies } from "./surplus.ts";

/** What is to be removed and what stays, with what is needed to judge it once more right before each removal. */
export type RemovalPlan = {
  readonly owner: Owner;
  readonly candidates: readonly Candidate[];
  readonly removals: readonly Removal[];
};

/**
 * Plans how to take a run back: exactly what its journal says that it made or may have made. Only reads.
 *
 * @throws the signal's reason when it is aborted
 */
export function planUndo(journal: RunJournal, access: AwsAccess, signal?: AbortSignal): Promise<RemovalPlan> {
  const candidates = leftOf(journal).map(({ resource, standing }) => ({
    resource,
    noted: standing === "made",
  }));
  return planFor(candidates, { setupId: journal.setup.id, runId: journal.runId }, access, signal);
}

/**
 * Plans how to remove a whole setup: its resources, and what its journals say was made under other answers. Works
 * without any journal: what has tags is claimed by them. Only reads.
 *
 * @throws the signal's reason when it is aborted
 */
export function planTeardown(
  setup: Setup,
  journals: readonly RunJournal[],
  access: AwsAccess,
  signal?: AbortSignal,
): Promise<RemovalPlan> {
  const left = journals.filter((journal) => journal.setup.id === setup.id).flatMap(leftOf);
  const made = new Set(left.filter(({ standing }) => standing === "made").map(keyOf));
  const resources = new Map<string, Target>(left.map((each) => [keyOf(each), each.resource]));
  // As the setup has them now, whatever an earlier run made of them; the run's tag does not count.
  for (const resource of blueprint(setup, "")) resources.set(targetKey(resource), resource);
  const candidates = [...resources].map(([key, resource]) => ({ resource, noted: made.has(key) }));
  return planFor(candidates, { setupId: setup.id }, access, signal);
}

const keyOf = ({ resource }: ReturnType<typeof leftOf>[number]): string => targetKey(resource);

async function planFor(
  candidates: readonly Candidate[],
  owner: Owner,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<RemovalPlan> {
  const seen = await gather(candidates, access, signal);
  const { more, evidence } =
    owner.runId === undefined
      ? await ofTheWhole(candidates, seen, owner, access, signal)
      : { more: [], evidence: seen };
  const all = [...candidates, ...more];
  const own = all.filter((candidate) => !goesWithItsSubject(candidate, all, evidence, owner));
  return { owner, candidates: own, removals: planRemoval(own, evidence, owner) };
}

/**
 * What counts besides where a whole setup is removed: policies of earlier runs, and the roles of others that lean on its
 * own. A run that is taken back was at work a moment ago and has neither.
 */
async function ofTheWhole(
  candidates: readonly Candidate[],
  seen: Evidence,
  owner: Owner,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<{ readonly more: readonly Candidate[]; readonly evidence: Evidence }> {
  const [surplus, dependents] = await Promise.all([
    surplusPolicies(candidates, seen.observed, owner, access, signal),
    dependentsOf(candidates, access, signal),
  ]);
  const evidence = {
    observed: { ...seen.observed, ...surplus.observed },
    users: { ...seen.users, ...dependents },
  };
  return { more: surplus.candidates, evidence };
}

/** An edit of what is removed as a whole needs no taking back: it is a later form of the setup. */
function goesWithItsSubject(
  { resource }: Candidate,
  candidates: readonly Candidate[],
  { observed }: Evidence,
  owner: Owner,
): boolean {
  if (!isEdit(resource) || owner.runId !== undefined) return false;
  return candidates.some(({ resource: other }) => {
    if (isEdit(other) || subjectOf(other) !== subjectOf(resource)) return false;
    const observation = observed[targetKey(other)];
    return observation?.state === "present" && isOwned(observation.resource, owner);
  });
}

/** Reads what a removal is judged by. */
export async function gather(
  candidates: readonly Candidate[],
  access: AwsAccess,
  signal?: AbortSignal,
): Promise<Evidence> {
  const keyed = candidates.map(({ resource }) => ({ ...resource, address: targetKey(resource) }));
  const observed = await look(keyed, access, signal);
  const providers = new Map<string, Target>(
    keyed.flatMap((target) =>
      (target.kind === "OidcProvider" || target.kind === "AddAudience") &&
      observed[target.address]?.state === "present"
        ? [[target.arn, target]]
        : [],
    ),
  );
  const users = await Promise.all(
    [...providers].map(([arn, target]) => usersOf(arn, target, access, signal)),
  );
  signal?.throwIfAborted();
  return { observed, users: Object.fromEntries(users) };
}

/** By the ARN of each role that others of the candidates trust: all roles in their accounts that do. */
async function dependentsOf(
  candidates: readonly Candidate[],
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<Evidence["users"]> {
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  const trusting = candidates.flatMap(({ resource }) => {
    const arn = resource.kind === "Role" ? trustedRole(resource) : undefined;
    return arn === undefined ? [] : [{ arn, resource }];
  });
  const places = new Map(trusting.map((one) => [`${one.arn} ${one.resource.account}`, one]));
  const found = await Promise.all(
    [...places.values()].map(({ arn, resource }) => limit(() => usersOf(arn, resource, access, signal))),
  );
  signal?.throwIfAborted();
  const users = new Map<string, Users>();
  for (const [arn, more] of found) users.set(arn, together(users.get(arn), more));
  return Object.fromEntries(users);
}

function together(known: Users | undefined, more: Users): Users {
  if (known === undefined || !known.known) return known ?? more;
  return more.known ? { known: true, roles: [...known.roles, ...more.roles] } : more;
}

async function usersOf(
  arn: string,
  { profile, account }: Target,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<readonly [string, Users]> {
  const opened = await access.open(profile, account);
  const users: Users = opened.ok
    ? await rolesTrusting(opened.account, arn, signal)
    : { known: false, reason: opened.problem.message };
  return [arn, users];
}
