import type { Call, Handlers } from "../call.ts";
import { validationError } from "../errors.ts";
import type { ManagedPolicy, Role } from "../model.ts";
import { list } from "../params.ts";
import { urlEncode } from "../xml.ts";
import type { XmlObject } from "../xml.ts";
import { AWS_MANAGED, findPolicy } from "./managed.ts";
import { page } from "./page.ts";
import { policyFields, versionFields } from "./policies.ts";
import { tagList } from "./providers.ts";
import { boundaryFields, lastUsed, roleFields } from "./roles.ts";

// What the sandbox has no actions for, with AWS's default quotas.
const ELSEWHERE: Readonly<Record<string, number>> = {
  AccessKeysPerUserQuota: 2,
  AccountAccessKeysPresent: 0,
  AccountMFAEnabled: 1,
  AccountPasswordPresent: 1,
  AccountSigningCertificatesPresent: 0,
  AttachedPoliciesPerGroupQuota: 10,
  AttachedPoliciesPerUserQuota: 10,
  GlobalEndpointTokenVersion: 1,
  GroupPolicySizeQuota: 5120,
  Groups: 0,
  GroupsPerUserQuota: 10,
  GroupsQuota: 300,
  InstanceProfiles: 0,
  InstanceProfilesQuota: 1000,
  PolicyVersionsInUseQuota: 10_000,
  ServerCertificates: 0,
  ServerCertificatesQuota: 20,
  SigningCertificatesPerUserQuota: 2,
  UserPolicySizeQuota: 2048,
  UsersQuota: 5000,
};

/**
 * Every key that IAM answers. There is none for the quota of providers.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
 */
const summary = ({ account, world }: Call): XmlObject => {
  const { quotas } = world.knobs;
  const devices = [...account.users.values()].filter(({ mfaCode }) => mfaCode !== undefined).length;
  const counts: Readonly<Record<string, number>> = {
    ...ELSEWHERE,
    AssumeRolePolicySizeQuota: quotas.trustPolicySize,
    AttachedPoliciesPerRoleQuota: quotas.attachedPerRole,
    MFADevices: devices,
    MFADevicesInUse: devices,
    Policies: account.policies.size,
    PoliciesQuota: quotas.policiesPerAccount,
    PolicySizeQuota: quotas.managedPolicySize,
    PolicyVersionsInUse: [...account.policies.values()].reduce((sum, one) => sum + one.versions.length, 0),
    Providers: account.providers.size,
    RolePolicySizeQuota: quotas.inlinePolicySize,
    Roles: account.roles.size,
    RolesQuota: quotas.rolesPerAccount,
    Users: account.users.size,
    VersionsPerPolicyQuota: quotas.versionsPerPolicy,
  };
  return { SummaryMap: new Map(Object.entries(counts)) };
};

const roleDetail = (call: Call, role: Role): XmlObject => ({
  ...roleFields(call, role),
  InstanceProfileList: [],
  RolePolicyList: [...role.inline].map(([name, { text }]) => ({
    PolicyName: name,
    PolicyDocument: urlEncode(text),
  })),
  AttachedManagedPolicies: [...role.attached.keys()]
    .flatMap((arn) => findPolicy(call.account, arn) ?? [])
    .map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })),
  PermissionsBoundary: boundaryFields(role),
  Tags: tagList(role.tags),
  RoleLastUsed: lastUsed(role),
});

const policyDetail = (call: Call, policy: ManagedPolicy): XmlObject => ({
  ...policyFields(call.account, policy),
  Description: policy.description,
  PolicyVersionList: policy.versions.map((version) => versionFields(policy, version, true)),
});

const FILTERS = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];

type Detail =
  | { readonly kind: "role"; readonly role: Role }
  | { readonly kind: "policy"; readonly policy: ManagedPolicy };

const authorizationDetails = (call: Call): XmlObject => {
  const sent = list(call.params, "Filter") ?? [];
  const unknown = sent.find((name) => !FILTERS.includes(name));
  if (unknown !== undefined) throw validationError(`Invalid Filter: ${unknown}`);
  const filter = new Set(sent.length === 0 ? FILTERS : sent);
  const policies = [
    ...(filter.has("LocalManagedPolicy") ? call.account.policies.values() : []),
    ...(filter.has("AWSManagedPolicy") ? AWS_MANAGED.values() : []),
  ];
  const roles = filter.has("Role") ? [...call.account.roles.values()] : [];
  const all: Detail[] = [
    ...roles.map((role) => ({ kind: "role", role }) as const),
    ...policies.map((policy) => ({ kind: "policy", policy }) as const),
  ];
  const key = (item: Detail): string =>
    item.kind === "role" ? `1 ${item.role.name.toLowerCase()}` : `2 ${item.policy.arn}`;
  const { items, rest } = page(all, key, call.params);
  return {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: items.flatMap((item) => (item.kind === "role" ? roleDetail(call, item.role) : [])),
    Policies: items.flatMap((item) => (item.kind === "policy" ? policyDetail(call, item.policy) : [])),
    ...rest,
  };
};

/** The actions about an account as a whole. The alias of an account is its name in the sandbox. */
export const accountHandlers: Handlers = {
  GetAccountSummary: summary,
  ListAccountAliases: ({ account }) => ({ AccountAliases: [account.name], IsTruncated: false }),
  GetAccountAuthorizationDetails: authorizationDetails,
};
