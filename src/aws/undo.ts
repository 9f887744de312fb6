import { blueprint, type OidcProvider } from "../core/blueprint/index.ts";
import { leftOf, resourceKey, type RunJournal } from "../core/plan/journal.ts";
import {
  planRemoval,
  type Candidate,
  type Evidence,
  type Owner,
  type Removal,
  type Users,
} from "../core/plan/undo.ts";
import type { Setup } from "../core/setup.ts";
import type { AwsAccess } from "./access.ts";
import { observe } from "./observe.ts";
import { rolesTrusting } from "./roles.ts";

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
  const resources = new Map(left.map((each) => [keyOf(each), each.resource]));
  // As the setup has them now, whatever an earlier run made of them; the run's tag does not count.
  for (const resource of blueprint(setup, "")) resources.set(resourceKey(resource), resource);
  const candidates = [...resources].map(([key, resource]) => ({ resource, noted: made.has(key) }));
  return planFor(candidates, { setupId: setup.id }, access, signal);
}

const keyOf = ({ resource }: ReturnType<typeof leftOf>[number]): string => resourceKey(resource);

async function planFor(
  candidates: readonly Candidate[],
  owner: Owner,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<RemovalPlan> {
  const evidence = await gather(candidates, access, signal);
  return { owner, candidates, removals: planRemoval(candidates, evidence, owner) };
}

/** Reads what a removal is judged by. */
export async function gather(
  candidates: readonly Candidate[],
  access: AwsAccess,
  signal?: AbortSignal,
): Promise<Evidence> {
  const keyed = candidates.map(({ resource }) => ({ ...resource, address: resourceKey(resource) }));
  const observed = await observe(keyed, access, signal);
  const users = await Promise.all(
    keyed.flatMap((resource) =>
      resource.kind === "OidcProvider" && observed[resource.address]?.state === "present"
        ? [usersOf(resource, access, signal)]
        : [],
    ),
  );
  signal?.throwIfAborted();
  return { observed, users: Object.fromEntries(users) };
}

async function usersOf(
  provider: OidcProvider,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<readonly [string, Users]> {
  const opened = await access.open(provider.profile, provider.account);
  const users: Users = opened.ok
    ? await rolesTrusting(opened.account, provider.arn, signal)
    : { known: false, reason: opened.problem.message };
  return [resourceKey(provider), users];
}
