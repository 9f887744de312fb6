import type { Partition } from "../ids.ts";
import type { Setup, SubAccount } from "../setup.ts";
import type { Tags } from "./resource.ts";

/** The value of the tag `managed-by` on everything the product creates. */
export const MANAGED_BY = "circleci-aws-oidc";
/** Tag keys that say which setup and which run created a resource. */
export const SETUP_TAG = "circleci-aws-oidc:setup-id";
export const RUN_TAG = "circleci-aws-oidc:run-id";

/** The ARN of a role; its path begins and ends with a slash. */
export function roleArn(partition: Partition, accountId: string, name: string, path = "/"): string {
  return `arn:${partition}:iam::${accountId}:role${path}${name}`;
}

/** The ARN of a customer-managed policy. */
export function policyArn(partition: Partition, accountId: string, name: string, path = "/"): string {
  return `arn:${partition}:iam::${accountId}:policy${path}${name}`;
}

/** The ARN of the hub role of a setup. */
export function hubRoleArn({ partition, hub }: Setup): string {
  return roleArn(partition, hub.accountId, hub.roleName, hub.path);
}

/** The ARN of a sub-account's role. */
export function subAccountRoleArn({ partition }: Setup, sub: SubAccount): string {
  return roleArn(partition, sub.accountId, sub.roleName, sub.path);
}

/** The ARNs of all roles of a setup. */
export function roleArns(setup: Setup): readonly string[] {
  return [hubRoleArn(setup), ...setup.subAccounts.map((sub) => subAccountRoleArn(setup, sub))];
}

/** The tags of what a run of a setup creates: those of the company, and ours. */
export function tagsOf(setup: Setup, runId: string, name: string): Tags {
  return { ...setup.tags, Name: name, "managed-by": MANAGED_BY, [SETUP_TAG]: setup.id, [RUN_TAG]: runId };
}
