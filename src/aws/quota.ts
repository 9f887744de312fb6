import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import type { Account, AwsAccess } from "./access.ts";
import { call, problemOf } from "./read.ts";
import { loadSdk } from "./sdk.ts";

/**
 * How many characters, white space not counted, a role's trust policy may have in the account of a profile: the
 * quota as AWS has set it for this account.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
 */
export async function readTrustPolicyQuota(
  access: AwsAccess,
  profile: string,
  signal?: AbortSignal,
): Promise<
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly problem: Problem }
> {
  const opened = await access.open(profile, undefined, signal === undefined ? {} : { signal });
  if (!opened.ok) return opened;
  const { account } = opened;
  try {
    const value = (await readQuotas(account, signal))["AssumeRolePolicySizeQuota"];
    if (value !== undefined) return { ok: true, value };
    return { ok: false, problem: { code: "aws.noQuota", message: msg("aws.noQuota") } };
  } catch (error) {
    return { ok: false, problem: problemOf(error, account) };
  }
}

/**
 * What an account has and may have, by the names of `GetAccountSummary`.
 *
 * @throws `CallError`
 */
export async function readQuotas(
  account: Account,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const { GetAccountSummaryCommand } = await loadSdk();
  const options = signal === undefined ? {} : { abortSignal: signal };
  const { SummaryMap = {} } = await call(account, "iam:GetAccountSummary", () =>
    account.iam.send(new GetAccountSummaryCommand({}), options),
  );
  return Object.fromEntries(
    Object.entries(SummaryMap).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
