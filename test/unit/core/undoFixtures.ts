import { blueprint } from "../../../src/core/blueprint/index.ts";
import { targetKey, type Observation, type Target } from "../../../src/core/plan/index.ts";
import {
  planRemoval,
  type Candidate,
  type Evidence,
  type Owner,
  type Users,
} from "../../../src/core/plan/undo.ts";
import { present } from "./observations.ts";
import { RUN, setupOf } from "./setup.ts";

export const setup = setupOf();
export const wanted = blueprint(setup, RUN);
export const [provider, hub, policy, attachment, sub] = wanted;
export const run: Owner = { setupId: setup.id, runId: RUN };
export const whole: Owner = { setupId: setup.id };
export const ROLE = "arn:aws:iam::111122223333:role/somebody-elses";
export const KEY = { provider: keyOf(provider), hub: keyOf(hub), policy: keyOf(policy), sub: keyOf(sub) };
export const ATTACHMENT = keyOf(attachment);

export function keyOf(resource: Target | undefined): string {
  if (resource === undefined) throw new Error("The blueprint has fewer resources.");
  return targetKey(resource);
}

/** Everything as it was left, with some of it changed. */
export function evidence(
  changes: Readonly<Record<string, object | Observation>> = {},
  roles: Users = uses(KEY.hub),
): Evidence {
  const observed = wanted.map((resource) => {
    const key = targetKey(resource);
    const change = changes[key];
    if (change !== undefined && "state" in change) return [key, change];
    const seen = present(resource);
    return [key, seen.state === "present" ? { ...seen, resource: { ...seen.resource, ...change } } : seen];
  });
  return { observed: Object.fromEntries(observed), users: { [KEY.provider]: roles } };
}

export function uses(...roles: readonly string[]): Users {
  const trust = { Statement: { Principal: { Federated: KEY.provider } } };
  return { known: true, roles: roles.map((arn) => ({ arn, trust })) };
}

export const absent: Observation = { state: "absent" };
export const noted = wanted.map((resource) => ({ resource, noted: true }));

/** What stays, by key, with the reason. */
export function kept(
  found: Evidence,
  owner = run,
  candidates: readonly Candidate[] = noted,
): Record<string, string> {
  return Object.fromEntries(
    planRemoval(candidates, found, owner).flatMap((removal) =>
      removal.action === "keep" ? [[targetKey(removal.resource), removal.reason.id]] : [],
    ),
  );
}
