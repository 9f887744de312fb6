// A real VS Code from npm packages: install it, start its server, open its workbench in a browser, run a
// suite inside its extension host.
export { bundleSuite, type BundleOptions } from "./bundle.ts";
export { ensureDebianPackages, findChromium, type DebianPackage, type Progress } from "./debian.ts";
export { assertPlatform, installVSCode, type InstallOptions, type VSCodeInstallation } from "./install.ts";
export {
  notifications,
  openFile,
  quickInput,
  runCommand,
  screenshot,
  webviewFrame,
  type Notifications,
  type QuickInput,
  type WebviewContent,
} from "./page.ts";
export { defaultCacheDir, makeShortTempDir, projectRoot } from "./paths.ts";
export { cleanEnvironment, type Environment } from "./processes.ts";
export { startServer, type PayloadPair, type ServerOptions, type VSCodeServer } from "./server.ts";
export { quietSettings, writeUserSettings, type Settings } from "./settings.ts";
export { noTestExecuted, runSuite, type SuiteOptions, type SuiteResult } from "./suite.ts";
export {
  isVSCodeVersion,
  newestVSCode,
  vscodeReleases,
  vscodeVersions,
  type VSCodeRelease,
  type VSCodeVersion,
} from "./versions.ts";
export { launchChromium, openWorkbench, type Workbench, type WorkbenchOptions } from "./workbench.ts";
