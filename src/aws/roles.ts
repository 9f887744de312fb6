import type { Role } from "@aws-sdk/client-iam";
import { MANAGED_BY } from "../core/blueprint/index.ts";
import type { Partition } from "../core/ids.ts";
import { msg, type Message } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import type { Users } from "../core/plan/undo.ts";
import type { Account, AwsAccess } from "./access.ts";
import { isDenied } from "./errors.ts";
import type { Identity } from "./identity.ts";
import {
  attachedPolicies,
  call,
  CallError,
  inlinePolicyNames,
  page,
  problemOf,
  readProvider,
  readRoleItself,
} from "./read.ts";
import { loadSdk } from "./sdk.ts";
import { decodePolicy, field } from "./values.ts";

/** A role that tokens of a CircleCI provider may be exchanged for, as far as it could be read. */
export type CircleCiRole = {
  readonly arn: string;
  readonly name: string;
  /** The parsed trust policy. */
  readonly trust: unknown;
  readonly consoleUrl: string;
  readonly attachedPolicies: readonly { readonly arn: string; readonly name: string }[];
  readonly inlinePolicies: readonly string[];
  /** Whether it carries our tag. */
  readonly managedByUs: boolean;
  readonly created?: Date;
};

export type CircleCiProvider = {
  readonly arn: string;
  /** With `https://`. */
  readonly url: string;
  readonly organizationId?: string;
  readonly audiences: readonly string[];
  readonly thumbprints: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly roles: readonly CircleCiRole[];
};

export type CircleCiAccess =
  | {
      readonly ok: true;
      readonly identity: Identity;
      readonly providers: readonly CircleCiProvider[];
      /** What could not be read, so that what is shown is not taken for everything. */
      readonly incomplete: readonly Message[];
    }
  | { readonly ok: false; readonly problem: Problem };

const CIRCLECI_PROVIDER = /:oidc-provider\/(oidc\.circleci\.com(?:\/org\/([0-9a-f-]{36}))?\/?)$/;

/**
 * Everything in a profile's account that lets CircleCI in: the providers of `oidc.circleci.com` and the roles
 * that trust them. Only reads. One listing each, then details of what matches only.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html (what it leaves out)
 */
export async function listCircleCiAccess(options: {
  readonly profile: string;
  readonly access: AwsAccess;
  readonly signal?: AbortSignal;
}): Promise<CircleCiAccess> {
  const { profile, access, signal } = options;
  const opened = await access.open(profile, undefined, signal === undefined ? {} : { signal });
  if (!opened.ok) return opened;
  const { account } = opened;
  const incomplete: Message[] = [];
  try {
    const arns = await providerArns(account, signal);
    if (arns.length === 0) return { ok: true, identity: account.identity, providers: [], incomplete };
    const roles = await listRoles(account, incomplete, signal);
    const providers = await Promise.all(arns.map((arn) => provider(account, arn, roles, incomplete, signal)));
    return { ok: true, identity: account.identity, providers, incomplete };
  } catch (error) {
    return { ok: false, problem: problemOf(error, account) };
  }
}

/**
 * All roles in an account that trust a provider, or a role, whoever made them; unknown where roles may not be listed,
 * since then nobody can tell whether others use it.
 */
export async function rolesTrusting(account: Account, arn: string, signal?: AbortSignal): Promise<Users> {
  const incomplete: Message[] = [];
  try {
    const roles = await listRoles(account, incomplete, signal);
    if (incomplete.length > 0) {
      const { profile } = account.settings;
      return { known: false, reason: msg("removal.keep.unlisted", { profile, action: "iam:ListRoles" }) };
    }
    const using = roles
      .map((role) => ({ arn: role.Arn ?? "", trust: decodePolicy(role.AssumeRolePolicyDocument ?? "") }))
      .filter(({ trust }) => trusts(trust, arn));
    return { known: true, roles: using.toSorted((one, other) => (one.arn < other.arn ? -1 : 1)) };
  } catch {
    return { known: false, reason: msg("removal.keep.unlistable") };
  }
}

const abortable = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });

async function providerArns(account: Account, signal: AbortSignal | undefined): Promise<readonly string[]> {
  const { ListOpenIDConnectProvidersCommand } = await loadSdk();
  const answer = await call(account, "iam:ListOpenIDConnectProviders", () =>
    account.iam.send(new ListOpenIDConnectProvidersCommand({}), abortable(signal)),
  );
  const arns = (answer.OpenIDConnectProviderList ?? []).map((entry) => entry.Arn ?? "");
  return arns.filter((arn) => CIRCLECI_PROVIDER.test(arn)).toSorted();
}

async function listRoles(
  account: Account,
  incomplete: Message[],
  signal: AbortSignal | undefined,
): Promise<readonly Role[]> {
  const { ListRolesCommand } = await loadSdk();
  const found: Role[] = [];
  let marker: string | undefined;
  try {
    do {
      const command = new ListRolesCommand({ MaxItems: 1000, ...page(marker) });
      const answer = await call(account, "iam:ListRoles", () => account.iam.send(command, abortable(signal)));
      found.push(...(answer.Roles ?? []));
      marker = answer.IsTruncated === true ? answer.Marker : undefined;
    } while (marker !== undefined);
  } catch (error) {
    if (!(error instanceof CallError) || !isDenied(error.cause)) throw error;
    incomplete.push(msg("aws.roles.unlisted", { action: error.action }));
  }
  return found;
}

async function provider(
  account: Account,
  arn: string,
  roles: readonly Role[],
  incomplete: Message[],
  signal: AbortSignal | undefined,
): Promise<CircleCiProvider> {
  const [, hostPath = "", organizationId] = CIRCLECI_PROVIDER.exec(arn) ?? [];
  const details = await orIncomplete(account, hostPath, incomplete, readProvider(account, arn, signal));
  const trusting = roles.filter((role) => trusts(decodePolicy(role.AssumeRolePolicyDocument ?? ""), arn));
  const found = await Promise.all(trusting.map((role) => roleDetails(account, role, incomplete, signal)));
  return {
    arn,
    url: `https://${hostPath}`,
    ...(organizationId === undefined ? {} : { organizationId }),
    audiences: details?.clientIds ?? [],
    thumbprints: details?.thumbprints ?? [],
    tags: details?.tags ?? {},
    roles: found.toSorted((a, b) => a.name.localeCompare(b.name, "en")),
  };
}

async function roleDetails(
  account: Account,
  role: Role,
  incomplete: Message[],
  signal: AbortSignal | undefined,
): Promise<CircleCiRole> {
  const name = role.RoleName ?? "";
  // The listing leaves out tags.
  const [itself, attached, inline] = await Promise.all([
    orIncomplete(account, name, incomplete, readRoleItself(account, name, signal)),
    orIncomplete(account, name, incomplete, attachedPolicies(account, name, signal)),
    orIncomplete(account, name, incomplete, inlinePolicyNames(account, name, signal)),
  ]);
  return {
    arn: role.Arn ?? "",
    name,
    trust: decodePolicy(role.AssumeRolePolicyDocument ?? ""),
    consoleUrl: roleConsoleUrl(account.identity.partition, name),
    attachedPolicies: attached ?? [],
    inlinePolicies: inline ?? [],
    managedByUs: itself?.tags["managed-by"] === MANAGED_BY,
    ...(role.CreateDate === undefined ? {} : { created: role.CreateDate }),
  };
}

/** Undefined and a remark where a detail could not be read; a cancellation goes on as such. */
async function orIncomplete<T>(
  account: Account,
  name: string,
  incomplete: Message[],
  reading: Promise<T>,
): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { code } = problemOf(error, account);
    if (code === "aws.cancelled") throw error;
    incomplete.push(
      isDenied(error.cause)
        ? msg("aws.roles.details", { name, action: error.action })
        : msg("aws.roles.failed", { name, code }),
    );
    return undefined;
  }
}

/** Whether any statement of a trust policy, allowing or denying, names a provider or a role as its principal. */
function trusts(trust: unknown, arn: string): boolean {
  return list(field(trust, "Statement")).some((statement) =>
    ["Federated", "AWS"].some((kind) => list(field(field(statement, "Principal"), kind)).includes(arn)),
  );
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

const consoleHosts: Readonly<Record<Partition, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-eusc": "eusc-de-east-1.console.amazonaws-eusc.eu",
};

/** The page of a role in the AWS console of its partition. */
export function roleConsoleUrl(partition: Partition, roleName: string): string {
  return `https://${consoleHosts[partition]}/iam/home#/roles/details/${encodeURIComponent(roleName)}`;
}
