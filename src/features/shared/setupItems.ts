import { msg, type Translate } from "../../core/messages.ts";
import type { Setup } from "../../core/setup.ts";
import { visible } from "../../core/visible.ts";
import type { PickItem } from "./dialogs.ts";

/** Setups as lines of a list to choose from. */
export function setupItems(setups: readonly Setup[], t: Translate): readonly PickItem<Setup>[] {
  return setups.map((setup) => ({
    label: visible(setup.hub.roleName),
    description: t(
      msg("teardown.account", { account: setup.hub.accountId, profile: visible(setup.hub.profile) }),
    ),
    detail: t(msg("teardown.project", { project: setup.projectId, organization: setup.organizationId })),
    value: setup,
  }));
}
