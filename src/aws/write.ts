import { RUN_TAG, type Resource } from "../core/blueprint/index.ts";
import {
  attachmentRequest,
  policyRequest,
  providerRequest,
  requestOf,
  roleRequest,
} from "../core/blueprint/request.ts";
import { msg, type Message } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { isEdit, type Target } from "../core/plan/index.ts";
import { minify } from "../core/policy.ts";
import type { Account } from "./access.ts";
import { ChangedMeanwhile } from "./changedMeanwhile.ts";
import { editStands, sendEdit } from "./edit.ts";
import { errorName, isAmbiguous, isThrottled, redact } from "./errors.ts";
import {
  attachedPolicies,
  call,
  CallError,
  problemOf,
  readPolicyItself,
  readProvider,
  readRoleItself,
} from "./read.ts";
import type { RetryReason, Watcher } from "./retries.ts";
import { loadSdk } from "./sdk.ts";
import { sleepUnlessAborted, type Sleep } from "./sleep.ts";
import { field, textField } from "./values.ts";

/** What became of one write. */
export type Written =
  | { readonly status: "created" }
  /** `inDoubt`: it could not be seen, but a call that may have made it was sent. */
  | { readonly status: "failed"; readonly problem: Problem; readonly inDoubt: boolean }
  | { readonly status: "unknown"; readonly problem: Problem }
  /** Given up while waiting, because of a cancel: nothing of it is to be seen. */
  | { readonly status: "skipped"; readonly inDoubt: boolean };

export type WriteOptions = {
  readonly sleep: Sleep;
  readonly signal?: AbortSignal;
  /** Why it takes longer. */
  readonly onNote: (note: Message) => void;
};

/**
 * Milliseconds between attempts while IAM does not know yet what was created a moment ago: 90 seconds in all.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html (eventual consistency)
 */
const PROPAGATION_DELAYS = [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000, 15_000] as const;

/** Milliseconds before looking again for something that may have been created and is not to be seen. */
const LOOK_DELAYS = [0, 1000, 3000] as const;

/**
 * Creates one resource that the plan found absent, or makes one edit. A call that was begun is never aborted. Where its answer is
 * lost, or where it exists all of a sudden, a look decides by the tag of this run: ours counts as created,
 * anybody else's is left alone.
 */
export async function write(account: Account, resource: Target, options: WriteOptions): Promise<Written> {
  for (const delay of [...PROPAGATION_DELAYS, undefined]) {
    try {
      await account.retries.watch(watcherOf(options), () => create(account, resource));
      return { status: "created" };
    } catch (error) {
      if (error instanceof ChangedMeanwhile) return changedMeanwhile(resource, error);
      if (!(error instanceof CallError)) throw error;
      if (isPropagation(error.cause, resource)) {
        if (delay === undefined) {
          return { status: "failed", problem: notPropagated(resource, error.cause), inDoubt: false };
        }
        if (!(await waitForPropagation(delay, options))) return { status: "skipped", inDoubt: false };
        continue;
      }
      const exists = errorName(error.cause) === "EntityAlreadyExists";
      const isFirst = field(field(error.cause, "$metadata"), "attempts") === 1;
      const settled =
        // Of several attempts any one may have been carried out, whatever became of the last.
        !exists && isFirst && !isAmbiguous(error.cause)
          ? ({ status: "failed", problem: problemOf(error, account), inDoubt: false } as const)
          : await settle(account, resource, error, { exists, isFirst }, options.sleep);
      // Throttled until the user gave up.
      const isGivenUp = options.signal?.aborted === true && isThrottled(error.cause);
      return isGivenUp && settled.status === "failed"
        ? { status: "skipped", inDoubt: settled.inDoubt }
        : settled;
    }
  }
  throw new Error("unreachable: the last round returns");
}

function changedMeanwhile(resource: Target, { isWritten }: ChangedMeanwhile): Written {
  const message = msg("aws.apply.changed", { name: nameOf(resource) });
  const problem = { code: "aws.changed", message, advice: msg("aws.apply.exists.advice") };
  return { status: "failed", problem, inDoubt: isWritten };
}

async function create(account: Account, resource: Target): Promise<void> {
  if (isEdit(resource)) return sendEdit(account, resource, "make");
  const iam = await loadSdk();
  const { action } = requestOf(resource);
  switch (resource.kind) {
    case "OidcProvider": {
      const command = new iam.CreateOpenIDConnectProviderCommand(providerRequest(resource));
      await call(account, action, () => account.iam.send(command));
      return;
    }
    case "Role": {
      const AssumeRolePolicyDocument = minify(resource.trust);
      const command = new iam.CreateRoleCommand({ ...roleRequest(resource), AssumeRolePolicyDocument });
      await call(account, action, () => account.iam.send(command));
      return;
    }
    case "ManagedPolicy": {
      const PolicyDocument = minify(resource.document);
      const command = new iam.CreatePolicyCommand({ ...policyRequest(resource), PolicyDocument });
      await call(account, action, () => account.iam.send(command));
      return;
    }
    case "PolicyAttachment": {
      const command = new iam.AttachRolePolicyCommand(attachmentRequest(resource));
      await call(account, action, () => account.iam.send(command));
    }
  }
}

/** Whether the refusal may only mean that IAM has not heard yet of what was created a moment ago. */
function isPropagation(error: unknown, resource: Target): boolean {
  const name = errorName(error);
  if (name === "NoSuchEntity") return resource.kind === "PolicyAttachment";
  return name === "MalformedPolicyDocument" && /invalid principal/i.test(textField(error, "message") ?? "");
}

/** False where the wait was cancelled. */
function waitForPropagation(delay: number, { onNote, sleep, signal }: WriteOptions): Promise<boolean> {
  const seconds = PROPAGATION_DELAYS.reduce((sum, each) => sum + each, 0) / 1000;
  onNote(msg("aws.apply.waiting", { seconds }));
  return sleepUnlessAborted(sleep, delay, signal);
}

const retrySentences: Readonly<Record<RetryReason, Message>> = {
  throttled: msg("aws.retry.throttled"),
  broken: msg("aws.retry.broken"),
};

/** Says why a call takes long, and ends its waits on a cancel. */
export function watcherOf({ onNote, signal }: Pick<WriteOptions, "onNote" | "signal">): Watcher {
  return {
    onWait: (reason) => onNote(retrySentences[reason]),
    ...(signal === undefined ? {} : { signal }),
  };
}

function notPropagated(resource: Target, error: unknown): Problem {
  return {
    code: "aws.propagation",
    message: msg("aws.apply.propagation", { name: nameOf(resource) }),
    advice: msg("aws.apply.propagation.advice"),
    detail: redact(textField(error, "message") ?? ""),
  };
}

/** Finds out what became of a call whose answer says nothing about it, or says that the thing exists. */
async function settle(
  account: Account,
  resource: Target,
  error: CallError,
  { exists, isFirst }: { readonly exists: boolean; readonly isFirst: boolean },
  sleep: Sleep,
): Promise<Written> {
  const name = nameOf(resource);
  const somebodyElses: Written = {
    status: "failed",
    inDoubt: false,
    problem: {
      code: "aws.exists",
      message: msg("aws.apply.exists", { name }),
      advice: msg("aws.apply.exists.advice"),
    },
  };
  try {
    for (const delay of LOOK_DELAYS) {
      if (delay > 0) await sleep(delay);
      const found = await look(account, resource);
      if (found === "ours") return { status: "created" };
      if (found === "somebody else's") return somebodyElses;
    }
  } catch {
    // A refusal on the first attempt cannot be the echo of an attempt of ours that was lost.
    if (exists && isFirst) return somebodyElses;
    const { detail, requestId } = problemOf(error, account);
    return {
      status: "unknown",
      problem: {
        code: "aws.unknownOutcome",
        message: msg("aws.apply.lost", { name }),
        advice: msg("aws.apply.lost.advice"),
        ...(detail === undefined ? {} : { detail }),
        ...(requestId === undefined ? {} : { requestId }),
      },
    };
  }
  // It exists and cannot be seen under its ARN: another path or letter case.
  return exists ? somebodyElses : { status: "failed", problem: problemOf(error, account), inDoubt: true };
}

async function look(account: Account, resource: Target): Promise<"ours" | "somebody else's" | "absent"> {
  if (isEdit(resource)) {
    const state = await editStands(account, resource);
    return state === "made" ? "ours" : state === "notMade" ? "absent" : "somebody else's";
  }
  if (resource.kind === "PolicyAttachment") {
    const attached = await attachedPolicies(account, resource.roleName);
    return attached?.some((policy) => policy.arn === resource.policyArn) === true ? "ours" : "absent";
  }
  const found = await lookForTags(account, resource);
  if (found === undefined) return "absent";
  return found.tags[RUN_TAG] === resource.tags[RUN_TAG] ? "ours" : "somebody else's";
}

function lookForTags(
  account: Account,
  resource: Exclude<Resource, { kind: "PolicyAttachment" }>,
): Promise<{ readonly tags: Readonly<Record<string, string>> } | undefined> {
  switch (resource.kind) {
    case "OidcProvider":
      return readProvider(account, resource.arn);
    case "Role":
      return readRoleItself(account, resource.name);
    case "ManagedPolicy":
      return readPolicyItself(account, resource.arn);
  }
}

/** The name people know a resource, or what is edited, by. */
export function nameOf(resource: Target): string {
  switch (resource.kind) {
    case "AddAudience":
    case "AddThumbprint":
    case "PolicyVersion":
    case "DropVersion":
    case "Tag":
      return resource.arn;
    case "TrustStatements":
    case "Description":
    case "MaxSession":
    case "Boundary":
      return resource.roleName;
    case "OidcProvider":
      return resource.url;
    case "Role":
    case "ManagedPolicy":
      return resource.name;
    case "PolicyAttachment":
    case "Detach":
      return resource.policyArn;
  }
}
