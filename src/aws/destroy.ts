import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import { isEdit, targetKey, type Target } from "../core/plan/edit.ts";
import type { Account, AwsAccess } from "./access.ts";
import { ChangedMeanwhile } from "./changedMeanwhile.ts";
import { sendEdit } from "./edit.ts";
import { errorName, isAmbiguous } from "./errors.ts";
import { look } from "./observe.ts";
import { call, CallError, problemOf } from "./read.ts";
import { loadSdk } from "./sdk.ts";
import { sleepUnlessAborted } from "./sleep.ts";
import { field } from "./values.ts";
import { nameOf, watcherOf, type WriteOptions } from "./write.ts";
import { deleteVersion, listVersions } from "./versions.ts";

/** What became of one removal. */
export type Destroyed =
  | { readonly status: "removed" }
  /** It is still there. */
  | { readonly status: "failed"; readonly problem: Problem }
  | { readonly status: "unknown"; readonly problem: Problem }
  /** Given up while waiting, because of a cancel. */
  | { readonly status: "skipped" };

/**
 * Milliseconds between attempts while IAM still counts what was detached a moment ago: half a minute in all.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html (eventual consistency)
 */
const CONFLICT_DELAYS = [1000, 2000, 4000, 8000, 15_000] as const;

/** Removes one resource, or takes one edit back, that was judged a moment ago. A call that was begun is never aborted. */
export async function destroy(
  account: Account,
  resource: Target,
  access: AwsAccess,
  options: WriteOptions,
): Promise<Destroyed> {
  for (const delay of [...CONFLICT_DELAYS, undefined]) {
    try {
      await account.retries.watch(watcherOf(options), () => send(account, resource));
      return { status: "removed" };
    } catch (error) {
      if (error instanceof ChangedMeanwhile) {
        const message = msg("removal.keep.edited");
        return { status: "failed", problem: { code: "aws.changed", message } };
      }
      if (!(error instanceof CallError)) throw error;
      const name = errorName(error.cause);
      if (name === "NoSuchEntity" && !isEdit(resource)) return { status: "removed" };
      if (name === "DeleteConflict" && delay !== undefined) {
        options.onNote(msg("removal.waiting", { seconds: sum(CONFLICT_DELAYS) / 1000 }));
        if (!(await sleepUnlessAborted(options.sleep, delay, options.signal))) return { status: "skipped" };
        continue;
      }
      const isFirst = field(field(error.cause, "$metadata"), "attempts") === 1;
      return isFirst && !isAmbiguous(error.cause)
        ? { status: "failed", problem: problemOf(error, account) }
        : settle(resource, access, problemOf(error, account), options);
    }
  }
  throw new Error("unreachable: the last round returns");
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

async function send(account: Account, resource: Target): Promise<void> {
  if (isEdit(resource)) return sendEdit(account, resource, "takeBack");
  const iam = await loadSdk();
  switch (resource.kind) {
    case "OidcProvider": {
      const command = new iam.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: resource.arn });
      await call(account, "iam:DeleteOpenIDConnectProvider", () => account.iam.send(command));
      return;
    }
    case "Role": {
      const command = new iam.DeleteRoleCommand({ RoleName: resource.name });
      await call(account, "iam:DeleteRole", () => account.iam.send(command));
      return;
    }
    case "ManagedPolicy": {
      const command = new iam.DeletePolicyCommand({ PolicyArn: resource.arn });
      const remove = () => call(account, "iam:DeletePolicy", () => account.iam.send(command));
      try {
        await remove();
      } catch (error) {
        const isConflict = error instanceof CallError && errorName(error.cause) === "DeleteConflict";
        if (!isConflict || !(await dropOldVersions(account, resource.arn))) throw error;
        await remove();
      }
      return;
    }
    case "PolicyAttachment": {
      const { roleName, policyArn } = resource;
      const command = new iam.DetachRolePolicyCommand({ RoleName: roleName, PolicyArn: policyArn });
      await call(account, "iam:DetachRolePolicy", () => account.iam.send(command));
    }
  }
}

/** IAM deletes the default version with the policy, and wants every other gone before. False where there is none. */
async function dropOldVersions(account: Account, arn: string): Promise<boolean> {
  const old = (await listVersions(account, arn)).filter(({ isDefault }) => !isDefault);
  for (const { id } of old) await deleteVersion(account, arn, id);
  return old.length > 0;
}

/** Finds out what became of a call whose answer says nothing about it. */
async function settle(
  resource: Target,
  access: AwsAccess,
  problem: Problem,
  options: WriteOptions,
): Promise<Destroyed> {
  const key = targetKey(resource);
  const { [key]: found } = await look([{ ...resource, address: key }], access);
  switch (found?.state) {
    case "absent":
      return { status: "removed" };
    case "present":
      return options.signal?.aborted === true && problem.code === "aws.throttled"
        ? { status: "skipped" }
        : { status: "failed", problem };
    case "unknown":
    case undefined:
      return {
        status: "unknown",
        problem: {
          ...problem,
          code: "aws.unknownOutcome",
          message: msg("removal.lost", { name: nameOf(resource) }),
          advice: msg("removal.lost.advice"),
        },
      };
  }
}
