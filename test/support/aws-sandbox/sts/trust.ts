import { propagated } from "../model.ts";
import type { Principal, Role, World } from "../model.ts";
import type { PolicyDocument, Principals } from "../policy/document.ts";
import type { Naming } from "../policy/evaluate.ts";

/**
 * The trust policy in force: the newest one that has propagated. A role that itself has not propagated
 * has none yet, so nobody can assume it.
 */
export const trustInForce = (world: World, role: Role): PolicyDocument | undefined =>
  role.trusts.findLast(({ at }) => propagated(world, at))?.stored.document;

const values = (principals: Principals, kind: string): readonly string[] =>
  principals === "*" ? [] : (principals.get(kind) ?? []);

/** How a trust policy's principal names a signed caller. */
export const namesCaller =
  (caller: Principal) =>
  (principals: Principals): Naming | undefined => {
    const aws = values(principals, "AWS");
    const own = caller.kind === "role" ? [caller.arn, caller.roleId] : [caller.arn];
    if (aws.includes("*") || own.some((name) => aws.includes(name))) return "direct";
    return aws.includes(`arn:aws:iam::${caller.account}:root`) ? "account" : undefined;
  };

/** Whether a trust policy's principal names an identity provider; `{"AWS": "*"}` never does. */
export const namesProvider =
  (arn: string) =>
  (principals: Principals): Naming | undefined =>
    values(principals, "Federated").includes(arn) ? "direct" : undefined;
