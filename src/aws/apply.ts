import type { Resource } from "../core/blueprint/index.ts";
import { msg } from "../core/messages.ts";
import type { Outcome, Problem, Progress } from "../core/outcome.ts";
import type { RunEvent } from "../core/plan/journal.ts";
import { fingerprint } from "../core/plan/fingerprint.ts";
import { isApplicable, isWritten, type Change, type Observations, type Target } from "../core/plan/index.ts";
import type { Account, AwsAccess } from "./access.ts";
import { checkAccounts } from "./accounts.ts";
import { isCancelled } from "./errors.ts";
import { look } from "./observe.ts";
import { runInOrder } from "./schedule.ts";
import { sleepByClock, type Sleep } from "./sleep.ts";
import { nameOf, write, type Written } from "./write.ts";

/** Where every write is noted before and after it happens. A note that cannot be stored stops the run. */
export type Journal = {
  readonly note: (target: Target, event: RunEvent) => Promise<void>;
};

export type ApplyOptions = {
  /** Cancels: what is being written is finished, nothing new is begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (address: string, progress: Progress) => void;
  readonly journal?: Journal;
  /** Keys of the plan's consents that the user has agreed to. */
  readonly consents?: ReadonlySet<string>;
  /** Waits between attempts; a test may make it short. */
  readonly sleep?: Sleep;
};

/** Over all accounts. Each account by itself lets four calls through at once, as IAM throttles by account. */
const WRITES_AT_ONCE = 8;

/**
 * Creates what a plan says is to be created and changes what it was agreed to change, along their dependencies and
 * otherwise in parallel. Everything else is left as it is. Right before the first write every profile is asked again which account it leads to, and
 * everything is read again: if a profile leads elsewhere, or anything is not as the plan saw it, nothing is
 * written at all.
 *
 * After a cancel and after a failure what is under way is finished, nothing new is begun, and the rest is
 * `skipped`: what follows a failure is better looked at again than half built. `created` lists exactly what
 * this run created and changed, whatever happened.
 *
 * @throws where a change is blocked or was not agreed to: such a plan must not get here
 */
export async function apply(
  changes: readonly Change[],
  access: AwsAccess,
  options: ApplyOptions = {},
): Promise<Outcome> {
  const { consents = new Set<string>() } = options;
  if (!isApplicable(changes, consents)) throw new Error("A plan with blocked changes cannot be applied.");
  const run = createRun(changes, consents, options);
  const tasks = changes.filter((change) => isWritten(change, consents)).map(taskOf);
  if (tasks.length > 0 && !run.isCancelled()) {
    const refused = await checkAccounts(
      tasks.map(({ resource }) => resource),
      access,
      options.signal,
    );
    for (const [resource, problem] of refused) {
      if (isCancelled(problem)) run.stop();
      else run.report(resource, { status: "failed", problem });
    }
    if (refused.size === 0 && (await isAsSeen(changes, access, run, options.signal))) {
      await writeAll(tasks, access, run, options);
    }
  }
  return run.outcome();
}

/** What is written for one resource, one after the other, and how that is called. */
type Task = {
  readonly resource: Resource;
  readonly targets: readonly Target[];
  readonly done: "created" | "updated";
};

function taskOf(change: Change): Task {
  const { resource } = change;
  return change.action === "update"
    ? { resource, targets: change.edits, done: "updated" }
    : { resource, targets: [resource], done: "created" };
}

/** Whether everything is still as the plan saw it; reports what is not. */
async function isAsSeen(
  changes: readonly Change[],
  access: AwsAccess,
  run: Run,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let observed: Observations;
  try {
    observed = await look(
      changes.map((change) => change.resource),
      access,
      signal,
    );
  } catch (error) {
    if (!run.isCancelled()) throw error;
    return false;
  }
  const changed = changes.filter(({ resource, seen }) => fingerprint(observed[resource.address]) !== seen);
  for (const { resource } of changed) {
    const observation = observed[resource.address];
    const [code, message] =
      observation?.state === "unknown"
        ? (["aws.unread", observation.reason] as const)
        : (["aws.changed", msg("aws.apply.changed", { name: nameOf(resource) })] as const);
    const advice = msg("aws.apply.exists.advice");
    run.report(resource, { status: "failed", problem: { code, message, advice } });
  }
  return changed.length === 0;
}

type Run = {
  readonly report: (resource: Resource, progress: Progress) => void;
  readonly written: (target: Target) => void;
  readonly statusOf: (address: string) => Progress["status"] | undefined;
  /** Begin nothing new. */
  readonly stop: () => void;
  readonly isStopped: () => boolean;
  readonly isCancelled: () => boolean;
  readonly outcome: () => Outcome;
};

/** The book of one run: what has been reported, and what is to be reported in the end. */
function createRun(
  changes: readonly Change[],
  consents: ReadonlySet<string>,
  { signal, onProgress }: ApplyOptions,
): Run {
  const progress = new Map<string, Progress>();
  const created: Target[] = [];
  let stopped = false;
  const set = (address: string, value: Progress): void => {
    progress.set(address, value);
    onProgress?.(address, value);
  };
  for (const change of changes) {
    set(change.resource.address, { status: isWritten(change, consents) ? "pending" : "unchanged" });
  }
  return {
    report: (resource, value) => {
      if (value.status === "failed" || value.status === "unknown") stopped = true;
      set(resource.address, value);
    },
    written: (target) => {
      created.push(target);
    },
    statusOf: (address) => progress.get(address)?.status,
    stop: () => {
      stopped = true;
    },
    isStopped: () => stopped || signal?.aborted === true,
    isCancelled: () => signal?.aborted === true,
    outcome: () => {
      for (const [address, { status }] of progress) {
        if (status === "pending" || status === "running") set(address, { status: "skipped" });
      }
      const statuses = [...progress.values()].map((each) => each.status);
      const failed = statuses.some((status) => status === "failed" || status === "unknown");
      const skipped = statuses.includes("skipped");
      return {
        status: failed ? "failed" : skipped ? "cancelled" : "finished",
        progress: Object.fromEntries(progress),
        created: [...created],
      };
    },
  };
}

const DONE: readonly (Progress["status"] | undefined)[] = [undefined, "created", "updated", "unchanged"];

async function writeAll(
  tasks: readonly Task[],
  access: AwsAccess,
  run: Run,
  options: ApplyOptions,
): Promise<void> {
  const isReady = ({ resource }: Task): boolean =>
    resource.needs.every((address) => DONE.includes(run.statusOf(address)));
  await runInOrder(tasks, { atOnce: WRITES_AT_ONCE, isReady, isStopped: run.isStopped }, (task) =>
    writeTask(task, access, run, options),
  );
}

/** Writes one resource, edit after edit; nothing more of it after a failure or a cancel. */
async function writeTask(
  { resource, targets, done }: Task,
  access: AwsAccess,
  run: Run,
  options: ApplyOptions,
): Promise<void> {
  run.report(resource, { status: "running" });
  const opened = await access.open(resource.profile, resource.account);
  if (!opened.ok) {
    if (isCancelled(opened.problem)) {
      run.stop();
      run.report(resource, { status: "skipped" });
    } else run.report(resource, { status: "failed", problem: opened.problem });
    return;
  }
  for (const [at, target] of targets.entries()) {
    // A cancel before the first write is the schedule's, which begins nothing then.
    if (at > 0 && run.isStopped()) return run.report(resource, { status: "skipped" });
    const progress = await writeOne(target, resource, opened.account, run, options);
    if (progress !== undefined) return run.report(resource, progress);
  }
  run.report(resource, { status: done });
}

/** Undefined where the target is written and noted. */
async function writeOne(
  target: Target,
  resource: Resource,
  account: Account,
  run: Run,
  { signal, journal, sleep = sleepByClock }: ApplyOptions,
): Promise<Progress | undefined> {
  if (!(await noted(() => journal?.note(target, "creating")))) {
    return { status: "failed", problem: journalProblem("aws.apply.journal", target) };
  }
  const written = await write(account, target, {
    sleep,
    ...(signal === undefined ? {} : { signal }),
    onNote: (note) => run.report(resource, { status: "running", note }),
  });
  return settle(target, written, run, journal);
}

/** Notes what became of a write. */
async function settle(
  target: Target,
  written: Written,
  run: Run,
  journal: Journal | undefined,
): Promise<Progress | undefined> {
  switch (written.status) {
    case "created":
      run.written(target);
      return (await noted(() => journal?.note(target, "created")))
        ? undefined
        : { status: "failed", problem: journalProblem("aws.apply.journalAfter", target) };
    case "failed":
    case "skipped": {
      // Where this is not noted, the target stays in doubt, and a look will find out.
      if (!written.inDoubt) await noted(() => journal?.note(target, "notCreated"));
      return written.status === "failed"
        ? { status: "failed", problem: written.problem }
        : { status: "skipped" };
    }
    case "unknown":
      return written;
  }
}

async function noted(note: () => Promise<void> | undefined): Promise<boolean> {
  try {
    await note();
    return true;
  } catch {
    return false;
  }
}

function journalProblem(id: "aws.apply.journal" | "aws.apply.journalAfter", resource: Target): Problem {
  return { code: "aws.journal", message: msg(id, { name: nameOf(resource) }) };
}
