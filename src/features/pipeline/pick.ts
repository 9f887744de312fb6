import * as vscode from "vscode";
import type { StepRequest } from "../../core/insertion/offer.ts";
import { checkRegion } from "../../core/ids.ts";
import { msg } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { AuthStepOptions } from "../../core/pipeline/index.ts";
import { readTrustPolicy, type TrustRule } from "../../core/trust/index.ts";
import type { PipelineFile } from "../../core/wizard/state.ts";
import { sayVisibly } from "../shared/visibly.ts";
import { t } from "../shared/words.ts";
import { findConfigs, isCircleCiConfig, nameOf } from "./configFile.ts";

/** A setup that was finished here, with the step it asks for. */
export type KnownSetup = {
  readonly label: string;
  readonly detail: string;
  readonly step: AuthStepOptions;
  /** Who may assume its role. */
  readonly rule?: TrustRule;
  /** How long a session of its role may be. */
  readonly sessionSeconds?: number;
};

/** A role that an explicit look-up has found in the connected account. */
export type ConnectedRole = {
  readonly label: string;
  readonly detail: string;
  readonly roleArn: string;
  readonly region?: string;
  /** The trust policy as it was read. */
  readonly trust?: unknown;
};

/** Where roles come from. Neither list asks AWS: they hold what is known already. */
export type RoleSource = {
  setups(): Promise<readonly KnownSetup[]>;
  connectedRoles(): Promise<readonly ConnectedRole[]>;
  /** Fires when either may be different. */
  readonly onDidChange: vscode.Event<void>;
  startWizard(): Promise<void>;
};

/** The config to edit: that of the active editor, or the only one of the workspace, or the user's choice. */
export async function pickConfig(): Promise<vscode.Uri | Problem | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && isCircleCiConfig(active)) return active.uri;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map(({ uri }) => findConfigs(uri)));
  const uris = found.flatMap((one) => ("code" in one ? [] : one));
  const [first] = uris;
  if (first === undefined) {
    const missing = found.find((one) => "code" in one);
    return missing ?? { code: "pipeline.noFolder", message: msg("wizard.pipeline.noFolder") };
  }
  if (uris.length === 1) return first;
  const items = uris.map((uri) => ({ label: nameOf(uri), uri }));
  const title = t(msg("pipelineEditor.pick.config"));
  return (await vscode.window.showQuickPick(items, { title }))?.uri;
}

type RoleItem = vscode.QuickPickItem & { readonly request?: () => Promise<StepRequest | undefined> };

/**
 * The role of the step: setups made here first, then roles of the connected account. Where none is known, or
 * another is wanted, the wizard is started and nothing is inserted: there is no placeholder.
 */
export async function pickStep(source: RoleSource): Promise<StepRequest | undefined> {
  const [setups, connected] = await Promise.all([source.setups(), source.connectedRoles()]);
  const items = roleItems(setups, connected);
  if (items.length === 0) {
    const setUp = t(msg("pipelineEditor.noRole.setUp"));
    const choice = await vscode.window.showInformationMessage(t(msg("pipelineEditor.noRole")), setUp);
    if (choice === setUp) await source.startWizard();
    return undefined;
  }
  const another: RoleItem = { label: `$(add) ${t(msg("pipelineEditor.pick.role.new"))}` };
  const choice = await vscode.window.showQuickPick([...items, separator(), another], {
    title: t(msg("pipelineEditor.pick.role")),
    matchOnDetail: true,
  });
  if (choice === another) await source.startWizard();
  return choice?.request?.();
}

/** Which runs a role admits, where it is for one project: a setup is, and so are most roles. */
function runsOf(rule: TrustRule | undefined): Omit<StepRequest, "step"> {
  const [project, ...others] = rule?.projects ?? [];
  return project === undefined || others.length > 0 ? {} : { runs: project.runs };
}

function roleItems(setups: readonly KnownSetup[], connected: readonly ConnectedRole[]): RoleItem[] {
  const known = new Set(setups.map(({ step }) => step.roleArn));
  const others = connected.filter(({ roleArn }) => !known.has(roleArn));
  const fromSetups = setups.map(({ label, detail, step, rule, sessionSeconds }): RoleItem => {
    const request = {
      step,
      ...runsOf(rule),
      ...(sessionSeconds === undefined ? {} : { sessionSeconds }),
    };
    return { label, detail, request: () => Promise.resolve(request) };
  });
  const fromAccount = others.map((role): RoleItem => {
    return { label: role.label, detail: role.detail, request: () => requestFor(role) };
  });
  return [
    ...(fromSetups.length === 0 ? [] : [separator(t(msg("pipelineEditor.pick.role.setups")))]),
    ...fromSetups,
    ...(fromAccount.length === 0 ? [] : [separator(t(msg("pipelineEditor.pick.role.connected")))]),
    ...fromAccount,
  ];
}

function separator(label = ""): RoleItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Only the V2 token names the branch, and roles that ask for none take it as well. */
async function requestFor({ roleArn, region, trust }: ConnectedRole): Promise<StepRequest | undefined> {
  const chosen = region ?? (await askRegion());
  if (chosen === undefined) return undefined;
  const step = { roleArn, region: chosen, tokenVariable: "CIRCLE_OIDC_TOKEN_V2", subAccounts: [] } as const;
  const reading = trust === undefined ? undefined : readTrustPolicy({ policy: trust });
  return { step, ...runsOf(reading?.kind === "reading" ? reading.rule : undefined) };
}

async function askRegion(): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    title: t(msg("pipelineEditor.pick.region")),
    prompt: t(msg("pipelineEditor.pick.region.prompt")),
    validateInput: (text) => {
      const checked = checkRegion(text);
      return checked.ok ? undefined : t(checked.problem);
    },
  });
  const checked = typed === undefined ? undefined : checkRegion(typed);
  return checked?.ok === true ? checked.value : undefined;
}

/** The jobs that get the step, out of those that can take it; `undefined` where the user thought better of it. */
export async function pickJobs({ file, jobs }: PipelineFile): Promise<readonly string[] | undefined> {
  const ready = jobs.filter(({ status }) => status === "ready");
  const rest = jobs.length - ready.length;
  const items = ready.map(({ name, facts, note }) => ({
    label: name,
    detail: [...facts, ...(note === undefined ? [] : [note])].map(sayVisibly(t)).join(" "),
    picked: ready.length === 1,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: t(msg("pipelineEditor.pick.jobs", { file })),
    placeHolder: t(
      rest === 0
        ? msg("pipelineEditor.pick.jobs.all")
        : msg("pipelineEditor.pick.jobs.some", { count: rest }),
    ),
  });
  return chosen?.map(({ label }) => label);
}
