import { pipelineStep } from "../blueprint/step.ts";
import { firstChoices, recommended, type StepChoices } from "../insertion/choices.ts";
import { toSetup } from "./check.ts";
import type { Event, Result, Step } from "./events.ts";
import { enter, outlinePipeline, stay, withSub } from "./load.ts";
import { choiceField } from "./step.ts";
import { idle, type Loadable, type WizardState } from "./state.ts";

type Next = Step<WizardState>;

/** Takes in the answer to something that was asked for; a late one to an older question is dropped. */
export function loaded(state: WizardState, event: Extract<Event, { type: "loaded" }>): Next {
  switch (event.what) {
    case "detected": {
      const detected = settle(state.detected, event);
      return detected === undefined ? stay(state) : stay(fillFromWorkspace({ ...state, detected }));
    }
    case "lookup": {
      const found = settle(state.lookup, event);
      return found === undefined ? stay(state) : stay(fillFromApi({ ...state, lookup: found }));
    }
    case "profiles": {
      const profiles = settle(state.profiles, event);
      return profiles === undefined ? stay(state) : stay({ ...state, profiles });
    }
    case "identity": {
      const identity = settle(state.identity, event);
      if (identity === undefined) return stay(state);
      const fill = identity.kind === "ready" && !state.touched.includes("accountId");
      const accountId = fill ? identity.value.accountId : state.answers.accountId;
      return stay({ ...state, identity, answers: { ...state.answers, accountId } });
    }
    case "subIdentity": {
      const sub = state.subs.find((one) => one.key === event.key);
      const identity = sub === undefined ? undefined : settle(sub.identity, event);
      if (sub === undefined || identity === undefined) return stay(state);
      const fill = identity.kind === "ready" && !state.touched.includes(`sub.${sub.key}.accountId`);
      const accountId = fill ? identity.value.accountId : sub.accountId;
      return stay(withSub(state, { ...sub, identity, accountId }));
    }
    case "quota": {
      const trustQuota = settle(state.trustQuota, event);
      return trustQuota === undefined ? stay(state) : stay({ ...state, trustQuota });
    }
    case "thumbprint": {
      const thumbprint = settle(state.thumbprint, event);
      return thumbprint === undefined ? stay(state) : stay({ ...state, thumbprint });
    }
    case "plan": {
      const plan = settle(state.plan, event);
      return plan === undefined ? stay(state) : stay({ ...state, plan });
    }
    case "configs": {
      const { attempt, result } = event;
      const asked = state.pipeline.kind === "loading" && state.pipeline.attempt === attempt;
      if (asked && result.ok) return outlinePipeline(state, result.value);
      const pipeline = result.ok ? undefined : settle(state.pipeline, { attempt, result });
      return pipeline === undefined ? stay(state) : stay({ ...state, configs: [], pipeline });
    }
    case "pipeline": {
      const pipeline = settle(state.pipeline, event);
      return pipeline === undefined ? stay(state) : stay(preselect({ ...state, pipeline }));
    }
    case "insertion": {
      const insertion = settle(state.insertion, event);
      if (insertion === undefined) return stay(state);
      const next = { ...state, insertion };
      return insertion.kind === "ready" ? enter(next, "done") : stay(next);
    }
  }
}

/** The new value, or undefined where the answer belongs to a question that was asked anew. */
function settle<T>(
  current: Loadable<T>,
  answer: { readonly attempt: number; readonly result: Result<T> },
): Loadable<T> | undefined {
  if (current.kind !== "loading" || current.attempt !== answer.attempt) return undefined;
  if (answer.result.ok) return { kind: "ready", value: answer.result.value };
  return "cancelled" in answer.result ? idle : { kind: "failed", problem: answer.result.problem };
}

/** The project is filled in as a claim; the organization never is: the user or the API must name it. */
function fillFromWorkspace(state: WizardState): WizardState {
  if (state.detected.kind !== "ready") return state;
  const { claim, repository } = state.detected.value;
  const { answers, touched } = state;
  return {
    ...state,
    answers: {
      ...answers,
      projectId: touched.includes("projectId") ? answers.projectId : (claim?.projectId ?? ""),
      repository: touched.includes("repository") ? answers.repository : (repository ?? ""),
    },
  };
}

function fillFromApi(state: WizardState): WizardState {
  if (state.lookup.kind !== "ready" || !state.lookup.value.member) return state;
  const { organizationId, projectId } = state.lookup.value;
  return { ...state, answers: { ...state.answers, organizationId, projectId } };
}

/** The style that goes with the setup and the config, unless the user has chosen one. */
function styleOf(state: WizardState): StepChoices {
  const setup = toSetup(state);
  const isChosen = state.touched.includes(choiceField("style"));
  if (setup === undefined || state.pipeline.kind !== "ready" || isChosen) return state.choices;
  const plain = { ...state.choices, style: recommended.style };
  return firstChoices(pipelineStep(setup), state.pipeline.value, plain);
}

/** Nothing a file says is preselected; the only job of a config leaves no choice to make. */
function preselect(state: WizardState): WizardState {
  if (state.pipeline.kind !== "ready") return state;
  const ready = state.pipeline.value.jobs.filter((job) => job.status === "ready").map((job) => job.name);
  const kept = state.selectedJobs.filter((name) => ready.includes(name));
  return { ...state, choices: styleOf(state), selectedJobs: ready.length === 1 ? ready : kept };
}
