import { planUndo } from "../../aws/undo.ts";
import { restoration, restoredTexts, type Difference } from "../../core/drift/index.ts";
import { msg } from "../../core/messages.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { Change } from "../../core/plan/index.ts";
import { visible } from "../../core/visible.ts";
import { fileOf } from "../../core/plan/targetName.ts";
import type { BoardDialogs } from "../shared/dialogs.ts";
import { findUnfinished, readJournals } from "../shared/journals.ts";
import { otherHosts, removeWithQuestions } from "../shared/removalFlow.ts";
import { resourceText } from "../shared/removalText.ts";
import { applyRun, undo, type RunPorts } from "../shared/runs.ts";
import { setupFile } from "../shared/store.ts";
import type { Comparison } from "./look.ts";

export type RestorePorts = RunPorts & { readonly dialogs: BoardDialogs };

/**
 * Restores the chosen differences: shows what would change, asks, applies that part of the plan and says what became of
 * it. Undefined where nothing was written.
 */
export async function restoreWithQuestions(
  ports: RestorePorts,
  comparison: Comparison,
  chosen: ReadonlySet<Difference>,
): Promise<Outcome | undefined> {
  const { dialogs, store } = ports;
  const { t } = dialogs;
  const { setup, runId, compared } = comparison;
  if ((await findUnfinished(store)).some((journal) => journal.setup.id === setup.id)) {
    void dialogs.notify("warning", t(msg("drift.unfinished")));
    return undefined;
  }
  const restored = restoration(compared, chosen);
  if (!restored.ok) {
    await dialogs.say(resourceText(restored.change.resource, t), restored.reasons.map(t).join("\n"));
    return undefined;
  }
  const { changes, consents } = restored;
  if (changes.length === 0) {
    void dialogs.notify("info", t(msg("drift.nothing")));
    return undefined;
  }
  if (!(await isConfirmed(ports, comparison, changes))) return undefined;
  let begun = 0;
  return dialogs.progress(t(msg("drift.working")), (report, signal) =>
    applyRun(
      ports,
      { setup, runId, changes },
      {
        signal,
        consents,
        onProgress: (address, progress) => {
          const change = changes.find(({ resource }) => resource.address === address);
          if (progress.status !== "running" || change === undefined) return;
          if (progress.note === undefined) begun += 1;
          const note = progress.note === undefined ? "" : ` ${t(progress.note)}`;
          report(`${begun}/${changes.length} ${resourceText(change.resource, t)}${note}`);
        },
      },
    ),
  );
}

/** Shows a diff of every resource that changes, then the whole list, and asks. */
async function isConfirmed(
  { access, dialogs }: RestorePorts,
  { setup }: Comparison,
  changes: readonly Change[],
): Promise<boolean> {
  const { t } = dialogs;
  const role = visible(setup.hub.roleName);
  const pairs = changes.map((change) => ({ name: fileOf(change.resource), ...restoredTexts(change) }));
  await dialogs.diffs(t(msg("drift.diff.restore", { role })), pairs);
  // The diffs are read before the dialog covers them.
  if (!(await dialogs.notify("info", t(msg("drift.review", { role })), t(msg("removal.list.goOn")))))
    return false;
  const hosts = await otherHosts(
    access,
    changes.map(({ resource }) => resource),
  );
  const lines = [
    ...changes.flatMap((change) => {
      const name = resourceText(change.resource, t);
      if (change.action !== "update") return [t(msg("drift.line.create", { name }))];
      return change.edits.map((edit) => t(msg("drift.line.edit", { name: resourceText(edit, t) })));
    }),
    ...hosts.map((host) => t(msg("removal.list.endpoint", { host }))),
  ];
  const question = t(msg("drift.question", { role }));
  return dialogs.confirm(question, lines.map(visible).join("\n"), t(msg("drift.yes")));
}

/**
 * Says what became of it. What was restored can be taken back; what was not has its reasons in the report. Whether the
 * user took it back.
 */
export async function tellRestored(
  ports: RestorePorts,
  { setup, runId, compared }: Comparison,
  outcome: Outcome,
): Promise<boolean> {
  const { dialogs } = ports;
  const { t } = dialogs;
  if (outcome.status === "finished") {
    const isBack = await dialogs.notify("info", t(msg("drift.restored")), t(msg("drift.undo")));
    if (isBack) await takeBack(ports, { setup, runId });
    return isBack;
  }
  const lines = compared.flatMap(({ change: { resource } }) => {
    const progress = outcome.progress[resource.address];
    if (progress === undefined || !("problem" in progress)) return [];
    dialogs.log(progress.problem);
    const { message, advice, detail } = progress.problem;
    const sentences = [t(message), ...(advice === undefined ? [] : [t(advice)]), detail ?? ""];
    return [resourceText(resource, t), ...sentences.map((line) => `  ${line}`)];
  });
  const sentence = msg(outcome.status === "cancelled" ? "drift.cancelled" : "drift.failed");
  const button = lines.length === 0 ? undefined : t(msg("removal.report"));
  if (await dialogs.notify("warning", t(sentence), button))
    await dialogs.open("restore.txt", `${lines.map(visible).join("\n").trimEnd()}\n`);
  return false;
}

async function takeBack(
  ports: RestorePorts,
  { setup, runId }: Pick<Comparison, "setup" | "runId">,
): Promise<void> {
  const { access, store } = ports;
  const run = (await readJournals(store)).journals.find((journal) => journal.runId === runId);
  if (run === undefined) return;
  const words = {
    looking: msg("recovery.looking"),
    question: msg("drift.undo.question"),
    yes: msg("drift.undo.yes"),
    working: msg("removal.working"),
    done: msg("drift.undo.done"),
    nothing: msg("recovery.nothing"),
  };
  await removeWithQuestions(
    ports,
    words,
    (signal) => planUndo(run, access, signal),
    (plan, options) => undo(ports, run, plan, options),
  );
  // The setup is older than this run, whatever journals there are.
  await store.write(setupFile(setup.id), setup);
}
