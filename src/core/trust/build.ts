import * as v from "valibot";
import { checkRepository, type Checked, type Partition } from "../ids.ts";
import { msg, type Message } from "../messages.ts";
import { oneOrMany, policyLength, type PolicyDocument } from "../policy.ts";
import { PROJECT_CLAIM } from "./context.ts";
import { isPlaceholder } from "./placeholder.ts";
import {
  canonicalRule,
  issuerHostPath,
  issuerOfRule,
  isUuid,
  refPattern,
  RunRule,
  UserRule,
  usesProjectKey,
  type ProjectRule,
  type TrustRule,
} from "./rule.ts";
import { statementSid } from "./sid.ts";

/**
 * A user ID as a `StringLike` mask. `*` would span `/`: with `user/*` a branch called
 * `x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main` would pass as branch main.
 */
export const USER_MASK = "????????-????-????-????-????????????";

export type BuiltTrust = {
  readonly document: PolicyDocument;
  /** As the quota counts: characters without white space. */
  readonly length: number;
};

/**
 * The trust policy of a rule: one statement, named by who it is for and by the rule, that pins the audience and the projects, and users, repository,
 * branches and tags where they are named. Where projects and refs do not combine freely each subject says both.
 * Equal rules give equal text. A rule that no policy can state, or that would admit more than it says, is refused.
 * Sources: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/ (AWS),
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
 */
export function buildTrustPolicy(rule: TrustRule): Checked<BuiltTrust> {
  const problem = ruleProblem(rule);
  if (problem !== undefined) return { ok: false, problem };
  const document = policyOf(canonicalRule(rule));
  return { ok: true, value: { document, length: policyLength(document) } };
}

function policyOf(rule: TrustRule): PolicyDocument {
  const issuer = issuerOfRule(rule);
  const subjects = subjectPatterns(rule);
  const patterns = subjects.some((subject) => /[*?]/.test(subject));
  const equals: Record<string, string | readonly string[]> = { [`${issuer}:aud`]: oneOrMany(rule.audiences) };
  if (usesProjectKey(rule))
    equals[`${issuer}:${PROJECT_CLAIM}`] = oneOrMany(rule.projects.map(({ projectId }) => projectId));
  if (subjects.length > 0 && !patterns) equals[`${issuer}:sub`] = oneOrMany(subjects);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: statementSid(rule),
        Effect: "Allow",
        Principal: { Federated: providerArn(rule.partition, rule.accountId, issuer) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: equals,
          ...(patterns ? { StringLike: { [`${issuer}:sub`]: oneOrMany(subjects) } } : {}),
        },
      },
    ],
  };
}

/** The subjects of all projects; none where the project's own key says it all. */
function subjectPatterns(rule: TrustRule): readonly string[] {
  const open = ({ runs, users, subject }: ProjectRule): boolean =>
    runs.kind === "any" && users.kind === "anyone" && subject !== "V1";
  if (usesProjectKey(rule) && rule.projects.every(open)) return [];
  return rule.projects.flatMap((project) => projectSubjects(rule.organizationId, project));
}

function projectSubjects(organizationId: string, project: ProjectRule): readonly string[] {
  const { projectId, runs, users, subject } = project;
  const stem = `org/${organizationId}/project/${projectId}/user/`;
  const ids = users.kind === "named" ? users.ids : undefined;
  if (runs.kind === "refs")
    return (ids ?? [USER_MASK]).flatMap((user) =>
      runs.refs.map((ref) => `${stem}${user}/vcs-origin/${runs.repository}/vcs-ref/${refPattern(ref)}`),
    );
  if (subject === "V1") return (ids ?? [USER_MASK]).map((user) => `${stem}${user}`);
  // A custom webhook's subject ends with the user in V2 too.
  return ids === undefined ? [`${stem}*`] : ids.flatMap((user) => [`${stem}${user}`, `${stem}${user}/*`]);
}

function ruleProblem(rule: TrustRule): Message | undefined {
  const { organizationId, accountId, audiences, projects } = rule;
  if (!/^\d{12}$/.test(accountId)) return msg("id.account.malformed");
  if (!isUuid(organizationId)) return msg("id.uuid.malformed", { what: "organization ID" });
  const own = issuerHostPath(organizationId);
  const issuer = issuerOfRule(rule);
  if (issuer !== own && /^oidc\.circleci\.com(\/|$)/.test(issuer))
    return msg("trust.rule.issuer", { issuer });
  if (!/^[a-z0-9.-]+(\/[A-Za-z0-9._~-]+)*$/.test(issuer) || issuer.length > 247)
    return msg("trust.rule.issuer", { issuer });
  // AWS documents the key for the issuers of organizations at oidc.circleci.com only: elsewhere nobody would have it.
  if (rule.projectKey === true && issuer !== own) return msg("trust.rule.projectKey");
  const audience = audiences.find((text) => !/^[\x21-\x7e]{1,255}$/.test(text) || text.includes("${"));
  if (audience !== undefined || audiences.length === 0)
    return msg("trust.rule.audience", { audience: audience ?? "" });
  const placeholder = [...audiences, ...projects.flatMap(({ runs }) => refNames(runs))].find(isPlaceholder);
  if (placeholder !== undefined) return msg("trust.rule.placeholder", { value: placeholder });
  if (projects.length === 0) return msg("trust.rule.noProject");
  if (new Set(projects.map(({ projectId }) => projectId)).size < projects.length)
    return msg("trust.rule.projectTwice");
  return projects.map(projectProblem).find((problem) => problem !== undefined);
}

function refNames(runs: ProjectRule["runs"]): readonly string[] {
  return runs.kind === "any" ? [] : runs.refs.map((ref) => ("name" in ref ? ref.name : ref.prefix));
}

function projectProblem({ projectId, runs, users, subject }: ProjectRule): Message | undefined {
  if (!isUuid(projectId)) return msg("id.uuid.malformed", { what: "project ID" });
  if (!v.is(UserRule, users)) return msg("id.uuid.malformed", { what: "user ID" });
  if (runs.kind === "any") return undefined;
  if (subject === "V1") return msg("trust.rule.v1");
  const repository = checkRepository(runs.repository);
  if (!repository.ok) return repository.problem;
  return v.is(RunRule, runs) ? undefined : msg("trust.rule.refs");
}

/** What the hub role must bring besides being itself. */
export type HubGuard = {
  /** What it has to say: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html */
  readonly externalId?: string;
  /** The organization that its account must belong to, such as `o-a1b2c3d4e5`. */
  readonly organization?: string;
};

/**
 * The trust policy of a sub-account role: the hub role may assume it, nobody else.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (PrincipalOrgID)
 */
export function buildSubAccountTrust(hubRoleArn: string, guard: HubGuard = {}): PolicyDocument {
  const equals = {
    ...(guard.organization === undefined ? {} : { "aws:PrincipalOrgID": guard.organization }),
    ...(guard.externalId === undefined ? {} : { "sts:ExternalId": guard.externalId }),
  };
  const condition = Object.keys(equals).length === 0 ? {} : { Condition: { StringEquals: equals } };
  const principal = { AWS: hubRoleArn };
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", ...condition }],
  };
}

/** The ARN IAM gives the provider of an issuer (host and path, without `https://`). */
export function providerArn(partition: Partition, accountId: string, issuer: string): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}`;
}
