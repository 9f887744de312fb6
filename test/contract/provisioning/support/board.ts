import { english } from "../../../../src/core/messages.ts";
import type { BoardDialogs } from "../../../../src/features/shared/dialogs.ts";

/** What a user does with a list that is shown: nothing given, it is left. */
export type Press = {
  readonly button?: string;
  /** A line whose text holds this; without one the button of the list, or for a button of lines the first. */
  readonly line?: string;
  /** The answer to the question that follows; yes where it is left out. */
  readonly yes?: boolean;
  /** Whether what was restored is taken back. */
  readonly undo?: boolean;
  /** Happens right before the question is answered. */
  readonly before?: () => Promise<unknown>;
};

/** Presses what it is told to, one after the other, and says what was shown. A list that stays gets the next press. */
export function scripted(presses: readonly Press[]) {
  const shown: string[] = [];
  const left = [...presses];
  let last: Press = {};
  const dialogs: BoardDialogs = {
    t: english,
    pick: (_, { title }) => {
      shown.push(`pick: ${title}`);
      return Promise.resolve(undefined);
    },
    confirm: async (question, detail) => {
      shown.push(`confirm: ${question}\n${detail}`);
      await last.before?.();
      return last.yes ?? true;
    },
    say: (sentence, detail) => {
      shown.push(`say: ${sentence}\n${detail}`);
      return Promise.resolve();
    },
    notify: (tone, sentence, button) => {
      shown.push(`${tone}: ${sentence}`);
      return Promise.resolve(
        button === english({ id: "drift.undo" }) ? (last.undo ?? false) : button !== undefined,
      );
    },
    progress: (_, task) => task(() => undefined, new AbortController().signal),
    open: (name, text) => {
      shown.push(`open: ${name}\n${text}`);
      return Promise.resolve();
    },
    log: (entry) => void shown.push(`log: ${typeof entry === "string" ? entry : entry.code}`),
    diff: (title, { left: was, right: is }) => {
      shown.push(`diff: ${title}\n${was}\n${is}`);
      return Promise.resolve();
    },
    diffs: (title, pairs) => {
      shown.push(`diffs: ${title} ${pairs.map(({ name }) => name).join(" ")}`);
      return Promise.resolve();
    },
    board: async ({ title, items, all, press }) => {
      shown.push(
        `board: ${title}\n${items.map(({ label, detail = "" }) => `${label} ${detail}`).join("\n")}`,
      );
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        last = next;
        const { button, line } = next;
        if (button === undefined && line === undefined) return;
        const ofAll = line === undefined ? all.find(({ value }) => value === button) : undefined;
        const of = items.find(
          ({ label, detail = "", value, buttons = [] }) =>
            value !== undefined &&
            (line === undefined ? true : `${label} ${detail}`.includes(line)) &&
            (button === undefined || buttons.some((one) => one === button)),
        );
        const value = ofAll === undefined ? of?.value : undefined;
        const pressed = ofAll?.value ?? of?.buttons?.find((one) => one === button);
        if (ofAll === undefined && of === undefined) shown.push(`no button: ${button ?? line ?? ""}`);
        else if (!(await press(pressed, value))) return;
      }
    },
  };
  return { dialogs, shown };
}
