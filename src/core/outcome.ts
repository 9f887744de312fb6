import type { Comparison } from "./plan/compare.ts";
import type { Target } from "./plan/edit.ts";
import type { Message } from "./messages.ts";

/** How far one change has come while a plan is applied. */
export type Progress =
  | { readonly status: "pending" }
  | { readonly status: "running"; readonly note?: Message }
  | { readonly status: "created" }
  /** It existed and was changed, as it was agreed to. */
  | { readonly status: "updated" }
  | { readonly status: "unchanged" }
  | { readonly status: "failed"; readonly problem: Problem }
  /** Not tried, because of a cancel or because something it needs failed. */
  | { readonly status: "skipped" }
  /** The answer was lost and a look afterwards could not tell either. */
  | { readonly status: "unknown"; readonly problem: Problem };

/** What a good error says: what failed, why, what to do next; a stable code; AWS's request ID for the log. */
export type Problem = {
  readonly message: Message;
  /** What to do next, where something helps. */
  readonly advice?: Message;
  /** A command for a terminal that helps, such as `aws sso login --profile dev`. */
  readonly command?: readonly string[];
  /** Stable, such as `aws.accessDenied`. */
  readonly code: string;
  /** AWS's own words, as they came. */
  readonly detail?: string;
  readonly requestId?: string;
};

export type Outcome = {
  readonly status: "finished" | "failed" | "cancelled";
  /** By address. */
  readonly progress: Readonly<Record<string, Progress>>;
  /** What this run created and exists now, and what it changed, in the order of the writes. */
  readonly created: readonly Target[];
};

/** How far one resource has come while a run is undone or a setup removed. */
export type RemovalProgress =
  | { readonly status: "pending" }
  | { readonly status: "running"; readonly note?: Message }
  | { readonly status: "removed" }
  /** It did not exist any more. */
  | { readonly status: "gone" }
  /** Left alone, with the reason. */
  | { readonly status: "kept"; readonly reason: Message; readonly differs?: Comparison }
  | { readonly status: "failed"; readonly problem: Problem }
  | { readonly status: "skipped" }
  | { readonly status: "unknown"; readonly problem: Problem };

export type RemovalOutcome = {
  /** `finished`: all that was to be removed is gone. What was to be kept does not count. */
  readonly status: "finished" | "failed" | "cancelled";
  /** In the order of removal. */
  readonly results: readonly { readonly resource: Target; readonly progress: RemovalProgress }[];
  /** Nothing is left that is, or may be, ours. */
  readonly isClean: boolean;
};
