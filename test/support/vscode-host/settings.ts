import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** VS Code settings by id, as in `settings.json`. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * User settings that keep the workbench quiet and the same in every run: no chat, welcome page, update,
 * telemetry, gallery look-up or other extension's work. Unknown ids are harmless, so one list serves all
 * versions.
 */
export const quietSettings: Settings = {
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  // As on a desktop; in a browser VS Code saves by itself after a second.
  "files.autoSave": "off",
  "files.simpleDialog.enable": true,
  "git.autofetch": false,
  "git.enabled": false,
  "github.gitAuthentication": false,
  "npm.autoDetect": "off",
  "remote.autoForwardPorts": false,
  "security.workspace.trust.banner": "never",
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
  "task.autoDetect": "off",
  "telemetry.telemetryLevel": "off",
  "typescript.disableAutomaticTypeAcquisition": true,
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "window.confirmBeforeClose": "never",
  "workbench.editor.empty.hint": "hidden",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
};

/** Writes `settings.json` into the `User` folder of a VS Code data folder, making it where needed. */
export async function writeUserSettings(userFolder: string, settings: Settings): Promise<void> {
  await mkdir(userFolder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(userFolder, "settings.json"), JSON.stringify(settings, null, 2));
}
