import type { Value } from "./unsent.ts";

/** What the templates may do: say what was typed and pressed, and ask what a field is to show. */
export type Ui = {
  readonly press: (action: string) => void;
  /** `before` is the host's value in the view on display. */
  readonly input: (field: string, before: Value, value: Value) => void;
  /** Enter in a text field. */
  readonly enter: (field: HTMLElement) => void;
  readonly text: (field: string, value: string) => string;
  readonly checked: (field: string, value: boolean) => boolean;
};
