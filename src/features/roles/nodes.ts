import { ENVIRONMENT_PROFILE } from "../../core/setup.ts";
import { msg, type Translate } from "../../core/messages.ts";
import type { Problem } from "../../core/outcome.ts";
import { visible } from "../../core/visible.ts";
import { commands, type CommandId } from "../../manifest.ts";
import { sayVisibly } from "../shared/visibly.ts";
import { accountNode } from "./accountNodes.ts";
import { node, type NodeIcon, type RoleNode } from "./node.ts";
import { noMarks, shownAccess, type RoleMarks, type RolesState } from "./state.ts";

/**
 * The roles tree of a state, from the top. Empty where no profile was chosen: VS Code shows the view's welcome
 * text then. Whatever comes from outside has its hidden characters made visible.
 */
export function rolesNodes(
  state: RolesState,
  translate: Translate,
  marks: RoleMarks = noMarks,
): readonly RoleNode[] {
  const say = sayVisibly(translate);
  switch (state.kind) {
    case "noProfile":
      return [];
    case "remembered":
      return [
        action("load", say(msg("roles.load", { profile: state.profile })), "cloud", commands.refreshRoles),
        chooseOther(say),
      ];
    case "loading": {
      const shown = shownAccess(state);
      if (shown !== undefined) return [accountNode(shown, say, marks)];
      return [notice("loading", say(msg("roles.loading", { profile: state.profile })), "loading~spin")];
    }
    case "signedOut":
      return [...problemNodes(state.problem, "warning", say), ...waysOut(say)];
    case "failed":
      return [...problemNodes(state.problem, "error", say), ...waysOut(say)];
    case "ready":
      return [accountNode(state, say, marks)];
  }
}

/** A profile's name for people: the environment's credentials have none, so they are put into words. */
export function profileName(profile: string, translate: Translate): string {
  return profile === ENVIRONMENT_PROFILE ? translate(msg("wizard.profile.environment")) : visible(profile);
}

function problemNodes(problem: Problem, icon: "warning" | "error", say: Translate): readonly RoleNode[] {
  const message = say(problem.message);
  const advice = problem.advice === undefined ? undefined : say(problem.advice);
  const tooltip = [message, ...(advice === undefined ? [] : [advice]), problem.code].join("\n");
  const { command } = problem;
  return [
    node({ id: "problem", kind: "notice", label: message, icon, tooltip }),
    ...(advice === undefined ? [] : [notice("advice", advice, "lightbulb")]),
    ...(command === undefined ? [] : [terminalNode(command, say)]),
  ];
}

function terminalNode(command: readonly string[], say: Translate): RoleNode {
  const label = say(msg("command.runInTerminal", { command: command.join(" ") }));
  return node({
    id: "terminal",
    kind: "action",
    label,
    icon: "terminal",
    command: { kind: "terminal", command },
  });
}

function waysOut(say: Translate): readonly RoleNode[] {
  return [action("retry", say(msg("roles.retry")), "refresh", commands.refreshRoles), chooseOther(say)];
}

function chooseOther(say: Translate): RoleNode {
  return action("choose", say(msg("roles.chooseOther")), "account", commands.chooseProfile);
}

function notice(id: string, label: string, icon: NodeIcon): RoleNode {
  return node({ id, kind: "notice", label, icon, tooltip: label });
}

function action(id: string, label: string, icon: NodeIcon, command: CommandId): RoleNode {
  return node({ id, kind: "action", label, icon, command: { kind: "command", id: command } });
}
