import type { CommandId } from "../../manifest.ts";

/** What a click on a node does. */
export type NodeAction =
  | { readonly kind: "command"; readonly id: CommandId }
  /** Opens a text as a read-only document; the ending of `name` decides the language. */
  | { readonly kind: "document"; readonly name: string; readonly text: string }
  /** Runs a program in a terminal: the program, then its arguments. */
  | { readonly kind: "terminal"; readonly command: readonly string[] };

export type NodeKind =
  | "account"
  | "provider"
  | "role"
  | "trustPolicy"
  | "managedPolicy"
  | "inlinePolicy"
  /** A fact about the node above it. */
  | "detail"
  /** A sentence: loading, a failure, an empty list, something that could not be read. */
  | "notice"
  /** Something to do next. */
  | "action";

/** The icons in use, by their codicon names. */
export type NodeIcon =
  | "account"
  | "add"
  | "cloud"
  | "error"
  | "info"
  | "json"
  | "key"
  | "law"
  | "lightbulb"
  | "loading~spin"
  | "refresh"
  | "shield"
  | "tag"
  | "terminal"
  | "warning";

/** One line of the roles tree: plain data, complete with everything below it. */
export type RoleNode = {
  /** Unique in the tree and the same after a reload, so that what is unfolded stays so. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon: NodeIcon;
  /** Words for `viewItem` in the when clauses of menus: the kind, `arn`, `console` and `setup`. */
  readonly contextValue: string;
  readonly children: readonly RoleNode[];
  /** Unfolded from the start. */
  readonly expanded?: boolean;
  readonly arn?: string;
  readonly consoleUrl?: string;
  /** A role of a setup that is stored here. */
  readonly isOfSetup?: boolean;
  readonly command?: NodeAction;
};

/** A node without what follows from the rest of it. */
export type NodeDraft = Omit<RoleNode, "contextValue" | "children"> & {
  readonly children?: readonly RoleNode[];
};

/** Makes a node: its context value follows from its kind and from what it has. */
export function node(draft: NodeDraft): RoleNode {
  const words = [
    draft.kind,
    ...(draft.arn === undefined ? [] : ["arn"]),
    ...(draft.consoleUrl === undefined ? [] : ["console"]),
    ...(draft.isOfSetup === true ? ["setup"] : []),
  ];
  return { ...draft, contextValue: words.join(" "), children: draft.children ?? [] };
}

/** The ID of a role's node for its trust policy. */
export function trustIdOf(roleId: string): string {
  return `${roleId}/trust`;
}

/** The ID of the role that a node of a trust policy is below. */
export function roleIdOf({ id }: Pick<RoleNode, "id">): string {
  return id.replace(/\/trust$/, "");
}

/** The node of an ID, wherever in the tree it is. */
export function findNode(nodes: readonly RoleNode[], id: string): RoleNode | undefined {
  for (const candidate of nodes) {
    const found = candidate.id === id ? candidate : findNode(candidate.children, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
