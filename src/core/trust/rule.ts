import * as v from "valibot";
import { checkBranch, checkRefPrefix, checkRepository, type Partition } from "../ids.ts";
import { isPlaceholder } from "./placeholder.ts";

/** Whether a text is an ID as CircleCI writes it: a lowercase UUID. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

const Branch = v.pipe(
  v.string(),
  v.check((name) => checkBranch(name).ok && !isPlaceholder(name)),
);
const Prefix = v.pipe(
  v.string(),
  v.check((prefix) => prefix === "" || (checkRefPrefix(prefix).ok && !isPlaceholder(prefix))),
);
const Repository = v.pipe(
  v.string(),
  v.check((text) => {
    const checked = checkRepository(text);
    return checked.ok && checked.value === text;
  }),
);

/** A branch or tag, or all whose names start alike; an empty prefix is every branch, or every tag. */
export const RefRule = v.variant("kind", [
  v.object({ kind: v.literal("branch"), name: Branch }),
  v.object({ kind: v.literal("branchPrefix"), prefix: Prefix }),
  v.object({ kind: v.literal("tag"), name: Branch }),
  v.object({ kind: v.literal("tagPrefix"), prefix: Prefix }),
]);
export type RefRule = Readonly<v.InferOutput<typeof RefRule>>;

/** Which runs of a project: all of them, or those whose token names certain branches and tags. */
export const RunRule = v.variant("kind", [
  v.object({ kind: v.literal("any") }),
  v.object({
    kind: v.literal("refs"),
    /** As CircleCI's `vcs-origin` has it, such as `github.com/acme/web-shop`. */
    repository: Repository,
    refs: v.pipe(v.array(RefRule), v.minLength(1), v.readonly()),
  }),
]);
export type RunRule = Readonly<v.InferOutput<typeof RunRule>>;

/** Who must have started the run: anyone, or the users with these IDs (lowercase UUIDs). */
export const UserRule = v.variant("kind", [
  v.object({ kind: v.literal("anyone") }),
  v.object({
    kind: v.literal("named"),
    ids: v.pipe(v.array(v.pipe(v.string(), v.check(isUuid))), v.minLength(1), v.readonly()),
  }),
]);
export type UserRule = Readonly<v.InferOutput<typeof UserRule>>;

export type ProjectRule = {
  /** A lowercase UUID. */
  readonly projectId: string;
  readonly runs: RunRule;
  readonly users: UserRule;
  /**
   * The subject the token must have: that of `CIRCLE_OIDC_TOKEN` (V1) or of `CIRCLE_OIDC_TOKEN_V2`, which alone
   * names repository and ref. V2 where it is left out.
   */
  readonly subject?: "V1" | "V2";
};

/** Who may assume a role: plain data, from which `buildTrustPolicy` writes one statement. */
export type TrustRule = {
  readonly partition: Partition;
  /** The role's account, which holds the provider: 12 digits. */
  readonly accountId: string;
  /** A lowercase UUID. */
  readonly organizationId: string;
  /** Host and path of a CircleCI Server's issuer, without `https://`; CircleCI's own where it is left out. */
  readonly issuer?: string;
  /** The audiences that are let in, at least one. */
  readonly audiences: readonly string[];
  /** At least one, each project once. */
  readonly projects: readonly ProjectRule[];
  /**
   * Whether the project is pinned by AWS's condition key `project-id` too. AWS documents it for CircleCI's own
   * issuers; whether other partitions have it is not established. Where it is left out: in `aws` only.
   */
  readonly projectKey?: boolean;
};

/** The rule about one project of an organization, with the issuer and the defaults of CircleCI's cloud. */
export function oneProjectRule(
  given: Pick<TrustRule, "partition" | "accountId" | "organizationId"> &
    Pick<ProjectRule, "projectId" | "runs" | "users"> & { readonly audience: string },
): TrustRule {
  const { partition, accountId, organizationId, audience, projectId, runs, users } = given;
  return {
    partition,
    accountId,
    organizationId,
    audiences: [audience],
    projects: [{ projectId, runs, users }],
  };
}

/** The issuer of the organization's tokens, without `https://`, as IAM writes it in ARNs and condition keys. */
export function issuerHostPath(organizationId: string): string {
  return `oidc.circleci.com/org/${organizationId}`;
}

/** The issuer of a rule, without `https://`. */
export function issuerOfRule(rule: Pick<TrustRule, "issuer" | "organizationId">): string {
  return rule.issuer ?? issuerHostPath(rule.organizationId);
}

/** Whether the statement of a rule asks for the condition key `project-id`. */
export function usesProjectKey(rule: TrustRule): boolean {
  return rule.projectKey ?? (rule.partition === "aws" && rule.issuer === undefined);
}

/**
 * The same rule in one form: lists sorted and without doubles, what another entry covers left out, defaults not
 * spelled out. Two rules that admit the same runs in the same way come out equal.
 */
export function canonicalRule(rule: TrustRule): TrustRule {
  const { issuer, projectKey, ...rest } = rule;
  const own = issuer === undefined || issuer === issuerHostPath(rule.organizationId);
  const plain: TrustRule = { ...rest, ...(own ? {} : { issuer }) };
  const asked = projectKey ?? usesProjectKey(plain);
  return {
    ...plain,
    ...(asked === usesProjectKey(plain) ? {} : { projectKey: asked }),
    audiences: sorted(rule.audiences),
    projects: rule.projects
      .map(canonicalProject)
      .toSorted((one, other) => compare(one.projectId, other.projectId)),
  };
}

function canonicalProject({ projectId, runs, users, subject }: ProjectRule): ProjectRule {
  return {
    projectId,
    runs: runs.kind === "any" ? { kind: "any" } : { ...runs, refs: canonicalRefs(runs.refs) },
    users: users.kind === "anyone" ? { kind: "anyone" } : { kind: "named", ids: sorted(users.ids) },
    ...(subject === "V1" ? { subject } : {}),
  };
}

function canonicalRefs(refs: readonly RefRule[]): readonly RefRule[] {
  const kept = refs.filter((ref, index) =>
    refs.every((other, at) => at === index || !covers(other, ref) || (covers(ref, other) && index < at)),
  );
  return kept.toSorted((one, other) => compare(refPattern(one), refPattern(other)));
}

/** Whether every ref that the second admits is admitted by the first. */
function covers(wide: RefRule, narrow: RefRule): boolean {
  const [outer, inner] = [refPattern(wide), refPattern(narrow)];
  return outer.endsWith("*") ? inner.startsWith(outer.slice(0, -1)) : outer === inner;
}

/** A ref as it stands at the end of a subject pattern. No name holds a star of its own. */
export function refPattern(ref: RefRule): string {
  switch (ref.kind) {
    case "branch":
      return `refs/heads/${ref.name}`;
    case "branchPrefix":
      return `refs/heads/${ref.prefix}*`;
    case "tag":
      return `refs/tags/${ref.name}`;
    case "tagPrefix":
      return `refs/tags/${ref.prefix}*`;
  }
}

/** Whether a rule lets a token through that says this branch or tag. */
export function admitsRef(rule: RefRule, ref: Extract<RefRule, { readonly name: string }>): boolean {
  return covers(rule, ref);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted(compare);
}

/** By code unit, so that the order is the same everywhere. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
