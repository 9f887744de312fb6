import { msg } from "../core/messages.ts";
import type { Problem, RemovalOutcome, RemovalProgress } from "../core/outcome.ts";
import { targetKey, type Target } from "../core/plan/edit.ts";
import type { RunEvent } from "../core/plan/journal.ts";
import { judgeRemoval, keptAs, precedes, type Candidate, type Removal } from "../core/plan/undo.ts";
import type { AwsAccess } from "./access.ts";
import { checkAccounts } from "./accounts.ts";
import type { Journal } from "./apply.ts";
import { destroy, type Destroyed } from "./destroy.ts";
import { isCancelled } from "./errors.ts";
import { runInOrder } from "./schedule.ts";
import { sleepByClock, type Sleep } from "./sleep.ts";
import { gather, type RemovalPlan } from "./undo.ts";
import { nameOf } from "./write.ts";

export type RemoveOptions = {
  /** Cancels: what is being removed is finished, nothing new is begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (resource: Target, progress: RemovalProgress) => void;
  readonly journal?: Journal;
  readonly sleep?: Sleep;
};

const REMOVALS_AT_ONCE = 4;

/**
 * Removes what a plan says is to be removed, and nothing else. Right before each removal the resource is read and
 * judged once more: where it is not any more as it was left, it stays, and nothing new is begun. What the plan
 * keeps is not touched and comes back as `kept`.
 */
export async function remove(
  plan: RemovalPlan,
  access: AwsAccess,
  options: RemoveOptions = {},
): Promise<RemovalOutcome> {
  const run = createRun(plan.removals, options);
  const wanted = plan.removals
    .filter((removal) => removal.action === "remove")
    .map(({ resource }) => resource);
  // What is gone is noted too: the journal then says of nothing that it may be there.
  for (const { action, resource } of plan.removals) {
    if (action === "gone") await note(options.journal, resource, "removed");
  }
  if (wanted.length > 0 && !run.isStopped()) {
    const refused = await checkAccounts(wanted, access, options.signal);
    for (const [resource, problem] of refused) {
      if (isCancelled(problem)) run.stop();
      else run.report(resource, { status: "failed", problem });
    }
    const isReady = (resource: Target): boolean =>
      wanted.every(
        (other) => !precedes(other, resource, plan.candidates) || run.going().has(targetKey(other)),
      );
    await runInOrder(wanted, { atOnce: REMOVALS_AT_ONCE, isReady, isStopped: run.isStopped }, (resource) =>
      removeOne(resource, plan, access, run, options),
    );
  }
  return run.outcome();
}

type Run = {
  readonly report: (resource: Target, progress: RemovalProgress) => void;
  /** Begin nothing new. */
  readonly stop: () => void;
  readonly isStopped: () => boolean;
  /** The keys of what does not exist any more. */
  readonly going: () => ReadonlySet<string>;
  readonly outcome: () => RemovalOutcome;
};

function createRun(removals: readonly Removal[], { signal, onProgress }: RemoveOptions): Run {
  const progress = new Map<string, RemovalProgress>();
  const resources = new Map(removals.map(({ resource }) => [targetKey(resource), resource]));
  const going = new Set<string>();
  let stopped = false;
  const set = (resource: Target, value: RemovalProgress): void => {
    progress.set(targetKey(resource), value);
    if (value.status === "removed" || value.status === "gone") going.add(targetKey(resource));
    onProgress?.(resource, value);
  };
  for (const removal of removals) set(removal.resource, firstProgress(removal));
  return {
    report: (resource, value) => {
      if (["failed", "unknown", "kept", "skipped"].includes(value.status)) stopped = true;
      set(resource, value);
    },
    stop: () => {
      stopped = true;
    },
    isStopped: () => stopped || signal?.aborted === true,
    going: () => going,
    outcome: () => {
      for (const [key, { status }] of progress) {
        const resource = resources.get(key);
        if ((status === "pending" || status === "running") && resource !== undefined) {
          set(resource, { status: "skipped" });
        }
      }
      return outcomeOf(removals, progress);
    },
  };
}

function firstProgress(removal: Removal): RemovalProgress {
  switch (removal.action) {
    case "remove":
      return { status: "pending" };
    case "gone":
      return { status: "gone" };
    case "keep":
      return keptAs(removal);
  }
}

function outcomeOf(
  removals: readonly Removal[],
  progress: ReadonlyMap<string, RemovalProgress>,
): RemovalOutcome {
  const results = removals.map((removal) => ({
    removal,
    progress: progress.get(targetKey(removal.resource)) ?? { status: "skipped" as const },
  }));
  const wanted = results.filter(({ removal }) => removal.action === "remove");
  const has = (...statuses: readonly RemovalProgress["status"][]): boolean =>
    wanted.some((result) => statuses.includes(result.progress.status));
  const isOurs = ({ removal, progress: { status } }: (typeof results)[number]): boolean =>
    removal.action === "keep" ? removal.ours : status !== "removed" && status !== "gone";
  return {
    status: has("failed", "unknown", "kept") ? "failed" : has("skipped") ? "cancelled" : "finished",
    results: results.map(({ removal: { resource }, progress: each }) => ({ resource, progress: each })),
    isClean: !results.some(isOurs),
  };
}

async function removeOne(
  resource: Target,
  plan: RemovalPlan,
  access: AwsAccess,
  run: Run,
  options: RemoveOptions,
): Promise<void> {
  run.report(resource, { status: "running" });
  const opened = await access.open(resource.profile, resource.account);
  if (!opened.ok) {
    return run.report(
      resource,
      isCancelled(opened.problem) ? { status: "skipped" } : { status: "failed", problem: opened.problem },
    );
  }
  const judged = await judgeNow(resource, plan, access, run.going());
  if (judged.action === "keep") return run.report(resource, keptAs(judged));
  if (judged.action === "gone") {
    await note(options.journal, resource, "removed");
    return run.report(resource, { status: "gone" });
  }
  if (!(await note(options.journal, resource, "removing"))) {
    return run.report(resource, { status: "failed", problem: journalProblem("removal.journal", resource) });
  }
  const { signal, sleep = sleepByClock } = options;
  const destroyed = await destroy(opened.account, resource, access, {
    sleep,
    ...(signal === undefined ? {} : { signal }),
    onNote: (sentence) => run.report(resource, { status: "running", note: sentence }),
  });
  await settle(resource, destroyed, run, options.journal);
}

/** Reads one resource, and what belongs to it, and judges it by what is there now. */
async function judgeNow(
  resource: Target,
  { candidates, owner }: RemovalPlan,
  access: AwsAccess,
  going: ReadonlySet<string>,
): Promise<Removal> {
  const isEnd = ({ resource: other }: Candidate): boolean =>
    resource.kind === "PolicyAttachment" &&
    other.account === resource.account &&
    ((other.kind === "Role" && other.name === resource.roleName) ||
      (other.kind === "ManagedPolicy" && other.arn === resource.policyArn));
  const isIt = (candidate: Candidate): boolean => candidate.resource === resource;
  const evidence = await gather(
    candidates.filter((candidate) => isIt(candidate) || isEnd(candidate)),
    access,
  );
  const candidate = candidates.find(isIt) ?? { resource, noted: false };
  return judgeRemoval(candidate, candidates, evidence, owner, going);
}

async function settle(
  resource: Target,
  destroyed: Destroyed,
  run: Run,
  journal: Journal | undefined,
): Promise<void> {
  switch (destroyed.status) {
    case "removed": {
      const problem = journalProblem("removal.journalAfter", resource);
      const isNoted = await note(journal, resource, "removed");
      return run.report(resource, isNoted ? { status: "removed" } : { status: "failed", problem });
    }
    case "failed":
    case "skipped":
      await note(journal, resource, "notRemoved");
      return run.report(resource, destroyed);
    case "unknown":
      return run.report(resource, destroyed);
  }
}

async function note(journal: Journal | undefined, resource: Target, event: RunEvent): Promise<boolean> {
  try {
    await journal?.note(resource, event);
    return true;
  } catch {
    return false;
  }
}

function journalProblem(id: "removal.journal" | "removal.journalAfter", resource: Target): Problem {
  return { code: "aws.journal", message: msg(id, { name: nameOf(resource) }) };
}
