import type { Translate } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import type { Pair } from "./documents.ts";

/** A line of a list to choose from; one without a value is a heading. */
export type PickItem<T> = {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly value?: T;
};

/** A further button of a dialog: it shows something to be read before the question is answered. */
export type More = { readonly label: string; readonly show: () => Promise<void> };

/** How a command talks with the user, so that what is asked and in which order can be tested without a window. */
export type Dialogs = {
  readonly t: Translate;
  /** Undefined where the user leaves. */
  pick<T>(
    items: readonly PickItem<T>[],
    options: { readonly title: string; readonly placeholder: string },
  ): Promise<T | undefined>;
  /** Asks in a dialog that has to be answered; false where the user leaves. */
  confirm(question: string, detail: string, yes: string, more?: More): Promise<boolean>;
  /** Says something in a dialog that has to be closed. */
  say(sentence: string, detail: string, more?: More): Promise<void>;
  /** Says something beside the work; whether the button was pressed. */
  notify(tone: "info" | "warning", sentence: string, button?: string): Promise<boolean>;
  /** Runs a task with a progress that can be cancelled; undefined where the task gave up because of that. */
  progress<T>(
    title: string,
    task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined>;
  /** Opens a text as a read-only document. */
  open(name: string, text: string): Promise<void>;
  /** Opens several diffs as one. */
  diffs(title: string, pairs: readonly Pair[]): Promise<void>;
  log(entry: Problem | string): void;
};

/** A line of a list that acts; one without a value is a heading. */
export type BoardItem<T, B> = PickItem<T> & {
  /** A codicon. */
  readonly icon?: string;
  readonly buttons?: readonly B[];
};

export type Board<T, B extends string> = {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly BoardItem<T, B>[];
  /** How the buttons of lines look, by their values. */
  readonly buttons: Readonly<Record<B, { readonly icon: string; readonly label: string }>>;
  /** The buttons of the whole list. */
  readonly all: readonly { readonly value: B; readonly label: string }[];
  /** A line was chosen, or a button pressed: that of a line, or without one that of the list. Whether it stays open. */
  readonly press: (button: B | undefined, value: T | undefined) => Promise<boolean>;
};

/** With what a list needs that is gone through line by line. */
export type BoardDialogs = Dialogs & {
  /** Ends when the list is closed. */
  board<T, B extends string>(board: Board<T, B>): Promise<void>;
  /** Opens a diff of two texts; the list keeps the focus. */
  diff(title: string, pair: Pair): Promise<void>;
};
