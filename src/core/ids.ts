import { msg, type Message } from "./messages.ts";

/** A checked value, or the reason why it is not one. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Message };

const accept = <T>(value: T): Checked<T> => ({ ok: true, value });
const refuse = (problem: Message): Checked<never> => ({ ok: false, problem });

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Checks a CircleCI organization or project ID. Any letter case goes in; lowercase comes out, because IAM
 * compares condition values and provider URLs case-sensitively.
 * Source: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 */
export function checkUuid(text: string, what: string): Checked<string> {
  const value = text.trim().toLowerCase();
  if (value === "") return refuse(msg("id.uuid.empty", { what }));
  return UUID.test(value) ? accept(value) : refuse(msg("id.uuid.malformed", { what }));
}

/** Checks an AWS account ID: 12 digits; hyphens and spaces as the console prints them are taken out. */
export function checkAccountId(text: string): Checked<string> {
  const value = text.replaceAll(/[\s-]/g, "");
  if (value === "") return refuse(msg("id.account.empty"));
  return /^\d{12}$/.test(value) ? accept(value) : refuse(msg("id.account.malformed"));
}

/** Checks an AWS region name such as `eu-central-1`, `us-gov-west-1` or `eusc-de-east-1`. */
export function checkRegion(text: string): Checked<string> {
  const value = text.trim().toLowerCase();
  return /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(value) ? accept(value) : refuse(msg("id.region.malformed"));
}

/**
 * Checks an IAM role name: 1 to 64 of `\w+=,.@-`.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export function checkRoleName(text: string): Checked<string> {
  const value = text.trim();
  if (value === "") return refuse(msg("id.roleName.empty"));
  return /^[A-Za-z0-9_+=,.@-]{1,64}$/.test(value) ? accept(value) : refuse(msg("id.roleName.malformed"));
}

/** Checks the name of an AWS profile that the pipeline step writes; `default` belongs to the hub role. */
export function checkCiProfile(text: string): Checked<string> {
  const value = text.trim();
  if (value.toLowerCase() === "default") return refuse(msg("id.profile.reserved"));
  return /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? accept(value) : refuse(msg("id.profile.malformed"));
}

/**
 * Checks a repository as CircleCI writes it into `vcs-origin`: host/owner/name without scheme or `.git`.
 * Source: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 */
export function checkRepository(text: string): Checked<string> {
  const value = text
    .trim()
    .replace(/^https?:\/\//, "")
    .replace(/\.git$/, "");
  // With such a path a subject could be read in two ways.
  const ambiguous = value.includes("/vcs-ref/");
  return /^[a-z0-9.-]+(\/[A-Za-z0-9_.-]+){2,}$/.test(value) && !ambiguous
    ? accept(value)
    : refuse(msg("id.repository.malformed"));
}

/**
 * Checks the name of a Git branch or tag that is to stand literally in an IAM `StringLike` value. The rules of
 * `git check-ref-format --branch`, and beyond them nothing that IAM reads as a wildcard or policy variable.
 * Sources: https://git-scm.com/docs/git-check-ref-format,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function checkBranch(text: string): Checked<string> {
  const branch = text.trim();
  if (holdsPattern(branch)) return refuse(msg("id.branch.characters", { branch }));
  const malformed =
    branch === "" ||
    branch === "@" ||
    branch === "HEAD" ||
    /[/.]$/.test(branch) ||
    malformedPath(branch) ||
    branch.split("/").some((part) => part.endsWith(".lock"));
  return malformed ? refuse(msg("id.branch.malformed", { branch })) : accept(branch);
}

/** Checks the beginning of branch or tag names, such as `release/`: what a name may begin with, not empty. */
export function checkRefPrefix(text: string): Checked<string> {
  const branch = text.trim();
  if (holdsPattern(branch)) return refuse(msg("id.branch.characters", { branch }));
  return branch === "" || malformedPath(branch)
    ? refuse(msg("id.branch.malformed", { branch }))
    : accept(branch);
}

/** What IAM would read as a wildcard or a policy variable, or cannot hold. */
const holdsPattern = (name: string): boolean => /[*?]|\$\{|[^\x21-\x7e]/.test(name);

/** What no Git ref, and no beginning of one, may hold. */
function malformedPath(name: string): boolean {
  return (
    name.length > 244 ||
    /^[-/]|\.\.|\/\/|@\{|[~^:\\[]/.test(name) ||
    name.split("/").some((part) => part.startsWith("."))
  );
}

/** The partitions whose ARNs the product writes. */
export const partitions = ["aws", "aws-cn", "aws-us-gov", "aws-eusc"] as const;
export type Partition = (typeof partitions)[number];

/** Reads partition and account out of an ARN such as `GetCallerIdentity` returns; undefined if it is none. */
export function parseArn(arn: string): { partition: Partition; account: string } | undefined {
  const [prefix, name, , , account] = arn.split(":");
  const partition = partitions.find((candidate) => candidate === name);
  if (prefix !== "arn" || partition === undefined || account === undefined || !/^\d{12}$/.test(account)) {
    return undefined;
  }
  return { partition, account };
}

/** Whether every host in an endpoint override is this computer itself. */
export function isLoopbackOverride(override: string): boolean {
  return override.split(", ").every((host) => {
    const name = new URL(`http://${host}`).hostname;
    return name === "localhost" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
  });
}
