import { html, nothing, svg, type TemplateResult } from "lit/html.js";
import type { ProgressStatus, Tone } from "../src/shared/protocol.ts";
import { unreachable } from "./unreachable.ts";

// Strokes on a 16 by 16 grid; shapes differ so that nothing hangs on colour alone.
const shapes = {
  info: svg`<circle cx="8" cy="8" r="6.25"/><path d="M8 7.25v4M8 4.75v.5"/>`,
  warning: svg`<path d="M8 1.75 14.75 14H1.25zM8 6.25v4M8 11.75v.5"/>`,
  error: svg`<circle cx="8" cy="8" r="6.25"/><path d="m5.75 5.75 4.5 4.5m0-4.5-4.5 4.5"/>`,
  success: svg`<circle cx="8" cy="8" r="6.25"/><path d="m5 8.25 2.25 2.25L11 6"/>`,
  check: svg`<path d="m3 8.5 3.25 3.25L13 4.75"/>`,
  pending: svg`<circle cx="8" cy="8" r="6.25" stroke-dasharray="2 2.1"/>`,
  unchanged: svg`<circle cx="8" cy="8" r="6.25"/><path d="M5.25 6.75h5.5m-5.5 2.75h5.5"/>`,
  skipped: svg`<circle cx="8" cy="8" r="6.25"/><path d="M5 8h6"/>`,
  unknown: svg`<circle cx="8" cy="8" r="6.25"/><path d="M6.25 6.25a1.75 1.75 0 1 1 2.4 1.6q-.65.3-.65 1.15M8 11.25v.5"/>`,
} as const;

export type IconName = keyof typeof shapes;

/** A decorative icon, coloured by `tone` if given; the words beside it carry the meaning. */
export function icon(name: IconName, tone?: Tone): TemplateResult {
  return html`<svg
    class="icon"
    data-tone=${tone ?? nothing}
    viewBox="0 0 16 16"
    aria-hidden="true"
    focusable="false"
  >
    ${shapes[name]}
  </svg>`;
}

/** A turning ring, hidden from screen readers: the toolkit gives it an assertive `role="alert"` in English. */
export function ring(): TemplateResult {
  return html`<span class="ring" aria-hidden="true"><vscode-progress-ring></vscode-progress-ring></span>`;
}

/** The icon of a progress item. */
export function statusIcon(status: ProgressStatus): TemplateResult {
  switch (status) {
    case "running":
      return ring();
    case "done":
      return icon("success", "success");
    case "failed":
      return icon("error", "error");
    case "unknown":
      return icon("unknown", "warning");
    case "pending":
    case "unchanged":
    case "skipped":
      return icon(status);
    default:
      return unreachable(status);
  }
}
