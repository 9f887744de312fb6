import * as vscode from "vscode";
import { createAccess, createCredentials, type AwsCall } from "../aws/index.ts";
import { hubRoleArn, roleArns, trustRuleOf } from "../core/blueprint/index.ts";
import { pipelineStep } from "../core/blueprint/step.ts";
import { msg } from "../core/messages.ts";
import { commands } from "../manifest.ts";
import { chooseProxy, type Proxy } from "../tls/proxy.ts";
import { registerDrift } from "./drift/index.ts";
import { registerPipeline } from "./pipeline/index.ts";
import type { KnownSetup } from "./pipeline/pick.ts";
import { registerRoles } from "./roles/index.ts";
import { createBoundary } from "./shared/boundary.ts";
import { createCircleCiToken } from "./shared/circleCiToken.ts";
import { createDocuments } from "./shared/documents.ts";
import { askMfa } from "./shared/mfa.ts";
import { createStore, readSetups } from "./shared/store.ts";
import { createDialogs } from "./shared/vscodeDialogs.ts";
import { t } from "./shared/words.ts";
import { registerTrustCheck } from "./trustCheck/index.ts";
import { registerTeardown } from "./teardown/index.ts";
import { registerWizard } from "./wizard/index.ts";

/** Registers all features of the extension. Calls nobody. */
export function activateFeatures(context: vscode.ExtensionContext): vscode.Disposable {
  const boundary = createBoundary("CircleCI OIDC");
  const documents = createDocuments();
  const dialogs = createDialogs(boundary, documents);
  const store = createStore(context.globalStorageUri.fsPath);
  const token = createCircleCiToken(context.secrets);
  const env = process.env;
  const credentials = createCredentials();
  const onLog = (call: AwsCall): void => boundary.log.debug(JSON.stringify(call));
  const access = createAccess({ env, mfaCode: askMfa, credentials, onLog });
  const aws = { env, access, credentials, mfaCode: askMfa };

  const roles = registerRoles({
    ...aws,
    context,
    boundary,
    documents,
    storedRoles: async () => new Set((await readSetups(store)).flatMap(roleArns)),
  });
  const wizard = registerWizard(context, {
    ...aws,
    boundary,
    dialogs,
    documents,
    store,
    token,
    proxy: proxySettings,
    refreshRoles: (profile) => void roles.refresh(profile),
  });
  const pipeline = registerPipeline({
    boundary,
    documents,
    roles: {
      setups: async () => (await readSetups(store)).map(knownSetup),
      connectedRoles: async () => roles.connectedRoles(),
      // Whatever finishes or removes a setup has the view loaded again.
      onDidChange: roles.onDidChange,
      startWizard: async () => {
        await vscode.commands.executeCommand(commands.setUp);
      },
    },
  });
  const trustCheck = registerTrustCheck({
    boundary,
    documents,
    trustPolicyOf: roles.trustPolicyOf,
    packageJson: context.extension.packageJSON,
  });
  const drift = registerDrift({ access, boundary, dialogs, store, markRoles: roles.markRoles }, roles.arnOf);
  const teardown = registerTeardown({
    access,
    boundary,
    dialogs,
    store,
    refreshRoles: (profile) => void roles.refresh(profile),
  });
  const forget = boundary.register(commands.forgetToken, async () => {
    await token.forget();
    void vscode.window.showInformationMessage(t(msg("circleci.token.forgotten")));
  });
  return vscode.Disposable.from(
    boundary,
    documents,
    roles.disposable,
    wizard,
    pipeline,
    trustCheck,
    drift,
    teardown,
    forget,
  );
}

function knownSetup(setup: Parameters<typeof pipelineStep>[0]): KnownSetup {
  return {
    label: setup.hub.roleName,
    detail: hubRoleArn(setup),
    step: pipelineStep(setup),
    rule: trustRuleOf(setup),
    sessionSeconds: setup.hub.maxSessionSeconds ?? 3600,
  };
}

/** The proxy VS Code is set to use, for what cannot go through its own patched modules. */
function proxySettings(): Proxy | undefined {
  const http = vscode.workspace.getConfiguration("http");
  return chooseProxy(
    { proxy: http.get<string>("proxy"), noProxy: http.get<string[]>("noProxy") },
    process.env,
  );
}
