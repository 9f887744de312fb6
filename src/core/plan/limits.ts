import type { Resource } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import { policyLength } from "../policy.ts";
import { isBlocking, type Change } from "./change.ts";
import { quotasKey, referenceKey, type Observations } from "./observed.ts";

/** What an account has and may have, by the names of `GetAccountSummary`; undefined where it was not to be read. */
function figureOf(observed: Observations, account: string, name: string): number | undefined {
  const observation = observed[quotasKey(account)];
  if (observation?.state !== "present" || observation.resource.kind !== "Quotas") return undefined;
  return observation.resource.figures[name];
}

/** How many characters a trust policy may have in an account, where that is known. */
export function trustQuota(observed: Observations, account: string): number | undefined {
  return figureOf(observed, account, "AssumeRolePolicySizeQuota");
}

/** Blocks what would not fit into its account any more, and what names a policy that is not there. */
export function withinLimits(changes: readonly Change[], observed: Observations): readonly Change[] {
  const used = new Map<string, number>();
  return changes.map((change) => {
    if (change.action !== "create") return change;
    const { resource, seen } = change;
    const found = [
      missingPolicy(resource, observed),
      tooLongTrust(resource, observed),
      overQuota(resource, observed, used),
    ];
    const reasons = found.flatMap((one) => one ?? []);
    return isBlocking(reasons) ? { action: "blocked", resource, seen, reasons } : change;
  });
}

/** A boundary and an attached policy have to exist, unless they are made by the same plan. */
function missingPolicy(resource: Resource, observed: Observations): Message | undefined {
  const arn =
    resource.kind === "Role"
      ? resource.permissionsBoundary
      : resource.kind === "PolicyAttachment"
        ? resource.policyArn
        : undefined;
  if (arn === undefined || observed[referenceKey(resource.account, arn)]?.state !== "absent")
    return undefined;
  return resource.kind === "Role"
    ? msg("plan.missing.boundary", { arn, account: resource.account })
    : msg("plan.missing.policy", { arn, account: resource.account });
}

function tooLongTrust(resource: Resource, observed: Observations): Message | undefined {
  if (resource.kind !== "Role") return undefined;
  const quota = trustQuota(observed, resource.account);
  const length = policyLength(resource.trust);
  return quota === undefined || length <= quota
    ? undefined
    : msg("plan.quota.trust", { role: resource.name, length, quota });
}

function overQuota(
  resource: Resource,
  observed: Observations,
  used: Map<string, number>,
): Message | undefined {
  const counted = countedAs(resource, observed);
  if (counted === undefined) return undefined;
  const { key, has, quota, what } = counted;
  const total = (used.get(key) ?? has) + 1;
  used.set(key, total);
  return total <= quota ? undefined : msg(`plan.quota.${what}`, { account: resource.account, quota });
}

type Counted = {
  readonly key: string;
  readonly has: number;
  readonly quota: number;
  readonly what: "roles" | "policies" | "attached";
};

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
function countedAs(resource: Resource, observed: Observations): Counted | undefined {
  const { account } = resource;
  const counted = (key: string, what: Counted["what"], has: number | undefined, limit: string) => {
    const quota = figureOf(observed, account, limit);
    return has === undefined || quota === undefined ? undefined : { key, what, has, quota };
  };
  switch (resource.kind) {
    case "Role":
      return counted(`${account} roles`, "roles", figureOf(observed, account, "Roles"), "RolesQuota");
    case "ManagedPolicy":
      return counted(
        `${account} policies`,
        "policies",
        figureOf(observed, account, "Policies"),
        "PoliciesQuota",
      );
    case "PolicyAttachment": {
      const role = resource.needs.map((need) => observed[need]).find((one) => one?.state === "present");
      const has =
        role?.state === "present" && role.resource.kind === "Role"
          ? role.resource.attachedPolicies.length
          : 0;
      const limit = "AttachedPoliciesPerRoleQuota";
      return counted(`${account} ${resource.roleName}`, "attached", has, limit);
    }
    case "OidcProvider":
      return undefined;
  }
}
