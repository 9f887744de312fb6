import {
  checkAccountId,
  checkCiProfile,
  checkRegion,
  checkRoleName,
  checkUuid,
  isLoopbackOverride,
  type Checked,
} from "../ids.ts";
import { msg, type Message } from "../messages.ts";
import { isApplicable } from "../plan/index.ts";
import type { Setup, Source, SubAccount } from "../setup.ts";
import { accessProblems, runsOf, usersOf } from "./access.ts";
import { standing } from "./claim.ts";
import { grantedRoles, permissionProblems, permissionsOf } from "./permissions.ts";
import { commonSettingsOf, roleSettingsOf, settingProblems } from "./roleSettings.ts";
import { stepProblems } from "./step.ts";
import {
  valueOf,
  type FieldProblem,
  type Identity,
  type Loadable,
  type PageId,
  type SubAnswers,
  type WizardState,
} from "./state.ts";

/** What stands in the way of leaving a page, in the order of its fields; empty where nothing does. */
export function pageProblems(state: WizardState, page: PageId): readonly FieldProblem[] {
  switch (page) {
    case "connection":
      return connectionProblems(state);
    case "aws":
      return [
        ...awsProblems(state),
        ...state.subs.flatMap((sub) => subProblems(state, sub)),
        ...settingProblems(state),
        ...endpointProblems(state),
      ];
    case "access":
      return accessProblems(state);
    case "permissions":
      return permissionProblems(state);
    case "thumbprint":
      return state.thumbprint.kind === "loading" ? [at("thumbprint", msg("wizard.thumbprint.busy"))] : [];
    case "review":
      return reviewProblems(state);
    case "apply":
      return state.apply.kind === "ended" && state.apply.outcome.status === "finished"
        ? []
        : [at("apply", msg("wizard.apply.notFinished"))];
    case "pipeline":
      return stepProblems(state, toSetup(state));
    case "done":
      return [];
  }
}

/** The setup, once every page before the review has no problem left. */
export function toSetup(state: WizardState): Setup | undefined {
  const early: readonly PageId[] = ["connection", "aws", "access", "permissions", "thumbprint"];
  if (early.some((page) => pageProblems(state, page).length > 0)) return undefined;
  const { answers } = state;
  const organizationId = valueOf(checkUuid(answers.organizationId, ""));
  const projectId = valueOf(checkUuid(answers.projectId, ""));
  const roleName = valueOf(checkRoleName(answers.roleName));
  const region = valueOf(checkRegion(answers.region));
  const [runs, users] = [runsOf(state), usersOf(state)];
  if (organizationId === undefined || projectId === undefined || roleName === undefined) return undefined;
  if (region === undefined || runs === undefined || state.identity.kind !== "ready") return undefined;
  if (users === undefined) return undefined;
  const source: Source = standingSource(state);
  const thumbprint = chosenThumbprint(state);
  return {
    version: 1,
    id: state.setupId,
    organizationId,
    projectId,
    audience: state.lookup.kind === "ready" ? state.lookup.value.audience : organizationId,
    partition: state.identity.value.partition,
    hub: {
      accountId: state.identity.value.accountId,
      profile: answers.profile,
      roleName,
      ...detailsOf(state, "hub"),
    },
    region,
    runs,
    users,
    subAccounts: state.subs.flatMap((sub) => subAccountOf(state, sub)),
    ...commonSettingsOf(state),
    ...(thumbprint === undefined ? {} : { thumbprint }),
    sources: { organizationId: source, projectId: source },
  };
}

function connectionProblems(state: WizardState): readonly FieldProblem[] {
  const found: FieldProblem[] = [];
  if (state.folders.length > 1 && state.answers.folder === "") {
    found.push(at("folder", msg("wizard.folder.choose")));
  }
  found.push(...problemOf("organizationId", checkUuid(state.answers.organizationId, "organization ID")));
  found.push(...problemOf("projectId", checkUuid(state.answers.projectId, "project ID")));
  const judged = standing(state);
  if (judged.kind === "refused") found.push(at("organizationId", judged.reason));
  if (found.length === 0 && judged.kind === "open") {
    found.push(at("organizationId", msg("wizard.claim.open")));
  }
  return found;
}

function awsProblems(state: WizardState): readonly FieldProblem[] {
  const { answers } = state;
  const found: FieldProblem[] = [];
  if (answers.profile === "") found.push(at("profile", msg("wizard.profile.choose")));
  found.push(...accountProblems("accountId", answers.accountId, answers.profile, state.identity));
  found.push(...problemOf("region", checkRegion(answers.region)));
  found.push(...problemOf("roleName", checkRoleName(answers.roleName)));
  return found;
}

function endpointProblems(state: WizardState): readonly FieldProblem[] {
  return unconfirmedEndpoint(state) === undefined || state.answers.endpointConfirmed
    ? []
    : [at("endpointConfirmed", msg("wizard.endpoint.confirm"))];
}

/** The account is a fact from `GetCallerIdentity`; what was typed must agree with it. */
function accountProblems(
  field: string,
  typed: string,
  profile: string,
  identity: Loadable<Identity>,
): readonly FieldProblem[] {
  const account = checkAccountId(typed);
  switch (identity.kind) {
    case "idle":
      return profile === "" ? [] : [at(field, msg("wizard.identity.wait"))];
    case "loading":
      return [at(field, msg("wizard.identity.wait"))];
    case "failed":
      return [at(field, msg("wizard.identity.failed"))];
    case "ready": {
      if (!account.ok) return [at(field, account.problem)];
      const actual = identity.value.accountId;
      return account.value === actual
        ? []
        : [at(field, msg("wizard.account.mismatch", { typed: account.value, actual }))];
    }
  }
}

function subProblems(state: WizardState, sub: SubAnswers): readonly FieldProblem[] {
  const field = (name: string): string => `sub.${sub.key}.${name}`;
  const found: FieldProblem[] = [];
  if (sub.profile === "") found.push(at(field("profile"), msg("wizard.profile.choose")));
  found.push(...accountProblems(field("accountId"), sub.accountId, sub.profile, sub.identity));
  found.push(...problemOf(field("roleName"), checkRoleName(sub.roleName)));
  found.push(...problemOf(field("ciProfile"), checkCiProfile(sub.ciProfile)));
  const twin = (other: SubAnswers, same: boolean): boolean => other.key < sub.key && same;
  if (state.subs.some((other) => twin(other, other.ciProfile.trim() === sub.ciProfile.trim()))) {
    found.push(at(field("ciProfile"), msg("wizard.sub.sameProfile")));
  }
  const sameRole = (other: SubAnswers): boolean =>
    other.accountId.trim() === sub.accountId.trim() &&
    other.roleName.trim().toLowerCase() === sub.roleName.trim().toLowerCase();
  if (state.subs.some((other) => twin(other, sameRole(other)))) {
    found.push(at(field("roleName"), msg("wizard.sub.sameRole")));
  }
  if (sub.accountId.trim() === state.answers.accountId.trim() && sub.accountId.trim() !== "") {
    found.push(at(field("accountId"), msg("wizard.sub.isHub")));
  }
  if (
    sub.identity.kind === "ready" &&
    state.identity.kind === "ready" &&
    sub.identity.value.partition !== state.identity.value.partition
  ) {
    found.push(at(field("accountId"), msg("wizard.sub.partition")));
  }
  return found;
}

function reviewProblems(state: WizardState): readonly FieldProblem[] {
  if (state.plan.kind !== "ready") return [at("plan", msg("wizard.review.wait"))];
  const { changes } = state.plan.value;
  if (changes.some(({ action }) => action === "blocked")) return [at("plan", msg("wizard.review.blocked"))];
  return isApplicable(changes, new Set(state.consents)) ? [] : [at("plan", msg("wizard.review.open"))];
}

/** The host that answers instead of AWS where it is neither AWS nor this machine. */
export function unconfirmedEndpoint(state: WizardState): string | undefined {
  const all = [state.identity, ...state.subs.map((sub) => sub.identity)];
  const hosts = all.flatMap((one) => (one.kind === "ready" ? [one.value.endpointOverride] : []));
  return hosts.find((host) => host !== undefined && !isLoopbackOverride(host));
}

/** The thumbprint that goes into the provider; undefined where AWS is to fetch its own. */
export function chosenThumbprint(state: WizardState): string | undefined {
  if (state.thumbprint.kind !== "ready") return undefined;
  const found = state.thumbprint.value;
  if (found.kind === "verified") return found.thumbprint;
  return found.kind === "untrusted" && state.answers.useUntrustedThumbprint ? found.thumbprint : undefined;
}

function standingSource(state: WizardState): Source {
  const judged = standing(state);
  return judged.kind === "confirmed" ? judged.by : "typed";
}

/** What is said of a role beside its name and its place. */
function detailsOf(state: WizardState, id: string): Omit<SubAccount, keyof Place | "ciProfile"> {
  const isAsked = grantedRoles(state).some((role) => role.id === id);
  const permissions = isAsked ? permissionsOf(state, id) : [];
  return { ...roleSettingsOf(state, id), ...(permissions.length === 0 ? {} : { permissions }) };
}
type Place = Pick<SubAccount, "accountId" | "profile" | "roleName">;

function subAccountOf(state: WizardState, sub: SubAnswers): readonly SubAccount[] {
  const accountId = valueOf(checkAccountId(sub.accountId));
  const roleName = valueOf(checkRoleName(sub.roleName));
  const ciProfile = valueOf(checkCiProfile(sub.ciProfile));
  if (accountId === undefined || roleName === undefined || ciProfile === undefined) return [];
  const { profile, key } = sub;
  return [{ accountId, profile, roleName, ciProfile, ...detailsOf(state, String(key)) }];
}

const at = (field: string, problem: Message): FieldProblem => ({ field, problem });

function problemOf(field: string, checked: Checked<unknown>): readonly FieldProblem[] {
  return checked.ok ? [] : [at(field, checked.problem)];
}
