import type { ManagedPolicy, Role } from "../core/blueprint/index.ts";
import { attached, surplusOf, targetKey, type Observation, type Observations } from "../core/plan/index.ts";
import { isOwned, type Candidate, type Owner } from "../core/plan/undo.ts";
import { bodyOf } from "../core/plan/policy.ts";
import type { Account, AwsAccess } from "./access.ts";
import { ACCOUNTS_AT_ONCE } from "./accounts.ts";
import { createLimit } from "./limit.ts";
import { readPolicyItself, readVersion, unattachedPolicies } from "./read.ts";

/** What belongs to a setup besides, by its tags, and how it is observed. */
export type Surplus = { readonly candidates: readonly Candidate[]; readonly observed: Observations };

type Found = readonly [candidate: Candidate, observation: Observation];

/**
 * Policies with a setup's tags that earlier runs made and later ones do not want any more: on its roles still, or on
 * none. Only reads. What may not be read is no candidate: nothing is removed of it.
 */
export async function surplusPolicies(
  candidates: readonly Candidate[],
  observed: Observations,
  owner: Owner,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<Surplus> {
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  const known = new Set(candidates.map(({ resource }) => targetKey(resource)));
  const roles = candidates.flatMap(({ resource }) => (resource.kind === "Role" ? [resource] : []));
  const places = new Map(roles.map((role) => [role.account, role]));
  const inAccount = async (place: Role): Promise<readonly Found[]> => {
    const { profile, account: id } = place;
    const opened = await access.open(profile, id, signal === undefined ? {} : { signal });
    if (!opened.ok) return [];
    const { account } = opened;
    const loose = (await unlessFailed(unattachedPolicies(account, signal))) ?? [];
    const suspects = new Map<string, Role | undefined>(loose.map((arn) => [arn, undefined]));
    for (const role of roles.filter((one) => one.account === id))
      for (const arn of attachedTo(role, observed, owner)) suspects.set(arn, role);
    const read = [...suspects]
      .filter(([arn]) => arn.includes(`:iam::${id}:policy/`) && !known.has(arn))
      .map(([arn, role]) => ownedPolicy(account, { arn, place, role }, owner, signal));
    return (await Promise.all(read)).flat();
  };
  const found = await Promise.all([...places.values()].map((place) => limit(() => inAccount(place))));
  signal?.throwIfAborted();
  return {
    candidates: found.flat().map(([candidate]) => candidate),
    observed: Object.fromEntries(found.flat().map(([{ resource }, state]) => [targetKey(resource), state])),
  };
}

/** What is on a role, where that is the setup's. */
function attachedTo(role: Role, observed: Observations, owner: Owner): readonly string[] {
  const observation = observed[targetKey(role)];
  if (observation?.state !== "present" || observation.resource.kind !== "Role") return [];
  return isOwned(observation.resource, owner) ? observation.resource.attachedPolicies : [];
}

async function unlessFailed<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch {
    return undefined;
  }
}

/** A policy as it is to be removed, with its attachment to the role that has it; nothing where it is not the setup's. */
async function ownedPolicy(
  account: Account,
  { arn, place, role }: { readonly arn: string; readonly place: Role; readonly role: Role | undefined },
  owner: Owner,
  signal: AbortSignal | undefined,
): Promise<readonly Found[]> {
  const policy = await unlessFailed(readPolicyItself(account, arn, signal));
  if (policy === undefined || !isOwned({ kind: "ManagedPolicy", document: undefined, ...policy }, owner))
    return [];
  const document = await unlessFailed(readVersion(account, arn, policy.version, signal));
  const body = bodyOf(document);
  if (body === undefined) return [];
  const resource: ManagedPolicy = {
    kind: "ManagedPolicy",
    address: `${place.address}/surplus${arn.slice(arn.indexOf("/"))}`,
    account: place.account,
    profile: place.profile,
    needs: [],
    arn,
    name: arn.slice(arn.lastIndexOf("/") + 1),
    description: "",
    document: body,
    tags: policy.tags,
  };
  const existing = { kind: "ManagedPolicy", document, ...policy } as const;
  return [
    [
      { resource, noted: false },
      { state: "present", resource: existing },
    ],
    ...(role === undefined ? [] : [[{ resource: surplusOf(role, arn), noted: false }, attached] as const]),
  ];
}
