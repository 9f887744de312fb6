import type { AwsCredentialIdentity } from "@smithy/types";
import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { ENVIRONMENT_PROFILE } from "../core/setup.ts";
import { createStsClient, requestHandler } from "./clients.ts";
import { Cancelled, toProblem } from "./errors.ts";
import { loadSdk } from "./sdk.ts";
import { configPaths, type Environment, type ProfileSettings } from "./settings.ts";

/** Asks the user for the code of an MFA device; undefined or empty is a cancellation. */
export type AskMfaCode = (serial: string) => Promise<string | undefined>;

/** Credentials, or why there are none. */
export type Resolved =
  | { readonly ok: true; readonly credentials: AwsCredentialIdentity }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Resolved credentials by profile, kept in memory until five minutes before they expire, so that an MFA code is
 * asked for once and not at every call. They are handed to clients only, never logged, stored or sent anywhere.
 */
export type Credentials = {
  /**
   * @param reread read credentials without an expiry again (keys in a file that may have been edited);
   * those with an expiry are reused in any case
   */
  readonly resolve: (
    settings: ProfileSettings,
    env: Environment,
    askMfaCode: AskMfaCode,
    reread?: boolean,
  ) => Promise<Resolved>;
  /** Drops what is kept of a profile, because AWS refused it. */
  readonly forget: (profile: string) => void;
};

const MARGIN_MILLISECONDS = 5 * 60 * 1000;

/** Makes an empty store of credentials; one per window, shared by everything that asks AWS. */
export function createCredentials(now: () => number = Date.now): Credentials {
  const kept = new Map<string, AwsCredentialIdentity>();
  const underWay = new Map<string, Promise<Resolved>>();

  const reusable = (profile: string, reread: boolean): AwsCredentialIdentity | undefined => {
    const found = kept.get(profile);
    if (found?.expiration === undefined) return reread ? undefined : found;
    return found.expiration.getTime() - MARGIN_MILLISECONDS > now() ? found : undefined;
  };

  return {
    resolve: (settings, env, askMfaCode, reread = false) => {
      const { profile } = settings;
      const found = reusable(profile, reread);
      if (found !== undefined) return Promise.resolve({ ok: true, credentials: found });
      const running = underWay.get(profile);
      if (running !== undefined) return running;
      const started = read(settings, env, askMfaCode)
        .then((resolved) => {
          if (resolved.ok) kept.set(profile, resolved.credentials);
          return resolved;
        })
        .finally(() => underWay.delete(profile));
      underWay.set(profile, started);
      return started;
    },
    forget: (profile) => {
      kept.delete(profile);
    },
  };
}

async function read(settings: ProfileSettings, env: Environment, askMfaCode: AskMfaCode): Promise<Resolved> {
  try {
    if (settings.profile === ENVIRONMENT_PROFILE) return fromEnvironment(env);
    const { fromIni } = await loadSdk();
    const provider = fromIni({
      profile: settings.profile,
      ...configPaths(env),
      ignoreCache: true,
      clientConfig: { requestHandler },
      mfaCodeProvider: async (serial) => {
        const code = await askMfaCode(serial);
        if (code === undefined || code.trim() === "") throw new Cancelled();
        return code.trim();
      },
      roleAssumer: (source, parameters) => assumeRole(settings, source, parameters),
    });
    return { ok: true, credentials: await provider() };
  } catch (error) {
    return { ok: false, problem: toProblem(error, { action: "sts:AssumeRole", ...settings }) };
  }
}

/** As the SDK would, but at the endpoint and in the region that the user was shown. */
async function assumeRole(
  settings: ProfileSettings,
  source: AwsCredentialIdentity,
  parameters: { RoleArn: string; RoleSessionName: string },
): Promise<AwsCredentialIdentity> {
  const [client, { AssumeRoleCommand }] = await Promise.all([createStsClient(settings, source), loadSdk()]);
  const { Credentials: found } = await client.send(new AssumeRoleCommand(parameters));
  if (found?.AccessKeyId === undefined || found.SecretAccessKey === undefined) {
    throw new Error("STS answered without credentials.");
  }
  return {
    accessKeyId: found.AccessKeyId,
    secretAccessKey: found.SecretAccessKey,
    ...(found.SessionToken === undefined ? {} : { sessionToken: found.SessionToken }),
    ...(found.Expiration === undefined ? {} : { expiration: found.Expiration }),
  };
}

function fromEnvironment(env: Environment): Resolved {
  const accessKeyId = env["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = env["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = env["AWS_SESSION_TOKEN"];
  if (!accessKeyId || !secretAccessKey) {
    return { ok: false, problem: { code: "aws.environment", message: msg("aws.environment.missing") } };
  }
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
  return { ok: true, credentials };
}
