import * as v from "valibot";
import type { Translate } from "../../core/messages.ts";
import { reduce } from "../../core/wizard/reduce.ts";
import type { Effect, Event } from "../../core/wizard/events.ts";
import type { WizardState } from "../../core/wizard/state.ts";
import { FromWebview, type ToWebview } from "../../shared/protocol.ts";
import { enabledActions, viewOf } from "./view/index.ts";

/** The wizard's state and the way in and out of it. */
export type Controller = {
  readonly dispatch: (event: Event) => void;
  /** A message from the webview, of which nothing is taken for granted. */
  readonly receive: (message: unknown) => void;
  readonly state: () => WizardState;
};

/**
 * Holds the state, runs the reducer, sends the view, hands out the effects. The webview is told the whole page
 * after every event and can be rebuilt from a `ready` at any time. It can press only what its page offers.
 */
export function createController(
  initial: WizardState,
  host: {
    readonly t: Translate;
    post(message: ToWebview): void;
    run(effect: Effect): void;
    changed(state: WizardState): void;
  },
): Controller {
  let state = initial;
  let view = viewOf(state, host.t);

  const dispatch = (event: Event): void => {
    const step = reduce(state, event);
    state = step.state;
    view = viewOf(state, host.t);
    host.post({ type: "view", view, ...(step.focus === undefined ? {} : { focus: step.focus }) });
    host.changed(state);
    for (const effect of step.effects) host.run(effect);
  };

  return {
    dispatch,
    receive: (message) => {
      const parsed = v.safeParse(FromWebview, message);
      if (!parsed.success) return;
      switch (parsed.output.type) {
        case "ready":
          host.post({ type: "view", view });
          return;
        case "input":
          dispatch(parsed.output);
          return;
        case "press":
          if (enabledActions(view).has(parsed.output.action)) dispatch(parsed.output);
          return;
      }
    },
    state: () => state,
  };
}
