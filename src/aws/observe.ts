import type { PolicyAttachment, Resource } from "../core/blueprint/index.ts";
import { msg } from "../core/messages.ts";
import type { Observation, Observations, ObservedResource } from "../core/plan/index.ts";
import type { Account, AwsAccess } from "./access.ts";
import { ACCOUNTS_AT_ONCE } from "./accounts.ts";
import { isDenied } from "./errors.ts";
import { createLimit } from "./limit.ts";
import {
  attachedPolicies,
  CallError,
  IncompleteAnswer,
  problemOf,
  readPolicy,
  readProvider,
  readRole,
} from "./read.ts";

/**
 * Looks up what exists of the wanted resources. Only reads; one call for each thing that is absent, up to three
 * for one that is there, and none for attachments to a role that is looked up anyway. What may not be looked at
 * is `unknown` with the reason, never absent.
 *
 * @throws the signal's reason when it is aborted
 */
export async function observe(
  resources: readonly Resource[],
  access: AwsAccess,
  signal?: AbortSignal,
): Promise<Observations> {
  signal?.throwIfAborted();
  const roles = new Map<string, Promise<Observation>>();
  const look = async (resource: Resource): Promise<Observation> => {
    const opened = await access.open(
      resource.profile,
      resource.account,
      signal === undefined ? {} : { signal },
    );
    if (!opened.ok) return { state: "unknown", reason: opened.problem.message };
    return observeOne(opened.account, resource, roles, signal);
  };
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  // Roles first: an attachment reads its answer out of its role's, and must not wait in front of it.
  const order = [...resources].sort((a, b) => Number(isAttachment(a)) - Number(isAttachment(b)));
  const pending: Promise<readonly [string, Observation]>[] = [];
  for (const resource of order) {
    const observation = limit(() => look(resource));
    if (resource.kind === "Role") roles.set(roleKey(resource.account, resource.name), observation);
    pending.push(observation.then((found) => [resource.address, found] as const));
  }
  const found = await Promise.all(pending);
  signal?.throwIfAborted();
  return Object.fromEntries(found);
}

const isAttachment = (resource: Resource): boolean => resource.kind === "PolicyAttachment";
const roleKey = (account: string, name: string): string => `${account}/${name}`;

async function observeOne(
  account: Account,
  resource: Resource,
  roles: ReadonlyMap<string, Promise<Observation>>,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  try {
    switch (resource.kind) {
      case "OidcProvider":
        return presentOrAbsent(await readProvider(account, resource.arn, signal));
      case "Role":
        return presentOrAbsent(await readRole(account, resource.name, signal));
      case "ManagedPolicy":
        return presentOrAbsent(await readPolicy(account, resource.arn, signal));
      case "PolicyAttachment":
        return await observeAttachment(account, resource, roles, signal);
    }
  } catch (error) {
    return { state: "unknown", reason: reasonOf(error, account) };
  }
}

async function observeAttachment(
  account: Account,
  resource: PolicyAttachment,
  roles: ReadonlyMap<string, Promise<Observation>>,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const role = await roles.get(roleKey(resource.account, resource.roleName));
  if (role !== undefined && role.state !== "present") return role;
  const attached =
    role?.resource.kind === "Role"
      ? role.resource.attachedPolicies
      : ((await attachedPolicies(account, resource.roleName, signal)) ?? []).map((policy) => policy.arn);
  return attached.includes(resource.policyArn)
    ? { state: "present", resource: { kind: "PolicyAttachment" } }
    : { state: "absent" };
}

function presentOrAbsent(resource: ObservedResource | undefined): Observation {
  return resource === undefined ? { state: "absent" } : { state: "present", resource };
}

function reasonOf(error: unknown, account: Account) {
  if (error instanceof CallError && isDenied(error.cause)) {
    return msg("aws.observe.denied", { profile: account.settings.profile, action: error.action });
  }
  if (error instanceof IncompleteAnswer) return msg("aws.observe.malformed");
  return problemOf(error, account).message;
}
