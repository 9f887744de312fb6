import { defaultText } from "./iam/managed.ts";
import type { Account, ManagedPolicy, Provider, Role, Tag, World } from "./model.ts";
import { toPlain } from "./policy/strict-json.ts";
import { showTrust } from "./policy/trust.ts";

type PlainTags = Readonly<Record<string, string>>;

export type RoleDump = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly description: string | null;
  readonly maxSessionDuration: number;
  readonly permissionsBoundary: string | null;
  readonly tags: PlainTags;
  /** As IAM shows it now. */
  readonly trust: unknown;
  readonly inlinePolicies: Readonly<Record<string, unknown>>;
  readonly attachedPolicies: readonly string[];
};

export type PolicyDump = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string | null;
  readonly tags: PlainTags;
  readonly defaultVersion: string;
  /** Every version's document by its id, oldest first. */
  readonly versions: Readonly<Record<string, unknown>>;
  /** The default version. */
  readonly document: unknown;
};

export type ProviderDump = {
  readonly arn: string;
  readonly url: string;
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  readonly tags: PlainTags;
};

export type AccountDump = {
  readonly id: string;
  readonly name: string;
  readonly organization: string | null;
  readonly users: readonly string[];
  readonly providers: readonly ProviderDump[];
  readonly roles: readonly RoleDump[];
  readonly policies: readonly PolicyDump[];
};

const plainTags = (tags: readonly Tag[]): PlainTags =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]));

const parsed = (text: string): unknown => JSON.parse(text);

const dumpRole = (world: World, role: Role): RoleDump => {
  const trust = role.trusts.at(-1);
  return {
    name: role.name,
    path: role.path,
    arn: role.arn,
    id: role.id,
    description: role.description ?? null,
    maxSessionDuration: role.maxSession,
    permissionsBoundary: role.boundary ?? null,
    tags: plainTags(role.tags),
    trust: trust === undefined ? null : toPlain(showTrust(world, trust.stored)),
    inlinePolicies: Object.fromEntries([...role.inline].map(([name, { text }]) => [name, parsed(text)])),
    attachedPolicies: [...role.attached.keys()].sort(),
  };
};

const dumpPolicy = (policy: ManagedPolicy): PolicyDump => ({
  name: policy.name,
  path: policy.path,
  arn: policy.arn,
  description: policy.description ?? null,
  tags: plainTags(policy.tags),
  defaultVersion: policy.defaultVersion,
  versions: Object.fromEntries(policy.versions.map(({ id, text }) => [id, parsed(text)])),
  document: parsed(defaultText(policy)),
});

const dumpProvider = (provider: Provider): ProviderDump => ({
  arn: provider.arn,
  url: provider.url,
  clientIds: provider.clientIds,
  thumbprints: provider.thumbprints,
  tags: plainTags(provider.tags),
});

const byArn = (a: { readonly arn: string }, b: { readonly arn: string }): number => (a.arn < b.arn ? -1 : 1);

const dumpAccount = (world: World, account: Account): AccountDump => ({
  id: account.id,
  name: account.name,
  organization: account.organization ?? null,
  users: [...account.users.values()].map(({ arn }) => arn),
  providers: [...account.providers.values()].map(dumpProvider).sort(byArn),
  roles: [...account.roles.values()].map((role) => dumpRole(world, role)).sort(byArn),
  policies: [...account.policies.values()].map(dumpPolicy).sort(byArn),
});

/** Everything stored, as plain JSON without secrets; of one account where one is named. */
export const dump = (world: World, accountId?: string): readonly AccountDump[] =>
  [...world.accounts.values()]
    .filter(({ id }) => accountId === undefined || id === accountId)
    .map((account) => dumpAccount(world, account));
