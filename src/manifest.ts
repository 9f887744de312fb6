/**
 * The ids that package.json and the code share. A test holds package.json to them, both ways.
 */

/** Commands by what they do. */
export const commands = {
  setUp: "circleci-oidc.setUp",
  insertAuthStep: "circleci-oidc.insertAuthStep",
  checkTrustPolicy: "circleci-oidc.checkTrustPolicy",
  refreshRoles: "circleci-oidc.refreshRoles",
  chooseProfile: "circleci-oidc.chooseProfile",
  copyArn: "circleci-oidc.copyArn",
  openInConsole: "circleci-oidc.openInConsole",
  forgetToken: "circleci-oidc.forgetToken",
  compareSetup: "circleci-oidc.compareSetup",
  removeSetup: "circleci-oidc.removeSetup",
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const views = { roles: "circleci-oidc.roles" } as const;

export const settings = { codeLens: "circleci-oidc.codeLens.enabled" } as const;

/** The type of the wizard's webview panel, as in the activation event `onWebviewPanel:…`. */
export const WIZARD_PANEL = "circleci-oidc.wizard";

export const walkthroughs = { start: "circleci-oidc.start" } as const;

/** Schemes of the read-only documents we show: a policy, one side of a diff. */
export const documentScheme = "circleci-oidc";
