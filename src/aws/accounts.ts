import type { Problem } from "../core/outcome.ts";
import type { AwsAccess } from "./access.ts";
import { createLimit } from "./limit.ts";

/** How many accounts are asked at once: each may run a program or ask an SSO portal. */
export const ACCOUNTS_AT_ONCE = 8;

/**
 * Asks AWS anew who every profile is, as is due before the first write. Empty where all of them lead to the account
 * of their resources. Where credentials are replaced later on, the first call with the new ones asks again.
 */
export async function checkAccounts<T extends { readonly profile: string; readonly account: string }>(
  resources: readonly T[],
  access: AwsAccess,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<T, Problem>> {
  const pairs = new Map(resources.map((resource) => [`${resource.profile}\n${resource.account}`, resource]));
  const limit = createLimit(ACCOUNTS_AT_ONCE);
  const refused = new Map<T, Problem>();
  const ask = async ({ profile, account }: T): Promise<void> => {
    const fresh = { fresh: true, ...(signal === undefined ? {} : { signal }) };
    const opened = await access.open(profile, account, fresh);
    if (opened.ok) return;
    for (const resource of resources) {
      if (resource.profile === profile && resource.account === account) refused.set(resource, opened.problem);
    }
  };
  await Promise.all([...pairs.values()].map((pair) => limit(() => ask(pair))));
  return refused;
}
