import { SETUP_TAG, type Resource } from "../blueprint/index.ts";
import { isUuid } from "../trust/rule.ts";
import { isSameSubject, isStatementSid } from "../trust/sid.ts";
import type { Observations } from "./observed.ts";
import { isOurs } from "./owner.ts";
import { statementsOf } from "./statements.ts";

/**
 * The ID of the setup that made the hub role for the same project, where there is one: a new run of the wizard goes on
 * with it, and does not leave it behind as somebody else's. A role that another project was the first in is that
 * project's: this one has only joined it.
 */
export function earlierSetupId(wanted: readonly Resource[], observed: Observations): string | undefined {
  const role = wanted.find((resource) => resource.kind === "Role");
  const observation = role === undefined ? undefined : observed[role.address];
  if (role === undefined || observation?.state !== "present") return undefined;
  const { resource: existing } = observation;
  if (existing.kind !== "Role" || existing.arn !== role.arn || !isOurs(existing.tags)) return undefined;
  const wantedSid = role.trust.Statement[0]?.Sid ?? "";
  const first = statementsOf(existing.trust)?.find(({ Sid: sid }) => isStatementSid(sid))?.["Sid"];
  const isForIt = typeof first === "string" && isSameSubject(first, wantedSid);
  const id = existing.tags[SETUP_TAG];
  return isForIt && id !== undefined && isUuid(id) ? id : undefined;
}
