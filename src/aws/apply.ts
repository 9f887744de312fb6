import type { Resource } from "../core/blueprint/index.ts";
import { msg } from "../core/messages.ts";
import type { Outcome, Problem, Progress } from "../core/outcome.ts";
import type { RunEvent } from "../core/plan/journal.ts";
import { fingerprint } from "../core/plan/fingerprint.ts";
import { isApplicable, type Change, type Observations } from "../core/plan/index.ts";
import type { AwsAccess } from "./access.ts";
import { checkAccounts } from "./accounts.ts";
import { isCancelled } from "./errors.ts";
import { observe } from "./observe.ts";
import { runInOrder } from "./schedule.ts";
import { sleepByClock, type Sleep } from "./sleep.ts";
import { nameOf, write, type Written } from "./write.ts";

/** Where every write is noted before and after it happens. A note that cannot be stored stops the run. */
export type Journal = {
  readonly note: (resource: Resource, event: RunEvent) => Promise<void>;
};

export type ApplyOptions = {
  /** Cancels: what is being written is finished, nothing new is begun. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (address: string, progress: Progress) => void;
  readonly journal?: Journal;
  /** Waits between attempts; a test may make it short. */
  readonly sleep?: Sleep;
};

/** Over all accounts. Each account by itself lets four calls through at once, as IAM throttles by account. */
const WRITES_AT_ONCE = 8;

/**
 * Creates what a plan says is to be created, along its dependencies and otherwise in parallel. Everything else
 * is left as it is. Right before the first write every profile is asked again which account it leads to, and
 * everything is read again: if a profile leads elsewhere, or anything is not as the plan saw it, nothing is
 * written at all.
 *
 * After a cancel and after a failure what is under way is finished, nothing new is begun, and the rest is
 * `skipped`: what follows a failure is better looked at again than half built. `created` lists exactly what
 * this run created, whatever happened.
 *
 * @throws where a change is blocked: such a plan must not get here
 */
export async function apply(
  changes: readonly Change[],
  access: AwsAccess,
  options: ApplyOptions = {},
): Promise<Outcome> {
  if (!isApplicable(changes)) throw new Error("A plan with blocked changes cannot be applied.");
  const run = createRun(changes, options);
  const wanted = changes.filter((change) => change.action === "create").map((change) => change.resource);
  if (wanted.length > 0 && !run.isCancelled()) {
    const refused = await checkAccounts(wanted, access, options.signal);
    for (const [resource, problem] of refused) {
      if (isCancelled(problem)) run.stop();
      else run.report(resource, { status: "failed", problem });
    }
    if (refused.size === 0 && (await isAsSeen(changes, access, run, options.signal))) {
      await writeAll(wanted, access, run, options);
    }
  }
  return run.outcome();
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
    observed = await observe(
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
  readonly created: (resource: Resource) => void;
  readonly statusOf: (address: string) => Progress["status"] | undefined;
  /** Begin nothing new. */
  readonly stop: () => void;
  readonly isStopped: () => boolean;
  readonly isCancelled: () => boolean;
  readonly outcome: () => Outcome;
};

/** The book of one run: what has been reported, and what is to be reported in the end. */
function createRun(changes: readonly Change[], { signal, onProgress }: ApplyOptions): Run {
  const progress = new Map<string, Progress>();
  const created: Resource[] = [];
  let stopped = false;
  const set = (address: string, value: Progress): void => {
    progress.set(address, value);
    onProgress?.(address, value);
  };
  for (const { action, resource } of changes) {
    set(resource.address, { status: action === "create" ? "pending" : "unchanged" });
  }
  return {
    report: (resource, value) => {
      if (value.status === "failed" || value.status === "unknown") stopped = true;
      set(resource.address, value);
    },
    created: (resource) => {
      created.push(resource);
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

async function writeAll(
  wanted: readonly Resource[],
  access: AwsAccess,
  run: Run,
  options: ApplyOptions,
): Promise<void> {
  const isReady = (resource: Resource): boolean =>
    resource.needs.every((address) => {
      const status = run.statusOf(address);
      return status === undefined || status === "created" || status === "unchanged";
    });
  await runInOrder(wanted, { atOnce: WRITES_AT_ONCE, isReady, isStopped: run.isStopped }, (resource) =>
    writeOne(resource, access, run, options),
  );
}

async function writeOne(
  resource: Resource,
  access: AwsAccess,
  run: Run,
  options: ApplyOptions,
): Promise<void> {
  const { signal, journal } = options;
  run.report(resource, { status: "running" });
  const opened = await access.open(resource.profile, resource.account);
  if (!opened.ok) {
    if (isCancelled(opened.problem)) {
      run.stop();
      run.report(resource, { status: "skipped" });
    } else run.report(resource, { status: "failed", problem: opened.problem });
    return;
  }
  if (!(await noted(() => journal?.note(resource, "creating")))) {
    run.report(resource, { status: "failed", problem: journalProblem("aws.apply.journal", resource) });
    return;
  }
  const written = await write(opened.account, resource, {
    sleep: options.sleep ?? sleepByClock,
    ...(signal === undefined ? {} : { signal }),
    onNote: (note) => run.report(resource, { status: "running", note }),
  });
  await settle(resource, written, run, journal);
}

/** Notes what became of a write and reports it. */
async function settle(
  resource: Resource,
  written: Written,
  run: Run,
  journal: Journal | undefined,
): Promise<void> {
  switch (written.status) {
    case "created":
      run.created(resource);
      return run.report(
        resource,
        (await noted(() => journal?.note(resource, "created")))
          ? { status: "created" }
          : { status: "failed", problem: journalProblem("aws.apply.journalAfter", resource) },
      );
    case "failed":
    case "skipped": {
      // Where this is not noted, the resource stays in doubt, and a look will find out.
      if (!written.inDoubt) await noted(() => journal?.note(resource, "notCreated"));
      return run.report(
        resource,
        written.status === "failed" ? { status: "failed", problem: written.problem } : { status: "skipped" },
      );
    }
    case "unknown":
      return run.report(resource, written);
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

function journalProblem(id: "aws.apply.journal" | "aws.apply.journalAfter", resource: Resource): Problem {
  return { code: "aws.journal", message: msg(id, { name: nameOf(resource) }) };
}
