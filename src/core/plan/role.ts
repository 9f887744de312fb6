import type { Role } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import { samePolicy } from "../policy.ts";
import { lintTrustPolicy } from "../trust/index.ts";
import { isSameSubject, isStatementSid } from "../trust/sid.ts";
import { consentKey, isBlocking, type Reasons, type Verdict } from "./change.ts";
import type { Edit, Statement } from "./edit.ts";
import { judgeJoin } from "./join.ts";
import type { ObservedResource } from "./observed.ts";
import { isOurs, isSameSetup, managedElsewhere } from "./owner.ts";
import { isRoleId } from "./principal.ts";
import { editedTrust, statementsOf } from "./statements.ts";
import { tagEdits, tagWords } from "./tags.ts";

type Existing = Extract<ObservedResource, { kind: "Role" }>;

/** What a role's trust policy has of the wanted statement. */
export type Standing = {
  readonly wanted: Statement;
  readonly isThere: boolean;
  /** Earlier forms of the same statement. */
  readonly stale: readonly Statement[];
  readonly others: readonly Statement[];
};

/**
 * A role that exists. One made for this project is brought to what is wanted; any other is judged as a whole and, if
 * that is agreed to, joined by a statement of the project's own. Nobody else's statement is ever changed.
 *
 * @param known how many characters a trust policy may have in the account, where that is known, and the policies that
 * the setup itself attaches to the role: they are shared by nobody else's doing
 */
export function compareRole(
  resource: Role,
  existing: Existing,
  { quota, granted }: { readonly quota: number | undefined; readonly granted: readonly string[] },
): Verdict {
  const blocked = (...reasons: Reasons): Verdict => ({ action: "blocked", reasons, existing });
  if (existing.arn !== resource.arn) return blocked(msg("plan.differs.arn", { arn: existing.arn }));
  const standing = standingOf(resource, existing);
  if (standing === undefined) return blocked(msg("plan.differs.trust", { role: resource.name }));
  const isMine = isMadeForIt(resource, existing, standing);
  const tool = managedElsewhere(existing.tags);
  // A session that is too long is nothing to pass over, whoever manages the role; what describes it is the tool's.
  const edits = [
    ...trustEdits(resource, existing, standing),
    ...(isMine ? [...settingEdits(resource, existing), ...tagEdits(resource, existing)] : []),
  ].filter((edit) => tool === undefined || edit.kind !== "Description");
  const notes = notesOn(existing, standing);
  const after = trustAfter(existing, edits);
  const { length } = after.text.replaceAll(/\s/g, "");
  const isTooLong = quota !== undefined && edits.length > 0 && length > quota;
  const reasons = [
    ...(tool === undefined || edits.length === 0
      ? []
      : [msg("plan.managed.role", { role: resource.name, tool })]),
    ...(isTooLong ? [msg("plan.quota.trust", { role: resource.name, length, quota })] : []),
  ];
  const judged = { standing, edits, notes, after: after.policy };
  const verdict = isMine
    ? compareMine(resource, existing, judged)
    : compareOthers(resource, existing, judged, granted);
  if (!isBlocking(reasons)) return verdict;
  const [first, ...more] = reasons;
  return blocked(first, ...more, ...(verdict.action === "blocked" ? verdict.reasons : []));
}

type Judged = {
  readonly standing: Standing;
  readonly edits: readonly Edit[];
  readonly notes: readonly Message[];
  readonly after: unknown;
};

function compareMine(resource: Role, existing: Existing, { edits, notes, after }: Judged): Verdict {
  const critical = lintTrustPolicy({ policy: after }).find(({ severity }) => severity === "critical");
  if (critical !== undefined) {
    const reasons = [msg("plan.join.critical", { role: resource.name, rule: critical.rule })] as const;
    return { action: "blocked", reasons, existing };
  }
  if (edits.length === 0) return { action: "unchanged", notes };
  const words = edits.map((edit) => wordsOf(edit, resource));
  const required = edits.some((edit) => !isOptional(edit));
  return {
    action: "update",
    notes,
    edits,
    existing,
    consent: { key: consentKey(resource, edits), words, required },
  };
}

/** What a setup works without. */
function isOptional(edit: Edit): boolean {
  if (edit.kind === "MaxSession") return edit.after <= edit.before;
  return edit.kind === "Tag" || edit.kind === "Description";
}

function wordsOf(edit: Edit, { name }: Role): Message {
  switch (edit.kind) {
    case "Tag":
      return tagWords(edit);
    case "Description":
      return msg("plan.update.description", { text: edit.after });
    case "MaxSession":
      return msg("plan.update.session", { from: edit.before / 3600, to: edit.after / 3600 });
    case "Boundary":
      return msg("plan.update.boundary", { arn: edit.after ?? "" });
    default:
      return msg("plan.update.trust", { role: name });
  }
}

function compareOthers(
  resource: Role,
  existing: Existing,
  { standing, edits, notes, after }: Judged,
  granted: readonly string[],
): Verdict {
  const attachedPolicies = existing.attachedPolicies.filter((arn) => !granted.includes(arn));
  const policies = [...attachedPolicies, ...existing.inlinePolicies];
  const lacking = lackingFor(resource, existing);
  const isBare = policies.length === 0 && standing.others.length === 0 && edits.length === 0;
  if (isBare && lacking.length === 0) return { action: "adopt", notes };
  const joined = judgeJoin(resource, { ...existing, attachedPolicies }, after);
  if (!joined.ok) return { action: "blocked", existing, reasons: [...joined.reasons, ...lacking] };
  if (isBlocking(lacking)) return { action: "blocked", existing, reasons: lacking };
  const shared = consentKey(resource, edits, ["role", ...policies]);
  const consent = { key: shared, words: joined.words, required: true };
  return edits.length === 0
    ? { action: "adopt", notes, consent }
    : { action: "update", notes, edits, consent, existing };
}

/** What a role of somebody else's, whose settings are not ours to change, lacks for what is wanted. */
function lackingFor(resource: Role, existing: Existing): readonly Message[] {
  const { name: role, permissionsBoundary: arn, maxSessionSeconds: wanted } = resource;
  const { maxSessionSeconds: has } = existing;
  return [
    ...(arn === undefined || arn === existing.permissionsBoundary
      ? []
      : [msg("plan.join.boundary", { role, arn })]),
    ...(wanted <= has ? [] : [msg("plan.join.session", { role, from: has / 3600, to: wanted / 3600 })]),
  ];
}

/**
 * Whether the role was made here for this very statement, or for the same setup. The statement that a role was made for
 * is the first of ours in it, as others join at the end.
 */
function isMadeForIt(resource: Role, existing: Existing, { isThere, stale, others }: Standing): boolean {
  if (!isOurs(existing.tags)) return false;
  if (isSameSetup(existing.tags, resource.tags)) return true;
  const first = statementsOf(existing.trust)?.find(({ Sid: sid }) => isStatementSid(sid));
  return (isThere || stale.length > 0) && (first === undefined || !others.includes(first));
}

/** How the wanted statement stands in a role's trust policy; undefined where that cannot be read. */
export function standingOf(resource: Role, existing: Existing): Standing | undefined {
  const [wanted] = resource.trust.Statement;
  const statements = statementsOf(existing.trust);
  if (wanted === undefined || statements === undefined) return undefined;
  const isIt = (statement: Statement): boolean => sameBut(statement, wanted);
  const isStale = (statement: Statement): boolean =>
    !isIt(statement) && isEarlier(statement, wanted, existing);
  return {
    wanted,
    isThere: statements.some(isIt),
    stale: statements.filter(isStale),
    others: statements.filter((statement) => !isIt(statement) && !isStale(statement)),
  };
}

/** Whether two statements say the same, whatever they are called. */
function sameBut(one: Statement, other: Statement): boolean {
  return samePolicy({ ...one, Sid: "" }, { ...other, Sid: "" });
}

/** Whether a statement is what an earlier setup wanted of the same project, or of the same hub. */
function isEarlier(statement: Statement, wanted: Statement, existing: Existing): boolean {
  const [sid, wantedSid] = [statement["Sid"], wanted["Sid"]];
  if (typeof sid === "string" && typeof wantedSid === "string" && isSameSubject(sid, wantedSid)) return true;
  if (!isOurs(existing.tags) || statement["Effect"] !== "Allow") return false;
  const [now, hub] = [hubOf(statement), hubOf(wanted)];
  // IAM shows the ID of a role that was deleted where its ARN was.
  return now !== undefined && hub !== undefined && (now === hub || isRoleId(now));
}

function hubOf({ Principal: principal, Action: action }: Statement): string | undefined {
  if (action !== "sts:AssumeRole" || typeof principal !== "object" || principal === null) return undefined;
  return "AWS" in principal && typeof principal.AWS === "string" ? principal.AWS : undefined;
}

const place = ({ address, account, profile, name }: Role, what: string) => ({
  address: `${address}/${what}`,
  account,
  profile,
  needs: [],
  roleName: name,
});

function trustEdits(
  resource: Role,
  existing: Existing,
  { wanted, isThere, stale }: Standing,
): readonly Edit[] {
  if (isThere && stale.length === 0) return [];
  const add = isThere ? [] : [wanted];
  return [
    { kind: "TrustStatements", ...place(resource, "trust"), remove: stale, add, before: existing.trustText },
  ];
}

/** Of a role that was made here. A boundary that somebody put on it only narrows it, and stays. */
function settingEdits(resource: Role, existing: Existing): readonly Edit[] {
  const { maxSessionSeconds: after, permissionsBoundary: boundary } = resource;
  const before = existing.permissionsBoundary;
  const { description = "" } = existing;
  return [
    ...(description === resource.description
      ? []
      : [
          {
            kind: "Description" as const,
            ...place(resource, "description"),
            before: description,
            after: resource.description,
          },
        ]),
    ...(existing.maxSessionSeconds === after
      ? []
      : [
          {
            kind: "MaxSession" as const,
            ...place(resource, "session"),
            before: existing.maxSessionSeconds,
            after,
          },
        ]),
    ...(boundary === undefined || boundary === before
      ? []
      : [
          {
            kind: "Boundary" as const,
            ...place(resource, "boundary"),
            ...(before === undefined ? {} : { before }),
            after: boundary,
          },
        ]),
  ];
}

/** The trust policy with the edits made. */
function trustAfter(
  existing: Existing,
  edits: readonly Edit[],
): { readonly policy: unknown; readonly text: string } {
  const edit = edits.find((one) => one.kind === "TrustStatements");
  const text = edit === undefined ? undefined : editedTrust(edit, existing.trust);
  if (text === undefined) return { policy: existing.trust, text: existing.trustText };
  const policy: unknown = JSON.parse(text);
  return { policy, text };
}

function notesOn(existing: Existing, { others }: Standing): readonly Message[] {
  const policies = [...existing.attachedPolicies, ...existing.inlinePolicies];
  const boundary = existing.permissionsBoundary;
  return [
    ...(policies.length === 0 ? [] : [msg("plan.note.permissions", { policies: policies.join(", ") })]),
    ...(boundary === undefined ? [] : [msg("plan.note.boundary", { arn: boundary })]),
    ...(others.length === 0 ? [] : [msg("plan.note.statements", { count: others.length })]),
  ];
}
