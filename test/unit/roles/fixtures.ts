import type { CircleCiProvider, CircleCiRole } from "../../../src/aws/index.ts";
import { roleConsoleUrl } from "../../../src/aws/index.ts";
import type { RoleNode } from "../../../src/features/roles/node.ts";
import type { LoadedAccess, Ready } from "../../../src/features/roles/state.ts";

export const ORGANIZATION = "5034460f-c7c4-4c43-9457-de07e2029e7b";
export const ACCOUNT = "111122223333";

export const providerArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.circleci.com/org/${ORGANIZATION}`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

export function aRole(change: Partial<CircleCiRole> = {}): CircleCiRole {
  const name = change.name ?? "deploy";
  return {
    arn: roleArn(name),
    name,
    trust: { Version: "2012-10-17", Statement: [] },
    consoleUrl: roleConsoleUrl("aws", name),
    attachedPolicies: [],
    inlinePolicies: [],
    managedByUs: false,
    ...change,
  };
}

export function aProvider(change: Partial<CircleCiProvider> = {}): CircleCiProvider {
  return {
    arn: providerArn,
    url: `https://oidc.circleci.com/org/${ORGANIZATION}`,
    organizationId: ORGANIZATION,
    audiences: [ORGANIZATION],
    thumbprints: ["06b25927c42a721631c1efd9431e648fa62e1e39"],
    tags: {},
    roles: [aRole()],
    ...change,
  };
}

export function anAccess(change: Partial<LoadedAccess> = {}): LoadedAccess {
  return {
    ok: true,
    identity: { accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/dev`, partition: "aws" },
    providers: [aProvider()],
    incomplete: [],
    ...change,
  };
}

export function aReady(change: Partial<LoadedAccess> = {}): Ready {
  return { kind: "ready", profile: "dev", access: anAccess(change), at: new Date(2026, 0, 2, 3, 4, 5) };
}

/** All nodes of a tree, parents before their children. */
export function flatten(nodes: readonly RoleNode[]): readonly RoleNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)]);
}

/** A tree as indented lines: icon, label and description. */
export function outline(nodes: readonly RoleNode[], indent = ""): readonly string[] {
  return nodes.flatMap((node) => [
    `${indent}${node.icon} ${node.label}${node.description === undefined ? "" : ` — ${node.description}`}`,
    ...outline(node.children, `${indent}  `),
  ]);
}
