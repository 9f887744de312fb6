import { hubRoleArn } from "../blueprint/index.ts";
import { isApplicable, isWritten, writesAnything } from "../plan/index.ts";
import { removalCommands } from "../plan/removal.ts";
import { pageProblems, toSetup } from "./check.ts";
import { consentsOf, takeOwnRole } from "./consent.ts";
import type { Event, Step } from "./events.ts";
import { input } from "./input.ts";
import {
  back,
  detect,
  enter,
  findPipeline,
  forward,
  heldUp,
  identifyHub,
  identifySub,
  loadProfiles,
  lookup,
  observe,
  reloadThumbprint,
  stay,
} from "./load.ts";
import { loaded } from "./loaded.ts";
import { addGrant, policyAt, removeGrant } from "./permissions.ts";
import { withoutSub, withRole } from "./roleSettings.ts";
import { chosenOf } from "./step.ts";
import { canBeUndone, idle, type SubAnswers, type WizardState } from "./state.ts";

type Next = Step<WizardState>;

/**
 * The wizard: a pure function from what is known and what happened to what is known then and what is to be done.
 * Late answers to questions that were asked anew are dropped by their attempt number.
 */
export function reduce(state: WizardState, event: Event): Next {
  switch (event.type) {
    case "start":
      return detect(state);
    case "input":
      return state.apply.kind === "running" ? stay(state) : input(state, event.field, event.value);
    case "press":
      return press(state, event.action);
    case "progress":
      return state.apply.kind === "running"
        ? stay({
            ...state,
            apply: {
              ...state.apply,
              progress: { ...state.apply.progress, [event.address]: event.progress },
            },
          })
        : stay(state);
    case "applied":
      return applied(state, event);
    case "loaded":
      return loaded(state, event);
  }
}

function applied(state: WizardState, event: Extract<Event, { type: "applied" }>): Next {
  if (state.apply.kind !== "running") return stay(state);
  const next: WizardState = {
    ...state,
    apply: { kind: "ended", changes: state.apply.changes, outcome: event.outcome },
    created: [...state.created, ...event.outcome.created],
    // The plan described the world before: the next look at the review reads the accounts again.
    plan: idle,
  };
  return stay(next, { kind: "refreshRoles" });
}

function press(state: WizardState, action: string): Next {
  const [name = "", argument = ""] = splitOnce(action);
  switch (name) {
    case "next":
      return forward(state);
    case "back":
      return back(state);
    case "lookup":
      return lookup(state);
    case "detect":
      return detect(state);
    case "profiles":
      return loadProfiles(state);
    case "identify":
      return argument === "" ? identifyHub(state) : identifySub(state, Number(argument));
    case "add-sub":
      return stay({ ...state, subs: [...state.subs, newSub(state)] });
    case "remove-sub":
      return stay(withoutSub(state, Number(argument)));
    case "external-id":
      // A UUID that is this setup's own: AWS wants the ID to be unique, and not secret.
      return stay({ ...withRole(state, argument, { externalId: state.setupId }), plan: idle });
    case "add-grant":
      return stay({ ...addGrant(state, argument), plan: idle });
    case "remove-grant":
      return stay({ ...removeGrant(state, argument), plan: idle });
    case "policy": {
      const policy = policyAt(state, argument);
      return policy === undefined ? stay(state) : stay(state, { kind: "openPolicy", policy });
    }
    case "thumbprint":
      return reloadThumbprint(state);
    case "observe":
      return state.page === "apply" ? enter(state, "review") : observe(state);
    case "own-role":
      return takeOwnRole(state, argument);
    case "apply":
      return startApply(state);
    case "cancel":
      return state.apply.kind === "running"
        ? stay({ ...state, apply: { ...state.apply, cancelling: true } }, { kind: "cancel" })
        : stay(state);
    case "undo":
      return canBeUndone(state) ? stay(state, { kind: "undo" }) : stay(state);
    case "outline":
      return findPipeline(state);
    case "preview":
    case "insert":
      return pipelineAction(state, name);
    case "leave-out":
      return stay({ ...state, selectedJobs: admitted(state), insertion: idle });
    case "widen":
      return enter(state, "access");
    case "skip":
      return enter(state, "done");
    case "json":
      return stay(state, { kind: "openJson", address: argument });
    case "compare":
      return stay(state, { kind: "compare", address: argument });
    case "terminal":
      return terminal(state, argument);
    case "copy":
      return copy(state, argument);
    case "close":
      return stay(state, { kind: "close" });
    default:
      return stay(state);
  }
}

function splitOnce(action: string): readonly string[] {
  const at = action.indexOf(":");
  return at < 0 ? [action] : [action.slice(0, at), action.slice(at + 1)];
}

function newSub(state: WizardState): SubAnswers {
  const key = Math.max(0, ...state.subs.map((sub) => sub.key)) + 1;
  return { key, accountId: "", profile: "", roleName: state.answers.roleName, ciProfile: "", identity: idle };
}

function startApply(state: WizardState): Next {
  if (state.plan.kind !== "ready" || state.apply.kind === "running") return stay(state);
  const { setup, changes } = state.plan.value;
  const consents = consentsOf(state);
  if (!isApplicable(changes, consents)) return stay(state);
  if (!writesAnything(changes, consents)) return enter(state, "pipeline");
  const progress = Object.fromEntries(
    changes.map((change) => [
      change.resource.address,
      { status: isWritten(change, consents) ? ("pending" as const) : ("unchanged" as const) },
    ]),
  );
  const next: WizardState = {
    ...state,
    page: "apply",
    apply: { kind: "running", changes, progress, cancelling: false },
  };
  return stay(next, { kind: "apply", changes, setup, consents: state.consents });
}

function pipelineAction(state: WizardState, name: "preview" | "insert"): Next {
  const setup = toSetup(state);
  if (setup === undefined) return stay(state);
  const [first] = pageProblems(state, "pipeline");
  if (first !== undefined) return heldUp(state, first);
  const { chosen } = chosenOf(state, setup);
  if (chosen === undefined) return stay(state);
  const { config, selectedJobs: jobs } = state;
  if (name === "preview") return stay(state, { kind: "preview", config, jobs, chosen });
  const attempt = state.attempt + 1;
  return stay(
    { ...state, attempt, insertion: { kind: "loading", attempt } },
    { kind: "insert", attempt, config, jobs, chosen },
  );
}

/** The chosen jobs that the role refuses in no run. */
function admitted({ pipeline, selectedJobs }: WizardState): readonly string[] {
  const refused = pipeline.kind === "ready" ? pipeline.value.jobs.filter((job) => job.refused) : [];
  return selectedJobs.filter((name) => !refused.some((job) => job.name === name));
}

function terminal(state: WizardState, key: string): Next {
  const loadable = key === "" ? state.identity : state.subs.find((sub) => sub.key === Number(key))?.identity;
  const command = loadable?.kind === "failed" ? loadable.problem.command : undefined;
  return command === undefined ? stay(state) : stay(state, { kind: "terminal", command });
}

function copy(state: WizardState, what: string): Next {
  if (what === "removal")
    return stay(state, { kind: "copy", text: removalCommands(state.created).join("\n") });
  const setup = toSetup(state);
  return what === "role" && setup !== undefined
    ? stay(state, { kind: "copy", text: hubRoleArn(setup) })
    : stay(state);
}
