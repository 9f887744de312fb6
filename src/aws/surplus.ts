import type { ManagedPolicy, Role } from "../core/blueprint/index.ts";
import {
  attached,
  surplusOf,
  targetKey,
  type Observation,
  type Observations,
  type Target,
} from "../core/plan/index.ts";
import { isOwned, type Candidate, type Owner } from "../core/plan/undo.ts";
import { bodyOf } from "../core/plan/policy.ts";
import type { AwsAccess } from "./access.ts";
import { ACCOUNTS_AT_ONCE } from "./accounts.ts";
import { createLimit } from "./limit.ts";
import { readPolicy } from "./read.ts";

/** What belongs to a setup besides, by its tags, and how it is observed. */
export type Surplus = { readonly candidates: readonly Candidate[]; readonly observed: Observations };

/**
 * Policies that earlier runs of a setup made and the later ones do not want any more: on its roles still, or taken off
 * them by a run that is in the journals. Only reads. What may not be read is no candidate: nothing is removed of it.
 */
export async function surplusPolicies(
  candidates: readonly Candidate[],
  observed: Observations,
  owner: Owner,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<Surplus> {
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  const found = await Promise.all(
    suspects(candidates, observed, owner).map((suspect) => limit(() => read(suspect, owner, access, signal))),
  );
  signal?.throwIfAborted();
  return {
    candidates: found.flatMap((one) => one.map(([candidate]) => candidate)),
    observed: Object.fromEntries(
      found.flatMap((one) => one.map(([{ resource }, state]) => [targetKey(resource), state])),
    ),
  };
}

type Suspect = {
  readonly at: Pick<Target, "account" | "profile" | "address">;
  readonly arn: string;
  /** The role that has it still. */
  readonly role?: Role;
};

/** Policies that no candidate is, on roles of the setup or once taken off them. */
function suspects(
  candidates: readonly Candidate[],
  observed: Observations,
  owner: Owner,
): readonly Suspect[] {
  const known = new Set(candidates.map(({ resource }) => targetKey(resource)));
  const found = candidates.flatMap(({ resource }): readonly Suspect[] => {
    if (resource.kind === "Detach") return [{ at: resource, arn: resource.policyArn }];
    const observation = observed[targetKey(resource)];
    if (resource.kind !== "Role" || observation?.state !== "present") return [];
    const { resource: existing } = observation;
    if (existing.kind !== "Role" || !isOwned(existing, owner)) return [];
    return existing.attachedPolicies.map((arn) => ({ at: resource, arn, role: resource }));
  });
  const own = found.filter(({ at, arn }) => arn.includes(`:iam::${at.account}:policy/`) && !known.has(arn));
  // That it is on a role still counts, where an edit took it off as well.
  return [
    ...new Map(
      own
        .toSorted((a, b) => Number(a.role !== undefined) - Number(b.role !== undefined))
        .map((one) => [one.arn, one]),
    ).values(),
  ];
}

async function read(
  { at, arn, role }: Suspect,
  owner: Owner,
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<readonly (readonly [Candidate, Observation])[]> {
  const { account, profile, address } = at;
  const opened = await access.open(profile, account, signal === undefined ? {} : { signal });
  const existing = opened.ok
    ? await readPolicy(opened.account, arn, signal).catch(() => undefined)
    : undefined;
  const document = bodyOf(existing?.document);
  if (existing === undefined || document === undefined || !isOwned(existing, owner)) return [];
  const policy: ManagedPolicy = {
    kind: "ManagedPolicy",
    address: `${address}/surplus${arn.slice(arn.indexOf("/"))}`,
    account,
    profile,
    needs: [],
    arn,
    name: arn.slice(arn.lastIndexOf("/") + 1),
    description: "",
    document,
    tags: existing.tags,
  };
  return [
    [
      { resource: policy, noted: false },
      { state: "present", resource: existing },
    ],
    ...(role === undefined ? [] : [[{ resource: surplusOf(role, arn), noted: false }, attached] as const]),
  ];
}
