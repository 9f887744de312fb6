import { kindOfArn, roleOf, type Edit } from "../core/plan/edit.ts";
import { edited, editState, takenBack, type EditState } from "../core/plan/editState.ts";
import type { ObservedResource } from "../core/plan/index.ts";
import type { Account } from "./access.ts";
import { ChangedMeanwhile } from "./changedMeanwhile.ts";
import { attachedPolicies, call, readPolicy, readProvider, readRoleItself } from "./read.ts";
import { loadSdk } from "./sdk.ts";
import { dropVersion, makeVersion, otherVersions, sendRoom } from "./versions.ts";

/** What an edit is about, as it is now; undefined where it does not exist. */
export async function readSubject(
  account: Account,
  edit: Edit,
  signal?: AbortSignal,
): Promise<ObservedResource | undefined> {
  switch (edit.kind) {
    case "AddAudience":
    case "AddThumbprint":
      return readProvider(account, edit.arn, signal);
    case "PolicyVersion":
      return readPolicy(account, edit.arn, signal);
    case "DropVersion": {
      const policy = await readPolicy(account, edit.arn, signal);
      return policy === undefined ? undefined : { ...policy, others: await otherVersions(account, edit.arn) };
    }
    case "Tag": {
      const role = roleOf(edit.arn);
      if (role !== undefined) return readBareRole(account, role, signal);
      return kindOfArn(edit.arn) === "OidcProvider"
        ? readProvider(account, edit.arn, signal)
        : readPolicy(account, edit.arn, signal);
    }
    case "Detach": {
      const role = await readBareRole(account, edit.roleName, signal);
      const attached =
        role === undefined ? undefined : await attachedPolicies(account, edit.roleName, signal);
      return role === undefined || attached === undefined
        ? undefined
        : { ...role, attachedPolicies: attached.map(({ arn }) => arn) };
    }
    case "TrustStatements":
    case "Description":
    case "MaxSession":
    case "Boundary":
      return readBareRole(account, edit.roleName, signal);
  }
}

/** A role without its policies, which are no part of most edits. */
async function readBareRole(
  account: Account,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Extract<ObservedResource, { kind: "Role" }> | undefined> {
  const role = await readRoleItself(account, name, signal);
  return role === undefined ? undefined : { ...role, attachedPolicies: [], inlinePolicies: [] };
}

/** How an edit stands; `else` where its subject does not exist. */
export async function editStands(account: Account, edit: Edit): Promise<EditState> {
  const existing = await readSubject(account, edit);
  return existing === undefined ? "else" : editState(edit, existing);
}

/** How often a list that is written as a whole is written again, where another writer's older list came after it. */
const WRITES_AGAINST_OTHERS = 4;

/**
 * Makes an edit, or takes one back. IAM has no conditional writes: the subject is read right before, and nothing is
 * written where it is not as it should be. Nothing happens where it is done already. A trust policy and a list of
 * thumbprints are written as a whole, so that of two writers at once the later one takes away what the earlier one added:
 * it is read once more, and written again where that has happened to this edit.
 *
 * @throws `ChangedMeanwhile`, and `CallError` where IAM refuses
 */
export async function sendEdit(account: Account, edit: Edit, form: "make" | "takeBack"): Promise<void> {
  const isRewritten = edit.kind === "TrustStatements" || edit.kind === "AddThumbprint";
  const done = form === "make" ? "made" : "notMade";
  let existing = await readSubject(account, edit);
  for (let writes = 0; ; writes += 1) {
    const state = existing === undefined ? "else" : editState(edit, existing);
    // A version that counts no more is still to be deleted.
    if (state === done && !(form === "takeBack" && edit.kind === "PolicyVersion")) return;
    if (existing === undefined || state === "else" || writes === WRITES_AGAINST_OTHERS)
      throw new ChangedMeanwhile(writes > 0);
    await sendOnce(account, edit, form, existing);
    if (!isRewritten) return;
    // Where it cannot be read again, IAM's yes is what there is.
    existing = await readSubject(account, edit).catch(() => undefined);
    if (existing === undefined) return;
  }
}

async function sendOnce(
  account: Account,
  edit: Edit,
  form: "make" | "takeBack",
  existing: ObservedResource,
): Promise<void> {
  const next = form === "make" ? edited(existing, edit) : takenBack(existing, edit);
  switch (edit.kind) {
    case "AddAudience":
      return sendAudience(account, edit, form);
    case "AddThumbprint":
      return sendThumbprints(account, edit.arn, next);
    case "PolicyVersion":
      return form === "make" ? makeVersion(account, edit) : dropVersion(account, edit);
    case "DropVersion":
      return sendRoom(account, edit, form, existing);
    case "Tag":
      return sendTag(account, edit, form);
    case "Detach":
      return sendDetach(account, edit, form);
    case "TrustStatements":
    case "Description":
    case "MaxSession":
    case "Boundary":
      return sendRole(account, edit, next);
  }
}

async function sendAudience(
  account: Account,
  { arn, audience }: Extract<Edit, { kind: "AddAudience" }>,
  form: "make" | "takeBack",
): Promise<void> {
  const iam = await loadSdk();
  const input = { OpenIDConnectProviderArn: arn, ClientID: audience };
  if (form === "make") {
    const command = new iam.AddClientIDToOpenIDConnectProviderCommand(input);
    await call(account, "iam:AddClientIDToOpenIDConnectProvider", () => account.iam.send(command));
    return;
  }
  const command = new iam.RemoveClientIDFromOpenIDConnectProviderCommand(input);
  await call(account, "iam:RemoveClientIDFromOpenIDConnectProvider", () => account.iam.send(command));
}

/** Takes a policy off a role, or gives it back. */
async function sendDetach(
  account: Account,
  { roleName, policyArn }: Extract<Edit, { kind: "Detach" }>,
  form: "make" | "takeBack",
): Promise<void> {
  const iam = await loadSdk();
  const input = { RoleName: roleName, PolicyArn: policyArn };
  await (form === "make"
    ? call(account, "iam:DetachRolePolicy", () => account.iam.send(new iam.DetachRolePolicyCommand(input)))
    : call(account, "iam:AttachRolePolicy", () => account.iam.send(new iam.AttachRolePolicyCommand(input))));
}

/** Sets a tag, or takes it away where there was none. */
async function sendTag(
  account: Account,
  { arn, key, before, after }: Extract<Edit, { kind: "Tag" }>,
  form: "make" | "takeBack",
): Promise<void> {
  const iam = await loadSdk();
  const value = form === "make" ? after : before;
  const send = (action: string, task: () => Promise<unknown>): Promise<unknown> =>
    call(account, `iam:${action}`, task);
  const Tags = [{ Key: key, Value: value ?? "" }];
  const TagKeys = [key];
  const RoleName = roleOf(arn);
  if (RoleName !== undefined) {
    await (value === undefined
      ? send("UntagRole", () => account.iam.send(new iam.UntagRoleCommand({ RoleName, TagKeys })))
      : send("TagRole", () => account.iam.send(new iam.TagRoleCommand({ RoleName, Tags }))));
    return;
  }
  if (kindOfArn(arn) === "OidcProvider") {
    const OpenIDConnectProviderArn = arn;
    const untag = new iam.UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys });
    const tag = new iam.TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags });
    await (value === undefined
      ? send("UntagOpenIDConnectProvider", () => account.iam.send(untag))
      : send("TagOpenIDConnectProvider", () => account.iam.send(tag)));
    return;
  }
  const PolicyArn = arn;
  await (value === undefined
    ? send("UntagPolicy", () => account.iam.send(new iam.UntagPolicyCommand({ PolicyArn, TagKeys })))
    : send("TagPolicy", () => account.iam.send(new iam.TagPolicyCommand({ PolicyArn, Tags }))));
}

async function sendThumbprints(account: Account, arn: string, next: ObservedResource): Promise<void> {
  if (next.kind !== "OidcProvider") return;
  const iam = await loadSdk();
  const command = new iam.UpdateOpenIDConnectProviderThumbprintCommand({
    OpenIDConnectProviderArn: arn,
    ThumbprintList: [...next.thumbprints],
  });
  await call(account, "iam:UpdateOpenIDConnectProviderThumbprint", () => account.iam.send(command));
}

async function sendRole(
  account: Account,
  edit: Extract<Edit, { kind: "TrustStatements" | "Description" | "MaxSession" | "Boundary" }>,
  next: ObservedResource,
): Promise<void> {
  if (next.kind !== "Role") return;
  const iam = await loadSdk();
  const RoleName = edit.roleName;
  switch (edit.kind) {
    case "TrustStatements": {
      const command = new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: next.trustText });
      await call(account, "iam:UpdateAssumeRolePolicy", () => account.iam.send(command));
      return;
    }
    case "Description":
    case "MaxSession": {
      // What is not sent may be taken for the default: both go along, the one that is not changed as it is.
      const { maxSessionSeconds: MaxSessionDuration, description } = next;
      const Description = edit.kind === "Description" ? (description ?? "") : description;
      const command = new iam.UpdateRoleCommand({
        RoleName,
        MaxSessionDuration,
        ...(Description === undefined ? {} : { Description }),
      });
      await call(account, "iam:UpdateRole", () => account.iam.send(command));
      return;
    }
    case "Boundary": {
      const arn = next.permissionsBoundary;
      if (arn === undefined) {
        const command = new iam.DeleteRolePermissionsBoundaryCommand({ RoleName });
        await call(account, "iam:DeleteRolePermissionsBoundary", () => account.iam.send(command));
        return;
      }
      const command = new iam.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: arn });
      await call(account, "iam:PutRolePermissionsBoundary", () => account.iam.send(command));
    }
  }
}
