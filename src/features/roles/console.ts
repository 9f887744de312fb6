import { roleConsoleUrl } from "../../aws/index.ts";
import { partitions, type Partition } from "../../core/ids.ts";

const consoleOrigin = (partition: Partition): string => new URL(roleConsoleUrl(partition, "role")).origin;

const consoleOrigins: ReadonlySet<string> = new Set(partitions.map(consoleOrigin));

/** The page of a managed policy in the AWS console of its partition. */
export function policyConsoleUrl(partition: Partition, arn: string): string {
  return `${consoleOrigin(partition)}/iam/home#/policies/details/${encodeURIComponent(arn)}`;
}

/** The page of an OIDC provider in the AWS console of its partition. */
export function providerConsoleUrl(partition: Partition, arn: string): string {
  return `${consoleOrigin(partition)}/iam/home#/identity_providers/details/OPENID/${encodeURIComponent(arn)}`;
}

/** Whether an address is an AWS console's: https, a console host of a known partition, no user and no port. */
export function isConsoleUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, username, password } = new URL(url);
  return consoleOrigins.has(origin) && username === "" && password === "";
}
