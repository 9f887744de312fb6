import type { RunJournal } from "../../core/plan/journal.ts";
import { refAsTyped, type RefRule } from "../../core/trust/index.ts";
import { initialState, type Folder, type SubAnswers, type WizardState } from "../../core/wizard/state.ts";

/** Branches and tags as they were typed. */
function typedRefs(refs: readonly RefRule[]): { readonly branches: string; readonly tags: string } {
  const typed = (...kinds: readonly RefRule["kind"][]): string =>
    refs
      .filter(({ kind }) => kinds.includes(kind))
      .map(refAsTyped)
      .join(", ");
  return { branches: typed("branch", "branchPrefix"), tags: typed("tag", "tagPrefix") };
}

/**
 * A wizard that goes on with an unfinished run: the same setup and run, the same answers, on its first page. What was
 * read from AWS and CircleCI is read anew. An organization that CircleCI confirmed is to be confirmed again; one that
 * the user named stays named.
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
    },
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
