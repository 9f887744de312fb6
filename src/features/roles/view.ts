import * as vscode from "vscode";
import type { ProfileList } from "../../aws/index.ts";
import { msg } from "../../core/messages.ts";
import { visible } from "../../core/visible.ts";
import { commands, views } from "../../manifest.ts";
import { unexpected, type Boundary } from "../shared/boundary.ts";
import type { Documents } from "../shared/documents.ts";
import { openTerminal } from "../shared/terminal.ts";
import { t } from "../shared/words.ts";
import { connectedRoles, type ConnectedRole } from "./connected.ts";
import { isConsoleUrl } from "./console.ts";
import { findNode, roleIdOf, type NodeAction, type RoleNode } from "./node.ts";
import { rolesNodes } from "./nodes.ts";
import { pickProfile } from "./pick.ts";
import { noMarks, profileOf, shownAccess, type Load, type RoleMarks, type RolesState } from "./state.ts";
import { createRolesStore } from "./store.ts";
import { createNodeTree, RUN_NODE, type NodeTree } from "./tree.ts";

const REMEMBERED_PROFILE = "roles.profile";
const STATUS_MILLISECONDS = 4000;

/** What the view needs of a `vscode.TreeView`. */
export type TreePane = {
  description?: string;
  readonly visible: boolean;
  readonly selection: readonly RoleNode[];
  dispose(): void;
};

export type RolesViewOptions = {
  readonly boundary: Pick<Boundary, "register" | "show">;
  /** Registers the command behind a node, which no palette lists. */
  readonly registerInternal: (
    id: string,
    run: (...args: readonly unknown[]) => Promise<void> | void,
  ) => vscode.Disposable;
  readonly documents: Pick<Documents, "open">;
  /** Keeps the chosen profile's name; `ExtensionContext.globalState` is one. */
  readonly memento: {
    get(key: string): unknown;
    update(key: string, value: string): Thenable<void>;
  };
  readonly load: Load;
  readonly profiles: () => Promise<ProfileList>;
  /** The ARNs of the roles of setups that are stored here. */
  readonly storedRoles: () => Promise<ReadonlySet<string>>;
  readonly isTrusted: () => boolean;
  /** Shows the tree in the view. */
  readonly open: (tree: NodeTree) => TreePane;
};

export type RolesView = {
  /** Loads with a profile, or again with the chosen one; asks for one where none was chosen. */
  readonly refresh: (profile?: string) => Promise<void>;
  /** The roles that are loaded now. Loads nothing. */
  readonly connectedRoles: () => readonly ConnectedRole[];
  /** Fires when what `connectedRoles` gives may be different. */
  readonly onDidChange: vscode.Event<void>;
  /** The trust policy of a role that is on show: of the node given or, without one, of the selected one. */
  readonly trustPolicyOf: (argument: unknown) => ShownTrust | undefined;
  /** The ARN of a node that is on show. */
  readonly arnOf: (argument: unknown) => string | undefined;
  /** Marks roles with how many differences from their setup there are, by ARN. */
  readonly markRoles: (differences: ReadonlyMap<string, number>) => void;
  readonly dispose: () => void;
};

/** A role's trust policy as the view opens it, and what else is known of the role. */
export type ShownTrust = {
  readonly name: string;
  readonly text: string;
  readonly accountId?: string;
  /** ARNs of the managed policies that are attached to the role. */
  readonly attached: readonly string[];
};

/** Builds the view and its commands. Nothing is read and nobody asked until the user says so. */
export function createRolesView(options: RolesViewOptions): RolesView {
  const { boundary, memento } = options;
  const kept = memento.get(REMEMBERED_PROFILE);
  let marks: RoleMarks = noMarks;
  const changed = new vscode.EventEmitter<void>();
  const draw = (state: RolesState): void => {
    tree.show(rolesNodes(state, t, marks));
    pane.description = visible(profileOf(state) ?? "");
  };
  const store = createRolesStore({
    load: options.load,
    remembered: typeof kept === "string" && kept !== "" ? kept : undefined,
    onChange: (state) => {
      draw(state);
      changed.fire();
    },
    unexpected,
  });
  const tree = createNodeTree(rolesNodes(store.state(), t));
  const pane = options.open(tree);
  pane.description = visible(profileOf(store.state()) ?? "");

  const load = async (profile: string): Promise<void> => {
    const loading = vscode.window.withProgress({ location: { viewId: views.roles } }, async () => {
      marks = { ...marks, stored: await options.storedRoles() };
      await store.refresh(profile);
    });
    await Promise.all([loading, memento.update(REMEMBERED_PROFILE, profile)]);
  };
  const choose = async (): Promise<void> => {
    const profile = await pickProfile(options.profiles(), profileOf(store.state()), boundary);
    if (profile !== undefined) await load(profile);
  };
  const refresh = async (profile = profileOf(store.state())): Promise<void> => {
    if (!options.isTrusted()) return sayUntrusted();
    await (profile === undefined ? choose() : load(profile));
  };
  /** For commands, which the palette may call while another view is open. */
  const inView = async (run: () => Promise<void>): Promise<void> => {
    if (!options.isTrusted()) return sayUntrusted();
    if (!pane.visible) await vscode.commands.executeCommand(`${views.roles}.focus`);
    await run();
  };
  /** Only what is on show counts, whoever calls the command and with what. */
  const nodeOf = (argument: unknown): RoleNode | undefined => {
    const given = isNode(argument) ? findNode(tree.nodes(), argument.id) : undefined;
    return given ?? (argument === undefined ? pane.selection[0] : undefined);
  };

  const registered = vscode.Disposable.from(
    boundary.register(commands.refreshRoles, () => inView(() => refresh())),
    boundary.register(commands.chooseProfile, () => inView(choose)),
    boundary.register(commands.copyArn, (argument) => copyArn(nodeOf(argument))),
    boundary.register(commands.openInConsole, (argument) => openInConsole(nodeOf(argument), boundary)),
    options.registerInternal(RUN_NODE, (argument) => runNode(nodeOf(argument)?.command, options.documents)),
  );
  return {
    refresh,
    connectedRoles: () => connectedRoles(store.state(), t),
    onDidChange: changed.event,
    trustPolicyOf: (argument) => {
      const node = nodeOf(argument);
      const role = node?.kind === "trustPolicy" ? findNode(tree.nodes(), roleIdOf(node)) : node;
      const accountId = shownAccess(store.state())?.access.identity.accountId;
      const shown = shownTrust(role);
      return shown === undefined || accountId === undefined ? shown : { ...shown, accountId };
    },
    arnOf: (argument) => (argument === undefined ? undefined : nodeOf(argument)?.arn),
    markRoles: (differences) => {
      marks = { ...marks, differences: new Map([...marks.differences, ...differences]) };
      draw(store.state());
    },
    dispose: () => vscode.Disposable.from(registered, store, pane, tree, changed).dispose(),
  };
}

/** The trust policy of a role and the managed policies below it; undefined for other nodes. */
function shownTrust(role: RoleNode | undefined): ShownTrust | undefined {
  const trust = role?.children.find(({ kind }) => kind === "trustPolicy");
  if (role?.kind !== "role" || trust?.command?.kind !== "document") return undefined;
  const { name, text } = trust.command;
  const managed = role.children.filter(({ kind }) => kind === "managedPolicy");
  return { name, text, attached: managed.flatMap(({ arn }) => arn ?? []) };
}

/**
 * Says why nothing happens: a profile may run a program to get its credentials. Not waited for: a notification
 * may stay for long.
 */
function sayUntrusted(): void {
  const manage = t(msg("roles.trust.manage"));
  const ask = async (): Promise<void> => {
    const choice = await vscode.window.showWarningMessage(t(msg("command.untrusted")), manage);
    if (choice === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  };
  void ask();
}

async function copyArn(node: RoleNode | undefined): Promise<void> {
  if (node?.arn === undefined) return nothingSelected();
  await vscode.env.clipboard.writeText(node.arn);
  vscode.window.setStatusBarMessage(t(msg("roles.copied", { arn: visible(node.arn) })), STATUS_MILLISECONDS);
}

async function openInConsole(node: RoleNode | undefined, boundary: Pick<Boundary, "show">): Promise<void> {
  const url = node?.consoleUrl;
  if (url === undefined) return nothingSelected();
  if (!isConsoleUrl(url)) {
    await boundary.show({ code: "roles.notConsole", message: msg("roles.notConsole"), detail: url });
    return;
  }
  // `env.openExternal` takes a Uri, which decodes the `%2F` that the console wants in an ARN; this keeps it.
  await vscode.commands.executeCommand("vscode.open", url);
}

function nothingSelected(): void {
  void vscode.window.showInformationMessage(t(msg("roles.nothingSelected")));
}

async function runNode(
  action: NodeAction | undefined,
  documents: RolesViewOptions["documents"],
): Promise<void> {
  switch (action?.kind) {
    case "document":
      await documents.open(action.name, action.text);
      return;
    case "terminal":
      openTerminal(action.command);
      return;
    case "command":
      await vscode.commands.executeCommand(action.id);
      return;
    case undefined:
  }
}

function isNode(value: unknown): value is { readonly id: string } {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
