import type { Call } from "../call.ts";
import { accessDenied, validationError } from "../errors.ts";
import { accountOfArn, roleByArn } from "../model.ts";
import type { Role } from "../model.ts";
import { integer, structures } from "../params.ts";
import { mergeContext, permissionsOf, principalContext, requestContext } from "../permissions.ts";
import type { Verdict } from "../permissions.ts";
import { decideTrust } from "../policy/evaluate.ts";
import type { TrustDecision } from "../policy/evaluate.ts";
import type { Context } from "../policy/pattern.ts";
import { checkLength, checkPattern, tags } from "../validate.ts";
import type { XmlObject } from "../xml.ts";
import { checkMaxSession, openSession, roleArn, sessionName, sessionPolicies } from "./sessions.ts";
import { namesCaller, trustInForce } from "./trust.ts";

/**
 * Checks a one-time code against the caller's MFA device.
 * @returns whether one was given; throws `AccessDenied` for a wrong device or code
 */
export const checkMfa = ({ params, principal }: Call): boolean => {
  const [serial, code] = [params.get("SerialNumber"), params.get("TokenCode")];
  if (serial === undefined && code === undefined) return false;
  if (serial !== undefined) checkLength("SerialNumber", serial, 9, 256);
  if (code !== undefined) {
    checkLength("TokenCode", code, 6, 6);
    checkPattern("TokenCode", code, /^\d*$/, "[\\d]*");
  }
  if (serial === undefined || code === undefined)
    throw accessDenied(
      "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
    );
  const user = principal.kind === "user" && principal.session === undefined ? principal.user : undefined;
  if (user?.mfaCode === undefined || user.mfaSerial !== serial)
    throw accessDenied(
      "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    );
  if (user.mfaCode !== code)
    throw accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code.");
  return true;
};

const EXTERNAL_ID = /^[A-Za-z0-9_+=,.@:/-]*$/;

const optional = (call: Call, name: string, max: number, pattern: RegExp, shown: string) => {
  const value = call.params.get(name);
  if (value === undefined) return undefined;
  return checkPattern(name, checkLength(name, value, 2, max), pattern, shown);
};

/** The request values AssumeRole adds to the global ones. */
const stsContext = (call: Call, name: string, mfa: boolean): Context => {
  const external = optional(call, "ExternalId", 1224, EXTERNAL_ID, "[\\w+=,.@:\\/-]*");
  const source = optional(call, "SourceIdentity", 64, /^[A-Za-z0-9_+=,.@-]*$/, "[\\w+=,.@-]*");
  const requested = structures(call.params, "Tags") ?? [];
  return new Map<string, readonly string[]>([
    ["sts:RoleSessionName", [name]],
    ...(external === undefined ? [] : [["sts:ExternalId", [external]] as const]),
    ...(source === undefined ? [] : [["sts:SourceIdentity", [source]] as const]),
    ...(mfa
      ? [["aws:MultiFactorAuthPresent", ["true"]] as const, ["aws:MultiFactorAuthAge", ["0"]] as const]
      : []),
    ...(requested.length > 0 ? [["aws:TagKeys", requested.map((tag) => tag.get("Key") ?? "")] as const] : []),
    ...requested.map((tag) => [`aws:RequestTag/${tag.get("Key") ?? ""}`, [tag.get("Value") ?? ""]] as const),
  ]);
};

/**
 * Puts the two sides together. Within an account a trust policy that names the caller is enough, one that
 * names the account leaves it to the caller's policies; across accounts both sides must allow. A boundary
 * or session policy that does not allow still refuses a role's session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export const admits = (sameAccount: boolean, own: Verdict, trust: TrustDecision): boolean => {
  if (own.decision === "explicitDeny" || trust === "explicitDeny" || trust === "implicitDeny") return false;
  if (own.decision === "allow") return true;
  return sameAccount && trust === "direct" && own.by === "identity-based policy";
};

const authorize = (call: Call, target: string, context: Context): Role => {
  const { world, principal } = call;
  const refused = (action: string): Error =>
    accessDenied(`User: ${principal.arn} is not authorized to perform: ${action} on resource: ${target}`);
  const role = roleByArn(world, target);
  const trust = role === undefined ? undefined : trustInForce(world, role);
  if (role === undefined || trust === undefined) throw refused("sts:AssumeRole");
  const actions = [
    "sts:AssumeRole",
    ...(call.params.has("Tags.member.1.Key") ? ["sts:TagSession"] : []),
    ...(call.params.has("SourceIdentity") ? ["sts:SetSourceIdentity"] : []),
  ];
  const same = accountOfArn(world, target)?.id === principal.account;
  for (const action of actions) {
    const own = permissionsOf(world, principal, { action, resource: target, context });
    const decision = decideTrust(trust, { action, context }, namesCaller(principal));
    if (!admits(same, own, decision)) throw refused(action);
  }
  return role;
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole = (call: Call): XmlObject => {
  const { world, params, principal } = call;
  const target = roleArn(params, (value) => `${value} is invalid`);
  const name = sessionName(params);
  const seconds = integer(params, "DurationSeconds", 900, 43_200) ?? 3600;
  if (principal.kind === "role" && seconds > 3600)
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  tags(params, "ignoresCase");
  const policies = sessionPolicies(world, params, target);
  const mfa = checkMfa(call);
  const context = mergeContext(
    requestContext(world, call.userAgent),
    principalContext(world, principal),
    stsContext(call, name, mfa),
  );
  const role = authorize(call, target, context);
  checkMaxSession(role, seconds);
  return {
    ...openSession(world, { role, name, seconds, policies, carried: new Map() }),
    SourceIdentity: params.get("SourceIdentity"),
  };
};
