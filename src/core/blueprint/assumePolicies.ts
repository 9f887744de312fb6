import { hash32 } from "../hash.ts";
import { MANAGED_POLICY_QUOTA, policyLength, type PermissionsDocument } from "../policy.ts";
import type { Setup } from "../setup.ts";
import { policyArn, subAccountRoleArn, tagsOf } from "./names.ts";
import type { ManagedPolicy, PolicyAttachment, Role } from "./resource.ts";

/**
 * What the hub role may do: assume exactly the roles of the sub-accounts. One policy holds about 110 of them; more
 * become several policies. Which role stands in which of them hangs on its ARN and on their number alone, so that one
 * account more changes one policy, and a policy more halves one other.
 */
export function assumePolicies(
  setup: Setup,
  runId: string,
  hub: Role,
): readonly (ManagedPolicy | PolicyAttachment)[] {
  const parts = split(setup.subAccounts.map((sub) => subAccountRoleArn(setup, sub)).toSorted());
  const pairs = parts.map(({ index, targets }) => {
    const suffix = index === 0 ? "" : `-${index + 1}`;
    const policy = policyOf(setup, runId, `${setup.hub.roleName}-assume-sub-accounts${suffix}`, targets);
    return { policy, attachment: attachmentOf(hub, policy) };
  });
  // The later ones first: a policy loses what a new one takes over only once that one is attached.
  return pairs.toReversed().flatMap(({ policy, attachment }, at, all) => {
    const later = all.slice(0, at).map((pair) => pair.attachment.address);
    return [{ ...policy, needs: [...policy.needs, ...later] }, attachment];
  });
}

/** The attachment of a policy to a role of the same account. */
export function attachmentOf(role: Role, policy: ManagedPolicy): PolicyAttachment {
  return {
    kind: "PolicyAttachment",
    address: policy.address.replace("/policy/", "/attachment/"),
    account: role.account,
    profile: role.profile,
    needs: [role.address, policy.address],
    roleName: role.name,
    policyArn: policy.arn,
  };
}

function policyOf(setup: Setup, runId: string, name: string, targets: readonly string[]): ManagedPolicy {
  const { accountId, profile, roleName } = setup.hub;
  return {
    kind: "ManagedPolicy",
    address: `hub/policy/${name}`,
    account: accountId,
    profile,
    needs: [],
    arn: policyArn(setup.partition, accountId, name),
    name,
    description: `Lets ${roleName} assume its sub-account roles and do nothing else.`,
    document: documentOf(targets),
    tags: tagsOf(setup, runId, name),
  };
}

function documentOf(targets: readonly string[]): PermissionsDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: targets }],
  };
}

/** More policies than a role can have at all: what does not fit into these is refused by the plan. */
const MOST = 20;

type Part = { readonly index: number; readonly targets: readonly string[] };

/**
 * Linear hashing: with one part more exactly one of the others gives up half of what it has.
 * Source: https://hackthology.com/pdfs/Litwin-1980-Linear_Hashing.pdf
 */
function split(targets: readonly string[]): readonly Part[] {
  for (let count = 1; ; count += 1) {
    const parts: string[][] = Array.from({ length: count }, () => []);
    for (const target of targets) parts[partOf(target, count)]?.push(target);
    if (count === MOST || parts.every((part) => policyLength(documentOf(part)) <= MANAGED_POLICY_QUOTA)) {
      return parts.map((part, index) => ({ index, targets: part })).filter((part) => part.targets.length > 0);
    }
  }
}

function partOf(target: string, count: number): number {
  const hash = hash32(target);
  const low = 2 ** Math.floor(Math.log2(count));
  const high = hash % (low * 2);
  return high < count ? high : hash % low;
}
