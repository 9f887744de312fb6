import type { Partition } from "../ids.ts";
import { english } from "../messages.ts";
import type { PolicyDocument } from "../policy.ts";
import type { Setup, SubAccount } from "../setup.ts";
import { buildSubAccountTrust, buildTrustPolicy, providerArn } from "../trust/build.ts";
import { issuerHostPath, oneProjectRule, type TrustRule } from "../trust/rule.ts";
import type { ManagedPolicy, OidcProvider, PolicyAttachment, Resource, Role, Tags } from "./resource.ts";

export type { ManagedPolicy, OidcProvider, PolicyAttachment, Resource, Role, Tags } from "./resource.ts";

/** The value of the tag `managed-by` on everything the product creates. */
export const MANAGED_BY = "circleci-aws-oidc";
/** Tag keys that say which setup and which run created a resource. */
export const SETUP_TAG = "circleci-aws-oidc:setup-id";
export const RUN_TAG = "circleci-aws-oidc:run-id";

const ONE_HOUR = 3600;

/**
 * Every resource a setup needs, in an order in which they can be created. Pure: the same setup and run always
 * give the same list, and the review page, the plan and what is sent to AWS are all read from it.
 */
export function blueprint(setup: Setup, runId: string): readonly Resource[] {
  const provider = oidcProvider(setup, runId);
  const hub = hubRole(setup, runId, provider);
  if (setup.subAccounts.length === 0) return [provider, hub];
  const policy = assumePolicy(setup, runId);
  return [provider, hub, policy, attachment(setup, hub, policy), ...subAccountRoles(setup, runId, hub)];
}

/** The ARN of a role without a path. */
export function roleArn(partition: Partition, accountId: string, name: string): string {
  return `arn:${partition}:iam::${accountId}:role/${name}`;
}

/** The ARN of the hub role of a setup. */
export function hubRoleArn(setup: Setup): string {
  return roleArn(setup.partition, setup.hub.accountId, setup.hub.roleName);
}

/** The ARN of a sub-account's role. */
export function subAccountRoleArn(setup: Setup, sub: SubAccount): string {
  return roleArn(setup.partition, sub.accountId, sub.roleName);
}

function tags(setup: Setup, runId: string, name: string): Tags {
  return { Name: name, "managed-by": MANAGED_BY, [SETUP_TAG]: setup.id, [RUN_TAG]: runId };
}

function oidcProvider(setup: Setup, runId: string): OidcProvider {
  const hostPath = issuerHostPath(setup.organizationId);
  return {
    kind: "OidcProvider",
    address: "hub/oidc-provider",
    account: setup.hub.accountId,
    profile: setup.hub.profile,
    needs: [],
    arn: providerArn(setup.partition, setup.hub.accountId, hostPath),
    url: `https://${hostPath}`,
    clientIds: [setup.audience],
    thumbprints: setup.thumbprint === undefined ? [] : [setup.thumbprint],
    tags: tags(setup, runId, hostPath),
  };
}

function hubRole(setup: Setup, runId: string, provider: OidcProvider): Role {
  return {
    kind: "Role",
    address: `hub/role/${setup.hub.roleName}`,
    account: setup.hub.accountId,
    profile: setup.hub.profile,
    needs: [provider.address],
    arn: hubRoleArn(setup),
    name: setup.hub.roleName,
    description: `CircleCI project ${setup.projectId} assumes this role with OIDC.`,
    maxSessionSeconds: ONE_HOUR,
    trust: trustPolicy(setup),
    tags: tags(setup, runId, setup.hub.roleName),
  };
}

/** Who may assume the hub role. */
export function trustRuleOf(setup: Setup): TrustRule {
  return oneProjectRule({ ...setup, accountId: setup.hub.accountId });
}

function trustPolicy(setup: Setup): PolicyDocument {
  const built = buildTrustPolicy(trustRuleOf(setup));
  // The wizard and the schema of a stored setup let through only rules that can be built.
  if (!built.ok) throw new RangeError(english(built.problem));
  return built.value.document;
}

function assumePolicy(setup: Setup, runId: string): ManagedPolicy {
  const name = `${setup.hub.roleName}-assume-sub-accounts`;
  const targets = setup.subAccounts.map((sub) => subAccountRoleArn(setup, sub)).toSorted();
  return {
    kind: "ManagedPolicy",
    address: `hub/policy/${name}`,
    account: setup.hub.accountId,
    profile: setup.hub.profile,
    needs: [],
    arn: `arn:${setup.partition}:iam::${setup.hub.accountId}:policy/${name}`,
    name,
    description: `Lets ${setup.hub.roleName} assume its sub-account roles and do nothing else.`,
    document: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: targets }],
    },
    tags: tags(setup, runId, name),
  };
}

function attachment(setup: Setup, hub: Role, policy: ManagedPolicy): PolicyAttachment {
  return {
    kind: "PolicyAttachment",
    address: `hub/attachment/${policy.name}`,
    account: setup.hub.accountId,
    profile: setup.hub.profile,
    needs: [hub.address, policy.address],
    roleName: hub.name,
    policyArn: policy.arn,
  };
}

function subAccountRoles(setup: Setup, runId: string, hub: Role): readonly Role[] {
  return setup.subAccounts.map((sub) => ({
    kind: "Role",
    address: `${sub.accountId}/role/${sub.roleName}`,
    account: sub.accountId,
    profile: sub.profile,
    // IAM refuses a trust policy whose principal does not exist.
    needs: [hub.address],
    arn: subAccountRoleArn(setup, sub),
    name: sub.roleName,
    description: `Assumed by ${hubRoleArn(setup)} in CircleCI project ${setup.projectId}.`,
    maxSessionSeconds: ONE_HOUR,
    trust: buildSubAccountTrust(hub.arn),
    tags: tags(setup, runId, sub.roleName),
  }));
}
