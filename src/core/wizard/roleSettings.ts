import * as v from "valibot";
import { msg, type MessageId } from "../messages.ts";
import { PolicyName } from "../permissions/grant.ts";
import {
  AwsOrganizationId,
  ExternalId,
  RoleDescription,
  RolePath,
  TagKey,
  TagValue,
  type Setup,
  type SubAccount,
} from "../setup.ts";
import { plainRole, type FieldProblem, type RoleAnswers, type WizardState } from "./state.ts";

/** The fields of a role beside its name. */
export const roleFields = ["path", "description", "session", "externalId"] as const;
export type RoleField = (typeof roleFields)[number];

/** Seconds a session may last, as they are offered. IAM takes an hour to 12 hours. */
export const sessions = [3600, 7200, 14_400, 28_800, 43_200] as const;

/** `hub` and the keys of the sub-accounts, in their order. */
export function roleIds({ subs }: WizardState): readonly string[] {
  return ["hub", ...subs.map((sub) => String(sub.key))];
}

/** What was said of a role. */
export function roleOf({ roles }: WizardState, id: string): RoleAnswers {
  return roles[id] ?? plainRole;
}

/** Changes what was said of a role. */
export function withRole(state: WizardState, id: string, changes: Partial<RoleAnswers>): WizardState {
  return { ...state, roles: { ...state.roles, [id]: { ...roleOf(state, id), ...changes } } };
}

/** Takes a sub-account out. Its key is given anew, so nothing that was said of it may stay behind. */
export function withoutSub(state: WizardState, key: number): WizardState {
  const { [String(key)]: _gone, ...roles } = state.roles;
  const ours = new RegExp(`^(?:sub|role|grant)\\.${key}\\.`);
  return {
    ...state,
    roles,
    touched: state.touched.filter((field) => !ours.test(field)),
    subs: state.subs.filter((sub) => sub.key !== key),
  };
}

/** Whether the first role leads on to the others, and so may do nothing else. */
export function leadsOn({ answers, subs }: WizardState): boolean {
  return subs.length > 0 && answers.federation === "hub";
}

/** What is wrong with what was said of the roles and of everything that is created, by field. */
export function settingProblems(state: WizardState): readonly FieldProblem[] {
  const { answers } = state;
  return [
    ...roleIds(state).flatMap((id) => roleProblems(state, id)),
    ...wrong("boundaryName", answers.boundaryName, PolicyName, "role.boundaryName.malformed"),
    ...wrong("boundaryPath", answers.boundaryPath, RolePath, "role.path.malformed"),
    ...(answers.boundaryName.trim() === "" && answers.boundaryPath.trim() !== ""
      ? [{ field: "boundaryName", problem: msg("role.boundaryName.missing") }]
      : []),
    ...(leadsOn(state)
      ? wrong("organization", answers.organization, AwsOrganizationId, "role.organization.malformed")
      : []),
    ...tagProblems(answers.companyTags),
    ...audienceProblems(answers.audiences),
  ];
}

function roleProblems(state: WizardState, id: string): readonly FieldProblem[] {
  const { path, description, externalId } = roleOf(state, id);
  const field = (name: RoleField): string => `role.${id}.${name}`;
  return [
    ...wrong(field("path"), path, RolePath, "role.path.malformed"),
    ...wrong(field("description"), description, RoleDescription, "role.description.malformed"),
    ...(leadsOn(state) && id !== "hub"
      ? wrong(field("externalId"), externalId, ExternalId, "role.externalId.malformed")
      : []),
  ];
}

function wrong(
  field: string,
  typed: string,
  schema: v.GenericSchema<unknown, string>,
  id: MessageId,
): readonly FieldProblem[] {
  const value = typed.trim();
  return value === "" || v.is(schema, value) ? [] : [{ field, problem: msg(id) }];
}

/** What the four tags of the product leave. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const MOST_TAGS = 46;

function tagProblems(typed: string): readonly FieldProblem[] {
  const found = (problem: FieldProblem["problem"]): readonly FieldProblem[] => [
    { field: "companyTags", problem },
  ];
  const tags = tagLines(typed);
  for (const { line, key, value } of tags) {
    if (value === undefined) return found(msg("role.tags.line", { line }));
    if (!v.is(TagKey, key)) return found(msg("role.tags.key", { key }));
    if (!v.is(TagValue, value)) return found(msg("role.tags.value", { key }));
  }
  // IAM holds keys that differ only in letter case for the same.
  const keys = tags.map(({ key }) => key.toLowerCase());
  const twice = tags.find(({ key }, at) => keys.indexOf(key.toLowerCase()) < at);
  if (twice !== undefined) return found(msg("role.tags.twice", { key: twice.key }));
  return tags.length > MOST_TAGS ? found(msg("role.tags.many", { most: MOST_TAGS })) : [];
}

function tagLines(typed: string): readonly { line: string; key: string; value: string | undefined }[] {
  const lines = typed.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [key = "", ...rest] = line.split("=");
      return { line, key: key.trim(), value: rest.length === 0 ? undefined : rest.join("=").trim() };
    });
}

/** How many audiences a provider has beside its first one, and how long each may be.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html */
const audiences = { most: 99, longest: 255 };

function audienceProblems(typed: string): readonly FieldProblem[] {
  const found = audienceList(typed);
  const long = found.some((audience) => audience.length > audiences.longest);
  return long || found.length > audiences.most
    ? [{ field: "audiences", problem: msg("role.audiences.malformed", audiences) }]
    : [];
}

/** The audiences that were typed, each once. */
export function audienceList(typed: string): readonly string[] {
  return [...new Set(typed.split(/[\s,]+/).filter((audience) => audience !== ""))];
}

/** What a setup says of one role, where nothing is wrong with it. */
export function roleSettingsOf(
  state: WizardState,
  id: string,
): Pick<SubAccount, "path" | "description" | "maxSessionSeconds" | "boundary" | "externalId"> {
  const role = roleOf(state, id);
  const { boundaryName, boundaryPath } = state.answers;
  const [path, description, externalId] = [role.path.trim(), role.description.trim(), role.externalId.trim()];
  const seconds = Number(role.session);
  const boundary = { name: boundaryName.trim(), path: boundaryPath.trim() || "/" };
  return {
    ...(path === "" || path === "/" ? {} : { path }),
    ...(description === "" ? {} : { description }),
    ...(seconds === sessions[0] ? {} : { maxSessionSeconds: seconds }),
    ...(boundary.name === "" ? {} : { boundary }),
    ...(id === "hub" || externalId === "" || !leadsOn(state) ? {} : { externalId }),
  };
}

/** What a setup says of everything it makes, where nothing is wrong with it. */
export function commonSettingsOf(
  state: WizardState,
): Pick<Setup, "extraAudiences" | "federation" | "organization" | "tags"> {
  const { answers, subs } = state;
  const extraAudiences = audienceList(answers.audiences);
  const organization = answers.organization.trim();
  const tags = Object.fromEntries(
    tagLines(answers.companyTags).map(({ key, value = "" }) => [key, value] as const),
  );
  return {
    ...(extraAudiences.length === 0 ? {} : { extraAudiences }),
    ...(subs.length > 0 && answers.federation === "direct" ? { federation: "direct" as const } : {}),
    ...(organization === "" || !leadsOn(state) ? {} : { organization }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
}

/** Takes in one answer about a role, or nothing where there is no such role or field. */
export function roleInput(state: WizardState, field: string, value: string): WizardState | undefined {
  const [, id = "", name = ""] = /^role\.(\w+)\.(\w+)$/.exec(field) ?? [];
  const known = roleFields.find((one) => one === name);
  if (known === undefined || !roleIds(state).includes(id)) return undefined;
  const offered = known !== "session" || sessions.some((seconds) => String(seconds) === value);
  return offered ? withRole(state, id, { [known]: value }) : undefined;
}
