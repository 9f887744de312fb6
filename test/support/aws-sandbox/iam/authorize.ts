import type { Call } from "../call.ts";
import { accessDenied } from "../errors.ts";
import type { Tag } from "../model.ts";
import { list, structures } from "../params.ts";
import { mergeContext, permissionsOf, principalContext, requestContext } from "../permissions.ts";
import type { Ask } from "../policy/evaluate.ts";
import type { Context } from "../policy/pattern.ts";
import { findPolicy } from "./managed.ts";

const LISTS: Readonly<Record<string, string>> = {
  ListRoles: "role/",
  ListPolicies: "policy/",
  ListOpenIDConnectProviders: "oidc-provider/*",
};

/** The ARN an action is about, as far as its parameters tell; `*` for an account as a whole. */
const resourceOf = (action: string, call: Call): string => {
  const { params, account } = call;
  const root = `arn:aws:iam::${account.id}:`;
  const path = params.get("Path") ?? "/";
  const role = params.get("RoleName");
  if (role !== undefined)
    return (
      account.roles.get(role.toLowerCase())?.arn ??
      `${root}role${action === "CreateRole" ? path : "/"}${role}`
    );
  const policyName = params.get("PolicyName");
  if (policyName !== undefined) return `${root}policy${path}${policyName}`;
  const url = params.get("Url");
  if (url !== undefined) return `${root}oidc-provider/${url.replace(/^https:\/\//, "")}`;
  const listed = LISTS[action];
  if (listed !== undefined) return `${root}${listed}`;
  return params.get("PolicyArn") ?? params.get("OpenIDConnectProviderArn") ?? "*";
};

const resourceTags = ({ params, account }: Call): readonly Tag[] => {
  const role = account.roles.get((params.get("RoleName") ?? "").toLowerCase());
  const provider = account.providers.get(params.get("OpenIDConnectProviderArn") ?? "");
  const policy = role === undefined ? findPolicy(account, params.get("PolicyArn") ?? "") : undefined;
  return (role ?? provider ?? policy)?.tags ?? [];
};

// The actions that know each key: a condition on it never holds for any other action.
const BOUNDARY_ACTIONS = new Set([
  "AttachRolePolicy",
  "CreateRole",
  "DeleteRolePermissionsBoundary",
  "DeleteRolePolicy",
  "DetachRolePolicy",
  "PutRolePermissionsBoundary",
  "PutRolePolicy",
]);
const POLICY_ARN_ACTIONS = new Set(["AttachRolePolicy", "DetachRolePolicy"]);

/**
 * The request values of IAM's own actions.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const iamContext = (action: string, call: Call): Context => {
  const { params, account } = call;
  const requested = structures(params, "Tags") ?? [];
  const role = account.roles.get((params.get("RoleName") ?? "").toLowerCase());
  const boundary = BOUNDARY_ACTIONS.has(action)
    ? (params.get("PermissionsBoundary") ?? role?.boundary)
    : undefined;
  const policy = POLICY_ARN_ACTIONS.has(action) ? params.get("PolicyArn") : undefined;
  const keys = [...requested.map((tag) => tag.get("Key") ?? ""), ...(list(params, "TagKeys") ?? [])];
  return new Map<string, readonly string[]>([
    ...requested.map((tag) => [`aws:RequestTag/${tag.get("Key") ?? ""}`, [tag.get("Value") ?? ""]] as const),
    ...(keys.length > 0 ? [["aws:TagKeys", keys] as const] : []),
    ...(boundary === undefined ? [] : [["iam:PermissionsBoundary", [boundary]] as const]),
    ...(policy === undefined ? [] : [["iam:PolicyARN", [policy]] as const]),
    ...resourceTags(call).flatMap(({ key, value }) => [
      [`aws:ResourceTag/${key}`, [value]] as const,
      [`iam:ResourceTag/${key}`, [value]] as const,
    ]),
    ["aws:ResourceAccount", [account.id]],
  ]);
};

// Passing Tags to a Create action needs the permission to tag as well.
const TAGGING: Readonly<Record<string, string>> = {
  CreateRole: "TagRole",
  CreatePolicy: "TagPolicy",
  CreateOpenIDConnectProvider: "TagOpenIDConnectProvider",
};

const because = (decision: string, by: string, action: string): string => {
  const article = by === "identity-based policy" ? "an" : "a";
  return decision === "explicitDeny"
    ? `with an explicit deny in ${article} ${by}`
    : `because no ${by} allows the ${action} action`;
};

/** Throws `AccessDenied` unless the caller's policies allow the IAM action on what it is about. */
export const authorizeIam = (action: string, call: Call): void => {
  const { world, principal } = call;
  const context = mergeContext(
    requestContext(world, call.userAgent),
    principalContext(world, principal),
    iamContext(action, call),
  );
  const resource = resourceOf(action, call);
  const tagging = call.params.has("Tags.member.1.Key") ? TAGGING[action] : undefined;
  const actions = tagging === undefined ? [action] : [action, tagging];
  for (const name of actions) {
    const ask: Ask = { action: `iam:${name}`, resource, context };
    const { decision, by } = permissionsOf(world, principal, ask);
    if (decision !== "allow")
      throw accessDenied(
        `User: ${principal.arn} is not authorized to perform: ${ask.action} on resource: ${resource} ${because(decision, by, ask.action)}`,
      );
  }
};
