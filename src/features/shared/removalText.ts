import { msg, type Message, type MessageId, type Translate } from "../../core/messages.ts";
import type { RemovalOutcome } from "../../core/outcome.ts";
import type { Target } from "../../core/plan/edit.ts";
import { targetName } from "../../core/plan/targetName.ts";
import type { Removal } from "../../core/plan/undo.ts";
import { visible } from "../../core/visible.ts";

/** What is removed and what stays, in words: for the question before, and for the report after. */

/** A resource as it is called, with its account. */
export function resourceText(target: Target, t: Translate): string {
  return `${t(targetName(target))} (${target.account})`;
}

/**
 * The whole list before anything is removed.
 *
 * @param hosts what is asked instead of AWS, where that is neither AWS nor this machine
 */
export function planText(removals: readonly Removal[], hosts: readonly string[], t: Translate): string {
  const lines = (removal: Removal): readonly string[] => {
    const name = resourceText(removal.resource, t);
    switch (removal.action) {
      case "remove":
        return [name, ...removal.notes.map((note) => `  ${t(note)}`)];
      case "gone":
        return [name];
      case "keep":
        return [`${name}: ${t(removal.reason)}`, ...removal.commands.map((command) => `  ${command}`)];
    }
  };
  const section = (action: Removal["action"], title: MessageId): readonly string[] => {
    const found = removals.filter((removal) => removal.action === action).flatMap(lines);
    return found.length === 0 ? [] : [t(msg(title)), ...found.map((line) => `  ${line}`), ""];
  };
  return shown([
    ...section("remove", "removal.list.remove"),
    ...section("keep", "removal.list.keep"),
    ...section("gone", "removal.list.gone"),
    ...sessionsOf(removals).map(t),
    ...hosts.map((host) => t(msg("removal.list.endpoint", { host }))),
  ]);
}

/** How long what is removed can still be used. How long the sessions of a role that stays may be is not known here. */
function sessionsOf(removals: readonly Removal[]): readonly Message[] {
  const going = removals.flatMap(({ action, resource }) => (action === "remove" ? [resource] : []));
  if (going.length === 0) return [];
  const seconds = going.flatMap((one) => (one.kind === "Role" ? [one.maxSessionSeconds] : []));
  const isKnown = seconds.length > 0 && !going.some(({ kind }) => kind === "TrustStatements");
  if (!isKnown) return [msg("removal.list.sessions.others")];
  return [msg("removal.list.sessions", { hours: Math.max(...seconds) / 3600 })];
}

/** What became of everything, with what to do about what is left. */
export function reportText(removals: readonly Removal[], outcome: RemovalOutcome, t: Translate): string {
  const lines = outcome.results.flatMap(({ resource, progress }) => {
    const name = resourceText(resource, t);
    const planned = removals.find((removal) => removal.resource === resource);
    const commands = planned?.action === "keep" ? planned.commands : [];
    return [
      `${name}: ${t(msg(`removal.progress.${progress.status}`))}`,
      ...sentencesOf(progress).map((sentence) => `  ${t(sentence)}`),
      ...("problem" in progress && progress.problem.detail !== undefined
        ? [`  ${progress.problem.detail}`]
        : []),
      ...commands.map((command) => `  ${command}`),
    ];
  });
  return shown(lines);
}

function sentencesOf(progress: RemovalOutcome["results"][number]["progress"]): readonly Message[] {
  switch (progress.status) {
    case "kept":
      return [progress.reason];
    case "failed":
    case "unknown": {
      const { message, advice } = progress.problem;
      return advice === undefined ? [message] : [message, advice];
    }
    case "pending":
    case "running":
    case "removed":
    case "gone":
    case "skipped":
      return [];
  }
}

/** Names come from files and from AWS: what could mislead the eye is made visible. */
const shown = (lines: readonly string[]): string =>
  `${lines
    .map((line) => visible(line))
    .join("\n")
    .trimEnd()}\n`;
