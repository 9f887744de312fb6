import type { AwsAccess } from "../../aws/access.ts";
import type { RemoveOptions } from "../../aws/remove.ts";
import type { RemovalPlan } from "../../aws/undo.ts";
import { isLoopbackOverride } from "../../core/ids.ts";
import { msg, type Message } from "../../core/messages.ts";
import type { RemovalOutcome } from "../../core/outcome.ts";
import type { Target } from "../../core/plan/edit.ts";
import type { Comparison } from "../../core/plan/compare.ts";
import { fileOf } from "../../core/plan/targetName.ts";
import type { Dialogs, More } from "./dialogs.ts";
import { planText, reportText, resourceText } from "./removalText.ts";

/** What a removal is called: the sentences around it. */
export type RemovalWords = {
  readonly looking: Message;
  readonly question: Message;
  readonly yes: Message;
  readonly working: Message;
  readonly done: Message;
  readonly nothing: Message;
};

export type RemovalPorts = { readonly access: AwsAccess; readonly dialogs: Dialogs };

/** More lines than this do not fit into a dialog. */
const MOST_LINES = 25;

/**
 * The whole of a removal as a user sees it: looks, shows the full list, asks, removes with progress, and says what
 * became of it. Undefined where the user left it; nothing was removed then.
 */
export async function removeWithQuestions(
  ports: RemovalPorts,
  words: RemovalWords,
  plan: (signal: AbortSignal) => Promise<RemovalPlan>,
  remove: (
    plan: RemovalPlan,
    options: Pick<RemoveOptions, "signal" | "onProgress">,
  ) => Promise<RemovalOutcome>,
): Promise<RemovalOutcome | undefined> {
  const { dialogs } = ports;
  const { t } = dialogs;
  const planned = await dialogs.progress(t(words.looking), (_, signal) => plan(signal));
  if (planned === undefined || !(await isConfirmed(ports, words, planned))) return undefined;
  const wanted = planned.removals.filter(({ action }) => action === "remove").length;
  const outcome = await dialogs.progress(t(words.working), (report, signal) => {
    let begun = 0;
    return remove(planned, {
      signal,
      onProgress: (resource, progress) => {
        if (progress.status !== "running") return;
        if (progress.note === undefined) begun += 1;
        const note = progress.note === undefined ? "" : ` ${t(progress.note)}`;
        report(`${begun}/${wanted} ${resourceText(resource, t)}${note}`);
      },
    });
  });
  if (outcome === undefined) return undefined;
  // A notification may stay for long: the command is done before it is answered.
  tell(dialogs, words, planned, outcome).catch((error: unknown) => dialogs.log(String(error)));
  return outcome;
}

/** Shows everything that goes and stays, and asks. A list too long for a dialog is shown as a document first. */
async function isConfirmed(
  { access, dialogs }: RemovalPorts,
  words: RemovalWords,
  plan: RemovalPlan,
): Promise<boolean> {
  const { t } = dialogs;
  const going = plan.removals.flatMap(({ action, resource }) => (action === "remove" ? [resource] : []));
  const text = planText(plan.removals, await otherHosts(access, going), t);
  const isLong = text.split("\n").length > MOST_LINES;
  if (isLong) await dialogs.open("removal.txt", text);
  const detail = isLong ? t(msg("removal.list.document")) : text;
  const more = moreOf(
    dialogs,
    plan.removals.flatMap((one) => (one.action === "keep" ? one : [])),
  );
  if (going.length === 0) {
    await dialogs.say(t(words.nothing), detail, more);
    // What is gone is noted all the same.
    return true;
  }
  // The document is read before the dialog covers it.
  if (isLong && !(await dialogs.notify("info", t(words.question), t(msg("removal.list.goOn"))))) return false;
  return dialogs.confirm(t(words.question), detail, t(words.yes), more);
}

/** Shows what was left here beside what is there now, of everything that somebody has changed since. */
function moreOf(
  dialogs: Dialogs,
  kept: readonly { readonly resource: Target; readonly differs?: Comparison }[],
): More | undefined {
  const pairs = kept.flatMap(({ resource, differs }) => {
    return differs === undefined
      ? []
      : [{ name: fileOf(resource), left: differs.wanted, right: differs.existing }];
  });
  if (pairs.length === 0) return undefined;
  const { t } = dialogs;
  return {
    label: t(msg("removal.differs")),
    show: () => dialogs.diffs(t(msg("removal.differs.title")), pairs),
  };
}

/** Hosts that answer instead of AWS and are not this machine. */
export async function otherHosts(access: AwsAccess, targets: readonly Target[]): Promise<readonly string[]> {
  const hosts = new Set<string>();
  for (const { profile, account } of targets) {
    const opened = await access.open(profile, account);
    const host = opened.ok ? opened.account.identity.endpointOverride : undefined;
    if (host !== undefined && !isLoopbackOverride(host)) hosts.add(host);
  }
  return [...hosts];
}

async function tell(
  dialogs: Dialogs,
  words: RemovalWords,
  { removals }: RemovalPlan,
  outcome: RemovalOutcome,
): Promise<void> {
  const { t } = dialogs;
  for (const { progress } of outcome.results) {
    if ("problem" in progress) dialogs.log(progress.problem);
  }
  if (outcome.isClean) {
    if (removals.some(({ action }) => action === "remove")) await dialogs.notify("info", t(words.done));
    return;
  }
  const report = reportText(removals, outcome, t);
  dialogs.log(report);
  const sentence = outcome.status === "cancelled" ? msg("removal.cancelled") : msg("removal.incomplete");
  if (await dialogs.notify("warning", t(sentence), t(msg("removal.report")))) {
    const kept = outcome.results.map(({ resource, progress }) =>
      progress.status === "kept" ? { ...progress, resource } : { resource },
    );
    await moreOf(dialogs, kept)?.show();
    await dialogs.open("removal.txt", report);
  }
}
