import * as vscode from "vscode";
import type { AwsAccess } from "../../aws/access.ts";
import type { RemoveOptions } from "../../aws/remove.ts";
import type { RemovalPlan } from "../../aws/undo.ts";
import { isLoopbackOverride } from "../../core/ids.ts";
import { msg, type Message } from "../../core/messages.ts";
import type { RemovalOutcome } from "../../core/outcome.ts";
import { logLine, type Boundary } from "./boundary.ts";
import type { Documents } from "./documents.ts";
import { planText, reportText, resourceText } from "./removalText.ts";
import { t } from "./words.ts";

export type RemovalPorts = {
  readonly access: AwsAccess;
  readonly boundary: Boundary;
  readonly documents: Documents;
};

/** What a removal is called: the sentences around it. */
export type RemovalWords = {
  readonly looking: Message;
  readonly question: Message;
  readonly yes: Message;
  readonly working: Message;
  readonly done: Message;
  readonly nothing: Message;
};

/** More lines than this do not fit into a dialog. */
const MOST_LINES = 25;

/**
 * The whole of a removal as a user sees it: looks, shows the full list, asks, removes with progress, and says what
 * became of it. Undefined where the user left it.
 */
export async function removeWithDialog(
  ports: RemovalPorts,
  words: RemovalWords,
  plan: (signal: AbortSignal) => Promise<RemovalPlan>,
  remove: (
    plan: RemovalPlan,
    options: Pick<RemoveOptions, "signal" | "onProgress">,
  ) => Promise<RemovalOutcome>,
): Promise<RemovalOutcome | undefined> {
  const planned = await withProgress(words.looking, (_, signal) => plan(signal));
  if (planned === undefined) return undefined;
  if (!(await confirmed(ports, words, planned))) return undefined;
  const wanted = planned.removals.filter(({ action }) => action === "remove").length;
  const outcome = await withProgress(words.working, (report, signal) => {
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
  if (outcome !== undefined) await tell(ports, words, planned, outcome);
  return outcome;
}

/** Undefined where it was cancelled before it had an end. */
async function withProgress<T>(
  title: Message,
  task: (report: (message: string) => void, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: t(title), cancellable: true },
    async (progress, token) => {
      const cancel = new AbortController();
      const listening = token.onCancellationRequested(() => cancel.abort());
      try {
        return await task((message) => progress.report({ message }), cancel.signal);
      } catch (error) {
        if (cancel.signal.aborted) return undefined;
        throw error;
      } finally {
        listening.dispose();
      }
    },
  );
}

/** Shows everything that goes and stays, and asks. A list too long for a dialog is shown as a document first. */
async function confirmed(ports: RemovalPorts, words: RemovalWords, plan: RemovalPlan): Promise<boolean> {
  const text = planText(plan.removals, await otherHosts(ports.access, plan), t);
  const isLong = text.split("\n").length > MOST_LINES;
  if (isLong) await ports.documents.open("removal.txt", text);
  const detail = isLong ? t(msg("removal.list.document")) : text;
  if (!plan.removals.some(({ action }) => action === "remove")) {
    await vscode.window.showInformationMessage(t(words.nothing), { modal: true, detail });
    // Nothing to ask about; what is gone is noted all the same.
    return true;
  }
  if (isLong && !(await seen(words))) return false;
  const yes = t(words.yes);
  return (await vscode.window.showWarningMessage(t(words.question), { modal: true, detail }, yes)) === yes;
}

/** Waits beside the document until it has been read. */
async function seen(words: RemovalWords): Promise<boolean> {
  const goOn = t(msg("removal.list.goOn"));
  return (await vscode.window.showInformationMessage(t(words.question), goOn)) === goOn;
}

/** Hosts that answer instead of AWS and are not this machine. */
async function otherHosts(access: AwsAccess, plan: RemovalPlan): Promise<readonly string[]> {
  const hosts = new Set<string>();
  for (const { action, resource } of plan.removals) {
    if (action !== "remove") continue;
    const opened = await access.open(resource.profile, resource.account);
    const host = opened.ok ? opened.account.identity.endpointOverride : undefined;
    if (host !== undefined && !isLoopbackOverride(host)) hosts.add(host);
  }
  return [...hosts];
}

async function tell(
  { boundary, documents }: RemovalPorts,
  words: RemovalWords,
  { removals }: RemovalPlan,
  outcome: RemovalOutcome,
): Promise<void> {
  for (const { progress } of outcome.results) {
    if ("problem" in progress) boundary.log.error(logLine(progress.problem));
  }
  if (outcome.isClean) {
    if (removals.some(({ action }) => action === "remove")) {
      void vscode.window.showInformationMessage(t(words.done));
    }
    return;
  }
  const report = reportText(removals, outcome, t);
  boundary.log.info(report);
  const show = t(msg("removal.report"));
  const sentence = outcome.status === "cancelled" ? msg("removal.cancelled") : msg("removal.incomplete");
  if ((await vscode.window.showWarningMessage(t(sentence), show)) === show) {
    await documents.open("removal.txt", report);
  }
}
