import { defaultDocument, findPolicy } from "./iam/managed.ts";
import { propagated, roleById } from "./model.ts";
import type { Principal, Role, World } from "./model.ts";
import { readDocument } from "./policy/document.ts";
import type { PolicyDocument } from "./policy/document.ts";
import { decide } from "./policy/evaluate.ts";
import type { Ask, Decision } from "./policy/evaluate.ts";
import type { Context } from "./policy/pattern.ts";

type Pair = readonly [string, readonly string[]];

const lower = (pairs: readonly Pair[]): Context =>
  new Map(pairs.map(([key, values]) => [key.toLowerCase(), values]));

/** Joins request values; later ones win. */
export const mergeContext = (...contexts: readonly Context[]): Context =>
  lower(contexts.flatMap((context) => [...context]));

/**
 * The global request values every call has.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const requestContext = (world: World, userAgent: string): Context =>
  lower([
    ["aws:CurrentTime", [new Date(world.now()).toISOString()]],
    ["aws:EpochTime", [String(Math.floor(world.now() / 1000))]],
    // The sandbox stands for the real endpoints, which speak TLS only.
    ["aws:SecureTransport", ["true"]],
    ["aws:SourceIp", ["127.0.0.1"]],
    ["aws:UserAgent", [userAgent]],
    ["aws:RequestedRegion", ["us-east-1"]],
    ["aws:ViaAWSService", ["false"]],
  ]);

const mfaContext = (world: World, session: { mfa: boolean; at: number } | undefined): readonly Pair[] => {
  // A long-term key carries no MFA information at all: the key is absent, not "false".
  if (session === undefined) return [];
  const present: Pair = ["aws:MultiFactorAuthPresent", [String(session.mfa)]];
  const age = String(Math.floor((world.now() - session.at) / 1000));
  return session.mfa ? [present, ["aws:MultiFactorAuthAge", [age]]] : [present];
};

const tagContext = (role: Role | undefined): readonly Pair[] =>
  (role?.tags ?? []).map(({ key, value }) => [`aws:PrincipalTag/${key}`, [value]]);

/** The request values that say who the caller is. */
export const principalContext = (world: World, principal: Principal): Context => {
  const organization = world.accounts.get(principal.account)?.organization;
  const common: readonly Pair[] = [
    ["aws:PrincipalAccount", [principal.account]],
    // Absent for an account that is in no organization.
    ...(organization === undefined ? [] : [["aws:PrincipalOrgID", [organization]] as const]),
    ["aws:userid", [principal.userId]],
  ];
  if (principal.kind === "user")
    return lower([
      ...common,
      ["aws:PrincipalArn", [principal.arn]],
      ["aws:PrincipalType", ["User"]],
      ["aws:username", [principal.user.name]],
      ...mfaContext(world, principal.session),
    ]);
  return lower([
    ...common,
    // For a role session this is the role's ARN, not that of the session.
    ["aws:PrincipalArn", [principal.roleArn]],
    ["aws:PrincipalType", ["AssumedRole"]],
    ["aws:TokenIssueTime", [new Date(principal.at).toISOString()]],
    ...tagContext(roleById(world, principal.roleId)),
    ["aws:MultiFactorAuthPresent", ["false"]],
    ...principal.carried,
  ]);
};

const roleDocuments = (world: World, role: Role): readonly PolicyDocument[] => {
  const account = world.accounts.get(role.arn.split(":")[4] ?? "");
  if (account === undefined) return [];
  const managed = [...role.attached]
    .filter(([, { at }]) => propagated(world, at))
    .flatMap(([arn]) => findPolicy(account, arn) ?? [])
    .map(defaultDocument);
  const inline = [...role.inline.values()]
    .filter(({ at }) => propagated(world, at))
    .map(({ text }) => readDocument(text, "identity"));
  return [...managed, ...inline];
};

const boundaryOf = (world: World, role: Role): PolicyDocument | undefined => {
  const account = world.accounts.get(role.arn.split(":")[4] ?? "");
  if (account === undefined || role.boundary === undefined) return undefined;
  const policy = findPolicy(account, role.boundary);
  return policy === undefined ? { version: "2012-10-17", statements: [] } : defaultDocument(policy);
};

/** What the caller's own policies say, and which kind of policy refused. */
export type Verdict = {
  readonly decision: Decision;
  readonly by: "identity-based policy" | "permissions boundary" | "session policy";
};

const limits = (
  world: World,
  principal: Principal,
): readonly (readonly [Verdict["by"], readonly PolicyDocument[]])[] => {
  if (principal.kind === "user") return [["identity-based policy", [principal.user.policy]]];
  const role = roleById(world, principal.roleId);
  if (role === undefined) return [["identity-based policy", []]];
  const boundary = boundaryOf(world, role);
  return [
    ["identity-based policy", roleDocuments(world, role)],
    ...(boundary === undefined ? [] : [["permissions boundary", [boundary]] as const]),
    ...(principal.sessionPolicies === undefined
      ? []
      : [["session policy", principal.sessionPolicies] as const]),
  ];
};

/**
 * Evaluates the caller's policies: an explicit deny anywhere wins, and identity policies, permissions
 * boundary and session policy must all allow.
 */
export const permissionsOf = (world: World, principal: Principal, ask: Ask): Verdict => {
  const verdicts = limits(world, principal).map(([by, documents]) => ({
    by,
    decision: decide(documents, ask),
  }));
  // A limit that does not allow is named before the lack of a grant: a trust policy can make up for the
  // latter, but not for the former.
  const denied =
    verdicts.find(({ decision }) => decision === "explicitDeny") ??
    verdicts.findLast(({ decision }) => decision === "implicitDeny");
  return denied ?? { by: "identity-based policy", decision: "allow" };
};
