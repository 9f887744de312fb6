import { html, nothing, type TemplateResult } from "lit/html.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { LONGEST_TEXT } from "../src/shared/limits.ts";
import type { Field } from "../src/shared/protocol.ts";
import { icon } from "./icons.ts";
import type { Ui } from "./ui.ts";
import { unreachable } from "./unreachable.ts";
import { visible } from "../src/core/visible.ts";

type FieldOf<K extends Field["kind"]> = Extract<Field, { kind: K }>;
type Notes = { readonly ids: string | typeof nothing; readonly parts: TemplateResult };

/** The texts under a control and the ids by which it refers to them. */
function notes(field: Field): Notes {
  const source = field.kind === "text" ? field.source : undefined;
  const rows = [
    { name: "error", text: field.error },
    { name: "source", text: source },
    { name: "hint", text: field.hint },
  ].filter((row) => row.text !== undefined && row.text !== "");
  return {
    ids: rows.length > 0 ? rows.map((row) => `${field.id}.${row.name}`).join(" ") : nothing,
    parts: html`${repeat(
      rows,
      (row) => row.name,
      (row) =>
        html`<p class="note ${row.name}" id="${field.id}.${row.name}">
          ${row.name === "error" ? icon("error", "error") : nothing}<span>${visible(row.text ?? "")}</span>
        </p>`,
    )}`,
  };
}

const invalid = (field: Field) => (field.error === undefined ? "false" : "true");

function textField(ui: Ui, field: FieldOf<"text">): TemplateResult {
  const { ids, parts } = notes(field);
  const send = (target: EventTarget | null) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
      ui.input(field.id, field.value, target.value);
    }
  };
  const input = (event: InputEvent) => {
    // A half-composed character is not text yet; compositionend sends the whole.
    if (!event.isComposing) send(event.target);
  };
  const composed = (event: CompositionEvent) => send(event.target);
  const enter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing || event.repeat) return;
    event.preventDefault();
    if (event.target instanceof HTMLElement) ui.enter(event.target);
  };
  const value = live(ui.text(field.id, field.value));
  const control =
    field.multiline === true
      ? html`<textarea
          class="control"
          rows="5"
          id=${field.id}
          data-control=${field.id}
          maxlength=${LONGEST_TEXT}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder=${field.placeholder ?? nothing}
          aria-describedby=${ids}
          aria-invalid=${invalid(field)}
          @input=${input}
          @compositionend=${composed}
          .value=${value}
        ></textarea>`
      : html`<input
          class="control"
          type="text"
          id=${field.id}
          data-control=${field.id}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder=${field.placeholder ?? nothing}
          aria-describedby=${ids}
          aria-invalid=${invalid(field)}
          @input=${input}
          @compositionend=${composed}
          @keydown=${enter}
          .value=${value}
        />`;
  return html`<label class="label" for=${field.id}>${visible(field.label)}</label> ${control} ${parts}`;
}

function selectField(ui: Ui, field: FieldOf<"select">): TemplateResult {
  const { ids, parts } = notes(field);
  const value = ui.text(field.id, field.value);
  return html`<label class="label" for=${field.id}>${visible(field.label)}</label>
    <div class="select">
      <select
        class="control"
        id=${field.id}
        data-control=${field.id}
        aria-describedby=${ids}
        aria-invalid=${invalid(field)}
        @change=${(event: Event) => {
          if (event.target instanceof HTMLSelectElement) {
            ui.input(field.id, field.value, event.target.value);
          }
        }}
      >
        ${repeat(
          field.options,
          (option) => option.value,
          (option) =>
            html`<option .value=${option.value} .selected=${live(option.value === value)}>
              ${visible(option.label)}
            </option>`,
        )}
      </select>
    </div>
    ${parts}`;
}

function radioField(ui: Ui, field: FieldOf<"radio">): TemplateResult {
  const { ids, parts } = notes(field);
  const value = ui.text(field.id, field.value);
  return html`<fieldset
    class="choices"
    role="radiogroup"
    id=${field.id}
    data-control=${field.id}
    aria-describedby=${ids}
    aria-invalid=${invalid(field)}
  >
    <legend class="label">${visible(field.label)}</legend>
    ${repeat(
      field.options,
      (option) => option.value,
      (option, at) =>
        html`<div class="choice">
          <label>
            <input
              type="radio"
              name=${field.id}
              .value=${option.value}
              aria-describedby=${option.hint === undefined ? nothing : `${field.id}.option${at}`}
              @change=${() => ui.input(field.id, field.value, option.value)}
              .checked=${live(option.value === value)}
            /><span>${visible(option.label)}</span>
          </label>
          ${
            option.hint === undefined
              ? nothing
              : html`<p class="note" id="${field.id}.option${at}">${visible(option.hint)}</p>`
          }
        </div>`,
    )}
    ${parts}
  </fieldset>`;
}

function checkboxField(ui: Ui, field: FieldOf<"checkbox">): TemplateResult {
  const { ids, parts } = notes(field);
  const label = visible(field.label);
  const send = (target: EventTarget | null) => {
    if (target !== null && "checked" in target && typeof target.checked === "boolean") {
      ui.input(field.id, field.checked, target.checked);
    }
  };
  // The toolkit names the checkbox from its text only once, when it is connected; aria-label keeps up later.
  return html`<vscode-checkbox
      id=${field.id}
      data-control=${field.id}
      aria-label=${label}
      aria-describedby=${ids}
      aria-invalid=${invalid(field)}
      .disabled=${!field.enabled}
      @change=${(event: Event) => send(event.target)}
      .checked=${live(ui.checked(field.id, field.checked))}
      >${label}</vscode-checkbox
    >
    ${parts}`;
}

function control(ui: Ui, field: Field): TemplateResult {
  switch (field.kind) {
    case "text":
      return textField(ui, field);
    case "select":
      return selectField(ui, field);
    case "radio":
      return radioField(ui, field);
    case "checkbox":
      return checkboxField(ui, field);
    default:
      return unreachable(field);
  }
}

/** A labelled control with its hint, source and error. */
export function fieldBlock(ui: Ui, field: Field): TemplateResult {
  return html`<div class="field" data-kind=${field.kind} ?data-invalid=${field.error !== undefined}>
    ${control(ui, field)}
  </div>`;
}
