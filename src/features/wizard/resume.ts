import type { RunJournal } from "../../core/plan/journal.ts";
import { initialState, type Folder, type SubAnswers, type WizardState } from "../../core/wizard/state.ts";

/**
 * A wizard that goes on with an unfinished run: the same setup and run, the same answers, on its first page. What was
 * read from AWS and CircleCI is read anew. An organization that CircleCI confirmed is to be confirmed again; one that
 * the user named stays named.
 */
export function stateOfRun(
  { setup, runId }: Pick<RunJournal, "setup" | "runId">,
  folders: readonly Folder[],
): WizardState {
  const fresh = initialState(folders, { setupId: setup.id, runId });
  const { branchRule, hub, sources } = setup;
  const named = sources.organizationId === "typed" ? ["organizationId"] : [];
  return {
    ...fresh,
    touched: [...named, "projectId", "region", ...(branchRule.kind === "named" ? ["repository"] : [])],
    answers: {
      ...fresh.answers,
      organizationId: setup.organizationId,
      projectId: setup.projectId,
      profile: hub.profile,
      region: setup.region,
      roleName: hub.roleName,
      branchRule: branchRule.kind,
      ...(branchRule.kind === "named"
        ? { repository: branchRule.repository, branchNames: branchRule.branches.join(", ") }
        : {}),
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
