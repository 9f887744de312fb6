import type { ObservedResource } from "../core/plan/index.ts";
import type { Problem } from "../core/outcome.ts";
import type { Account } from "./access.ts";
import { errorName, toProblem } from "./errors.ts";
import { loadSdk } from "./sdk.ts";
import { decodePolicy, policyText, tagRecord } from "./values.ts";

/** A failed call together with the IAM action that failed. */
export class CallError extends Error {
  readonly action: string;
  override readonly cause: unknown;

  constructor(action: string, cause: unknown) {
    super(action);
    this.action = action;
    this.cause = cause;
  }
}

/** An answer that lacks what IAM always sends. */
export class IncompleteAnswer extends Error {}

/** Makes one call to IAM, at most four of them at once per account; what it throws names the action. */
export async function call<T>(account: Account, action: string, send: () => Promise<T>): Promise<T> {
  try {
    return await account.limit(send);
  } catch (error) {
    throw new CallError(action, error);
  }
}

/** What went wrong in a call, for people. */
export function problemOf(error: unknown, account: Account): Problem {
  const { profile, region, login } = account.settings;
  const context = { profile, region, ...(login === undefined ? {} : { login }) };
  return error instanceof CallError
    ? toProblem(error.cause, { action: error.action, ...context })
    : toProblem(error, { action: "iam", ...context });
}

type Observed<Kind extends ObservedResource["kind"]> = Extract<ObservedResource, { kind: Kind }>;

const abortable = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

/** Resolves to undefined where IAM says `NoSuchEntity`. */
async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallError && errorName(error.cause) === "NoSuchEntity") return undefined;
    throw error;
  }
}

/** Reads an OIDC provider by its ARN; undefined where there is none. */
export async function readProvider(
  account: Account,
  arn: string,
  signal?: AbortSignal,
): Promise<Observed<"OidcProvider"> | undefined> {
  const { GetOpenIDConnectProviderCommand } = await loadSdk();
  const command = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  const answer = await orAbsent(
    call(account, "iam:GetOpenIDConnectProvider", () => account.iam.send(command, abortable(signal))),
  );
  if (answer === undefined) return undefined;
  return {
    kind: "OidcProvider",
    clientIds: answer.ClientIDList ?? [],
    thumbprints: answer.ThumbprintList ?? [],
    tags: tagRecord(answer.Tags),
  };
}

/** What `GetRole` tells of a role, without its policies; undefined where there is none of this name. */
export async function readRoleItself(
  account: Account,
  name: string,
  signal?: AbortSignal,
): Promise<Omit<Observed<"Role">, "attachedPolicies" | "inlinePolicies"> | undefined> {
  const { GetRoleCommand } = await loadSdk();
  const command = new GetRoleCommand({ RoleName: name });
  const answer = await orAbsent(
    call(account, "iam:GetRole", () => account.iam.send(command, abortable(signal))),
  );
  const role = answer?.Role;
  if (answer === undefined) return undefined;
  if (role?.Arn === undefined || role.AssumeRolePolicyDocument === undefined) throw new IncompleteAnswer();
  const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    kind: "Role",
    arn: role.Arn,
    trust: decodePolicy(role.AssumeRolePolicyDocument),
    trustText: policyText(role.AssumeRolePolicyDocument),
    ...(role.Description === undefined ? {} : { description: role.Description }),
    maxSessionSeconds: role.MaxSessionDuration ?? 3600,
    tags: tagRecord(role.Tags),
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
  };
}

/** Reads a role with the names of all its policies; undefined where there is none of this name. */
export async function readRole(
  account: Account,
  name: string,
  signal?: AbortSignal,
): Promise<Observed<"Role"> | undefined> {
  const role = await readRoleItself(account, name, signal);
  if (role === undefined) return undefined;
  const [attached, inlinePolicies] = await Promise.all([
    attachedPolicies(account, name, signal),
    inlinePolicyNames(account, name, signal),
  ]);
  return { ...role, attachedPolicies: (attached ?? []).map((policy) => policy.arn), inlinePolicies };
}

/** Reads a customer-managed policy with its default version; undefined where there is none of this ARN. */
export async function readPolicy(
  account: Account,
  arn: string,
  signal?: AbortSignal,
): Promise<Observed<"ManagedPolicy"> | undefined> {
  const policy = await readPolicyItself(account, arn, signal);
  if (policy === undefined) return undefined;
  const document = await readVersion(account, arn, policy.version, signal);
  return { kind: "ManagedPolicy", ...policy, document };
}

/** What a version of a policy says, parsed. */
export async function readVersion(
  account: Account,
  arn: string,
  version: string,
  signal?: AbortSignal,
): Promise<unknown> {
  const { GetPolicyVersionCommand } = await loadSdk();
  const command = new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: version });
  const answer = await call(account, "iam:GetPolicyVersion", () =>
    account.iam.send(command, abortable(signal)),
  );
  const document = answer.PolicyVersion?.Document;
  if (document === undefined) throw new IncompleteAnswer();
  return decodePolicy(document);
}

/** The names of everybody a policy is attached to, with what each is. */
export async function policyUsers(
  account: Account,
  arn: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { ListEntitiesForPolicyCommand } = await loadSdk();
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const command = new ListEntitiesForPolicyCommand({ PolicyArn: arn, ...page(marker) });
    const answer = await call(account, "iam:ListEntitiesForPolicy", () =>
      account.iam.send(command, abortable(signal)),
    );
    for (const { RoleName } of answer.PolicyRoles ?? []) found.push(`role/${RoleName ?? ""}`);
    for (const { UserName } of answer.PolicyUsers ?? []) found.push(`user/${UserName ?? ""}`);
    for (const { GroupName } of answer.PolicyGroups ?? []) found.push(`group/${GroupName ?? ""}`);
    marker = answer.IsTruncated === true ? answer.Marker : undefined;
  } while (marker !== undefined);
  return found.toSorted();
}

/** The ARNs of the account's own policies that nobody has. */
export async function unattachedPolicies(account: Account, signal?: AbortSignal): Promise<readonly string[]> {
  const { ListPoliciesCommand } = await loadSdk();
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const command = new ListPoliciesCommand({ Scope: "Local", MaxItems: 1000, ...page(marker) });
    const answer = await call(account, "iam:ListPolicies", () =>
      account.iam.send(command, abortable(signal)),
    );
    for (const { Arn: arn, AttachmentCount: count } of answer.Policies ?? [])
      if (arn !== undefined && count === 0) found.push(arn);
    marker = answer.IsTruncated === true ? answer.Marker : undefined;
  } while (marker !== undefined);
  return found;
}

/** What `GetPolicy` tells of a policy, without its text. */
export async function readPolicyItself(
  account: Account,
  arn: string,
  signal?: AbortSignal,
): Promise<Omit<Observed<"ManagedPolicy">, "kind" | "document" | "users"> | undefined> {
  const { GetPolicyCommand } = await loadSdk();
  const command = new GetPolicyCommand({ PolicyArn: arn });
  const answer = await orAbsent(
    call(account, "iam:GetPolicy", () => account.iam.send(command, abortable(signal))),
  );
  if (answer === undefined) return undefined;
  const policy = answer.Policy;
  if (policy?.Arn === undefined || policy.DefaultVersionId === undefined) throw new IncompleteAnswer();
  return {
    arn: policy.Arn,
    version: policy.DefaultVersionId,
    attachments: policy.AttachmentCount ?? 0,
    tags: tagRecord(policy.Tags),
  };
}

/** The managed policies of a role; undefined where there is no such role. */
export async function attachedPolicies(
  account: Account,
  roleName: string,
  signal?: AbortSignal,
): Promise<readonly { readonly arn: string; readonly name: string }[] | undefined> {
  const { ListAttachedRolePoliciesCommand } = await loadSdk();
  const found: { arn: string; name: string }[] = [];
  let marker: string | undefined;
  do {
    const command = new ListAttachedRolePoliciesCommand({ RoleName: roleName, ...page(marker) });
    const answer = await orAbsent(
      call(account, "iam:ListAttachedRolePolicies", () => account.iam.send(command, abortable(signal))),
    );
    if (answer === undefined) return undefined;
    for (const policy of answer.AttachedPolicies ?? []) {
      const arn = policy.PolicyArn ?? "";
      found.push({ arn, name: policy.PolicyName ?? arn });
    }
    marker = answer.IsTruncated === true ? answer.Marker : undefined;
  } while (marker !== undefined);
  return found;
}

/** The names of a role's inline policies. */
export async function inlinePolicyNames(
  account: Account,
  roleName: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { ListRolePoliciesCommand } = await loadSdk();
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const command = new ListRolePoliciesCommand({ RoleName: roleName, ...page(marker) });
    const answer = await call(account, "iam:ListRolePolicies", () =>
      account.iam.send(command, abortable(signal)),
    );
    found.push(...(answer.PolicyNames ?? []));
    marker = answer.IsTruncated === true ? answer.Marker : undefined;
  } while (marker !== undefined);
  return found;
}

/** Where a list goes on. */
export function page(marker: string | undefined): { Marker?: string } {
  return marker === undefined ? {} : { Marker: marker };
}
