import { msg, type Message } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { credentialsProblem, type LoginHint } from "./credentialErrors.ts";
import { field, textField } from "./values.ts";

/** What was tried, for the sentence: an action such as `iam:CreateRole`, with whose credentials. */
export type ErrorContext = {
  readonly action: string;
  readonly profile: string;
  readonly region?: string;
  /** How the profile is signed in to, where it is: names the command that helps. */
  readonly login?: LoginHint;
};

/** The code of the problem that stands for a cancellation, which is no error. */
export const CANCELLED = "aws.cancelled";

/** Thrown where somebody gave up on purpose, such as by leaving an MFA code empty. */
export class Cancelled extends Error {
  override readonly name = "AbortError";
}

/** Whether a problem only says that the user cancelled. */
export function isCancelled(problem: Problem): boolean {
  return problem.code === CANCELLED;
}

/**
 * The name of an SDK error without the suffix that the SDK adds for modelled errors and leaves out for others:
 * `NoSuchEntityException` and `NoSuchEntity` are the same. Empty for what is no error.
 */
export function errorName(error: unknown): string {
  return (textField(error, "name") ?? "").replace(/Exception$/, "");
}

/** AWS's request ID, where the error came from AWS. */
export function requestIdOf(error: unknown): string | undefined {
  return textField(field(error, "$metadata"), "requestId");
}

/** The HTTP status of the answer, where there was one. */
export function statusOf(error: unknown): number | undefined {
  const status = field(field(error, "$metadata"), "httpStatusCode");
  return typeof status === "number" ? status : undefined;
}

/**
 * Whether a failed call may have been carried out all the same: the connection broke, the answer was late or
 * unreadable, or the server failed in the middle. A refusal that AWS put into words is none.
 */
export function isAmbiguous(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined && status >= 500) return true;
  if (networkCode(error) !== undefined || isNotAws(error)) return true;
  return ["TimeoutError", "AbortError"].includes(textField(error, "name") ?? "");
}

/** Whether AWS did nothing and asks to slow down. */
export function isThrottled(error: unknown): boolean {
  return toProblem(error, { action: "", profile: "" }).code === "aws.throttled";
}

/** Turns whatever a call to AWS threw into a problem with a stable code. Never puts a secret into its text. */
export function toProblem(error: unknown, context: ErrorContext): Problem {
  if (textField(error, "name") === "AbortError") return { code: CANCELLED, message: msg("aws.cancelled") };
  return (
    (isNotAws(error) ? notAws(error) : undefined) ??
    byName(error, context) ??
    byNetwork(error) ??
    credentialsProblem(error, context.profile, context.login) ??
    byStatus(error, context)
  );
}

/** Whether the error says that the identity lacks a permission. */
export function isDenied(error: unknown): boolean {
  return ["AccessDenied", "UnauthorizedOperation", "NotAuthorized"].includes(errorName(error));
}

type Build = (error: unknown, context: ErrorContext) => Problem;

const build =
  (code: string, message: (context: ErrorContext) => Message, advice?: Message): Build =>
  (error, context) => ({
    code,
    message: message(context),
    ...(advice === undefined ? {} : { advice }),
    ...awsWords(error),
  });

const throttled = build("aws.throttled", action("aws.throttled"), msg("aws.throttled.advice"));
const denied = build(
  "aws.accessDenied",
  ({ profile, action }) => msg("aws.denied", { profile, action }),
  msg("aws.denied.advice"),
);
/** Companies let roles be made only with a permissions boundary, and AWS does not say that this is why. */
const roleDenied = build(
  "aws.accessDenied",
  ({ profile, action }) => msg("aws.denied", { profile, action }),
  msg("aws.denied.boundary"),
);
const BOUNDED = ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"];
const unknownKey = build("aws.unknownKey", profile("aws.key.unknown"), msg("aws.key.unknown.advice"));
const expired = build("aws.expired", profile("aws.expired"), msg("aws.expired.advice"));
const clock = build("aws.clock", () => msg("aws.clock"), msg("aws.clock.advice"));
const wrongSecret = build("aws.wrongSecret", profile("aws.key.secret"), msg("aws.key.secret.advice"));
const mfaRefused = build("aws.mfaRefused", profile("aws.mfa.refused"), msg("aws.mfa.refused.advice"));
const invalid = build("aws.invalid", action("aws.invalid"));

/**
 * By the error's code.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and the errors of each action.
 */
const names: Readonly<Record<string, Build>> = {
  AccessDenied: (error, context) => {
    if (/MultiFactorAuthentication failed/i.test(messageOf(error))) return mfaRefused(error, context);
    return (BOUNDED.includes(context.action) ? roleDenied : denied)(error, context);
  },
  UnauthorizedOperation: denied,
  NotAuthorized: denied,
  Throttling: throttled,
  Throttled: throttled,
  TooManyRequests: throttled,
  RequestLimitExceeded: throttled,
  RequestThrottled: throttled,
  SlowDown: throttled,
  LimitExceeded: build("aws.limitExceeded", action("aws.limit"), msg("aws.limit.advice")),
  InvalidClientTokenId: unknownKey,
  UnrecognizedClient: unknownKey,
  InvalidAccessKeyId: unknownKey,
  ExpiredToken: expired,
  TokenRefreshRequired: expired,
  RequestExpired: clock,
  RequestTimeTooSkewed: clock,
  RequestInTheFuture: clock,
  SignatureDoesNotMatch: signature,
  InvalidSignature: signature,
  RegionDisabled: build(
    "aws.regionDisabled",
    (context) => msg("aws.region.disabled", { profile: context.profile, region: context.region ?? "?" }),
    msg("aws.region.disabled.advice"),
  ),
  NoSuchEntity: build("aws.noSuchEntity", action("aws.missing")),
  EntityAlreadyExists: invalid,
  ConcurrentModification: build("aws.concurrent", action("aws.concurrent"), msg("aws.retry.advice")),
  MalformedPolicyDocument: build("aws.malformedPolicy", action("aws.invalid")),
  ValidationError: invalid,
  InvalidInput: invalid,
  InvalidParameterValue: invalid,
  ServiceFailure: build("aws.server", action("aws.server"), msg("aws.retry.advice")),
};

function byName(error: unknown, context: ErrorContext): Problem | undefined {
  const name = errorName(error);
  return Object.hasOwn(names, name) ? names[name]?.(error, context) : undefined;
}

/** A late signature is refused under the same name as a wrong one; the text tells them apart. */
function signature(error: unknown, context: ErrorContext): Problem {
  return /expired|not yet current/i.test(messageOf(error))
    ? clock(error, context)
    : wrongSecret(error, context);
}

function action(
  id: "aws.throttled" | "aws.limit" | "aws.missing" | "aws.concurrent" | "aws.invalid" | "aws.server",
) {
  return (context: ErrorContext): Message => msg(id, { action: context.action });
}

function profile(id: "aws.key.unknown" | "aws.key.secret" | "aws.expired" | "aws.mfa.refused") {
  return (context: ErrorContext): Message => msg(id, { profile: context.profile });
}

const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;
const NETWORK_CODE =
  /^(E(CONN\w+|NOTFOUND|HOSTUNREACH|NETUNREACH|PIPE|AI_AGAIN|TIMEDOUT|ADDRNOTAVAIL|PROTO)|ERR_PROXY\w*|ERR_TLS\w*|ERR_SSL\w*|\w*CERT\w*|UNABLE_TO_\w+|\w*SELF_SIGNED\w*)$/;

/** The code of a failure below HTTP, from the error or what caused it; undefined where AWS itself answered. */
export function networkCode(error: unknown): string | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 8 && current !== undefined && current !== null; depth += 1) {
    const code = textField(current, "code");
    if (code !== undefined && NETWORK_CODE.test(code)) return code;
    const inner = field(current, "errors");
    current = field(current, "cause") ?? (Array.isArray(inner) ? inner[0] : undefined);
  }
  return undefined;
}

function byNetwork(error: unknown): Problem | undefined {
  const code = networkCode(error);
  if (statusOf(error) === 407 || code?.startsWith("ERR_PROXY") === true) {
    return { code: "aws.proxy", message: msg("aws.proxy"), advice: msg("aws.proxy.advice") };
  }
  if (code !== undefined && TLS_CODE.test(code)) {
    return { code: "aws.tls", message: msg("aws.tls", { code }), advice: msg("aws.tls.advice") };
  }
  const advice = msg("aws.network.advice");
  if (textField(error, "name") === "TimeoutError" && (code === undefined || code === "ETIMEDOUT")) {
    return { code: "aws.timeout", message: msg("aws.network.timeout"), advice };
  }
  return code === undefined
    ? undefined
    : { code: "aws.network", message: msg("aws.network", { code }), advice };
}

/** An answer the SDK could not read, such as the HTML of a proxy, of a sign-in page or of a broken server. */
function isNotAws(error: unknown): boolean {
  return /Deserialization error|is not expected|Unexpected token/i.test(messageOf(error)) && isFromSdk(error);
}

function isFromSdk(error: unknown): boolean {
  return field(error, "$metadata") !== undefined || field(error, "$response") !== undefined;
}

function notAws(error: unknown): Problem {
  const status = statusOf(error) ?? field(field(error, "$response"), "statusCode");
  if (status === 407) {
    return { code: "aws.proxy", message: msg("aws.proxy"), advice: msg("aws.proxy.advice") };
  }
  return {
    code: "aws.notAws",
    message: msg("aws.notAws", { status: typeof status === "number" ? status : "?" }),
    advice: msg("aws.notAws.advice"),
  };
}

function byStatus(error: unknown, context: ErrorContext): Problem {
  const status = statusOf(error);
  if (messageOf(error) === "Region is missing") {
    return {
      code: "aws.regionMissing",
      message: msg("aws.region.missing", { profile: context.profile }),
      advice: msg("aws.region.missing.advice"),
    };
  }
  if (status !== undefined && status >= 500) {
    const server = build("aws.server", action("aws.server"), msg("aws.retry.advice"));
    return server(error, context);
  }
  const name = errorName(error);
  return {
    code: "aws.unexpected",
    message: msg("aws.unexpected", { action: context.action, name: name === "" ? "?" : name }),
    ...awsWords(error),
  };
}

function messageOf(error: unknown): string {
  return textField(error, "message") ?? "";
}

/** What AWS said, and the ID to ask AWS about; only of answers that came from AWS. */
function awsWords(error: unknown): { detail?: string; requestId?: string } {
  if (!isFromSdk(error)) return {};
  const requestId = requestIdOf(error);
  const detail = redact(messageOf(error));
  return {
    ...(detail === "" ? {} : { detail }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/**
 * AWS's words without what must not be shown: for a wrong signature AWS repeats the request's headers, the
 * session token among them, from the second paragraph on. Anything long enough to be a key or token goes too.
 */
export function redact(text: string): string {
  const first = text.split(/\n|The canonical string/i)[0] ?? "";
  return first
    .replaceAll(/\b((?:AKIA|ASIA)[A-Z0-9]{4})[A-Z0-9]{8,}\b/g, "$1…")
    .replaceAll(/[A-Za-z0-9+/=_-]{40,}/g, (run) => (looksRandom(run) ? "…" : run))
    .trim()
    .slice(0, 600);
}

function looksRandom(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);
}
