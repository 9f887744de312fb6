import * as vscode from "vscode";
import { listProfiles } from "../../aws/index.ts";
import { views } from "../../manifest.ts";
import { logLine, unexpected, type Boundary } from "../shared/boundary.ts";
import type { Documents } from "../shared/documents.ts";
import { loadFromAws, type LoadOptions } from "./load.ts";
import { createRolesView, type RolesView, type RolesViewOptions } from "./view.ts";

export type { ShownTrust } from "./view.ts";

export type RolesOptions = Omit<LoadOptions, "onProblem"> & {
  readonly context: Pick<vscode.ExtensionContext, "globalState">;
  readonly boundary: Boundary;
  readonly documents: Documents;
} & Pick<RolesViewOptions, "storedRoles">;

export type Roles = Omit<RolesView, "dispose"> & { readonly disposable: vscode.Disposable };

/** Registers the view CircleCI OIDC › Roles and its commands. Asks nobody until the user says so. */
export function registerRoles(options: RolesOptions): Roles {
  const { boundary, context, documents } = options;
  const view = createRolesView({
    boundary,
    documents,
    memento: context.globalState,
    load: loadFromAws({ ...options, onProblem: (problem) => boundary.log.error(logLine(problem)) }),
    profiles: () => listProfiles(options.env),
    storedRoles: options.storedRoles,
    isTrusted: () => vscode.workspace.isTrusted,
    open: (tree) =>
      vscode.window.createTreeView(views.roles, { treeDataProvider: tree, showCollapseAll: true }),
    registerInternal: (id, run) =>
      vscode.commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          await run(...args);
        } catch (error) {
          await boundary.show(unexpected(error));
        }
      }),
  });
  return { ...view, disposable: view };
}
