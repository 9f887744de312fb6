import { render } from "lit/html.js";
import type { FromWebview, ToWebview, WizardView } from "../src/shared/protocol.ts";
import { controlOf, heading, rememberFocus, restoreFocus, reveal } from "./focus.ts";
import { fieldValue, pageTemplate } from "./page.ts";
import type { Ui } from "./ui.ts";
import { received, shown, typed, type Unsent } from "./unsent.ts";
import { visible } from "../src/core/visible.ts";

export type Regions = {
  readonly root: HTMLElement;
  /** The aria-live region; it must exist before its text changes. */
  readonly announcer: HTMLElement;
  readonly send: (message: FromWebview) => void;
};

/** Whether a message is one of ours. The host is trusted; this keeps other senders and extensions' noise out. */
function isToWebview(data: unknown): data is ToWebview {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    data.type === "view" &&
    "view" in data &&
    typeof data.view === "object"
  );
}

/** The action that Enter in a text field stands for: the primary one of its group, or else of the footer. */
function enterAction(root: Element, field: HTMLElement): HTMLElement | null {
  const primary = 'vscode-button[appearance="primary"]:not([disabled])';
  const group = field.closest("[data-group]");
  return group?.querySelector<HTMLElement>(primary) ?? root.querySelector<HTMLElement>(`footer ${primary}`);
}

/** The control an element belongs to: all radio buttons of a field are one. */
function owner(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest("[data-control]") : null;
}

/** Shows each view the host sends and says what was typed and pressed. Holds only focus and unsent text. */
export function startApp({ root, announcer, send }: Regions): void {
  let unsent: Unsent | undefined;
  let view: WizardView | undefined;
  let rendering = false;
  let wanted: (() => void) | undefined;

  const ui: Ui = {
    press(action) {
      unsent = undefined;
      send({ type: "press", action });
    },
    input(field, before, value) {
      // The toolkit's checkbox also fires "change" when a render sets it.
      if (rendering) return;
      unsent = typed(unsent, field, before, value);
      send({ type: "input", field, value });
    },
    enter: (field) => enterAction(root, field)?.click(),
    text: (field, value) => String(shown(unsent, field, value)),
    checked: (field, value) => shown(unsent, field, value) === true,
  };

  const show = (next: WizardView) => {
    const value = unsent === undefined ? undefined : fieldValue(next, unsent.field);
    unsent = unsent === undefined || value === undefined ? undefined : received(unsent, value);
    rendering = true;
    try {
      render(pageTemplate(ui, next), root);
    } finally {
      rendering = false;
    }
  };

  // Moving the focus from a script would pull it out of the editor the user may be typing in meanwhile.
  const whenFocused = (move: () => void) => {
    wanted = document.hasFocus() ? undefined : move;
    if (wanted === undefined) move();
  };

  const receive = (message: ToWebview) => {
    const isNewPage = view?.page.id !== message.view.page.id;
    const before = rememberFocus();
    show(message.view);
    view = message.view;
    const { announcement } = message.view;
    if (announcer.textContent !== visible(announcement)) announcer.textContent = visible(announcement);
    const target = message.focus === undefined ? null : controlOf(root, message.focus);
    if (isNewPage) window.scrollTo(0, 0);
    if (target !== null) whenFocused(() => reveal(target));
    else if (isNewPage) whenFocused(() => heading(root)?.focus({ preventScroll: true }));
    else restoreFocus(root, before);
  };

  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (isToWebview(event.data)) receive(event.data);
  });
  window.addEventListener("focus", () => {
    wanted?.();
    wanted = undefined;
  });
  // Once a field is left for another control, the host's word counts again.
  root.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (relatedTarget !== null && owner(target) !== owner(relatedTarget)) unsent = undefined;
  });
  send({ type: "ready" });
}
