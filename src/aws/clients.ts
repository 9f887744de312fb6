import { globalAgent as httpAgent } from "node:http";
import { globalAgent as httpsAgent } from "node:https";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { STSClient } from "@aws-sdk/client-sts";
import type { AwsCredentialIdentity, MiddlewareStack, RetryStrategyV2 } from "@smithy/types";
import { errorName, requestIdOf } from "./errors.ts";
import { createRetries, type Retries } from "./retries.ts";
import { loadSdk } from "./sdk.ts";
import type { ProfileSettings } from "./settings.ts";
import { sleepByClock } from "./sleep.ts";
import { field, textField } from "./values.ts";

/** One finished call to AWS, for the log. Neither arguments nor credentials. */
export type AwsCall = {
  /** Such as `CreateRole`. */
  readonly operation: string;
  readonly profile: string;
  /** `ok`, or the name of the error. */
  readonly result: string;
  readonly requestId?: string;
  readonly milliseconds: number;
};

export type OnCall = (call: AwsCall) => void;

/** Milliseconds: a firewall that drops packets must not look like a wizard that hangs. */
const TIMEOUTS = { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true } as const;

/**
 * How requests travel: by the process's own agents, which follow the proxy and CA settings of VS Code and of
 * Node (`NODE_USE_ENV_PROXY`), which agents of the SDK's own making would not.
 */
export const requestHandler = { httpAgent, httpsAgent, ...TIMEOUTS } as const;

/** Who hears of calls, and how a call waits for its next attempt. */
export type ClientOptions = { readonly onCall?: OnCall | undefined; readonly retries?: Retries };

/**
 * An IAM client for one set of credentials. Throttling and broken connections are retried up to 8 attempts;
 * `LimitExceeded` is not: for IAM it is a quota, which the SDK takes for throttling by its name.
 */
export async function createIamClient(
  settings: ProfileSettings,
  credentials: AwsCredentialIdentity,
  { onCall, retries = createRetries(sleepByClock) }: ClientOptions = {},
): Promise<IAMClient> {
  const { IAMClient } = await loadSdk();
  const client = new IAMClient({
    ...common(settings.region, settings.endpoints.iam, credentials),
    retryStrategy: await retryUnlessQuota(8, retries),
  });
  logCalls(client.middlewareStack, settings.profile, onCall);
  return client;
}

/** An STS client for one set of credentials, in the profile's region. */
export async function createStsClient(
  settings: ProfileSettings,
  credentials: AwsCredentialIdentity,
  { onCall, retries = createRetries(sleepByClock) }: ClientOptions = {},
): Promise<STSClient> {
  const { STSClient } = await loadSdk();
  const client = new STSClient({
    ...common(settings.region, settings.endpoints.sts, credentials),
    retryStrategy: await retryUnlessQuota(3, retries),
  });
  logCalls(client.middlewareStack, settings.profile, onCall);
  return client;
}

function common(region: string, endpoint: string | undefined, credentials: AwsCredentialIdentity) {
  return {
    region,
    credentials,
    requestHandler,
    // Without this the SDK would look for an endpoint itself, in a profile that is not the one chosen.
    ...(endpoint === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint }),
  };
}

/** Decides like the SDK whether a call is tried again, but waits by `retries`, and never for a used-up quota. */
async function retryUnlessQuota(maxAttempts: number, retries: Retries): Promise<RetryStrategyV2> {
  const { StandardRetryStrategy } = await loadSdk();
  class RetryUnlessQuota extends StandardRetryStrategy {
    override async refreshRetryTokenForRetry(
      ...[token, info]: Parameters<InstanceType<typeof StandardRetryStrategy>["refreshRetryTokenForRetry"]>
    ) {
      if (errorName(info.error) === "LimitExceeded") throw new Error("A used-up quota is not retried.");
      const next = await super.refreshRetryTokenForRetry(token, info);
      const reason = info.errorType === "THROTTLING" ? "throttled" : "broken";
      if (!(await retries.wait(reason, next.getRetryCount()))) throw new Error("Cancelled.");
      return next;
    }
  }
  const backoff = { setDelayBase: () => undefined, computeNextBackoffDelay: () => 0 };
  return new RetryUnlessQuota({ maxAttempts, backoff });
}

/** Any client's middleware, whatever its commands are. */
type Stack<Input extends object, Output extends object> = Pick<MiddlewareStack<Input, Output>, "add">;

function logCalls<Input extends object, Output extends object>(
  stack: Stack<Input, Output>,
  profile: string,
  onCall: OnCall | undefined,
): void {
  if (onCall === undefined) return;
  stack.add(
    (next, context) => async (args) => {
      const operation = context.commandName?.replace(/Command$/, "") ?? "?";
      const started = performance.now();
      const report = (result: string, requestId: string | undefined): void =>
        onCall({
          operation,
          profile,
          result,
          milliseconds: Math.round(performance.now() - started),
          ...(requestId === undefined ? {} : { requestId }),
        });
      try {
        const result = await next(args);
        report("ok", textField(field(result.output, "$metadata"), "requestId"));
        return result;
      } catch (error) {
        report(errorName(error) || "?", requestIdOf(error));
        throw error;
      }
    },
    { step: "initialize", name: "reportCall" },
  );
}
