import { msg, type Message } from "../messages.ts";
import { isEdit, subjectOf, targetKey, type Edit } from "./edit.ts";
import { editState, takenBack } from "./editState.ts";
import { leftOfEdit } from "./left.ts";
import type { ObservedResource } from "./observed.ts";
import { samePolicy } from "../policy.ts";
import { kept, type Candidate, type Evidence, type Removal, type Users } from "./removals.ts";
import { statementsOf } from "./statements.ts";

/**
 * An edit is taken back where what it made is there as it left it, whatever else was changed beside it. The journal
 * alone claims it: nothing but this very edit leaves just that.
 */
export function judgeEdit(
  edit: Edit,
  existing: ObservedResource,
  candidates: readonly Candidate[],
  { users }: Evidence,
  going: ReadonlySet<string>,
): Removal {
  const later = candidates
    .slice(candidates.findIndex(({ resource }) => resource === edit) + 1)
    .flatMap(({ resource }) =>
      isEdit(resource) && subjectOf(resource) === subjectOf(edit) ? [resource] : [],
    );
  const then = later
    .toReversed()
    .reduce<ObservedResource>(
      (now, other) =>
        going.has(targetKey(other)) && editState(other, now) === "made" ? takenBack(now, other) : now,
      existing,
    );
  switch (editState(edit, then)) {
    case "notMade":
      return { action: "gone", resource: edit };
    case "else":
      return kept(edit, msg("removal.keep.edited"), true, leftOfEdit(edit, then));
    case "made": {
      const reason =
        edit.kind === "AddAudience" ? audienceInUse(edit, users[edit.arn], candidates, going) : undefined;
      return reason === undefined
        ? { action: "remove", resource: edit, notes: [] }
        : kept(edit, reason, true);
    }
  }
}

/** Whether another role asks for the audience by now. */
function audienceInUse(
  { audience }: Extract<Edit, { kind: "AddAudience" }>,
  users: Users | undefined,
  candidates: readonly Candidate[],
  going: ReadonlySet<string>,
): Message | undefined {
  if (users === undefined) return msg("plan.notObserved");
  if (!users.known) return users.reason;
  const others = rolesNaming(audience, users.roles, candidates, going);
  return others.length === 0 ? undefined : msg("removal.keep.audience", { roles: others.join(", ") });
}

/** The roles whose trust policy will still have a text once what is going is gone: our own statements do not count. */
export function rolesNaming(
  text: string,
  roles: readonly { readonly arn: string; readonly trust: unknown }[],
  candidates: readonly Candidate[],
  going: ReadonlySet<string>,
): readonly string[] {
  return roles.flatMap(({ arn, trust }) => {
    if (going.has(arn)) return [];
    const left = candidates.reduce<unknown>((now, { resource }) => {
      const isOfIt =
        resource.kind === "TrustStatements" &&
        arn.split(":")[4] === resource.account &&
        arn.endsWith(`/${resource.roleName}`);
      if (!isOfIt || !going.has(targetKey(resource))) return now;
      const { add } = resource;
      const Statement = statementsOf(now)?.filter((one) => !add.some((other) => samePolicy(one, other)));
      return Statement === undefined ? now : { Statement };
    }, trust);
    return JSON.stringify(left).includes(JSON.stringify(text)) ? [arn] : [];
  });
}
