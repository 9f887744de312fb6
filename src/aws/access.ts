import type { IAMClient } from "@aws-sdk/client-iam";
import type { AwsCredentialIdentity } from "@smithy/types";
import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { createIamClient, createStsClient, type ClientOptions, type OnCall } from "./clients.ts";
import { createCredentials, type AskMfaCode, type Credentials } from "./credentials.ts";
import { askWhoAmI, type Identified, type Identity } from "./identity.ts";
import { createLimit, type Limit } from "./limit.ts";
import { createRetries, type Retries } from "./retries.ts";
import { profileSettings, type Environment, type ProfileSettings } from "./settings.ts";
import { sleepByClock, type Sleep } from "./sleep.ts";

/** An account that a profile was found to lead to, ready to be asked. */
export type Account = {
  readonly iam: IAMClient;
  readonly identity: Identity;
  readonly settings: ProfileSettings;
  /** At most four calls at once, per account. */
  readonly limit: Limit;
  /** The waits between the attempts of its calls. */
  readonly retries: Retries;
};

export type Opened =
  { readonly ok: true; readonly account: Account } | { readonly ok: false; readonly problem: Problem };

/** The way to AWS for everything that reads or writes: clients by profile, each proven to be of its account. */
export type AwsAccess = {
  /**
   * A client for a profile.
   *
   * @param expectedAccount 12 digits; a profile that leads elsewhere is refused. Left out: any account.
   * @param fresh ask AWS again who the profile is, as is due before the first write
   */
  readonly open: (
    profile: string,
    expectedAccount?: string,
    options?: { readonly fresh?: boolean; readonly signal?: AbortSignal },
  ) => Promise<Opened>;
};

export type AccessOptions = {
  readonly env: Environment;
  readonly mfaCode: AskMfaCode;
  /** Shared with `identify`, so that an MFA code is asked for once. */
  readonly credentials?: Credentials;
  readonly onLog?: OnCall;
  /** Waits between the attempts of a call. */
  readonly sleep?: Sleep;
};

type Clients = {
  readonly iam: IAMClient;
  readonly settings: ProfileSettings;
  readonly whoAmI: (signal: AbortSignal | undefined) => Promise<Identified>;
  identity?: Identity;
};

const CALLS_AT_ONCE = 4;

/** Makes the access that `observe`, `apply` and `listCircleCiAccess` take. Contacts nobody by itself. */
export function createAccess(options: AccessOptions): AwsAccess {
  const { env, mfaCode, onLog } = options;
  const credentials = options.credentials ?? createCredentials();
  const retries = createRetries(options.sleep ?? sleepByClock);
  const limits = new Map<string, Limit>();
  // By credentials and not by profile: another key under the same name is another identity.
  const made = new WeakMap<AwsCredentialIdentity, Map<string, Promise<Clients>>>();

  const limitOf = (accountId: string): Limit => {
    const found = limits.get(accountId) ?? createLimit(CALLS_AT_ONCE);
    limits.set(accountId, found);
    return found;
  };

  const clientsFor = (settings: ProfileSettings, resolved: AwsCredentialIdentity): Promise<Clients> => {
    const bySettings = made.get(resolved) ?? new Map<string, Promise<Clients>>();
    made.set(resolved, bySettings);
    const key = JSON.stringify(settings);
    const found = bySettings.get(key) ?? makeClients(settings, resolved, { retries, onCall: onLog });
    bySettings.set(key, found);
    return found;
  };

  return {
    open: async (profile, expectedAccount, { fresh = false, signal } = {}) => {
      const found = await profileSettings(profile, env);
      if (!found.ok) return found;
      const resolved = await credentials.resolve(found.settings, env, mfaCode);
      if (!resolved.ok) return resolved;
      const clients = await clientsFor(found.settings, resolved.credentials);
      if (clients.identity === undefined || fresh) {
        const answer = await clients.whoAmI(signal);
        if (!answer.ok) return answer;
        clients.identity = answer.identity;
      }
      const { iam, identity, settings } = clients;
      if (expectedAccount !== undefined && identity.accountId !== expectedAccount) {
        return { ok: false, problem: wrongAccount(profile, identity.accountId, expectedAccount) };
      }
      return { ok: true, account: { iam, identity, settings, limit: limitOf(identity.accountId), retries } };
    },
  };
}

async function makeClients(
  settings: ProfileSettings,
  credentials: AwsCredentialIdentity,
  options: ClientOptions,
): Promise<Clients> {
  const [iam, sts] = await Promise.all([
    createIamClient(settings, credentials, options),
    createStsClient(settings, credentials, options),
  ]);
  return { iam, settings, whoAmI: (signal) => askWhoAmI(sts, settings, signal) };
}

function wrongAccount(profile: string, found: string, expected: string): Problem {
  return {
    code: "aws.wrongAccount",
    message: msg("aws.account.other", { profile, found, expected }),
    advice: msg("aws.account.other.advice"),
  };
}
