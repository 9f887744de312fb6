import { roleArns } from "../../core/blueprint/index.ts";
import { rolesAffected, setUpTexts, type Compared, type Difference } from "../../core/drift/index.ts";
import { msg } from "../../core/messages.ts";
import { fileOf, targetName } from "../../core/plan/targetName.ts";
import type { Setup } from "../../core/setup.ts";
import { visible } from "../../core/visible.ts";
import type { BoardDialogs, BoardItem } from "../shared/dialogs.ts";
import { readSetups } from "../shared/store.ts";
import { setupItems } from "../shared/setupItems.ts";
import { accept } from "./accepted.ts";
import { lookAtSetup, openOf, type Comparison } from "./look.ts";
import { restoreWithQuestions, tellRestored, type RestorePorts } from "./restore.ts";

export type DriftPorts = RestorePorts & {
  /** Told how many differences concern each role that was looked at, by its ARN. */
  readonly markRoles: (differences: ReadonlyMap<string, number>) => void;
};

/**
 * Compares one of the setups that were finished on this computer with AWS, shows what differs, and restores or accepts
 * what the user says.
 *
 * @param roleArn only setups with this role
 */
export async function compareChosenSetup(ports: DriftPorts, roleArn?: string): Promise<void> {
  const setup = await chooseSetup(ports, roleArn);
  let comparison = setup === undefined ? undefined : await look(ports, setup);
  while (comparison !== undefined) comparison = await show(ports, comparison);
}

async function chooseSetup({ dialogs, store }: DriftPorts, roleArn?: string): Promise<Setup | undefined> {
  const { t } = dialogs;
  const stored = await readSetups(store);
  const setups = stored.filter((setup) => roleArn === undefined || roleArns(setup).includes(roleArn));
  if (setups.length > 1)
    return dialogs.pick(setupItems(setups, t), {
      title: t(msg("drift.title")),
      placeholder: t(msg("drift.placeholder")),
    });
  if (setups.length === 0) {
    const says =
      roleArn === undefined ? msg("teardown.none") : msg("drift.none.role", { arn: visible(roleArn) });
    void dialogs.notify("info", t(says));
  }
  return setups[0];
}

async function look(ports: DriftPorts, setup: Setup): Promise<Comparison | undefined> {
  const { dialogs } = ports;
  const comparison = await dialogs.progress(dialogs.t(msg("drift.looking")), (_, signal) =>
    lookAtSetup(ports, setup, signal),
  );
  if (comparison !== undefined) mark(ports, comparison);
  return comparison;
}

function mark({ markRoles }: DriftPorts, { compared, accepted }: Comparison): void {
  markRoles(rolesAffected(compared, (one) => !accepted.has(one)));
}

type Button = "restore" | "accept" | "commands";

/** Shows a comparison; what it has become where something was done about it. */
async function show(ports: DriftPorts, comparison: Comparison): Promise<Comparison | undefined> {
  const { dialogs, store } = ports;
  const { t } = dialogs;
  const { setup, compared, accepted } = comparison;
  const open = openOf(comparison);
  if (open.length === 0 && !(await saySame(ports, comparison))) return undefined;
  let pressed: { readonly button: Button; readonly chosen: ReadonlySet<Difference> } | undefined;
  const restorable = open.filter(isRestored);
  const acceptable = open.filter(({ kind }) => kind !== "unread");
  await dialogs.board<Line, Button>({
    title: t(msg("drift.list.title", { role: visible(setup.hub.roleName), count: open.length })),
    placeholder: t(msg("drift.list.placeholder")),
    items: linesOf(comparison, t),
    buttons: {
      restore: { icon: "discard", label: t(msg("drift.restore")) },
      accept: { icon: "check", label: t(msg("drift.accept")) },
      commands: { icon: "terminal", label: t(msg("drift.commands")) },
    },
    all: [
      ...(restorable.length === 0 ? [] : [{ value: "restore" as const, label: t(msg("drift.restore.all")) }]),
      ...(acceptable.length === 0 ? [] : [{ value: "accept" as const, label: t(msg("drift.accept.all")) }]),
    ],
    press: async (button, line) => {
      if (button === undefined || button === "commands") {
        if (line !== undefined)
          await (button === undefined ? openDiff : openCommands)(dialogs, line, compared);
        return true;
      }
      const all = button === "restore" ? restorable : acceptable;
      pressed = { button, chosen: new Set(line === undefined ? all : [line.difference]) };
      return false;
    },
  });
  if (pressed?.button === "accept") {
    await accept(store, setup.id, compared, pressed.chosen);
    const next = { ...comparison, accepted: new Set([...accepted, ...pressed.chosen]) };
    mark(ports, next);
    return next;
  }
  return pressed === undefined ? undefined : restoreAndLook(ports, comparison, pressed.chosen);
}

async function restoreAndLook(
  ports: DriftPorts,
  comparison: Comparison,
  chosen: ReadonlySet<Difference>,
): Promise<Comparison | undefined> {
  const outcome = await restoreWithQuestions(ports, comparison, chosen);
  if (outcome === undefined) return undefined;
  // A notification may stay for long: the command goes on before it is answered.
  tellRestored(ports, comparison, outcome)
    .then((isBack) => (isBack ? look(ports, comparison.setup) : undefined))
    .catch((error: unknown) => ports.dialogs.log(String(error)));
  return look(ports, comparison.setup);
}

/** Says that nothing differs and what was looked at. Whether the accepted differences are to be shown. */
async function saySame({ dialogs }: DriftPorts, { setup, compared, accepted }: Comparison): Promise<boolean> {
  const { t } = dialogs;
  const args = {
    role: visible(setup.hub.roleName),
    count: compared.length,
    accounts: [...new Set(compared.map(({ change }) => change.resource.account))].join(", "),
  };
  if (accepted.size === 0) {
    void dialogs.notify("info", t(msg("drift.same", args)));
    return false;
  }
  const says = msg("drift.same.accepted", { ...args, accepted: accepted.size });
  return dialogs.notify("info", t(says), t(msg("drift.show")));
}

type Line = { readonly one: Compared; readonly difference: Difference };
type Say = BoardDialogs["t"];

const isRestored = ({ remedy }: Difference): boolean => remedy.by !== "hand";

const icons = {
  missing: "circle-slash",
  changed: "edit",
  more: "add",
  notOurs: "person",
  unread: "question",
} as const satisfies Record<Difference["kind"], string>;

function linesOf({ compared, accepted }: Comparison, t: Say): readonly BoardItem<Line, Button>[] {
  const all = compared.flatMap((one) => one.differences.map((difference) => ({ one, difference })));
  const group = (
    title: "open" | "unread" | "accepted",
    isIn: (difference: Difference) => boolean,
  ): readonly BoardItem<Line, Button>[] => {
    const lines = all.filter(({ difference }) => isIn(difference));
    if (lines.length === 0) return [];
    return [{ label: t(msg(`drift.list.${title}`)) }, ...lines.map((line) => lineOf(line, accepted, t))];
  };
  return [
    ...group("open", (one) => one.kind !== "unread" && !accepted.has(one)),
    ...group("unread", (one) => one.kind === "unread"),
    ...group("accepted", (one) => accepted.has(one)),
  ];
}

function lineOf(line: Line, accepted: ReadonlySet<Difference>, t: Say): BoardItem<Line, Button> {
  const { one, difference } = line;
  const { resource } = one.change;
  const isAccepted = accepted.has(difference);
  return {
    label: visible(t(targetName(resource))),
    icon: isAccepted ? "check" : icons[difference.kind],
    description: resource.account,
    detail: visible(t(difference.says)),
    buttons: [
      ...(isRestored(difference) ? (["restore"] as const) : (["commands"] as const)),
      ...(isAccepted || difference.kind === "unread" ? [] : (["accept"] as const)),
    ],
    value: line,
  };
}

/** What was set up beside what is there; where there is nothing to lay side by side, why. */
async function openDiff(dialogs: BoardDialogs, line: Line, compared: readonly Compared[]): Promise<void> {
  const { one } = line;
  const texts = setUpTexts(one, compared);
  if (texts === undefined) return openCommands(dialogs, line);
  const name = visible(dialogs.t(targetName(one.change.resource)));
  const pair = { name: fileOf(one.change.resource), ...texts };
  await dialogs.diff(dialogs.t(msg("drift.diff", { name })), pair);
}

/** Why a difference is not restored, and the commands for whoever knows better. */
async function openCommands(dialogs: BoardDialogs, { one, difference }: Line): Promise<void> {
  const { t } = dialogs;
  const { remedy, kind, says } = difference;
  if (remedy.by !== "hand") return;
  const fallback = msg(kind === "more" ? "drift.hand.extra" : "drift.hand.else");
  const lines = [
    t(targetName(one.change.resource)),
    ...(kind === "unread" ? [] : [t(says)]),
    ...(remedy.reasons.length === 0 ? [fallback] : remedy.reasons).map((reason) =>
      t(msg("drift.hand", { reason: t(reason) })),
    ),
    ...(remedy.commands.length === 0 ? [] : ["", t(msg("drift.hand.commands")), ...remedy.commands]),
  ];
  await dialogs.open("difference.txt", `${lines.map(visible).join("\n")}\n`);
}
