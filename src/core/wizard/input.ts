import { agree } from "./consent.ts";
import type { Step } from "./events.ts";
import { detect, identifyHub, identifySub, outlinePipeline, stay, withSub } from "./load.ts";
import { permissionInput } from "./permissions.ts";
import { roleInput } from "./roleSettings.ts";
import { chosen } from "./step.ts";
import { idle, type Answers, type SubAnswers, type WizardState } from "./state.ts";

type Next = Step<WizardState>;

const TEXT_FIELDS = [
  "organizationId",
  "projectId",
  "accountId",
  "region",
  "roleName",
  "repository",
  "branches",
  "tags",
  "users",
  "boundaryName",
  "boundaryPath",
  "organization",
  "companyTags",
  "audiences",
] as const satisfies readonly (keyof Answers)[];

const SUB_TEXT_FIELDS = [
  "accountId",
  "roleName",
  "ciProfile",
] as const satisfies readonly (keyof SubAnswers)[];

/** Takes one answer in. Whatever was read from AWS on the strength of an older answer is forgotten. */
export function input(state: WizardState, field: string, value: string | boolean): Next {
  if (field.startsWith("consent.")) return agree(state, field.slice("consent.".length), value === true);
  if (field.startsWith("job.")) return selectJob(state, field.slice("job.".length), value === true);
  if (field.startsWith("step.")) return chooseStep(state, field, value);
  if (field === "config") return chooseConfig(state, value);
  const touched = state.touched.includes(field) ? state.touched : [...state.touched, field];
  const changed: WizardState = { ...state, touched, plan: idle };
  if (typeof value === "boolean") return checkbox(changed, field, value);
  const sub = /^sub\.(\d+)\.(\w+)$/.exec(field);
  if (sub !== null) return subInput(changed, Number(sub[1]), sub[2] ?? "", value);
  const ofRole = roleInput(changed, field, value) ?? permissionInput(changed, field, value);
  if (ofRole !== undefined) return stay(ofRole);
  const text = TEXT_FIELDS.find((name) => name === field);
  if (text !== undefined) return textInput(changed, text, value);
  switch (field) {
    case "folder":
      return chooseFolder(changed, value);
    case "profile":
      return chooseProfile(changed, value);
    case "runs":
      return value === "any" || value === "refs"
        ? stay({ ...changed, answers: { ...changed.answers, runs: value } })
        : stay(state);
    case "federation":
      return value === "hub" || value === "direct"
        ? stay({ ...changed, answers: { ...changed.answers, federation: value } })
        : stay(state);
    default:
      return stay(state);
  }
}

function textInput(state: WizardState, field: (typeof TEXT_FIELDS)[number], value: string): Next {
  const next = { ...state, answers: { ...state.answers, [field]: value } };
  // Another organization has another issuer, and so another certificate to look at.
  return stay(field === "organizationId" ? { ...next, thumbprint: idle } : next);
}

function checkbox(state: WizardState, field: string, value: boolean): Next {
  switch (field) {
    case "endpointConfirmed":
    case "useUntrustedThumbprint":
      return stay({ ...state, answers: { ...state.answers, [field]: value } });
    default:
      return stay(state);
  }
}

/** Claims belong to a folder: with another folder all that came from the old one is dropped. */
function chooseFolder(state: WizardState, folder: string): Next {
  if (!state.folders.some((one) => one.uri === folder) || folder === state.answers.folder) return stay(state);
  const untouched = state.touched.filter((name) => !["projectId", "repository"].includes(name));
  return detect({ ...state, touched: untouched, answers: { ...state.answers, folder } });
}

function chooseProfile(state: WizardState, profile: string): Next {
  const choices = state.profiles.kind === "ready" ? state.profiles.value : [];
  const choice = choices.find((one) => one.id === profile);
  if (choice === undefined) return stay(state);
  const region = state.touched.includes("region")
    ? state.answers.region
    : (choice.region ?? state.answers.region);
  return identifyHub({
    ...state,
    touched: state.touched.filter((name) => name !== "accountId"),
    answers: { ...state.answers, profile, region, accountId: "", endpointConfirmed: false },
  });
}

function subInput(state: WizardState, key: number, name: string, value: string): Next {
  const sub = state.subs.find((one) => one.key === key);
  if (sub === undefined) return stay(state);
  if (name === "profile") {
    const choices = state.profiles.kind === "ready" ? state.profiles.value : [];
    if (!choices.some((one) => one.id === value)) return stay(state);
    const touched = state.touched.filter((field) => field !== `sub.${key}.accountId`);
    const answers = { ...state.answers, endpointConfirmed: false };
    return identifySub(
      withSub({ ...state, touched, answers }, { ...sub, profile: value, accountId: "" }),
      key,
    );
  }
  const text = SUB_TEXT_FIELDS.find((one) => one === name);
  return text === undefined ? stay(state) : stay(withSub(state, { ...sub, [text]: value }));
}

/** Jobs of one config say nothing of those with the same names in another. */
function chooseConfig(state: WizardState, config: string | boolean): Next {
  const found = state.configs.some(({ uri }) => uri === config);
  if (!found || typeof config !== "string" || config === state.config) return stay(state);
  return outlinePipeline({ ...state, config, selectedJobs: [] }, state.configs);
}

function selectJob(state: WizardState, name: string, selected: boolean): Next {
  const ready =
    state.pipeline.kind === "ready" &&
    state.pipeline.value.jobs.some((job) => job.name === name && job.status === "ready");
  if (!ready) return stay(state);
  const others = state.selectedJobs.filter((one) => one !== name);
  return stay({ ...state, selectedJobs: selected ? [...others, name] : others, insertion: idle });
}

function chooseStep(state: WizardState, field: string, value: string | boolean): Next {
  const choices = typeof value === "string" ? chosen(state.choices, field, value) : undefined;
  if (choices === undefined) return stay(state);
  const touched = state.touched.includes(field) ? state.touched : [...state.touched, field];
  return stay({ ...state, touched, choices, insertion: idle });
}
