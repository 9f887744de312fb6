import { english } from "../messages.ts";
import type { PolicyDocument } from "../policy.ts";
import type { Setup, SubAccount } from "../setup.ts";
import { buildSubAccountTrust, buildTrustPolicy, providerArn } from "../trust/build.ts";
import { issuerHostPath, oneProjectRule, type TrustRule } from "../trust/rule.ts";
import { assumePolicies } from "./assumePolicies.ts";
import { grantResources } from "./grants.ts";
import { policyArn, roleArn, tagsOf } from "./names.ts";
import type { OidcProvider, Resource, Role } from "./resource.ts";

export { hubRoleArn, MANAGED_BY, roleArn, roleArns, RUN_TAG, SETUP_TAG, subAccountRoleArn } from "./names.ts";
export type { ManagedPolicy, OidcProvider, PolicyAttachment, Resource, Role, Tags } from "./resource.ts";

const ONE_HOUR = 3600;

/**
 * Every resource a setup needs, in an order in which they can be created. Pure: the same setup and run always
 * give the same list, and the review page, the plan and what is sent to AWS are all read from it.
 */
export function blueprint(setup: Setup, runId: string): readonly Resource[] {
  const provider = oidcProvider(setup, runId, setup.hub);
  const hub = federatedRole(setup, runId, setup.hub, provider);
  const granted = grantResources(setup, runId, hub, setup.hub.permissions);
  if (setup.subAccounts.length === 0) return [provider, hub, ...granted];
  return setup.federation === "direct"
    ? [provider, hub, ...granted, ...directAccounts(setup, runId, provider)]
    : [provider, hub, ...assumePolicies(setup, runId, hub), ...subAccounts(setup, runId, hub)];
}

/** Who may assume the role of an account that takes CircleCI's token: the hub, where none is named. */
export function trustRuleOf(setup: Setup, accountId = setup.hub.accountId): TrustRule {
  const rule = oneProjectRule({ ...setup, accountId });
  return { ...rule, audiences: audiencesOf(setup) };
}

/** Every audience that tokens may have, each once, the usual one first. */
export function audiencesOf({
  audience,
  extraAudiences = [],
}: Pick<Setup, "audience" | "extraAudiences">): readonly string[] {
  return [...new Set([audience, ...extraAudiences])];
}

/** An account with the profile that leads to it, and how its role is to be. */
type Spot = Omit<SubAccount, "ciProfile">;

function oidcProvider(setup: Setup, runId: string, { accountId, profile }: Spot): OidcProvider {
  const hostPath = issuerHostPath(setup.organizationId);
  return {
    kind: "OidcProvider",
    address: `${scopeOf(setup, accountId)}/oidc-provider`,
    account: accountId,
    profile,
    needs: [],
    arn: providerArn(setup.partition, accountId, hostPath),
    url: `https://${hostPath}`,
    clientIds: audiencesOf(setup),
    thumbprints: setup.thumbprint === undefined ? [] : [setup.thumbprint],
    tags: tagsOf(setup, runId, hostPath),
  };
}

function scopeOf({ hub }: Setup, accountId: string): string {
  return accountId === hub.accountId ? "hub" : accountId;
}

/** A role that CircleCI's token is traded for. */
function federatedRole(setup: Setup, runId: string, spot: Spot, provider: OidcProvider): Role {
  return {
    ...roleOf(setup, runId, spot, `CircleCI project ${setup.projectId} assumes this role with OIDC.`),
    needs: [provider.address],
    trust: federatedTrust(trustRuleOf(setup, spot.accountId)),
  };
}

function federatedTrust(rule: TrustRule): PolicyDocument {
  const built = buildTrustPolicy(rule);
  // The wizard and the schema of a stored setup let through only rules that can be built.
  if (!built.ok) throw new RangeError(english(built.problem));
  return built.value.document;
}

function roleOf(setup: Setup, runId: string, spot: Spot, description: string): Omit<Role, "needs" | "trust"> {
  const { accountId, profile, roleName, path = "/", boundary } = spot;
  const { partition } = setup;
  return {
    kind: "Role",
    address: `${scopeOf(setup, accountId)}/role/${roleName}`,
    account: accountId,
    profile,
    arn: roleArn(partition, accountId, roleName, path),
    name: roleName,
    path,
    description: spot.description ?? description,
    maxSessionSeconds: spot.maxSessionSeconds ?? ONE_HOUR,
    ...(boundary === undefined
      ? {}
      : { permissionsBoundary: policyArn(partition, accountId, boundary.name, boundary.path) }),
    tags: tagsOf(setup, runId, roleName),
  };
}

/** The roles that the hub role assumes, each with what CI may do there. */
function subAccounts(setup: Setup, runId: string, hub: Role): readonly Resource[] {
  return setup.subAccounts.flatMap((sub) => {
    const description = `Assumed by ${hub.arn} in CircleCI project ${setup.projectId}.`;
    const guard = {
      ...(sub.externalId === undefined ? {} : { externalId: sub.externalId }),
      ...(setup.organization === undefined ? {} : { organization: setup.organization }),
    };
    const role: Role = {
      ...roleOf(setup, runId, sub, description),
      // IAM refuses a trust policy whose principal does not exist.
      needs: [hub.address],
      trust: buildSubAccountTrust(hub.arn, guard),
    };
    return [role, ...grantResources(setup, runId, role, sub.permissions)];
  });
}

/** The other accounts where each takes CircleCI's token itself: one provider in each, whatever roles it has. */
function directAccounts(setup: Setup, runId: string, first: OidcProvider): readonly Resource[] {
  const providers = new Map([[first.account, first]]);
  return setup.subAccounts.flatMap((sub) => {
    const known = providers.get(sub.accountId);
    const provider = known ?? oidcProvider(setup, runId, sub);
    providers.set(sub.accountId, provider);
    const role = federatedRole(setup, runId, sub, provider);
    const granted = grantResources(setup, runId, role, sub.permissions);
    return [...(known === undefined ? [provider] : []), role, ...granted];
  });
}
