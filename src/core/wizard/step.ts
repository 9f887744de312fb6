import { pipelineStep } from "../blueprint/step.ts";
import { chosenStep, type Chosen, type StepChoices } from "../insertion/choices.ts";
import type { StepRequest } from "../insertion/offer.ts";
import type { Setup } from "../setup.ts";
import type { FieldProblem, WizardState } from "./state.ts";

/** The field of a choice on the page. */
export const choiceField = (choice: keyof StepChoices): string => `step.${choice}`;

/** The step that a setup asks for, and what its role admits. IAM lets a session be an hour where nothing is said. */
export function stepRequest(setup: Setup): StepRequest {
  const { maxSessionSeconds: sessionSeconds = 3600 } = setup.hub;
  return { step: pipelineStep(setup), runs: setup.runs, sessionSeconds };
}

/** The step for the chosen jobs as it was chosen, or what is wrong with the choices. */
export function chosenOf(state: WizardState, setup: Setup): Chosen {
  if (state.pipeline.kind !== "ready" || state.selectedJobs.length === 0) return { problems: [] };
  return chosenStep(stepRequest(setup), state.pipeline.value, state.selectedJobs, state.choices);
}

/** What stands in the way of inserting the step, by field. */
export function stepProblems(state: WizardState, setup: Setup | undefined): readonly FieldProblem[] {
  if (setup === undefined) return [];
  return chosenOf(state, setup).problems.map(({ choice, problem }) => ({
    field: choiceField(choice),
    problem,
  }));
}

/** Takes one choice in; undefined where it is none that can be made. */
export function chosen(choices: StepChoices, field: string, value: string): StepChoices | undefined {
  const one = <K extends keyof StepChoices>(name: K, among: readonly StepChoices[K][]) => {
    const found = among.find((option) => option === value);
    return found === undefined ? undefined : { ...choices, [name]: found };
  };
  switch (field) {
    case choiceField("style"):
      return one("style", ["profiles", "webIdentityFile", "command", "orb"]);
    case choiceField("placement"):
      return one("placement", ["afterCheckout", "beforeAws"]);
    case choiceField("shared"):
      return one("shared", ["edit", "inline"]);
    case choiceField("elsewhere"):
      return one("elsewhere", ["fail", "skip"]);
    case choiceField("minutes"):
      return { ...choices, minutes: value };
    case choiceField("sessionName"):
      return { ...choices, sessionName: value };
    case choiceField("roleVariable"):
      return { ...choices, roleVariable: value };
    default:
      return undefined;
  }
}
