import { SETUP_TAG } from "../blueprint/index.ts";
import { samePolicy } from "../policy.ts";
import { kindOfArn, type Edit, type Statement } from "./edit.ts";
import type { ObservedResource, PolicyVersion } from "./observed.ts";
import { editedTrust, restoredTrust, statementsOf } from "./statements.ts";

/** `made`: it is as the edit leaves it. `notMade`: it is as the edit finds it. */
export type EditState = "made" | "notMade" | "else";

/** How an edit stands with what exists now. */
export function editState(edit: Edit, existing: ObservedResource): EditState {
  switch (edit.kind) {
    case "AddAudience":
      if (existing.kind !== "OidcProvider") return "else";
      return existing.clientIds.includes(edit.audience) ? "made" : "notMade";
    case "AddThumbprint":
      if (existing.kind !== "OidcProvider") return "else";
      return existing.thumbprints.includes(edit.thumbprint) ? "made" : "notMade";
    case "TrustStatements":
      return existing.kind === "Role" ? trustState(edit, existing.trust) : "else";
    case "PolicyVersion":
      if (existing.kind !== "ManagedPolicy") return "else";
      if (samePolicy(existing.document, edit.after)) return "made";
      if (!samePolicy(existing.document, edit.before)) return "else";
      return existing.isLeft === true ? "made" : "notMade";
    case "DropVersion": {
      if (existing.kind !== "ManagedPolicy") return "else";
      const has = existing.others?.some((one) => saysSame(one, edit));
      // What it says may be there under another number by now, or count.
      return has === true || samePolicy(existing.document, JSON.parse(edit.text)) ? "notMade" : "made";
    }
    case "Tag":
      return "tags" in existing && kindOfArn(edit.arn) === existing.kind
        ? either(existing.tags[edit.key], edit)
        : "else";
    case "Detach":
      if (existing.kind !== "Role" || existing.tags[SETUP_TAG] !== edit.setupId) return "else";
      return existing.attachedPolicies.includes(edit.policyArn) ? "notMade" : "made";
    case "Description":
      return existing.kind === "Role" ? either(existing.description ?? "", edit) : "else";
    case "MaxSession":
      if (existing.kind !== "Role") return "else";
      return either(existing.maxSessionSeconds, edit);
    case "Boundary":
      if (existing.kind !== "Role") return "else";
      return either(existing.permissionsBoundary, edit);
  }
}

function either<T>(now: T, { before, after }: { readonly before?: T; readonly after?: T }): EditState {
  return now === after ? "made" : now === before ? "notMade" : "else";
}

function trustState({ remove, add }: Extract<Edit, { kind: "TrustStatements" }>, trust: unknown): EditState {
  const now = statementsOf(trust);
  if (now === undefined) return "else";
  const has = (wanted: Statement): boolean => now.some((statement) => samePolicy(statement, wanted));
  const lacks = (wanted: Statement): boolean => !has(wanted);
  if (add.every(has) && remove.every(lacks)) return "made";
  // Under its name there is something else by now: whoever changed it did not take it away.
  const known = (statement: Statement): boolean =>
    [...add, ...remove].some((one) => samePolicy(one, statement));
  const isAltered = ({ Sid: sid }: Statement): boolean =>
    sid !== undefined && now.some((statement) => statement["Sid"] === sid && !known(statement));
  if (add.some(isAltered)) return "else";
  return add.every(lacks) && remove.every(has) ? "notMade" : "else";
}

/** What exists with an edit made. */
export function edited(existing: ObservedResource, edit: Edit): ObservedResource {
  return withForm(existing, edit, "after");
}

/** What exists with an edit taken back. */
export function takenBack(existing: ObservedResource, edit: Edit): ObservedResource {
  return withForm(existing, edit, "before");
}

function withForm(existing: ObservedResource, edit: Edit, form: "before" | "after"): ObservedResource {
  if (edit.kind === "Tag" && "tags" in existing)
    return kindOfArn(edit.arn) === existing.kind
      ? { ...existing, tags: tagged(existing.tags, edit, form) }
      : existing;
  switch (existing.kind) {
    case "OidcProvider":
      if (edit.kind === "AddAudience")
        return { ...existing, clientIds: listed(existing.clientIds, edit.audience, form) };
      return edit.kind === "AddThumbprint"
        ? { ...existing, thumbprints: listed(existing.thumbprints, edit.thumbprint, form) }
        : existing;
    case "Role":
      return roleWith(existing, edit, form);
    case "ManagedPolicy":
      if (edit.kind === "PolicyVersion") return { ...existing, document: edit[form] };
      return edit.kind === "DropVersion"
        ? { ...existing, others: versionsWith(existing, edit, form) }
        : existing;
    default:
      return existing;
  }
}

function tagged(
  tags: Readonly<Record<string, string>>,
  edit: Extract<Edit, { kind: "Tag" }>,
  form: "before" | "after",
): Readonly<Record<string, string>> {
  const { [edit.key]: _, ...others } = tags;
  const value = edit[form];
  return value === undefined ? others : { ...others, [edit.key]: value };
}

type Versions = { readonly others?: readonly PolicyVersion[] };

const saysSame = (one: PolicyVersion, other: PolicyVersion): boolean =>
  samePolicy(JSON.parse(one.text), JSON.parse(other.text));

function versionsWith(
  { others = [] }: Versions,
  { version, text }: Extract<Edit, { kind: "DropVersion" }>,
  form: "before" | "after",
): readonly PolicyVersion[] {
  const rest = others.filter((one) => !saysSame(one, { version, text }));
  return form === "before" ? [{ version, text }, ...rest] : rest;
}

function listed(values: readonly string[], value: string, form: "before" | "after"): readonly string[] {
  const others = values.filter((one) => one !== value);
  return form === "before" ? others : [...others, value];
}

function roleWith(
  existing: Extract<ObservedResource, { kind: "Role" }>,
  edit: Edit,
  form: "before" | "after",
): ObservedResource {
  switch (edit.kind) {
    case "TrustStatements": {
      const change = form === "after" ? editedTrust : restoredTrust;
      const trustText = change(edit, existing.trust);
      if (trustText === undefined) return existing;
      const trust: unknown = JSON.parse(trustText);
      return { ...existing, trust, trustText };
    }
    case "Detach": {
      const attachedPolicies = existing.attachedPolicies.filter((arn) => arn !== edit.policyArn);
      if (form === "before") attachedPolicies.push(edit.policyArn);
      return { ...existing, attachedPolicies };
    }
    case "Description": {
      const { description: _, ...bare } = existing;
      return edit[form] === "" ? bare : { ...bare, description: edit[form] };
    }
    case "MaxSession":
      return { ...existing, maxSessionSeconds: edit[form] };
    case "Boundary": {
      const { permissionsBoundary: _, ...bare } = existing;
      const arn = edit[form];
      return arn === undefined ? bare : { ...bare, permissionsBoundary: arn };
    }
    default:
      return existing;
  }
}
