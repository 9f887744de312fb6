import { msg, type Message } from "../messages.ts";
import { isProblem, lifetimeFor } from "../pipeline/index.ts";
import type { AuthStepOptions, Placement, SharedSteps, StepStyle } from "../pipeline/index.ts";
import { checkAuthStep } from "../pipeline/options.ts";
import type { PipelineProblem } from "../pipeline/problem.ts";
import { refAsTyped, type RunRule } from "../trust/index.ts";
import { styled, type JobOffer, type PipelineOffer, type SharedWay, type StepRequest } from "./offer.ts";

/** How the step is to work, as it was chosen and typed. */
export type StepChoices = {
  readonly style: StepStyle;
  /** How long the longest step that uses AWS takes; empty for the usual lifetime. */
  readonly minutes: string;
  readonly placement: Placement;
  /** Empty where nothing was chosen: a copy then, where one can be made. */
  readonly shared: SharedWay | "";
  /** What happens on branches that the role refuses. */
  readonly elsewhere: "fail" | "skip";
  /** Empty for the usual ones, like the role's variable. */
  readonly sessionName: string;
  readonly roleVariable: string;
};

export const recommended: StepChoices = {
  style: "profiles",
  minutes: "",
  placement: "afterCheckout",
  shared: "",
  elsewhere: "fail",
  sessionName: "",
  roleVariable: "",
};

/**
 * What a step begins with. Where other accounts take the token themselves, only a file leaves it for them; where the config
 * has the reusable command for this role, some job calls it already.
 */
export function firstChoices(
  { subAccounts }: AuthStepOptions,
  { command }: Pick<PipelineOffer, "command">,
  choices = recommended,
): StepChoices {
  const direct = subAccounts.some((sub) => sub.direct === true);
  if (direct) return { ...choices, style: "webIdentityFile" };
  return command === undefined ? choices : { ...choices, style: "command" };
}

/** What there is to choose for some jobs. */
export type StepQuestions = {
  /** The styles that all of them can take. */
  readonly styles: readonly StepStyle[];
  readonly placement: boolean;
  /** The chosen jobs whose steps are shared, the other jobs that have them too, and what can be done. */
  readonly shared?: {
    readonly jobs: readonly string[];
    readonly others: readonly string[];
    readonly ways: readonly SharedWay[];
  };
  /** The chosen jobs that the role refuses in some runs. */
  readonly refused: readonly JobOffer[];
  /** The only branches on which the step would ask AWS; left out where it cannot be skipped elsewhere. */
  readonly skip?: readonly string[];
};

/** Finds out what there is to choose for the jobs of these names, which are ready to take the step. */
export function questionsFor(
  { jobs }: Pick<PipelineOffer, "jobs">,
  names: readonly string[],
  runs: RunRule | undefined,
): StepQuestions {
  const chosen = jobs.filter(({ name }) => names.includes(name));
  const [first] = chosen;
  const shared = chosen.filter((job) => job.shared !== undefined);
  const others = new Set(
    shared.flatMap((job) => job.shared?.jobs ?? []).filter((name) => !names.includes(name)),
  );
  const ways = (["inline", "edit"] as const).filter((way) =>
    shared.every((job) => job.shared?.ways.includes(way)),
  );
  const refused = chosen.filter((job) => job.refused);
  const skip = refused.length === 0 ? undefined : skippable(runs);
  return {
    styles: (first?.styles ?? []).filter((style) => chosen.every((job) => job.styles.includes(style))),
    placement: chosen.some(({ placesDiffer }) => placesDiffer),
    ...(shared.length === 0
      ? {}
      : { shared: { jobs: shared.map(({ name }) => name), others: [...others], ways } }),
    refused,
    ...(skip === undefined ? {} : { skip }),
  };
}

/** The script knows a run by its branch: where the role admits tags too, it would be skipped on these. */
function skippable(runs: RunRule | undefined): readonly string[] | undefined {
  if (runs?.kind !== "refs") return undefined;
  const branches = runs.refs.every(({ kind }) => kind === "branch" || kind === "branchPrefix");
  return branches ? runs.refs.map(refAsTyped) : undefined;
}

/** What is done with shared steps: what was chosen or, where nothing was, a copy if one can be made. */
export function sharedWay({ shared }: StepQuestions, choices: StepChoices): SharedSteps | undefined {
  if (shared === undefined) return "refuse";
  const wanted = choices.shared === "" ? "inline" : choices.shared;
  return shared.ways.includes(wanted) ? wanted : undefined;
}

/** A step as it was chosen, with where it goes and how far it reaches. */
export type ChosenStep = {
  readonly step: AuthStepOptions;
  readonly placement: Placement;
  readonly shared: SharedSteps;
};

/** What is wrong with the choices, by the name of the choice. */
export type ChoiceProblem = { readonly choice: keyof StepChoices; readonly problem: Message };

export type Chosen = { readonly problems: readonly ChoiceProblem[]; readonly chosen?: ChosenStep };

/** Makes the step out of the choices; what does not go together is a problem, and nothing is left out in silence. */
export function chosenStep(
  request: StepRequest,
  offer: Pick<PipelineOffer, "jobs" | "command">,
  names: readonly string[],
  choices: StepChoices,
): Chosen {
  const { step: base } = request;
  const questions = questionsFor(offer, names, request.runs);
  const { style, elsewhere } = choices;
  const shared = sharedWay(questions, choices);
  const fixed = fixedStep(offer, style);
  const lasting = lastingOf(request, offer, choices);
  const skip = elsewhere === "skip" && questions.refused.length > 0 ? questions.skip : undefined;
  const placement = questions.placement ? choices.placement : "afterCheckout";
  const problems: readonly ChoiceProblem[] = [
    ...(questions.styles.includes(style) ? [] : [at("style", msg("step.problem.style"))]),
    ...(shared === undefined ? [at("shared", msg("step.problem.shared"))] : []),
    ...("problem" in lasting ? [at("minutes", lasting.problem)] : []),
    ...(skip !== undefined && style === "orb" ? [at("elsewhere", msg("step.problem.orbSkip"))] : []),
  ];
  if (problems.length > 0 || shared === undefined || "problem" in lasting) return { problems };
  const step = fixed ?? { ...styled({ ...base, ...lasting.step }, style), ...named(choices, skip) };
  const checked = checkAuthStep(step);
  return isProblem(checked)
    ? { problems: [problemOf(checked)] }
    : { problems, chosen: { step, placement, shared } };
}

const at = (choice: keyof StepChoices, problem: Message): ChoiceProblem => ({ choice, problem });

/** The reusable command that the file has already: every job that calls it gets what it does. */
export function fixedStep(
  { command }: Pick<PipelineOffer, "command">,
  style: StepStyle,
): AuthStepOptions | undefined {
  return style === "command" ? command : undefined;
}

function named(choices: StepChoices, skip: readonly string[] | undefined): Partial<AuthStepOptions> {
  const [sessionName, roleVariable] = [choices.sessionName.trim(), choices.roleVariable.trim()];
  return {
    ...(sessionName === "" ? {} : { sessionName }),
    ...(roleVariable === "" ? {} : { roleVariable }),
    ...(skip === undefined ? {} : { onlyBranches: skip }),
  };
}

/** The step itself has only three values that were typed; whatever else is wrong with it is not the user's doing. */
function problemOf({ id, args }: PipelineProblem): ChoiceProblem {
  const choice =
    id === "pipeline.badSessionName"
      ? "sessionName"
      : id === "pipeline.badVariable"
        ? "roleVariable"
        : id === "pipeline.badBranch"
          ? "elsewhere"
          : "style";
  return at(choice, msg(id, args));
}

type Lasting =
  | { readonly step: Pick<AuthStepOptions, "durationSeconds">; readonly note: Message }
  | { readonly problem: Message };

/** How long the credentials last, and what that asks of the role; undefined where the minutes are no number. */
export function lifetimeNote(
  request: StepRequest,
  offer: Pick<PipelineOffer, "command">,
  choices: StepChoices,
): Message | undefined {
  const lasting = lastingOf(request, offer, choices);
  return "note" in lasting ? lasting.note : undefined;
}

/** A command that is there keeps its own lifetime. */
function lastingOf(
  request: StepRequest,
  offer: Pick<PipelineOffer, "command">,
  choices: StepChoices,
): Lasting {
  const fixed = fixedStep(offer, choices.style);
  return fixed === undefined
    ? lifetimeOf(request, choices)
    : lifetimeOf({ ...request, step: fixed }, { ...choices, minutes: "" });
}

/** The lifetime that follows from the minutes of the longest step, and what to say about it. */
function lifetimeOf({ step: base, sessionSeconds }: StepRequest, { style, minutes }: StepChoices): Lasting {
  const typed = minutes.trim();
  if (!/^(?:[1-9]\d{0,3})?$/.test(typed)) return { problem: msg("step.problem.minutes") };
  if (style === "webIdentityFile") {
    return Number(typed) > 60
      ? { problem: msg("step.problem.fileTooLong") }
      : { step: {}, note: msg("step.lifetime.file") };
  }
  if (typed === "") {
    const { durationSeconds = 900 } = base;
    return { step: { durationSeconds }, note: msg("step.lifetime.keys", { minutes: durationSeconds / 60 }) };
  }
  const lifetime = lifetimeFor(Number(typed), base.subAccounts.length);
  if (isProblem(lifetime)) return { problem: msg(lifetime.id, lifetime.args) };
  const { durationSeconds, roleMaximum } = lifetime;
  const args = { minutes: durationSeconds / 60 };
  const allowed = roleMaximum === undefined || roleMaximum <= (sessionSeconds ?? 0);
  if (allowed) return { step: { durationSeconds }, note: msg("step.lifetime.keys", args) };
  const role = base.roleArn.split("/").at(-1) ?? "";
  const note = msg("step.lifetime.long", { ...args, role, seconds: durationSeconds });
  return { step: { durationSeconds }, note };
}

/** The choices in a few words each, for a list that leads to them. */
export function choicesInWords(
  request: StepRequest,
  offer: Pick<PipelineOffer, "jobs" | "command">,
  names: readonly string[],
  choices: StepChoices,
): readonly Message[] {
  const questions = questionsFor(offer, names, request.runs);
  const way = questions.shared === undefined ? undefined : sharedWay(questions, choices);
  const others = questions.shared?.others.join(", ") ?? "";
  const isSkipped = choices.elsewhere === "skip" && questions.skip !== undefined;
  return [
    msg(`step.style.${choices.style}`),
    lifetimeInWords(lastingOf(request, offer, choices)),
    ...(questions.placement ? [msg(`pipelineEditor.pick.placement.${choices.placement}`)] : []),
    ...(way === "inline" ? [msg("step.short.inline")] : []),
    ...(way === "edit" && others !== "" ? [msg("step.short.edit", { others })] : []),
    ...(questions.refused.length === 0 ? [] : [msg(isSkipped ? "step.short.skip" : "step.short.fail")]),
  ];
}

function lifetimeInWords(lasting: Lasting): Message {
  if ("problem" in lasting) return lasting.problem;
  const { durationSeconds } = lasting.step;
  return durationSeconds === undefined
    ? msg("step.short.file")
    : msg("step.short.keys", { minutes: durationSeconds / 60 });
}
