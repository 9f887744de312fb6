import type { RunJournal } from "../../core/plan/journal.ts";
import { refAsTyped, type RefRule } from "../../core/trust/index.ts";
import type { Setup } from "../../core/setup.ts";
import { grantAnswers } from "../../core/wizard/grants.ts";
import {
  initialState,
  plainRole,
  type Answers,
  type Folder,
  type RoleAnswers,
  type SubAnswers,
  type WizardState,
} from "../../core/wizard/state.ts";

/** Branches and tags as they were typed. */
function typedRefs(refs: readonly RefRule[]): { readonly branches: string; readonly tags: string } {
  const typed = (...kinds: readonly RefRule["kind"][]): string =>
    refs
      .filter(({ kind }) => kinds.includes(kind))
      .map(refAsTyped)
      .join(", ");
  return { branches: typed("branch", "branchPrefix"), tags: typed("tag", "tagPrefix") };
}

/** What was said of a role. Permissions that are not there were left out on purpose. */
function roleAnswers(role: Setup["hub"] & { readonly externalId?: string }): RoleAnswers {
  const { path = "", description = "", maxSessionSeconds, externalId = "", permissions = [] } = role;
  return {
    path,
    description,
    session: maxSessionSeconds === undefined ? plainRole.session : String(maxSessionSeconds),
    externalId,
    permissions: permissions.length === 0 ? "nothing" : "some",
    grants: grantAnswers(permissions),
  };
}

function rolesOf({ hub, subAccounts, federation }: Setup): WizardState["roles"] {
  // Nobody was asked what a first role may do that leads on to others.
  const leads = subAccounts.length > 0 && federation !== "direct";
  return {
    hub: { ...roleAnswers(hub), ...(leads ? { permissions: "" as const } : {}) },
    ...Object.fromEntries(subAccounts.map((sub, at) => [String(at + 1), roleAnswers(sub)])),
  };
}

/** What was said of everything that is created. */
function commonAnswers(setup: Setup): Partial<Answers> {
  const { boundary } = setup.hub;
  return {
    federation: setup.federation ?? "hub",
    boundaryName: boundary?.name ?? "",
    boundaryPath: boundary?.path ?? "",
    organization: setup.organization ?? "",
    companyTags: Object.entries(setup.tags ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join("\n"),
    audiences: (setup.extraAudiences ?? []).join(", "),
  };
}

/**
 * A wizard that goes on with an unfinished run: the same setup and run, the same answers, on its first page. What was
 * read from AWS and CircleCI is read anew. An organization that CircleCI confirmed is to be confirmed again; one that
 * the user named stays named. That a powerful policy is meant is said again.
 */
export function stateOfRun(
  { setup, runId, consents }: Pick<RunJournal, "setup" | "runId" | "consents">,
  folders: readonly Folder[],
): WizardState {
  const fresh = initialState(folders, { setupId: setup.id, runId });
  const { runs, users, hub, sources } = setup;
  const named = sources.organizationId === "typed" ? ["organizationId"] : [];
  return {
    ...fresh,
    consents,
    touched: [...named, "projectId", "region", ...(runs.kind === "refs" ? ["repository"] : [])],
    answers: {
      ...fresh.answers,
      organizationId: setup.organizationId,
      projectId: setup.projectId,
      profile: hub.profile,
      region: setup.region,
      roleName: hub.roleName,
      runs: runs.kind,
      ...(runs.kind === "refs" ? { repository: runs.repository, ...typedRefs(runs.refs) } : {}),
      users: users.kind === "named" ? users.ids.join(", ") : "",
      ...commonAnswers(setup),
    },
    roles: rolesOf(setup),
    subs: setup.subAccounts.map(({ profile, roleName, ciProfile }, index): SubAnswers => ({
      key: index + 1,
      accountId: "",
      profile,
      roleName,
      ciProfile,
      identity: { kind: "idle" },
    })),
  };
}
