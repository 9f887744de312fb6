import { html, nothing, type TemplateResult } from "lit/html.js";
import { keyed } from "lit/directives/keyed.js";
import type { WizardView } from "../src/shared/protocol.ts";
import { actionRow } from "./actions.ts";
import { blockList } from "./blocks.ts";
import { icon } from "./icons.ts";
import type { Ui } from "./ui.ts";
import { visible } from "../src/core/visible.ts";

function stepper(view: WizardView): TemplateResult {
  return html`<nav aria-label=${visible(view.stepsLabel)}>
    <ol class="steps">
      ${view.steps.map(
        (step, at) =>
          html`<li data-state=${step.state} aria-current=${step.state === "current" ? "step" : nothing}>
            <span class="mark" aria-hidden="true">${step.state === "done" ? icon("check") : at + 1}</span>
            <span class="name">${visible(step.label)}</span>
            <span class="unseen">${visible(step.stateText)}</span>
          </li>`,
      )}
    </ol>
  </nav>`;
}

/** The whole wizard. A new page id gives a new page, so nothing of the old one lingers. */
export function pageTemplate(ui: Ui, view: WizardView): TemplateResult {
  return html`<header>
      <p class="product">${visible(view.title)}</p>
      ${
        view.context.length === 0
          ? nothing
          : html`<ul class="context">
              ${view.context.map((item) => html`<li>${visible(item)}</li>`)}
            </ul>`
      }
      ${view.steps.length === 0 ? nothing : stepper(view)}
    </header>
    <main>
      ${keyed(
        view.page.id,
        html`<h1 tabindex="-1" data-heading>${visible(view.page.heading)}</h1>
          ${blockList(ui, view.page.blocks, "")}`,
      )}
    </main>
    ${view.footer.length === 0 ? nothing : html`<footer>${actionRow(ui, view.footer)}</footer>`}`;
}

/** The host's value of a field on the page, however deep it is nested; nothing if it is not there. */
export function fieldValue(view: WizardView, id: string): string | boolean | undefined {
  const stack = [...view.page.blocks];
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    if (block.kind === "group" || block.kind === "details") stack.push(...block.blocks);
    if (block.kind === "columns") stack.push(...block.main, ...block.side);
    if (block.kind === "field" && block.field.id === id) {
      return block.field.kind === "checkbox" ? block.field.checked : block.field.value;
    }
  }
  return undefined;
}
