import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import type { Action } from "../src/shared/protocol.ts";
import type { Ui } from "./ui.ts";
import { visible } from "../src/core/visible.ts";

/** One button. `data-control` is how the focus finds it. */
export function actionButton(ui: Ui, action: Action): TemplateResult {
  const press = () => {
    // A click on the padding of a disabled toolkit button still reaches its host element.
    if (action.enabled) ui.press(action.id);
  };
  if (action.style === "link") {
    return html`<button
      type="button"
      class="link"
      data-control=${action.id}
      ?disabled=${!action.enabled}
      @click=${press}
    >
      ${visible(action.label)}
    </button>`;
  }
  return html`<vscode-button
    appearance=${action.style}
    data-control=${action.id}
    ?disabled=${!action.enabled}
    @click=${press}
    >${visible(action.label)}</vscode-button
  >`;
}

/** A row of buttons; nothing where there are none. */
export function actionRow(ui: Ui, actions: readonly Action[] | undefined): TemplateResult | typeof nothing {
  if (actions === undefined || actions.length === 0) return nothing;
  return html`<div class="actions">
    ${repeat(
      actions,
      // The style decides which element is made, so it is part of the identity.
      (action) => `${action.style} ${action.id}`,
      (action) => actionButton(ui, action),
    )}
  </div>`;
}
