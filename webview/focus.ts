/** Where the focus was before a render, and the caret where it was in a text field. */
export type FocusBefore = {
  readonly element: Element | null;
  readonly caret: readonly [number, number] | undefined;
};

/** To be called right before rendering. */
export function rememberFocus(): FocusBefore {
  const element = document.activeElement;
  if (!hasCaret(element)) return { element, caret: undefined };
  return { element, caret: [element.selectionStart ?? 0, element.selectionEnd ?? 0] };
}

function hasCaret(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  return (
    element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.type === "text")
  );
}

/**
 * To be called right after rendering: puts focus and caret back if moving elements or setting a value disturbed
 * them. Where the focused control is gone or disabled the focus goes to the heading, not to nowhere.
 */
export function restoreFocus(root: Element, before: FocusBefore): void {
  const { element, caret } = before;
  if (
    !(element instanceof HTMLElement) ||
    element === document.body ||
    !(root.contains(element) || !element.isConnected)
  ) {
    return;
  }
  if (element.isConnected && document.activeElement !== element) element.focus({ preventScroll: true });
  if (document.activeElement === document.body) heading(root)?.focus({ preventScroll: true });
  if (caret !== undefined && hasCaret(element) && document.activeElement === element) {
    const [start, end] = caret;
    if (element.selectionStart !== start || element.selectionEnd !== end)
      element.setSelectionRange(start, end);
  }
}

/** The page's heading. */
export function heading(root: Element): HTMLElement | null {
  return root.querySelector<HTMLElement>("[data-heading]");
}

/** The element that takes the focus for a field or action id; for radio buttons the chosen or the first one. */
export function controlOf(root: Element, id: string): HTMLElement | null {
  const control = root.querySelector<HTMLElement>(`[data-control="${CSS.escape(id)}"]`);
  if (control instanceof HTMLFieldSetElement) {
    return control.querySelector<HTMLElement>("input:checked") ?? control.querySelector<HTMLElement>("input");
  }
  return control;
}

/** Opens every closed `details` around an element, moves the focus to it and scrolls it into sight. */
export function reveal(element: HTMLElement): void {
  for (let at = element.closest("details"); at !== null; at = at.parentElement?.closest("details") ?? null) {
    at.open = true;
  }
  element.focus();
}
