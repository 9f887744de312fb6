import type { Edit } from "../core/plan/edit.ts";
import { edited, editState, takenBack, type EditState } from "../core/plan/editState.ts";
import type { ObservedResource } from "../core/plan/index.ts";
import { minify } from "../core/policy.ts";
import type { Account } from "./access.ts";
import { call, listVersions, readPolicy, readProvider, readRole } from "./read.ts";
import { loadSdk } from "./sdk.ts";

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
    case "TrustStatements":
    case "MaxSession":
    case "Boundary":
      return readRole(account, edit.roleName, signal);
  }
}

/** How an edit stands; `else` where its subject does not exist. */
export async function editStands(account: Account, edit: Edit): Promise<EditState> {
  const existing = await readSubject(account, edit);
  return existing === undefined ? "else" : editState(edit, existing);
}

/** What stands in the way of an edit: what it is about is not as it was when the edit was planned. */
export class ChangedMeanwhile extends Error {}

/**
 * Makes an edit, or takes one back. IAM has no conditional writes: the subject is read right before, and nothing is
 * written where it is not as it should be. Nothing happens where it is done already.
 *
 * @throws `ChangedMeanwhile`, and `CallError` where IAM refuses
 */
export async function sendEdit(account: Account, edit: Edit, form: "make" | "takeBack"): Promise<void> {
  const existing = await readSubject(account, edit);
  if (existing === undefined) throw new ChangedMeanwhile();
  const state = editState(edit, existing);
  if (state === (form === "make" ? "made" : "notMade")) return;
  if (state === "else") throw new ChangedMeanwhile();
  const next = form === "make" ? edited(existing, edit) : takenBack(existing, edit);
  switch (edit.kind) {
    case "AddAudience":
      return sendAudience(account, edit, form);
    case "AddThumbprint":
      return sendThumbprints(account, edit.arn, next);
    case "PolicyVersion":
      return form === "make" ? addVersion(account, edit) : dropVersion(account, edit, existing);
    case "TrustStatements":
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
  edit: Extract<Edit, { kind: "TrustStatements" | "MaxSession" | "Boundary" }>,
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
    case "MaxSession": {
      // What is not sent may be taken for the default: the description goes along as it is.
      const command = new iam.UpdateRoleCommand({
        RoleName,
        MaxSessionDuration: next.maxSessionSeconds,
        ...(next.description === undefined ? {} : { Description: next.description }),
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

/** Not adjustable. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html */
const MOST_VERSIONS = 5;

type PolicyEdit = Extract<Edit, { kind: "PolicyVersion" }>;

/** A new default version. Where five are there, the oldest that nobody goes by makes room. */
async function addVersion(account: Account, { arn, after, version }: PolicyEdit): Promise<void> {
  const versions = await listVersions(account, arn);
  const oldest = versions.find(({ isDefault, id }) => !isDefault && id !== version);
  if (versions.length >= MOST_VERSIONS && oldest !== undefined) await deleteVersion(account, arn, oldest.id);
  const iam = await loadSdk();
  const command = new iam.CreatePolicyVersionCommand({
    PolicyArn: arn,
    PolicyDocument: minify(after),
    SetAsDefault: true,
  });
  await call(account, "iam:CreatePolicyVersion", () => account.iam.send(command));
}

/** The version from before counts again, and the one that was made goes. */
async function dropVersion(account: Account, edit: PolicyEdit, existing: ObservedResource): Promise<void> {
  const iam = await loadSdk();
  const command = new iam.SetDefaultPolicyVersionCommand({ PolicyArn: edit.arn, VersionId: edit.version });
  await call(account, "iam:SetDefaultPolicyVersion", () => account.iam.send(command));
  if (existing.kind === "ManagedPolicy") await deleteVersion(account, edit.arn, existing.version);
}

/** Deletes a version that is not the default one. */
export async function deleteVersion(account: Account, arn: string, id: string): Promise<void> {
  const iam = await loadSdk();
  const command = new iam.DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: id });
  await call(account, "iam:DeletePolicyVersion", () => account.iam.send(command));
}
