import * as vscode from "vscode";
import { isCancelled } from "../../aws/errors.ts";
import { identify } from "../../aws/identity.ts";
import { readTrustPolicyQuota } from "../../aws/quota.ts";
import { listProfiles } from "../../aws/profiles.ts";
import { lookupProject } from "../../circleci/api.ts";
import { detect } from "../../circleci/detect.ts";
import { requestOf } from "../../core/blueprint/request.ts";
import { msg } from "../../core/messages.ts";
import type { Problem, Progress } from "../../core/outcome.ts";
import { compareEdited, compareResources } from "../../core/plan/compare.ts";
import type { Change } from "../../core/plan/index.ts";
import { removalCommands } from "../../core/plan/removal.ts";
import { targetName } from "../../core/plan/targetName.ts";
import { pretty } from "../../core/policy.ts";
import { ENVIRONMENT_PROFILE } from "../../core/setup.ts";
import { issuerHostPath } from "../../core/trust/rule.ts";
import type { Effect, Event, Result } from "../../core/wizard/events.ts";
import type { Lookup, ProfileChoice, WizardState } from "../../core/wizard/state.ts";
import { fetchThumbprint } from "../../tls/thumbprint.ts";
import { undoRun } from "../recovery/index.ts";
import { logLine, unexpected } from "../shared/boundary.ts";
import { CIRCLECI_HOST } from "../shared/circleCiToken.ts";
import { applyRun, closeIfComplete, planRun } from "../shared/runs.ts";
import { openTerminal } from "../shared/terminal.ts";
import { t } from "../shared/words.ts";
import { pipelineEffects } from "./pipelineEffects.ts";
import type { Ports } from "./ports.ts";

/** Runs what the reducer asked for and reports back with events. */
export type EffectRunner = {
  run(effect: Effect): Promise<void>;
  /** Stops what reads and begins no further write. Writes under way are seen through. */
  dispose(): void;
};

type Wizard = {
  readonly dispatch: (event: Event) => void;
  readonly state: () => WizardState;
  readonly isClosed: () => boolean;
};

/** Makes the runner of one wizard. `state` gives its newest state, `close` ends its panel. */
export function createEffectRunner(
  ports: Ports,
  wizard: Wizard & { readonly close: () => void },
): EffectRunner {
  const reading = new AbortController();
  let applying: AbortController | undefined;
  const pipeline = pipelineEffects(ports);

  /** A failure nobody foresaw ends as a problem on the page, never as a spinner that turns for ever. */
  const settled = async <T>(task: Promise<Result<T>>): Promise<Result<T>> => {
    const result = await task.catch((error: unknown): Result<T> => ({
      ok: false,
      problem: unexpected(error),
    }));
    if (!result.ok && "problem" in result) ports.boundary.log.error(logLine(result.problem));
    return result;
  };

  const run = async (effect: Effect): Promise<void> => {
    const { dispatch } = wizard;
    const { signal } = reading;
    switch (effect.kind) {
      case "detect": {
        const folder = vscode.Uri.parse(effect.folder).fsPath;
        const result = await settled(detect(folder).then(ok));
        return dispatch({ type: "loaded", what: "detected", attempt: effect.attempt, result });
      }
      case "lookup": {
        const result = await settled(lookup(ports, effect.slug, signal));
        return dispatch({ type: "loaded", what: "lookup", attempt: effect.attempt, result });
      }
      case "profiles": {
        const result = await settled(profiles(ports));
        return dispatch({ type: "loaded", what: "profiles", attempt: effect.attempt, result });
      }
      case "identify": {
        const { attempt, key } = effect;
        const result = await settled(whoIs(ports, effect.profile, effect.region, signal));
        return dispatch(
          key === undefined
            ? { type: "loaded", what: "identity", attempt, result }
            : { type: "loaded", what: "subIdentity", key, attempt, result },
        );
      }
      case "quota": {
        const result = await settled(readTrustPolicyQuota(ports.access, effect.profile, signal));
        return dispatch({ type: "loaded", what: "quota", attempt: effect.attempt, result });
      }
      case "thumbprint": {
        const issuerUrl = `https://${issuerHostPath(effect.organizationId)}`;
        const proxy = ports.proxy();
        const options = { issuerUrl, signal, ...(proxy === undefined ? {} : { proxy }) };
        const result = await settled(fetchThumbprint(options).then(ok));
        return dispatch({ type: "loaded", what: "thumbprint", attempt: effect.attempt, result });
      }
      case "observe": {
        const { setup, attempt } = effect;
        const { runId } = wizard.state();
        const result = await settled(planRun(ports.access, { setup, runId }, signal).then(ok));
        // A run that was stopped right before its end has nothing left to create, and so no button to press.
        if (result.ok) await closeIfComplete(ports.store, result.value);
        return dispatch({ type: "loaded", what: "plan", attempt, result });
      }
      case "apply": {
        applying = new AbortController();
        return applyPlan(ports, effect, wizard, applying.signal);
      }
      case "cancel":
        return applying?.abort();
      case "undo":
        return undoRun(ports, wizard.state().runId, wizard.close);
      case "configs": {
        const result = await settled(pipeline.configs(effect.folder));
        return dispatch({ type: "loaded", what: "configs", attempt: effect.attempt, result });
      }
      case "outline": {
        const result = await settled(pipeline.outline(effect.config, effect.setup));
        return dispatch({ type: "loaded", what: "pipeline", attempt: effect.attempt, result });
      }
      case "preview": {
        const problem = await pipeline.preview(effect.config, effect);
        return problem === undefined ? undefined : ports.boundary.show(problem);
      }
      case "insert": {
        const result = await settled(pipeline.insert(effect.config, effect));
        return dispatch({ type: "loaded", what: "insertion", attempt: effect.attempt, result });
      }
      case "copy":
        await vscode.env.clipboard.writeText(effect.text);
        vscode.window.setStatusBarMessage(t(msg("command.copied")), 3000);
        return undefined;
      case "terminal":
        return openTerminal(effect.command);
      case "openJson":
        return openJson(ports, wizard.state(), effect.address);
      case "openPolicy":
        await ports.documents.open(`${effect.policy.name}.json`, pretty(effect.policy.document));
        return undefined;
      case "compare":
        return compare(ports, wizard.state(), effect.address);
      case "refreshRoles":
        return ports.refreshRoles(wizard.state().answers.profile);
      case "close":
        return wizard.close();
    }
  };
  return {
    run,
    dispose: () => {
      reading.abort();
      applying?.abort();
    },
  };
}

const ok = <T>(value: T): Result<T> => ({ ok: true, value });

async function lookup(ports: Ports, slug: string, signal: AbortSignal): Promise<Result<Lookup>> {
  const token = await ports.token.ask();
  if (token === undefined) return { ok: false, cancelled: true };
  const result = await lookupProject(slug, { host: CIRCLECI_HOST, token, proxy: ports.proxy(), signal });
  // Kept once it has worked, forgotten once it is refused.
  if (result.ok) await ports.token.keep(token);
  else if (result.problem.code === "circleci.unauthorized") await ports.token.forget();
  return result;
}

async function profiles(ports: Ports): Promise<Result<readonly ProfileChoice[]>> {
  const { profiles: found, problems } = await listProfiles(ports.env);
  const [first] = problems;
  if (found.length === 0 && first !== undefined) return { ok: false, problem: first };
  for (const problem of problems) ports.boundary.log.warn(logLine(problem));
  const choices = found.map((profile) => ({
    id: profile.name,
    label:
      profile.name === ENVIRONMENT_PROFILE
        ? t(msg("wizard.profile.environment"))
        : t(
            msg("wizard.profile.option", {
              name: profile.name,
              kind: t(msg(`wizard.profile.kind.${profile.kind}`)),
            }),
          ),
    ...(profile.region === undefined ? {} : { region: profile.region }),
  }));
  return { ok: true, value: choices };
}

async function whoIs(
  ports: Ports,
  profile: string,
  region: string,
  signal: AbortSignal,
): Promise<Result<Identity>> {
  const { env, mfaCode, credentials } = ports;
  const answer = await identify({
    profile,
    env,
    mfaCode,
    credentials,
    signal,
    ...(region === "" ? {} : { region }),
  });
  if (answer.ok) return { ok: true, value: answer.identity };
  return isCancelled(answer.problem) ? { ok: false, cancelled: true } : answer;
}
type Identity = Extract<Awaited<ReturnType<typeof identify>>, { ok: true }>["identity"];

async function applyPlan(
  ports: Ports,
  effect: Extract<Effect, { kind: "apply" }>,
  wizard: Wizard,
  signal: AbortSignal,
): Promise<void> {
  const { runId } = wizard.state();
  const onProgress = (address: string, progress: Progress): void =>
    wizard.dispatch({ type: "progress", address, progress });
  try {
    const outcome = await applyRun(
      ports,
      { ...effect, runId },
      { signal, onProgress, consents: new Set(effect.consents) },
    );
    for (const progress of Object.values(outcome.progress)) {
      if ("problem" in progress) ports.boundary.log.error(logLine(progress.problem));
    }
    wizard.dispatch({ type: "applied", outcome });
    if (!wizard.isClosed()) return;
    if (outcome.status !== "finished") return await tellWhatExists(ports, wizard.state());
    void vscode.window.showInformationMessage(t(msg("wizard.closed.finished")));
  } catch (error) {
    const problem: Problem = unexpected(error);
    await ports.boundary.show(problem);
    const progress = Object.fromEntries(
      effect.changes.map((change) => [change.resource.address, { status: "unknown" as const, problem }]),
    );
    wizard.dispatch({ type: "applied", outcome: { status: "failed", progress, created: [] } });
  }
}

/** The page that would have said it was closed while it was creating. */
async function tellWhatExists(ports: Ports, state: WizardState): Promise<void> {
  const names = state.created.map((target) => t(targetName(target))).join(", ");
  const commands = removalCommands(state.created).join("\n");
  ports.boundary.log.info(`The wizard was closed while it was creating. To remove what exists:\n${commands}`);
  const showLog = t(msg("command.showLog"));
  const sentence = names === "" ? msg("wizard.closed.nothing") : msg("wizard.closed.created", { names });
  const choice = await vscode.window.showWarningMessage(t(sentence), showLog);
  if (choice === showLog) ports.boundary.log.show();
}

function changeAt(state: WizardState, address: string): Change | undefined {
  const changes = state.plan.kind === "ready" ? state.plan.value.changes : [];
  return changes.find((change) => change.resource.address === address);
}

async function openJson(ports: Ports, state: WizardState, address: string): Promise<void> {
  const change = changeAt(state, address);
  if (change === undefined) return;
  const { action, parameters } = requestOf(change.resource);
  await ports.documents.open(`${action.replace("iam:", "")}.json`, pretty(parameters));
}

async function compare(ports: Ports, state: WizardState, address: string): Promise<void> {
  const change = changeAt(state, address);
  if (change === undefined || !("existing" in change) || change.existing === undefined) return;
  const { resource, existing } = change;
  const texts =
    change.action === "update"
      ? compareEdited(existing, change.edits, resource)
      : compareResources(existing, resource);
  await ports.documents.compare(
    t(msg("wizard.compare.title", { arn: "arn" in resource ? resource.arn : resource.address })),
    { name: "existing.json", text: texts.existing },
    { name: "wanted.json", text: texts.wanted },
  );
}
