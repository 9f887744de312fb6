import { grantPolicies, type GrantPolicy } from "../blueprint/grants.ts";
import { roleArn } from "../blueprint/names.ts";
import { checkRegion } from "../ids.ts";
import { msg } from "../messages.ts";
import type { Grant } from "../permissions/grant.ts";
import type { Place } from "../permissions/templates.ts";
import { MANAGED_POLICY_QUOTA, policyLength } from "../policy.ts";
import { lintRolePermissions, type LintFinding } from "../trust/index.ts";
import {
  grantFields,
  grantKinds,
  grantProblems,
  grantsOf,
  newGrant,
  type GrantAnswers,
  type GrantField,
} from "./grants.ts";
import { leadsOn, roleIds, roleOf, withRole } from "./roleSettings.ts";
import { valueOf, type FieldProblem, type WizardState } from "./state.ts";

/** A role that may get permissions, and where it is as far as AWS has said so. */
export type GrantedRole = {
  /** `hub` or the key of a sub-account. */
  readonly id: string;
  readonly name: string;
  readonly place: Place | undefined;
};

/** The roles that may get permissions: a first role that leads on to others gets none. */
export function grantedRoles(state: WizardState): readonly GrantedRole[] {
  const ids = roleIds(state);
  return (leadsOn(state) ? ids.slice(1) : ids).map((id) => {
    const sub = state.subs.find(({ key }) => String(key) === id);
    const { identity } = sub ?? state;
    const name = (sub?.roleName ?? state.answers.roleName).trim();
    return { id, name, place: identity.kind === "ready" ? identity.value : undefined };
  });
}

/** The id of a field of the page; `confirm` is where the name of a powerful policy is typed again. */
export function grantFieldId(role: string, key: number, field: GrantField | "confirm"): string {
  return `grant.${role}.${key}.${field}`;
}

/** What CI may do with a role, as far as it is complete. */
export function permissionsOf(state: WizardState, id: string): readonly Grant[] {
  const role = roleOf(state, id);
  return role.permissions === "some" ? role.grants.flatMap((grant) => grantsOf(grant) ?? []) : [];
}

/** The policies that one of a role's grants makes, numbered as they will be; empty where it makes none yet. */
export function policiesOf(
  state: WizardState,
  { id, name, place }: GrantedRole,
  key: number,
): readonly GrantPolicy[] {
  if (place === undefined) return [];
  const { grants } = roleOf(state, id);
  const at = grants.findIndex((grant) => grant.key === key);
  const before = grants.slice(0, at).flatMap((grant) => grantsOf(grant) ?? []);
  const own = grants.slice(at, at + 1).flatMap((grant) => grantsOf(grant) ?? []);
  return grantPolicies(name, place, [...before, ...own])
    .slice(before.length)
    .flatMap((policy) => (policy === undefined ? [] : [policy]));
}

/** What the linter finds in what one grant allows. */
export function findingsOf(
  state: WizardState,
  role: GrantedRole,
  grant: GrantAnswers,
): readonly LintFinding[] {
  const attached = (grantsOf(grant) ?? []).flatMap((one) => (one.kind === "existing" ? [one.arn] : []));
  const policies = policiesOf(state, role, grant.key).map(({ document }) => document);
  const { path } = roleOf(state, role.id);
  const arn =
    role.place === undefined
      ? {}
      : { roleArn: roleArn(role.place.partition, role.place.accountId, role.name, path.trim() || "/") };
  return lintRolePermissions({ attached, policies, ...arn });
}

/**
 * The names of the policies of a grant that make the role administrator, or let it become one. They are offered
 * nowhere; who types them says so twice.
 */
export function powerfulPolicies(
  state: WizardState,
  role: GrantedRole,
  grant: GrantAnswers,
): readonly string[] {
  const powerful = findingsOf(state, role, grant).filter(
    ({ rule }) => rule === "administrator-access" || rule === "widens-itself",
  );
  const attached = (grantsOf(grant) ?? []).flatMap((one) => (one.kind === "existing" ? [one.arn] : []));
  const names = powerful.map(({ path: [list, at] }) =>
    list === "attached" && typeof at === "number"
      ? (attached[at] ?? "").replace(/^.*\//, "")
      : (policiesOf(state, role, grant.key)[0]?.name ?? ""),
  );
  return [...new Set(names)];
}

/** What stands in the way of leaving the page, role by role. */
export function permissionProblems(state: WizardState): readonly FieldProblem[] {
  const roles = grantedRoles(state);
  return [...roles.flatMap((role) => roleProblems(state, role)), ...twins(state, roles)];
}

function roleProblems(state: WizardState, role: GrantedRole): readonly FieldProblem[] {
  const { permissions, grants } = roleOf(state, role.id);
  const choice = `grant.${role.id}.permissions`;
  if (permissions === "") return [{ field: choice, problem: msg("grant.choose.empty") }];
  if (permissions === "nothing") return [];
  if (grants.length === 0) return [{ field: choice, problem: msg("grant.none.empty") }];
  return grants.flatMap((grant) => {
    const wrong = grantProblems(grant, role.place);
    if (wrong.length > 0) {
      return wrong.map(({ field, problem }) => ({
        field: grantFieldId(role.id, grant.key, field),
        problem,
      }));
    }
    return wholeProblems(state, role, grant);
  });
}

/** What is wrong with a grant whose every field is right. */
function wholeProblems(state: WizardState, role: GrantedRole, grant: GrantAnswers): readonly FieldProblem[] {
  const field = grant.kind === "document" ? "document" : grantFields(grant)[0];
  const [policy] = policiesOf(state, role, grant.key);
  const length = policy === undefined ? 0 : policyLength(policy.document);
  if (field !== undefined && length > MANAGED_POLICY_QUOTA) {
    const problem = msg("grant.length", { length, quota: MANAGED_POLICY_QUOTA });
    return [{ field: grantFieldId(role.id, grant.key, field), problem }];
  }
  const said = (grant.values.confirm ?? "").split(/[\s,]+/);
  const unsaid = powerfulPolicies(state, role, grant).filter((name) => !said.includes(name));
  return unsaid.length === 0
    ? []
    : [
        {
          field: grantFieldId(role.id, grant.key, "confirm"),
          problem: msg("grant.confirm", { names: unsaid.join(", ") }),
        },
      ];
}

/** Policies of one account have different names, whatever their letter case, and are attached once to a role. */
function twins(state: WizardState, roles: readonly GrantedRole[]): readonly FieldProblem[] {
  const seen = new Set<string>();
  return roles.flatMap((role) => {
    const { permissions, grants } = roleOf(state, role.id);
    if (permissions !== "some") return [];
    return grants.flatMap((grant) => {
      const { accountId = "" } = role.place ?? {};
      const names = policiesOf(state, role, grant.key).map(({ name }) => ({ name, owner: accountId }));
      const arns = (grantsOf(grant) ?? []).flatMap((one) =>
        one.kind === "existing" ? [{ name: one.arn, owner: `${accountId}/${role.id}` }] : [],
      );
      const twin = [...names, ...arns].find(({ name, owner }) => {
        const id = `${owner} ${name.toLowerCase()}`;
        const isThere = seen.has(id);
        seen.add(id);
        return isThere;
      });
      const field = grant.kind === "document" ? "name" : grantFields(grant)[0];
      return twin === undefined || field === undefined
        ? []
        : [
            {
              field: grantFieldId(role.id, grant.key, field),
              problem: msg("grant.sameName", { name: twin.name }),
            },
          ];
    });
  });
}

/** Takes in one answer of the page, or nothing where there is no such field. */
export function permissionInput(state: WizardState, field: string, value: string): WizardState | undefined {
  const [, id = "", rest = ""] = /^grant\.(\w+)\.(.+)$/.exec(field) ?? [];
  if (!roleIds(state).includes(id)) return undefined;
  if (rest === "permissions") {
    const permissions = (["nothing", "some"] as const).find((one) => one === value);
    return permissions === undefined ? undefined : withRole(state, id, { permissions });
  }
  const [key, name] = rest.split(".");
  const { grants } = roleOf(state, id);
  const grant = grants.find((one) => String(one.key) === key);
  if (grant === undefined) return undefined;
  const known = ([...grantFields(grant), "confirm"] as const).find((one) => one === name);
  if (known === undefined) return undefined;
  const changed = { ...grant, values: { ...grant.values, [known]: value } };
  return withRole(state, id, { grants: grants.map((one) => (one === grant ? changed : one)) });
}

/** Adds a grant to a role: `hub:ecr-push`. Anything else changes nothing. */
export function addGrant(state: WizardState, which: string): WizardState {
  const [id = "", name] = which.split(":");
  const kind = grantKinds.find((one) => one === name);
  if (kind === undefined || !roleIds(state).includes(id)) return state;
  const { grants } = roleOf(state, id);
  const key = Math.max(0, ...grants.map((grant) => grant.key)) + 1;
  const region = valueOf(checkRegion(state.answers.region)) ?? "";
  return withRole(state, id, { grants: [...grants, newGrant(key, kind, region)] });
}

/** Takes a grant away from a role again: `hub:2`. */
export function removeGrant(state: WizardState, which: string): WizardState {
  const [id = "", key] = which.split(":");
  if (!roleIds(state).includes(id)) return state;
  const { grants } = roleOf(state, id);
  return withRole(state, id, { grants: grants.filter((grant) => String(grant.key) !== key) });
}

/** The policy that a grant makes, `hub:2`, to be opened as a document. */
export function policyAt(state: WizardState, which: string): GrantPolicy | undefined {
  const [id = "", key] = which.split(":");
  const role = grantedRoles(state).find((one) => one.id === id);
  return role === undefined ? undefined : policiesOf(state, role, Number(key))[0];
}
