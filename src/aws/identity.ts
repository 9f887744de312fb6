import { parseArn, type Partition } from "../core/ids.ts";
import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { createStsClient, type OnCall } from "./clients.ts";
import { createCredentials, type AskMfaCode, type Credentials } from "./credentials.ts";
import { CANCELLED, toProblem } from "./errors.ts";
import { loadSdk } from "./sdk.ts";
import { endpointOverride, profileSettings, type Environment, type ProfileSettings } from "./settings.ts";

/** Who a profile is, as AWS says. */
export type Identity = {
  /** 12 digits. */
  readonly accountId: string;
  readonly arn: string;
  readonly partition: Partition;
  /** Hosts asked instead of AWS's own, where some are configured: to be confirmed unless they are loopback. */
  readonly endpointOverride?: string;
};

export type Identified =
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly problem: Problem };

export type IdentifyOptions = {
  /** A profile's name or `ENVIRONMENT_PROFILE`. */
  readonly profile: string;
  /** Of the STS endpoint; the profile's region where left out, `us-east-1` where it has none. */
  readonly region?: string;
  readonly env: Environment;
  readonly mfaCode: AskMfaCode;
  readonly signal?: AbortSignal;
  /** Kept between calls so that an MFA code is asked for once. */
  readonly credentials?: Credentials;
  readonly onLog?: OnCall;
};

/**
 * Finds out which account a profile leads to, with `GetCallerIdentity`, which needs no permission. May ask for
 * an MFA code, run the profile's `credential_process` and renew its SSO token: call it for a profile the user
 * chose, never for all. A cancellation is a problem for which `isCancelled` is true.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function identify(options: IdentifyOptions): Promise<Identified> {
  const { profile, env, signal } = options;
  const found = await profileSettings(profile, env, options.region);
  if (!found.ok) return found;
  const credentials = options.credentials ?? createCredentials();
  const resolving = credentials.resolve(found.settings, env, options.mfaCode, true);
  const resolved = await unlessAborted(resolving, signal);
  if (resolved === undefined) return cancelled;
  if (!resolved.ok) return resolved;
  const client = await createStsClient(found.settings, resolved.credentials, { onCall: options.onLog });
  const answer = await askWhoAmI(client, found.settings, signal);
  if (!answer.ok && answer.problem.code !== CANCELLED) credentials.forget(profile);
  return answer;
}

const cancelled: Identified = { ok: false, problem: { code: CANCELLED, message: msg("aws.cancelled") } };

/** One `GetCallerIdentity` with a client that exists already. */
export async function askWhoAmI(
  client: Awaited<ReturnType<typeof createStsClient>>,
  settings: ProfileSettings,
  signal?: AbortSignal,
): Promise<Identified> {
  const { profile, region, login } = settings;
  try {
    const { GetCallerIdentityCommand } = await loadSdk();
    const answer = await client.send(
      new GetCallerIdentityCommand({}),
      signal === undefined ? {} : { abortSignal: signal },
    );
    const arn = answer.Arn ?? "";
    const parsed = parseArn(arn);
    if (parsed === undefined) {
      return {
        ok: false,
        problem: { code: "aws.partition", message: msg("aws.partition", { profile, arn }) },
      };
    }
    const override = endpointOverride(settings);
    const identity = { accountId: parsed.account, arn, partition: parsed.partition };
    return {
      ok: true,
      identity: override === undefined ? identity : { ...identity, endpointOverride: override },
    };
  } catch (error) {
    const context = { action: "sts:GetCallerIdentity", profile, region };
    return {
      ok: false,
      problem: toProblem(error, login === undefined ? context : { ...context, login }),
    };
  }
}

/** Waits for a value or for the abort, whichever comes first; undefined stands for the abort. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return promise;
  if (signal.aborted) return undefined;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
