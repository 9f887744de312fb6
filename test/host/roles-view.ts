import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import type { ProfileList } from "../../src/aws/index.ts";
import type { Problem } from "../../src/core/outcome.ts";
import type { RoleNode } from "../../src/features/roles/node.ts";
import type { Load } from "../../src/features/roles/state.ts";
import type { NodeTree } from "../../src/features/roles/tree.ts";
import { createRolesView, type RolesViewOptions, type TreePane } from "../../src/features/roles/view.ts";
import { createDocuments } from "../../src/features/shared/documents.ts";
import { anAccess, flatten, outline } from "../unit/roles/fixtures.ts";

export const oneProfile: ProfileList = { profiles: [{ name: "dev", kind: "sso" }], problems: [] };

/** A view with everything around it recorded: the extension's own view has the ids already. */
export function openView(
  options: Partial<Pick<RolesViewOptions, "load" | "profiles" | "isTrusted" | "storedRoles">> & Remembered,
) {
  const handlers = new Map<string, (...args: readonly unknown[]) => Promise<void> | void>();
  const kept = new Map<string, unknown>(
    options.remembered === undefined ? [] : [["roles.profile", options.remembered]],
  );
  const loads: string[] = [];
  const shown: Problem[] = [];
  const pane: TreePane & { selection: RoleNode[] } = {
    visible: true,
    selection: [],
    dispose: () => undefined,
  };
  let tree: NodeTree | undefined;
  const register: RolesViewOptions["registerInternal"] = (id, run) => {
    handlers.set(id, run);
    return new vscode.Disposable(() => handlers.delete(id));
  };
  const load: Load = options.load ?? (() => Promise.resolve({ ok: true, access: anAccess() }));
  const documents = createDocuments();
  const view = createRolesView({
    boundary: {
      register,
      show: (problem) => {
        shown.push(problem);
        return Promise.resolve();
      },
    },
    registerInternal: register,
    documents,
    memento: {
      get: (key) => kept.get(key),
      update: (key, value) => Promise.resolve(void kept.set(key, value)),
    },
    load: (profile, signal) => {
      loads.push(profile);
      return load(profile, signal);
    },
    profiles: options.profiles ?? (() => Promise.resolve(oneProfile)),
    storedRoles: options.storedRoles ?? (() => Promise.resolve(new Set())),
    isTrusted: options.isTrusted ?? (() => true),
    open: (opened) => {
      tree = opened;
      return pane;
    },
  });
  const nodes = (): readonly RoleNode[] => tree?.nodes() ?? [];
  return {
    view,
    pane,
    kept,
    loads,
    shown,
    nodes,
    handlers,
    tree: () => tree,
    lines: () => outline(nodes()),
    find: (kind: RoleNode["kind"]) => flatten(nodes()).find((node) => node.kind === kind),
    run: async (id: string, ...args: readonly unknown[]) => {
      const handler = handlers.get(id);
      assert.ok(handler, `${id} is not registered`);
      await handler(...args);
    },
    dispose: () => vscode.Disposable.from(view, documents).dispose(),
  };
}
type Remembered = { readonly remembered?: string };

/** Does something again and again until a promise is settled: a picker takes a moment to come up. */
export async function until<T>(promise: Promise<T>, act: () => Thenable<unknown>): Promise<T> {
  const settled = await Promise.race([promise.then((value) => ({ value })), pause(50)]);
  if (settled !== undefined) return settled.value;
  await act();
  return until(promise, act);
}
