import * as vscode from "vscode";
import type { RoleNode } from "./node.ts";

/** Runs what a click on a node means. Not in package.json: it makes sense on a node only. */
export const RUN_NODE = "circleci-oidc.roles.runNode";

/** Shows plain nodes as a tree, whatever they are. */
export type NodeTree = Omit<vscode.TreeDataProvider<RoleNode>, "getTreeItem"> & {
  getTreeItem(node: RoleNode): vscode.TreeItem;
  /** Shows other nodes from now on. */
  show(nodes: readonly RoleNode[]): void;
  /** The nodes on show. */
  nodes(): readonly RoleNode[];
  dispose(): void;
};

/** A tree of the given nodes. */
export function createNodeTree(first: readonly RoleNode[]): NodeTree {
  let nodes = first;
  const changed = new vscode.EventEmitter<void>();
  return {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => [...(parent?.children ?? nodes)],
    getTreeItem: toTreeItem,
    nodes: () => nodes,
    show: (next) => {
      nodes = next;
      changed.fire();
    },
    dispose: () => changed.dispose(),
  };
}

/** A node as VS Code draws it. */
export function toTreeItem(node: RoleNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, collapsibleState(node));
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(node.icon, iconColor(node));
  item.contextValue = node.contextValue;
  const { description, tooltip, command } = node;
  if (description !== undefined) item.description = description;
  if (tooltip !== undefined) item.tooltip = tooltip;
  // Otherwise a screen reader would read the tooltip in place of the label.
  item.accessibilityInformation = {
    label: [node.label, ...(description === undefined ? [] : [description])].join(", "),
  };
  if (command !== undefined) {
    item.command =
      command.kind === "command"
        ? { command: command.id, title: node.label }
        : { command: RUN_NODE, title: node.label, arguments: [node] };
  }
  return item;
}

function collapsibleState(node: RoleNode): vscode.TreeItemCollapsibleState {
  if (node.children.length === 0) return vscode.TreeItemCollapsibleState.None;
  return node.expanded === true
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}

function iconColor({ icon }: RoleNode): vscode.ThemeColor | undefined {
  if (icon === "error") return new vscode.ThemeColor("list.errorForeground");
  return icon === "warning" ? new vscode.ThemeColor("list.warningForeground") : undefined;
}
