import * as v from "valibot";
import { LONGEST_TEXT } from "./limits.ts";

/**
 * What host and webview say to each other. The host owns all state and sends whole pages as plain data with
 * finished sentences; the webview shows them and says what was typed and pressed.
 */

export type Tone = "info" | "warning" | "error" | "success";

export type Action = {
  /** What the host receives when it is pressed. */
  readonly id: string;
  readonly label: string;
  readonly style: "primary" | "secondary" | "link";
  readonly enabled: boolean;
};

type FieldCommon = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string;
};

export type Field = FieldCommon &
  (
    | {
        readonly kind: "text";
        readonly value: string;
        readonly placeholder?: string;
        /** Where the value was found, shown beside it. */
        readonly source?: string;
        /** A text of many lines, in which Enter makes a new one. */
        readonly multiline?: true;
      }
    | {
        readonly kind: "select";
        readonly value: string;
        readonly options: readonly { readonly value: string; readonly label: string }[];
      }
    | {
        readonly kind: "radio";
        readonly value: string;
        readonly options: readonly {
          readonly value: string;
          readonly label: string;
          readonly hint?: string;
        }[];
      }
    | { readonly kind: "checkbox"; readonly checked: boolean; readonly enabled: boolean }
  );

export type ProgressStatus = "pending" | "running" | "done" | "unchanged" | "failed" | "skipped" | "unknown";

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "field"; readonly field: Field }
  | {
      readonly kind: "notice";
      readonly tone: Tone;
      readonly title?: string;
      readonly text: string;
      readonly detail?: string;
      readonly actions?: readonly Action[];
    }
  | {
      readonly kind: "group";
      readonly id: string;
      readonly legend: string;
      readonly blocks: readonly Block[];
      readonly actions?: readonly Action[];
    }
  /** Side by side where there is room, else one below the other. */
  | { readonly kind: "columns"; readonly main: readonly Block[]; readonly side: readonly Block[] }
  | {
      readonly kind: "facts";
      readonly rows: readonly { readonly label: string; readonly value: string; readonly copy?: Action }[];
    }
  | {
      readonly kind: "details";
      readonly id: string;
      readonly summary: string;
      readonly badge?: { readonly tone: Tone; readonly text: string };
      readonly blocks: readonly Block[];
    }
  | {
      readonly kind: "code";
      readonly label: string;
      readonly text: string;
      readonly actions?: readonly Action[];
    }
  | {
      readonly kind: "progress";
      readonly label: string;
      readonly items: readonly {
        readonly id: string;
        readonly label: string;
        readonly status: ProgressStatus;
        readonly statusText: string;
        readonly detail?: string;
      }[];
    }
  | { readonly kind: "busy"; readonly text: string; readonly actions?: readonly Action[] }
  | { readonly kind: "actions"; readonly actions: readonly Action[] };

export type WizardView = {
  readonly title: string;
  /** Shown on every page: repository, account. */
  readonly context: readonly string[];
  readonly steps: readonly {
    readonly id: string;
    readonly label: string;
    readonly state: "done" | "current" | "todo";
    readonly stateText: string;
  }[];
  readonly stepsLabel: string;
  readonly page: { readonly id: string; readonly heading: string; readonly blocks: readonly Block[] };
  readonly footer: readonly Action[];
  /** Read out by screen readers when it changes. */
  readonly announcement: string;
};

export type ToWebview = {
  readonly type: "view";
  readonly view: WizardView;
  /** A control to move the focus to, once: the first invalid field. The heading where the page is new. */
  readonly focus?: string;
};

const Id = v.pipe(v.string(), v.regex(/^[a-z][A-Za-z0-9:._/+=,@-]{0,299}$/));

/** Everything the webview may say. Anything else is dropped. */
export const FromWebview = v.variant("type", [
  v.strictObject({ type: v.literal("ready") }),
  v.strictObject({
    type: v.literal("input"),
    field: Id,
    value: v.union([v.pipe(v.string(), v.maxLength(LONGEST_TEXT)), v.boolean()]),
  }),
  v.strictObject({ type: v.literal("press"), action: Id }),
]);
export type FromWebview = v.InferOutput<typeof FromWebview>;
