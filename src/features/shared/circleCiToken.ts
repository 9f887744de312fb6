import * as vscode from "vscode";
import { msg } from "../../core/messages.ts";
import { t } from "./words.ts";

/** The host that CircleCI API tokens are given to. A token is bound to the host it was entered for. */
export const CIRCLECI_HOST = "circleci.com";

/** The user's personal CircleCI API token, in VS Code's secret storage. */
export type CircleCiToken = {
  /** The stored token, or the one the user enters now; undefined where the user would rather not. */
  ask(): Promise<string | undefined>;
  keep(token: string): Promise<void>;
  forget(): Promise<void>;
};

/** Makes the access to the token of `CIRCLECI_HOST`. */
export function createCircleCiToken(secrets: vscode.SecretStorage): CircleCiToken {
  const key = `circleci-token:${CIRCLECI_HOST}`;
  return {
    ask: async () => {
      const stored = await secrets.get(key);
      if (stored !== undefined) return stored;
      const typed = await vscode.window.showInputBox({
        title: t(msg("circleci.token.title")),
        prompt: t(msg("circleci.token.prompt", { host: CIRCLECI_HOST })),
        password: true,
        ignoreFocusOut: true,
        validateInput: (value) =>
          value === "" || /^[\x21-\x7e]+$/.test(value.trim())
            ? undefined
            : t(msg("circleci.token.malformed")),
      });
      return typed === undefined || typed.trim() === "" ? undefined : typed.trim();
    },
    keep: async (token) => secrets.store(key, token),
    forget: async () => secrets.delete(key),
  };
}
