import { msg } from "../messages.ts";
import { checkUuid } from "../ids.ts";
import { pageProblems, toSetup } from "./check.ts";
import type { Effect, Step } from "./events.ts";
import {
  idle,
  pages,
  valueOf,
  type ConfigChoice,
  type FieldProblem,
  type Loadable,
  type PageId,
  type SubAnswers,
  type WizardState,
} from "./state.ts";

type Next = Step<WizardState>;

export const stay = (state: WizardState, ...effects: readonly Effect[]): Next => ({ state, effects });

/** Marks something as asked for; the number tells its answer from an older one's. */
function asked(state: WizardState): {
  readonly state: WizardState;
  readonly loading: Loadable<never>;
  readonly attempt: number;
} {
  const attempt = state.attempt + 1;
  return { state: { ...state, attempt }, loading: { kind: "loading", attempt }, attempt };
}

/** Reads the folder: `info.yml`, the git remote. */
export function detect(state: WizardState): Next {
  if (state.answers.folder === "") return stay({ ...state, detected: idle });
  const { state: next, loading, attempt } = asked(state);
  return stay(
    {
      ...next,
      detected: loading,
      lookup: idle,
      configs: [],
      config: "",
      selectedJobs: [],
      pipeline: idle,
      insertion: idle,
    },
    { kind: "detect", attempt, folder: state.answers.folder },
  );
}

/** Asks the CircleCI API about the project. */
export function lookup(state: WizardState): Next {
  const slug = projectSlug(state);
  if (slug === undefined) return stay(state);
  const { state: next, loading, attempt } = asked(state);
  return stay({ ...next, lookup: loading }, { kind: "lookup", attempt, slug });
}

/** The slug to ask the API by: what the git remote says, else what `info.yml` claims. */
export function projectSlug(state: WizardState): string | undefined {
  if (state.detected.kind !== "ready") return undefined;
  return state.detected.value.projectSlug ?? state.detected.value.claim?.projectSlug;
}

export function loadProfiles(state: WizardState): Next {
  const { state: next, loading, attempt } = asked(state);
  return stay({ ...next, profiles: loading }, { kind: "profiles", attempt });
}

/** Asks AWS whose credentials the hub's profile has. */
export function identifyHub(state: WizardState): Next {
  const { profile, region } = state.answers;
  if (profile === "") return stay({ ...state, identity: idle });
  const { state: next, loading, attempt } = asked(state);
  const unknown = { ...next, identity: loading, trustQuota: idle };
  return stay(unknown, { kind: "identify", attempt, profile, region });
}

/** Asks AWS whose credentials a sub-account's profile has. */
export function identifySub(state: WizardState, key: number): Next {
  const sub = state.subs.find((one) => one.key === key);
  if (sub === undefined) return stay(state);
  if (sub.profile === "") return stay(withSub(state, { ...sub, identity: idle }));
  const { state: next, loading, attempt } = asked(state);
  const { region } = state.answers;
  return stay(withSub(next, { ...sub, identity: loading }), {
    kind: "identify",
    attempt,
    profile: sub.profile,
    region,
    key,
  });
}

export function withSub(state: WizardState, sub: SubAnswers): WizardState {
  return { ...state, subs: state.subs.map((one) => (one.key === sub.key ? sub : one)) };
}

/** Asks AWS how long a trust policy may be in the hub account. */
function readQuota(state: WizardState): Next {
  const { state: next, loading, attempt } = asked(state);
  return stay({ ...next, trustQuota: loading }, { kind: "quota", attempt, profile: state.answers.profile });
}

function fetchThumbprint(state: WizardState): Next {
  const organizationId = valueOf(checkUuid(state.answers.organizationId, ""));
  if (organizationId === undefined) return stay(state);
  const { state: next, loading, attempt } = asked(state);
  return stay({ ...next, thumbprint: loading }, { kind: "thumbprint", attempt, organizationId });
}

/** Reads the accounts and compares them with what is wanted. */
export function observe(state: WizardState): Next {
  const setup = toSetup(state);
  if (setup === undefined) return stay({ ...state, plan: idle });
  const { state: next, loading, attempt } = asked(state);
  return stay({ ...next, plan: loading }, { kind: "observe", attempt, setup });
}

/** There is nothing to look in, which the page says instead of waiting. */
function noPipeline(state: WizardState): Next {
  const problem = { code: "pipeline.noFolder", message: msg("wizard.pipeline.noFolder") };
  return stay({ ...state, pipeline: { kind: "failed", problem } });
}

/** Looks for the configs of the folder, of which one is read then. */
export function findPipeline(state: WizardState): Next {
  const { folder } = state.answers;
  if (folder === "") return noPipeline(state);
  const { state: next, loading, attempt } = asked(state);
  return stay({ ...next, pipeline: loading, insertion: idle }, { kind: "configs", attempt, folder });
}

/** Reads one config of the folder: the one that is chosen or, where it is not there, the first. */
export function outlinePipeline(state: WizardState, configs: readonly ConfigChoice[]): Next {
  const setup = toSetup(state);
  const config = (configs.find(({ uri }) => uri === state.config) ?? configs[0])?.uri;
  if (setup === undefined || config === undefined) return noPipeline(state);
  const { state: next, loading, attempt } = asked(state);
  return stay(
    { ...next, configs, config, pipeline: loading, insertion: idle },
    { kind: "outline", attempt, config, setup },
  );
}

/** Moves to a page and asks for what it needs. */
export function enter(state: WizardState, page: PageId): Next {
  const next = { ...state, page };
  switch (page) {
    case "aws":
      return next.profiles.kind === "idle" ? loadProfiles(next) : stay(next);
    case "access":
      return next.trustQuota.kind === "idle" ? readQuota(next) : stay(next);
    case "thumbprint":
      return next.thumbprint.kind === "idle" || next.thumbprint.kind === "failed"
        ? fetchThumbprint(next)
        : stay(next);
    case "review":
      return observe(next);
    case "pipeline":
      return findPipeline(next);
    case "connection":
    case "permissions":
    case "apply":
    case "done":
      return stay(next);
  }
}

export function reloadThumbprint(state: WizardState): Next {
  return fetchThumbprint(state);
}

/** Shows what is wrong on a page from now on, beginning with this. */
export function heldUp(state: WizardState, first: FieldProblem): Next {
  const checked = state.checked.includes(state.page) ? state.checked : [...state.checked, state.page];
  return { state: { ...state, checked }, effects: [], focus: first.field };
}

/** Next: to the following page, or to the first field that stands in the way. */
export function forward(state: WizardState): Next {
  const problems = pageProblems(state, state.page);
  const [first] = problems;
  if (first !== undefined) return heldUp(state, first);
  const following = pages[pages.indexOf(state.page) + 1];
  return following === undefined ? stay(state) : enter(state, following);
}

/** Back: to the page before. Applying is left for the review, which then reads the accounts again. */
export function back(state: WizardState): Next {
  if (state.apply.kind === "running") return stay(state);
  const previous =
    state.page === "apply" || state.page === "pipeline" ? "review" : pages[pages.indexOf(state.page) - 1];
  return previous === undefined ? stay(state) : enter(state, previous);
}
