import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { textField } from "./values.ts";

/** The profile that has to be signed in to: the profile itself or the source of the role it assumes. */
export type LoginHint = { readonly kind: "sso" | "login"; readonly profile: string };

/**
 * What went wrong before AWS was asked: the SDK's credential readers fail with text only, so text is what is
 * looked at. Their words are never shown: they repeat commands, what processes printed, and parts of token
 * files.
 *
 * @returns undefined where the error came from elsewhere
 */
export function credentialsProblem(
  error: unknown,
  profile: string,
  login: LoginHint | undefined,
): Problem | undefined {
  const name = textField(error, "name");
  if (name !== "CredentialsProviderError" && name !== "TokenProviderError") return undefined;
  const text = textField(error, "message") ?? "";
  if (/credential_process|Command failed/i.test(text)) {
    return {
      code: "aws.credentialProcess",
      message: msg("aws.process.failed", { profile }),
      advice: msg("aws.process.failed.advice"),
    };
  }
  const code = /\b(E(?:CONN\w+|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH))\b/.exec(text)?.[1];
  if (code !== undefined) {
    return { code: "aws.network", message: msg("aws.network", { code }), advice: msg("aws.network.advice") };
  }
  if (login?.kind === "sso" && /sso login|SSO session|Unauthorized|Session token|expired/i.test(text)) {
    return {
      code: "aws.ssoExpired",
      message: msg("aws.sso.expired", { profile: login.profile }),
      advice: msg("aws.sso.expired.advice"),
      command: ["aws", "sso", "login", "--profile", login.profile],
    };
  }
  if (login?.kind === "sso" && /Forbidden|No access/i.test(text)) {
    return {
      code: "aws.ssoForbidden",
      message: msg("aws.sso.forbidden", { profile }),
      advice: msg("aws.sso.forbidden.advice"),
    };
  }
  if (login?.kind === "login" && /aws login|re-?authenticate|load (a )?token|Token validation/i.test(text)) {
    return {
      code: "aws.loginExpired",
      message: msg("aws.login.expired", { profile: login.profile }),
      advice: msg("aws.login.expired.advice"),
      command: ["aws", "login", "--profile", login.profile],
    };
  }
  if (
    /Could not resolve credentials using profile|cycle|Unsupported credential source|invalid SSO/i.test(text)
  ) {
    return {
      code: "aws.profileIncomplete",
      message: msg("aws.profile.incomplete", { profile }),
      advice: msg("aws.profile.incomplete.advice"),
    };
  }
  return {
    code: "aws.credentials",
    message: msg("aws.credentials.failed", { profile }),
    advice: msg("aws.credentials.failed.advice"),
  };
}
