import * as vscode from "vscode";
import { documentScheme } from "../../manifest.ts";

/** Shows texts of ours as read-only documents and in diffs, with VS Code's own means. */
export type Documents = {
  /** Opens a text; `name` is the tab's title and decides the language by its ending. */
  open(name: string, text: string): Promise<vscode.TextDocument>;
  /** Opens a diff; either side is a text of ours or a document that exists. */
  compare(title: string, left: Side, right: Side, show?: { readonly preserveFocus: boolean }): Promise<void>;
  /** Opens several diffs as one. */
  compareAll(title: string, pairs: readonly Pair[]): Promise<void>;
};

export type Side = vscode.Uri | { readonly name: string; readonly text: string };

/** Two texts of ours under one name. */
export type Pair = { readonly name: string; readonly left: string; readonly right: string };

/** Registers the content provider. */
export function createDocuments(): Documents & vscode.Disposable {
  const texts = new Map<string, string>();
  let count = 0;
  const provider = vscode.workspace.registerTextDocumentContentProvider(documentScheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()),
  });
  // The text is let go when the last editor of its document closes.
  const closed = vscode.workspace.onDidCloseTextDocument((document) => texts.delete(document.uri.toString()));
  const uriOf = (side: Side): vscode.Uri => {
    if (side instanceof vscode.Uri) return side;
    count += 1;
    const uri = vscode.Uri.from({ scheme: documentScheme, path: `/${count}/${side.name}` });
    texts.set(uri.toString(), side.text);
    return uri;
  };
  return {
    open: async (name, text) => {
      const editor = await vscode.window.showTextDocument(uriOf({ name, text }), {
        preview: true,
        // Beside what is being read, such as the wizard; nothing to be beside leaves an empty column.
        viewColumn:
          vscode.window.tabGroups.activeTabGroup.activeTab === undefined
            ? vscode.ViewColumn.Active
            : vscode.ViewColumn.Beside,
      });
      return editor.document;
    },
    compare: async (title, left, right, show) => {
      await vscode.commands.executeCommand("vscode.diff", uriOf(left), uriOf(right), title, {
        preview: true,
        ...show,
      });
    },
    compareAll: async (title, pairs) => {
      const sides = pairs.map(({ name, left, right }) => {
        const after = uriOf({ name, text: right });
        // Of the same path, or it would be shown as a renamed file; one that is new has no left side.
        const before = after.with({ query: "before" });
        if (left !== "") texts.set(before.toString(), left);
        return [after, left === "" ? undefined : before, after];
      });
      await vscode.commands.executeCommand("vscode.changes", title, sides);
    },
    dispose: () => vscode.Disposable.from(provider, closed).dispose(),
  };
}
