import type { Outcome, Progress } from "../../../core/outcome.ts";
import { removalCommands } from "../../../core/plan/removal.ts";
import { targetName } from "../../../core/plan/targetName.ts";
import type { Change } from "../../../core/plan/index.ts";
import { canBeUndone, type WizardState } from "../../../core/wizard/state.ts";
import type { Action, Block, ProgressStatus } from "../../../shared/protocol.ts";
import { action, text, type Words } from "./parts.ts";

/** The page that follows the creation, and says afterwards exactly what exists. */
export function applyPage(state: WizardState, words: Words): readonly Block[] {
  switch (state.apply.kind) {
    case "none":
      return [];
    case "running": {
      const { changes, progress, cancelling } = state.apply;
      const busy = words.say(cancelling ? "wizard.apply.cancelling" : "wizard.apply.running");
      return [{ kind: "busy", text: busy }, progressBlock(changes, progress, words)];
    }
    case "ended": {
      const { changes, outcome } = state.apply;
      return [
        endNotice(outcome, words),
        progressBlock(changes, outcome.progress, words),
        ...(outcome.status === "finished" ? [] : existsBlocks(state, outcome, words)),
      ];
    }
  }
}

/** The buttons below the progress. */
export function applyActions(state: WizardState, words: Words): readonly Action[] {
  switch (state.apply.kind) {
    case "none":
      return [];
    case "running":
      return [action("cancel", words.say("wizard.apply.cancel"), "secondary", !state.apply.cancelling)];
    case "ended":
      return state.apply.outcome.status === "finished"
        ? [action("next", words.say("wizard.next"), "primary")]
        : [
            ...(canBeUndone(state) ? [action("undo", words.say("wizard.apply.undo"), "secondary")] : []),
            action("observe", words.say("wizard.apply.again"), "primary"),
          ];
  }
}

function endNotice(outcome: Outcome, words: Words): Block {
  switch (outcome.status) {
    case "finished":
      return { kind: "notice", tone: "success", text: words.say("wizard.apply.finished") };
    case "cancelled":
      return {
        kind: "notice",
        tone: "warning",
        title: words.say("wizard.apply.cancelled.title"),
        text: words.say("wizard.apply.rest"),
      };
    case "failed":
      return {
        kind: "notice",
        tone: "error",
        title: words.say("wizard.apply.failed.title"),
        text: words.say("wizard.apply.rest"),
      };
  }
}

/** What exists because of this wizard, its earlier runs included, and how to remove it. */
function existsBlocks(state: WizardState, outcome: Outcome, words: Words): readonly Block[] {
  const unknown = Object.values(outcome.progress).some((one) => one.status === "unknown");
  const warning: readonly Block[] = unknown
    ? [{ kind: "notice", tone: "warning", text: words.say("wizard.apply.unknown") }]
    : [];
  if (state.created.length === 0) return [...warning, text(words.say("wizard.apply.nothing"))];
  return [
    ...warning,
    text(words.say("wizard.apply.exists")),
    {
      kind: "list",
      items: state.created.map((target) => `${words.t(targetName(target))} (${target.account})`),
    },
    removalBlock(state, words),
  ];
}

/** The commands that remove what was created. */
export function removalBlock(state: WizardState, words: Words): Block {
  return {
    kind: "code",
    label: words.say("wizard.apply.removal"),
    text: removalCommands(state.created).join("\n"),
    actions: [action("copy:removal", words.say("wizard.apply.copyRemoval"))],
  };
}

function progressBlock(
  changes: readonly Change[],
  progress: Readonly<Record<string, Progress>>,
  words: Words,
): Block {
  return {
    kind: "progress",
    label: words.say("wizard.apply.label"),
    items: changes.map(({ resource }) => {
      const one = progress[resource.address] ?? { status: "pending" as const };
      const detail = detailOf(one, words);
      return {
        id: resource.address,
        label: `${words.t(targetName(resource))} (${resource.account})`,
        status: statusOf(one),
        statusText: words.say(`wizard.progress.${one.status}`),
        ...(detail === undefined ? {} : { detail }),
      };
    }),
  };
}

function statusOf(progress: Progress): ProgressStatus {
  return progress.status === "created" || progress.status === "updated" ? "done" : progress.status;
}

function detailOf(progress: Progress, words: Words): string | undefined {
  switch (progress.status) {
    case "running":
      return progress.note === undefined ? undefined : words.t(progress.note);
    case "failed":
    case "unknown": {
      const { message, advice, detail } = progress.problem;
      const sentences = [words.t(message), ...(advice === undefined ? [] : [words.t(advice)])];
      return [...sentences, ...(detail === undefined ? [] : [detail])].join(" ");
    }
    case "pending":
    case "created":
    case "updated":
    case "unchanged":
    case "skipped":
      return undefined;
  }
}
