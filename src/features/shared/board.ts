import * as vscode from "vscode";
import type { Board, BoardItem } from "./dialogs.ts";

type Line<T> = vscode.QuickPickItem & { readonly value?: T };

/** Shows a list with buttons. It stays open while something is looked at beside it. */
export async function showBoard<T, B extends string>(board: Board<T, B>): Promise<void> {
  const pick = vscode.window.createQuickPick<Line<T>>();
  const buttonOf = (value: B, label = board.buttons[value].label) => ({
    iconPath: new vscode.ThemeIcon(board.buttons[value].icon),
    tooltip: label,
    value,
  });
  const isButton = (button: object): button is { readonly value: B } =>
    "value" in button && typeof button.value === "string" && button.value in board.buttons;
  const lineOf = ({ label, icon, buttons = [], value, ...rest }: BoardItem<T, B>): Line<T> =>
    value === undefined
      ? { label, kind: vscode.QuickPickItemKind.Separator }
      : {
          ...rest,
          label: icon === undefined ? label : `$(${icon}) ${label}`,
          buttons: buttons.map((button) => buttonOf(button)),
          value,
        };
  pick.title = board.title;
  pick.placeholder = board.placeholder;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = board.items.map(lineOf);
  pick.buttons = board.all.map(({ value, label }) => buttonOf(value, label));
  try {
    await new Promise<void>((resolve, reject) => {
      const act = (button: object | undefined, value: T | undefined): void => {
        const pressed = button !== undefined && isButton(button) ? button.value : undefined;
        board.press(pressed, value).then((stays) => (stays ? undefined : resolve()), reject);
      };
      pick.onDidTriggerButton((button) => act(button, undefined));
      pick.onDidTriggerItemButton(({ button, item }) => act(button, item.value));
      pick.onDidAccept(() => {
        const value = pick.selectedItems[0]?.value;
        if (value !== undefined) act(undefined, value);
      });
      pick.onDidHide(() => resolve());
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
