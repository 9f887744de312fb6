import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import type { Block, Tone } from "../src/shared/protocol.ts";
import { actionButton, actionRow } from "./actions.ts";
import { fieldBlock } from "./fields.ts";
import { icon, ring, statusIcon } from "./icons.ts";
import type { Ui } from "./ui.ts";
import { unreachable } from "./unreachable.ts";
import { visible, visibleLines } from "../src/core/visible.ts";

type BlockOf<K extends Block["kind"]> = Extract<Block, { kind: K }>;

/**
 * A key for each block that stays with it from view to view, so that its elements do too: the id where it has
 * one, otherwise its kind and how many of that kind came before.
 */
export function keyed(blocks: readonly Block[]): readonly { readonly key: string; readonly block: Block }[] {
  const seen = new Map<string, number>();
  return blocks.map((block) => {
    const name = identity(block);
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return { key: `${name} ${count}`, block };
  });
}

function identity(block: Block): string {
  switch (block.kind) {
    case "field":
      return `field ${block.field.kind} ${block.field.id}`;
    case "group":
    case "details":
      return `${block.kind} ${block.id}`;
    case "code":
    case "progress":
      return `${block.kind} ${block.label}`;
    case "text":
    case "heading":
    case "list":
    case "notice":
    case "facts":
    case "busy":
    case "actions":
    case "columns":
      return block.kind;
    default:
      return unreachable(block);
  }
}

/** A sequence of blocks. `scope` makes the element ids of nested sequences differ. */
export function blockList(ui: Ui, blocks: readonly Block[], scope: string): TemplateResult {
  return html`${repeat(
    keyed(blocks),
    ({ key }) => key,
    ({ block }, at) => blockTemplate(ui, block, `${scope}.${at}`),
  )}`;
}

function blockTemplate(ui: Ui, block: Block, scope: string): TemplateResult {
  switch (block.kind) {
    case "text":
      return html`<p class="text">${visibleLines(block.text)}</p>`;
    case "heading":
      return html`<h2>${visible(block.text)}</h2>`;
    case "list":
      return html`<ul class="list">
        ${block.items.map((item) => html`<li>${visible(item)}</li>`)}
      </ul>`;
    case "field":
      return fieldBlock(ui, block.field);
    case "notice":
      return notice(ui, block);
    case "group":
      return html`<fieldset class="group" id=${block.id} data-group>
        <legend>${visible(block.legend)}</legend>
        ${blockList(ui, block.blocks, scope)} ${actionRow(ui, block.actions)}
      </fieldset>`;
    case "columns":
      return html`<div class="columns">
        <div class="column">${blockList(ui, block.main, `${scope}.main`)}</div>
        <div class="column">${blockList(ui, block.side, `${scope}.side`)}</div>
      </div>`;
    case "facts":
      return facts(ui, block);
    case "details":
      return html`<details class="details" id=${block.id}>
        <summary>
          <span>${visible(block.summary)}</span>${
            block.badge === undefined ? nothing : badge(block.badge.tone, block.badge.text)
          }
        </summary>
        <div class="inside">${blockList(ui, block.blocks, scope)}</div>
      </details>`;
    case "code":
      return code(ui, block, scope);
    case "progress":
      return progress(block, scope);
    case "busy":
      return html`<div class="busy">
        ${ring()}<span class="what">${visible(block.text)}</span>${actionRow(ui, block.actions)}
      </div>`;
    case "actions":
      return html`${actionRow(ui, block.actions)}`;
    default:
      return unreachable(block);
  }
}

function badge(tone: Tone, text: string): TemplateResult {
  return html`<span class="badge" data-tone=${tone}>${icon(tone, tone)}<span>${visible(text)}</span></span>`;
}

function notice(ui: Ui, block: BlockOf<"notice">): TemplateResult {
  return html`<div class="notice" data-tone=${block.tone}>
    ${icon(block.tone, block.tone)}
    <div class="words">
      ${
        block.title === undefined
          ? nothing
          : html`<p class="title"><strong>${visible(block.title)}</strong></p>`
      }
      <p class="text">${visibleLines(block.text)}</p>
      ${block.detail === undefined ? nothing : html`<p class="detail">${visibleLines(block.detail)}</p>`}
      ${actionRow(ui, block.actions)}
    </div>
  </div>`;
}

function facts(ui: Ui, block: BlockOf<"facts">): TemplateResult {
  return html`<dl class="facts">
    ${block.rows.map(
      (row) =>
        html`<div>
          <dt>${visible(row.label)}</dt>
          <dd>
            <span class="value">${visible(row.value)}</span>${
              row.copy === undefined ? nothing : actionButton(ui, row.copy)
            }
          </dd>
        </div>`,
    )}
  </dl>`;
}

function code(ui: Ui, block: BlockOf<"code">, scope: string): TemplateResult {
  const id = `code${scope}`;
  // Focusable, so that the keyboard can scroll it.
  return html`<div class="code">
    <div class="bar">
      <span class="label" id=${id}>${visible(block.label)}</span>${actionRow(ui, block.actions)}
    </div>
    <pre tabindex="0" role="group" aria-labelledby=${id}><code>${visibleLines(block.text)}</code></pre>
  </div>`;
}

function progress(block: BlockOf<"progress">, scope: string): TemplateResult {
  const id = `progress${scope}`;
  return html`<div class="progress">
    <p class="label" id=${id}>${visible(block.label)}</p>
    <ul aria-labelledby=${id}>
      ${repeat(
        block.items,
        (item) => item.id,
        (item) =>
          html`<li data-status=${item.status}>
            ${statusIcon(item.status)}
            <div class="words">
              <span class="what">${visible(item.label)}</span>
              <span class="status">${visible(item.statusText)}</span>
              ${
                item.detail === undefined ? nothing : html`<p class="detail">${visibleLines(item.detail)}</p>`
              }
            </div>
          </li>`,
      )}
    </ul>
  </div>`;
}
