import type { Role } from "../blueprint/index.ts";
import { msg } from "../messages.ts";
import type { Change, Edit, ObservedResource } from "../plan/index.ts";
import { deletedPrincipal } from "../plan/principal.ts";
import { iamCommand, policyCommands, quote } from "../plan/removal.ts";
import { standingOf } from "../plan/role.ts";
import { editedTrust } from "../plan/statements.ts";
import { minify, samePolicy } from "../policy.ts";
import { projectOfSid } from "../trust/sid.ts";
import { byEdit, byHand, type Difference, type Differ, type Remedy } from "./difference.ts";

type Existing = Extract<ObservedResource, { kind: "Role" }>;
type Statement = Readonly<Record<string, unknown>>;

type Context = {
  readonly change: Change;
  readonly isOurs: boolean;
  /** ARNs of the policies that the setup attaches to the role. */
  readonly attached: readonly string[];
  readonly differ: Differ;
};

/** How a role differs. Of one that is not ours only what the setup needs of it counts, and nothing is restored. */
export function roleDifferences(role: Role, existing: Existing, context: Context): readonly Difference[] {
  const { isOurs, differ } = context;
  if (existing.arn !== role.arn)
    return [differ("changed", msg("drift.arn", { arn: existing.arn }), byHand())];
  return [
    ...trustDifferences(role, existing, context),
    ...boundaryDifferences(role, existing, context),
    ...(isOurs
      ? [...settingDifferences(role, existing, context), ...policyDifferences(role, existing, context)]
      : []),
  ];
}

function remedyOf({ change, isOurs }: Context, kind: Edit["kind"]): Remedy {
  return isOurs ? byEdit(change, (edit) => edit.kind === kind) : byHand([], msg("drift.notOurs.role"));
}

function trustDifferences(role: Role, existing: Existing, context: Context): readonly Difference[] {
  const { isOurs, differ } = context;
  const standing = standingOf(role, existing);
  if (standing === undefined) {
    const remedy = byHand(trustCommand(role, minify(role.trust)));
    return [differ("changed", msg("drift.trust.missing"), remedy, existing.trustText)];
  }
  const { wanted, isThere, stale, others } = standing;
  const own = isThere ? [] : stale.filter(({ Sid: sid }) => sid === wanted["Sid"]);
  const found: Difference[] = [];
  if (!isThere) {
    const deleted = deletedPrincipal({ ...role.trust, Statement: own }, role.trust);
    const id = deleted === undefined ? (own.length === 0 ? "missing" : "changed") : "deleted";
    const remedy = withOwnOnly(remedyOf(context, "TrustStatements"), own);
    found.push(differ("changed", msg(`drift.trust.${id}`), remedy, [wanted, own]));
  }
  if (!isOurs) return found;
  const extra = [...others, ...stale.filter((statement) => !own.includes(statement))];
  for (const statement of extra) {
    const text = editedTrust({ remove: [statement], add: [] }, existing.trust);
    const remedy = byHand(text === undefined ? [] : trustCommand(role, text));
    const project = projectOfSid(statement["Sid"]);
    const says =
      project === undefined || project === projectOfSid(wanted["Sid"])
        ? msg("drift.trust.extra", { statement: nameOf(statement) })
        : msg("drift.trust.shared", { project, statement: nameOf(statement) });
    found.push(differ("more", says, remedy, statement));
  }
  // Another version of the language, another name of the statement, or the same one twice.
  if (found.length === 0 && !samePolicy(existing.trust, role.trust)) {
    const remedy = byHand(trustCommand(role, minify(role.trust)));
    found.push(differ("changed", msg("drift.trust.else"), remedy, existing.trust));
  }
  return found;
}

const MOST_CHARACTERS = 80;

/** What a statement is called: by its `Sid`, or by how it begins. */
function nameOf(statement: Statement): string {
  const { Sid: sid } = statement;
  if (typeof sid === "string" && sid !== "") return sid;
  const text = JSON.stringify(statement);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

/** The setup's own statement is put right, and what else the plan takes for an earlier form of it stays. */
function withOwnOnly(remedy: Remedy, own: readonly Statement[]): Remedy {
  if (remedy.by !== "edits") return remedy;
  const edits = remedy.edits.map((edit) =>
    edit.kind === "TrustStatements" ? { ...edit, remove: own } : edit,
  );
  return { by: "edits", edits };
}

function trustCommand(role: Role, policy: string): readonly string[] {
  const command = `update-assume-role-policy --role-name ${role.name} --policy-document ${quote(policy)}`;
  return [iamCommand(command, role.profile)];
}

function boundaryDifferences(role: Role, existing: Existing, context: Context): readonly Difference[] {
  const { differ } = context;
  const { permissionsBoundary: was } = role;
  const { permissionsBoundary: is } = existing;
  if (was === is) return [];
  if (was === undefined) {
    const command = `delete-role-permissions-boundary --role-name ${role.name}`;
    const says = msg("drift.boundary.extra", { is: is ?? "" });
    return context.isOurs ? [differ("more", says, byHand([iamCommand(command, role.profile)]))] : [];
  }
  const says =
    is === undefined ? msg("drift.boundary.missing", { was }) : msg("drift.boundary.changed", { is, was });
  return [differ("changed", says, remedyOf(context, "Boundary"))];
}

function settingDifferences(role: Role, existing: Existing, context: Context): readonly Difference[] {
  const { differ } = context;
  const found: Difference[] = [];
  const { maxSessionSeconds: was, description } = role;
  const { maxSessionSeconds: is } = existing;
  if (is !== was) {
    const says = msg("drift.session", { is: is / 3600, was: was / 3600 });
    found.push(differ("changed", says, remedyOf(context, "MaxSession")));
  }
  if ((existing.description ?? "") !== description) {
    // Where the longest session is not given it becomes an hour.
    // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
    const command = `update-role --role-name ${role.name} --description ${quote(description)} --max-session-duration ${is}`;
    const remedy = byEdit(context.change, ({ kind }) => kind === "Description", [
      iamCommand(command, role.profile),
    ]);
    found.push(differ("changed", msg("drift.description"), remedy, [description, existing.description]));
  }
  return found;
}

function policyDifferences(
  role: Role,
  existing: Existing,
  { attached, differ }: Context,
): readonly Difference[] {
  const none = { attachedPolicies: [], inlinePolicies: [] };
  return [
    ...existing.attachedPolicies
      .filter((policy) => !attached.includes(policy))
      .map((policy) => {
        const remedy = byHand(policyCommands(role, { ...none, attachedPolicies: [policy] }));
        return differ("more", msg("drift.attached.extra", { policy }), remedy);
      }),
    ...existing.inlinePolicies.map((policy) => {
      const remedy = byHand(policyCommands(role, { ...none, inlinePolicies: [policy] }));
      return differ("more", msg("drift.inline.extra", { policy }), remedy);
    }),
  ];
}
