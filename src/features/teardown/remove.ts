import { msg } from "../../core/messages.ts";
import type { Setup } from "../../core/setup.ts";
import { visible } from "../../core/visible.ts";
import { removeWithQuestions, type RemovalPorts } from "../shared/removalFlow.ts";
import { planRemovalOf, removeSetup } from "../shared/runs.ts";
import { setupItems } from "../shared/setupItems.ts";
import { readSetups, type Store } from "../shared/store.ts";

/**
 * Removes one of the setups that were finished on this computer: asks which, shows the full list, asks, removes.
 *
 * @returns the setup that something was removed of
 */
export async function removeChosenSetup(
  ports: RemovalPorts & { readonly store: Store },
): Promise<Setup | undefined> {
  const { dialogs, store } = ports;
  const { t } = dialogs;
  const setups = await readSetups(store);
  if (setups.length === 0) {
    void dialogs.notify("info", t(msg("teardown.none")));
    return undefined;
  }
  const setup = await dialogs.pick(setupItems(setups, t), {
    title: t(msg("teardown.title")),
    placeholder: t(msg("teardown.placeholder")),
  });
  if (setup === undefined) return undefined;
  const words = {
    looking: msg("recovery.looking"),
    question: msg("teardown.question", { role: visible(setup.hub.roleName), account: setup.hub.accountId }),
    yes: msg("teardown.yes"),
    working: msg("removal.working"),
    done: msg("teardown.done"),
    nothing: msg("teardown.nothing"),
  };
  const outcome = await removeWithQuestions(
    ports,
    words,
    (signal) => planRemovalOf(ports, setup, signal),
    (plan, options) => removeSetup(ports, setup, plan, options),
  );
  return outcome === undefined ? undefined : setup;
}
