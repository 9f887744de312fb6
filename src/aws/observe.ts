import type { PolicyAttachment, Resource } from "../core/blueprint/index.ts";
import { msg } from "../core/messages.ts";
import { editState } from "../core/plan/editState.ts";
import {
  attached,
  isEdit,
  quotasKey,
  referenceKey,
  surplusKey,
  surplusOf,
  type Edit,
  type Observation,
  type Observations,
  type ObservedResource,
  type Target,
} from "../core/plan/index.ts";
import { isOurs, isSameSetup } from "../core/plan/owner.ts";
import { samePolicy } from "../core/policy.ts";
import type { Account, AwsAccess } from "./access.ts";
import { ACCOUNTS_AT_ONCE } from "./accounts.ts";
import { readSubject } from "./edit.ts";
import { isDenied } from "./errors.ts";
import { createLimit } from "./limit.ts";
import { readQuotas } from "./quota.ts";
import {
  attachedPolicies,
  CallError,
  IncompleteAnswer,
  policyUsers,
  problemOf,
  readPolicy,
  readPolicyItself,
  readProvider,
  readRole,
} from "./read.ts";
import { leftVersions, roomFor } from "./versions.ts";

/**
 * Looks up what exists of the wanted resources, and where something is missing, or a role says something else, the
 * quotas of its account and the policies that it only names. Only reads; one call for each thing that is absent, up to
 * three for one that is there, and none for attachments to a role that is looked up anyway. What may not be looked at is
 * `unknown` with the reason, never absent.
 *
 * @throws the signal's reason when it is aborted
 */
export async function observe(
  resources: readonly Resource[],
  access: AwsAccess,
  signal?: AbortSignal,
): Promise<Observations> {
  const found = await look(resources, access, signal);
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  const more = await Promise.all(
    furtherQuestions(resources, found).map(({ key, resource, ask }) =>
      limit(async () => [key, await askIn(resource, access, signal, ask)] as const),
    ),
  );
  signal?.throwIfAborted();
  const known = { ...found, ...Object.fromEntries(more) };
  return { ...known, ...Object.fromEntries(surplusAttachments(resources, known)) };
}

/** What is attached too much is observed as an attachment too: it may have to be taken off. */
function surplusAttachments(
  resources: readonly Resource[],
  known: Observations,
): readonly (readonly [string, Observation])[] {
  return resources.flatMap((role) => {
    const found = role.kind === "Role" ? known[surplusKey(role.address)] : undefined;
    if (role.kind !== "Role" || found?.state !== "present" || found.resource.kind !== "Surplus") return [];
    return found.resource.arns.map((arn) => [surplusOf(role, arn).address, attached] as const);
  });
}

/**
 * Looks up resources and edits by themselves. An edit that was not made counts as absent.
 *
 * @throws the signal's reason when it is aborted
 */
export async function look(
  targets: readonly Target[],
  access: AwsAccess,
  signal?: AbortSignal,
): Promise<Observations> {
  signal?.throwIfAborted();
  const roles = new Map<string, Promise<Observation>>();
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  // Roles first: an attachment reads its answer out of its role's, and must not wait in front of it.
  const order = [...targets].sort((a, b) => Number(isAttachment(a)) - Number(isAttachment(b)));
  const pending: Promise<readonly [string, Observation]>[] = [];
  for (const target of order) {
    const observation = limit(() =>
      askIn(target, access, signal, (account) => observeOne(account, target, roles, signal)),
    );
    if (target.kind === "Role") roles.set(roleKey(target.account, target.name), observation);
    pending.push(observation.then((found) => [target.address, found] as const));
  }
  const found = await Promise.all(pending);
  signal?.throwIfAborted();
  return Object.fromEntries(found);
}

const isAttachment = (target: Target): boolean => target.kind === "PolicyAttachment";
const roleKey = (account: string, name: string): string => `${account}/${name}`;

type Ask = (account: Account) => Promise<Observation>;

/** Asks in the account of a target; what fails is unknown. */
async function askIn(
  { profile, account }: Pick<Target, "profile" | "account">,
  access: AwsAccess,
  signal: AbortSignal | undefined,
  ask: Ask,
): Promise<Observation> {
  const opened = await access.open(profile, account, signal === undefined ? {} : { signal });
  if (!opened.ok) return { state: "unknown", reason: opened.problem.message };
  try {
    return await ask(opened.account);
  } catch (error) {
    return { state: "unknown", reason: reasonOf(error, opened.account) };
  }
}

type Question = { readonly key: string; readonly resource: Resource; readonly ask: Ask };

/** What is to be known besides, as something is to be created or changed. Each thing once. */
function furtherQuestions(resources: readonly Resource[], found: Observations): readonly Question[] {
  const made = new Set(resources.flatMap((one) => (one.kind === "ManagedPolicy" ? [one.arn] : [])));
  const questions = resources.flatMap((resource): readonly Question[] => {
    const observation = found[resource.address];
    const quotas = { key: quotasKey(resource.account), resource, ask: askQuotas };
    if (observation?.state === "present") {
      const existing = observation.resource;
      // One statement more may be one too many.
      const isNarrow =
        resource.kind === "Role" && existing.kind === "Role" && !samePolicy(existing.trust, resource.trust);
      return [
        ...(isNarrow ? [quotas] : policyQuestion(resource, existing)),
        ...surplusQuestion(resource, existing, resources),
      ];
    }
    if (observation?.state !== "absent") return [];
    const named = namedPolicy(resource);
    return [
      quotas,
      ...(named === undefined || made.has(named)
        ? []
        : [{ key: referenceKey(resource.account, named), resource, ask: askReference(named) }]),
    ];
  });
  return [...new Map(questions.map((question) => [question.key, question])).values()];
}

function namedPolicy(resource: Resource): string | undefined {
  if (resource.kind === "Role") return resource.permissionsBoundary;
  return resource.kind === "PolicyAttachment" ? resource.policyArn : undefined;
}

const askQuotas: Ask = async (account) => ({
  state: "present",
  resource: { kind: "Quotas", figures: await readQuotas(account) },
});

const askReference =
  (arn: string): Ask =>
  async (account) =>
    (await readPolicyItself(account, arn)) === undefined
      ? { state: "absent" }
      : { state: "present", resource: { kind: "PolicyReference" } };

/** Which of a role's policies the setup that made the role made too, and does not want any more. */
function surplusQuestion(
  resource: Resource,
  existing: ObservedResource,
  resources: readonly Resource[],
): readonly Question[] {
  if (resource.kind !== "Role" || existing.kind !== "Role" || !isOurs(existing.tags)) return [];
  const wanted = resources.flatMap((one) =>
    one.kind === "PolicyAttachment" && one.account === resource.account && one.roleName === resource.name
      ? [one.policyArn]
      : [],
  );
  const own = `:iam::${resource.account}:policy/`;
  const others = existing.attachedPolicies.filter((arn) => arn.includes(own) && !wanted.includes(arn));
  if (others.length === 0) return [];
  const ask: Ask = async (account) => {
    const policies = await Promise.all(others.map((arn) => readPolicyItself(account, arn)));
    const arns = others.filter((_, at) => isSameSetup(policies[at]?.tags ?? {}, existing.tags));
    return { state: "present", resource: { kind: "Surplus", arns } };
  };
  return [{ key: surplusKey(resource.address), resource, ask }];
}

/** A policy that is to be changed is changed for everybody who has it, and may have as many versions as IAM keeps. */
function policyQuestion(resource: Resource, existing: ObservedResource): readonly Question[] {
  if (resource.kind !== "ManagedPolicy" || existing.kind !== "ManagedPolicy") return [];
  if (samePolicy(existing.document, resource.document)) return [];
  const ask: Ask = async (account) => {
    const [users, oldest] = await Promise.all([
      existing.attachments === 0 ? undefined : unlessDenied(policyUsers(account, resource.arn)),
      unlessDenied(roomFor(account, existing, resource.document)),
    ]);
    const more = { ...(users === undefined ? {} : { users }), ...(oldest === undefined ? {} : { oldest }) };
    return { state: "present", resource: { ...existing, ...more } };
  };
  return [{ key: resource.address, resource, ask }];
}

/** What somebody may not ask is not known, and no failure. */
async function unlessDenied<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof CallError) || !isDenied(error.cause)) throw error;
    return undefined;
  }
}

async function observeOne(
  account: Account,
  target: Target,
  roles: ReadonlyMap<string, Promise<Observation>>,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  if (isEdit(target)) return observeEdit(account, target, signal);
  switch (target.kind) {
    case "OidcProvider":
      return presentOrAbsent(await readProvider(account, target.arn, signal));
    case "Role":
      return presentOrAbsent(await readRole(account, target.name, signal));
    case "ManagedPolicy":
      return presentOrAbsent(await readPolicy(account, target.arn, signal));
    case "PolicyAttachment":
      return observeAttachment(account, target, roles, signal);
  }
}

async function observeEdit(
  account: Account,
  edit: Edit,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const existing = await readSubject(account, edit, signal);
  if (existing === undefined) return { state: "absent" };
  if (editState(edit, existing) !== "notMade") return { state: "present", resource: existing };
  const isLeft = edit.kind === "PolicyVersion" && (await leftVersions(account, edit)).length > 0;
  return isLeft && existing.kind === "ManagedPolicy"
    ? { state: "present", resource: { ...existing, isLeft } }
    : { state: "absent" };
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
