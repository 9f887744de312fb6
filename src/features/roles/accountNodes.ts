import type { CircleCiProvider, CircleCiRole } from "../../aws/index.ts";
import type { Partition } from "../../core/ids.ts";
import { msg, type Translate } from "../../core/messages.ts";
import { pretty } from "../../core/policy.ts";
import { readTrustPolicy } from "../../core/trust/index.ts";
import { visible } from "../../core/visible.ts";
import { commands } from "../../manifest.ts";
import { policyConsoleUrl, providerConsoleUrl } from "./console.ts";
import { node, trustIdOf, type NodeDraft, type RoleNode } from "./node.ts";
import type { LoadedAccess, Ready, RoleMarks } from "./state.ts";

/**
 * The tree of a loaded account: what could not be read, then its providers with the roles that trust them.
 *
 * @param say renders a message with the hidden characters of its arguments made visible
 */
export function accountNode(ready: Ready, say: Translate, marks: RoleMarks): RoleNode {
  const { access, profile, at } = ready;
  const { accountId, arn, endpointOverride } = access.identity;
  const asked =
    endpointOverride === undefined ? [] : [say(msg("roles.account.endpoint", { host: endpointOverride }))];
  const id = `account/${accountId}`;
  return node({
    id,
    kind: "account",
    label: say(msg("roles.account", { account: accountId })),
    description: [visible(profile), ...asked].join(" · "),
    tooltip: [
      say(msg("roles.account.identity", { arn })),
      ...asked,
      say(msg("roles.account.loaded", { time: at.toLocaleTimeString() })),
    ].join("\n"),
    icon: "cloud",
    expanded: true,
    children: [
      ...access.incomplete.map((message, index) => warning(`${id}/incomplete/${index}`, say(message))),
      ...(access.providers.length === 0 ? emptyNodes(id, say) : []),
      ...access.providers.map((provider) => providerNode(id, provider, access, say, marks)),
    ],
  });
}

function emptyNodes(id: string, say: Translate): readonly RoleNode[] {
  return [
    node({ id: `${id}/none`, kind: "notice", label: say(msg("roles.none")), icon: "info" }),
    node({
      id: `${id}/set-up`,
      kind: "action",
      label: say(msg("roles.setUp")),
      icon: "add",
      command: { kind: "command", id: commands.setUp },
    }),
  ];
}

function providerNode(
  parent: string,
  provider: CircleCiProvider,
  access: LoadedAccess,
  say: Translate,
  marks: RoleMarks,
): RoleNode {
  const { arn, url, organizationId: organization, audiences, thumbprints, roles } = provider;
  const id = `${parent}/${arn}`;
  const shared = say(msg("roles.provider.shared.warning"));
  return node({
    id,
    kind: "provider",
    label:
      organization === undefined
        ? say(msg("roles.provider.shared"))
        : say(msg("roles.provider", { organization })),
    tooltip: [visible(url), visible(arn)].join("\n"),
    icon: "shield",
    expanded: true,
    arn,
    consoleUrl: providerConsoleUrl(access.identity.partition, arn),
    children: [
      ...(organization === undefined ? [warning(`${id}/shared`, shared)] : []),
      ...detail(`${id}/audiences`, say(msg("roles.provider.audiences")), audiences),
      ...detail(`${id}/thumbprints`, say(msg("roles.provider.thumbprints")), thumbprints),
      ...(roles.length === 0 ? [noRoles(id, access, say)] : []),
      ...roles.map((role) => roleNode(id, role, access, say, marks)),
    ],
  });
}

function detail(id: string, label: string, values: readonly string[]): readonly RoleNode[] {
  if (values.length === 0) return [];
  const description = values.map(visible).join(", ");
  const tooltip = [label, ...values.map(visible)].join("\n");
  return [node({ id, kind: "detail", label, description, tooltip, icon: "tag" })];
}

/** Roles that may not be listed are not the same as none. */
function noRoles(id: string, access: LoadedAccess, say: Translate): RoleNode {
  const unlisted = access.incomplete.some((message) => message.id === "aws.roles.unlisted");
  return unlisted
    ? warning(`${id}/unlisted`, say(msg("roles.provider.unlisted")))
    : node({
        id: `${id}/no-roles`,
        kind: "notice",
        label: say(msg("roles.provider.noRoles")),
        icon: "info",
      });
}

function roleNode(
  parent: string,
  role: CircleCiRole,
  access: LoadedAccess,
  say: Translate,
  { stored, differences }: RoleMarks,
): RoleNode {
  const { arn, name, consoleUrl, created } = role;
  const id = `${parent}/${arn}`;
  const date = created?.toLocaleDateString();
  const count = differences.get(arn) ?? 0;
  const about = [
    ...(role.managedByUs ? [say(msg("roles.role.madeHere"))] : []),
    ...(count === 0 ? [] : [say(msg("roles.role.drift", { count }))]),
  ];
  return node({
    id,
    kind: "role",
    label: visible(name),
    ...(about.length === 0 ? {} : { description: about.join(" · ") }),
    tooltip: [
      visible(arn),
      ...(date === undefined ? [] : [say(msg("roles.role.created", { date }))]),
      ...(count === 0 ? [] : [say(msg("roles.role.drift", { count }))]),
    ].join("\n"),
    icon: count === 0 ? "key" : "warning",
    isOfSetup: role.managedByUs && stored.has(arn),
    arn,
    consoleUrl,
    children: [trustNode(id, role, say), ...policyNodes(id, role, access, say)],
  });
}

/** Opens the trust policy as it is stored, and says below it who can assume the role; one that is no JSON opens as text. */
function trustNode(parent: string, { name, trust }: CircleCiRole, say: Translate): RoleNode {
  const isText = typeof trust === "string";
  return node({
    id: trustIdOf(parent),
    kind: "trustPolicy",
    label: say(msg("roles.trust")),
    icon: "json",
    children: whoNodes(`${parent}/trust`, trust, say),
    command: {
      kind: "document",
      name: `${name}-trust-policy.${isText ? "txt" : "json"}`,
      text: isText ? trust : `${pretty(trust)}\n`,
    },
  });
}

/** Who can assume the role by its trust policy, statement by statement. */
function whoNodes(parent: string, trust: unknown, say: Translate): readonly RoleNode[] {
  const reading = readTrustPolicy({ policy: trust });
  if (reading.kind === "invalid") return [];
  return reading.statements.map(({ statement, says, who, conditions }) => {
    const id = `${parent}/${String(statement.index)}`;
    const lines = [...who, ...conditions.flatMap(({ text, remarks }) => [text, ...remarks])].map(say);
    return node({
      id,
      kind: "detail",
      label: say(says),
      tooltip: [say(says), ...lines].join("\n"),
      icon: "account",
      children: lines.map((label, index) =>
        node({ id: `${id}/${String(index)}`, kind: "detail", label, tooltip: label, icon: "info" }),
      ),
    });
  });
}

function policyNodes(
  parent: string,
  role: CircleCiRole,
  access: LoadedAccess,
  say: Translate,
): readonly RoleNode[] {
  const { attachedPolicies, inlinePolicies, name } = role;
  if (attachedPolicies.length === 0 && inlinePolicies.length === 0) {
    // Where something of the role could not be read, it may well have policies.
    const incomplete = access.incomplete.some((message) => message.args?.["name"] === name);
    const label = say(msg("roles.role.noPolicies"));
    return incomplete ? [] : [node({ id: `${parent}/no-policies`, kind: "notice", label, icon: "info" })];
  }
  return [
    ...attachedPolicies.map((policy) => managedPolicyNode(parent, policy, access.identity.partition, say)),
    ...inlinePolicies.map((policy) =>
      node({
        id: `${parent}/inline/${policy}`,
        kind: "inlinePolicy",
        label: visible(policy),
        description: say(msg("roles.policy.inline")),
        icon: "law",
      }),
    ),
  ];
}

function managedPolicyNode(
  parent: string,
  { arn, name }: { readonly arn: string; readonly name: string },
  partition: Partition,
  say: Translate,
): RoleNode {
  const isAws = /^arn:[^:]*:iam::aws:policy\//.test(arn);
  return node({
    id: `${parent}/${arn}`,
    kind: "managedPolicy",
    label: visible(name),
    description: say(msg(isAws ? "roles.policy.aws" : "roles.policy.managed")),
    tooltip: visible(arn),
    icon: "law",
    arn,
    consoleUrl: policyConsoleUrl(partition, arn),
  });
}

function warning(id: string, label: string): RoleNode {
  const draft: NodeDraft = { id, kind: "notice", label, tooltip: label, icon: "warning" };
  return node(draft);
}
