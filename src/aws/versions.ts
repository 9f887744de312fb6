import type { Edit } from "../core/plan/edit.ts";
import type { ObservedResource, PolicyVersion } from "../core/plan/index.ts";
import { minify, samePolicy, type PermissionsDocument } from "../core/policy.ts";
import type { Account } from "./access.ts";
import { ChangedMeanwhile } from "./changedMeanwhile.ts";
import { call, readVersion } from "./read.ts";
import { loadSdk } from "./sdk.ts";

/** Not adjustable. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html */
const MOST_VERSIONS = 5;

/** The number of a version, such as 3 for `v3`. */
const numberOf = (version: string): number => Number(version.slice(1));

/** The versions of a policy that do not count, the oldest first, with what they say as JSON. */
export async function otherVersions(account: Account, arn: string): Promise<readonly PolicyVersion[]> {
  const others = (await listVersions(account, arn)).filter(({ isDefault }) => !isDefault);
  const read = others.map(async ({ id }) => ({
    version: id,
    text: JSON.stringify(await readVersion(account, arn, id)),
  }));
  return Promise.all(read);
}

/**
 * The version that makes room for a new one: the oldest that does not count, where as many are there as IAM keeps.
 * None where a later one says already what is wanted.
 */
export async function roomFor(
  account: Account,
  { arn, version }: { readonly arn: string; readonly version: string },
  wanted: PermissionsDocument,
): Promise<PolicyVersion | undefined> {
  if ((await listVersions(account, arn)).length < MOST_VERSIONS) return undefined;
  const others = await otherVersions(account, arn);
  const isThere = others.some(
    (one) => numberOf(one.version) > numberOf(version) && samePolicy(JSON.parse(one.text), wanted),
  );
  return isThere ? undefined : others[0];
}

/** The versions of a policy, the oldest first. */
export async function listVersions(
  account: Account,
  arn: string,
): Promise<readonly { readonly id: string; readonly isDefault: boolean }[]> {
  const { ListPolicyVersionsCommand } = await loadSdk();
  const command = new ListPolicyVersionsCommand({ PolicyArn: arn });
  const { Versions = [] } = await call(account, "iam:ListPolicyVersions", () => account.iam.send(command));
  return Versions.map(({ VersionId = "", IsDefaultVersion }) => ({
    id: VersionId,
    isDefault: IsDefaultVersion === true,
  })).toSorted((one, other) => numberOf(one.id) - numberOf(other.id));
}

type PolicyEdit = Extract<Edit, { kind: "PolicyVersion" }>;

/** A new default version. Where there is no room, one that says just this counts again, as after an undo by half. */
export async function makeVersion(account: Account, edit: PolicyEdit): Promise<void> {
  const { arn, after } = edit;
  if ((await listVersions(account, arn)).length < MOST_VERSIONS)
    return addVersion(account, arn, minify(after));
  const last = (await leftVersions(account, edit)).at(-1);
  if (last === undefined) throw new ChangedMeanwhile();
  return countVersion(account, arn, last);
}

/** The version from before counts again, or what it said where it is gone; the one that was made goes. */
export async function dropVersion(account: Account, edit: PolicyEdit): Promise<void> {
  const { arn, version } = edit;
  const versions = await listVersions(account, arn);
  const before = versions.find(({ id }) => id === version);
  if (before === undefined) {
    if (versions.length >= MOST_VERSIONS) throw new ChangedMeanwhile();
    await addVersion(account, arn, minify(edit.before));
  } else if (!before.isDefault) await countVersion(account, arn, version);
  for (const id of await leftVersions(account, edit)) await deleteVersion(account, arn, id);
}

/** The versions that an edit made and that count no more: it was taken back by half, or by hand. */
export async function leftVersions(
  account: Account,
  { arn, version, after }: PolicyEdit,
): Promise<readonly string[]> {
  const later = (await otherVersions(account, arn)).filter(
    (one) => numberOf(one.version) > numberOf(version),
  );
  return later.flatMap(({ version: id, text }) => (samePolicy(JSON.parse(text), after) ? [id] : []));
}

/** Deletes the version that makes room, and no other; taking that back says again what it said, under a new number. */
export async function sendRoom(
  account: Account,
  { arn, version, text }: Extract<Edit, { kind: "DropVersion" }>,
  form: "make" | "takeBack",
  existing: ObservedResource,
): Promise<void> {
  const others = existing.kind === "ManagedPolicy" ? (existing.others ?? []) : [];
  if (form === "takeBack") {
    if (others.length + 1 >= MOST_VERSIONS) throw new ChangedMeanwhile();
    return addVersion(account, arn, text, false);
  }
  if (!others.some((one) => one.version === version)) throw new ChangedMeanwhile();
  return deleteVersion(account, arn, version);
}

async function addVersion(account: Account, arn: string, text: string, counts = true): Promise<void> {
  const iam = await loadSdk();
  const command = new iam.CreatePolicyVersionCommand({
    PolicyArn: arn,
    PolicyDocument: text,
    SetAsDefault: counts,
  });
  await call(account, "iam:CreatePolicyVersion", () => account.iam.send(command));
}

async function countVersion(account: Account, arn: string, id: string): Promise<void> {
  const iam = await loadSdk();
  const command = new iam.SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId: id });
  await call(account, "iam:SetDefaultPolicyVersion", () => account.iam.send(command));
}

/** Deletes a version that is not the default one. */
export async function deleteVersion(account: Account, arn: string, id: string): Promise<void> {
  const iam = await loadSdk();
  const command = new iam.DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: id });
  await call(account, "iam:DeletePolicyVersion", () => account.iam.send(command));
}
