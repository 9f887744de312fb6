import type { Partition } from "../ids.ts";
import type { PolicyDocument } from "../policy.ts";
import { issuerHostPath, type BranchRule } from "../setup.ts";

/**
 * A user ID as a `StringLike` mask. `*` would span `/`: with `user/*` a branch called
 * `x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main` would pass as branch main.
 */
const USER_MASK = "????????-????-????-????-????????????";

export type TrustRule = {
  readonly partition: Partition;
  readonly accountId: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly audience: string;
  readonly branchRule: BranchRule;
};

/**
 * The trust policy of the hub role: one statement that pins the audience and the project, and the branches
 * where they are named. In the `aws` partition the project is pinned by its own condition key; elsewhere that
 * key is not established and the subject does it.
 * Sources: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/ (AWS),
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
 */
export function buildTrustPolicy(rule: TrustRule): PolicyDocument {
  const issuer = issuerHostPath(rule.organizationId);
  const project = `org/${rule.organizationId}/project/${rule.projectId}`;
  const hasProjectKey = rule.partition === "aws";
  const equals: Record<string, string> = { [`${issuer}:aud`]: rule.audience };
  if (hasProjectKey) equals[`${issuer}:oidc.circleci.com/project-id`] = rule.projectId;
  const subjects = subjectPatterns(project, rule.branchRule, hasProjectKey);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn(rule.partition, rule.accountId, rule.organizationId) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: equals,
          ...(subjects === undefined ? {} : { StringLike: { [`${issuer}:sub`]: subjects } }),
        },
      },
    ],
  };
}

function subjectPatterns(
  project: string,
  rule: BranchRule,
  hasProjectKey: boolean,
): string | readonly string[] | undefined {
  switch (rule.kind) {
    case "any":
      return hasProjectKey ? undefined : `${project}/user/*`;
    case "named": {
      const patterns = rule.branches.map(
        (branch) => `${project}/user/${USER_MASK}/vcs-origin/${rule.repository}/vcs-ref/refs/heads/${branch}`,
      );
      return patterns.length === 1 ? (patterns[0] ?? patterns) : patterns;
    }
  }
}

/** The trust policy of a sub-account role: the hub role may assume it, nobody else. */
export function buildSubAccountTrust(hubRoleArn: string): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: hubRoleArn }, Action: "sts:AssumeRole" }],
  };
}

/** The ARN IAM gives the provider of an organization's issuer. */
export function providerArn(partition: Partition, accountId: string, organizationId: string): string {
  return `arn:${partition}:iam::${accountId}:oidc-provider/${issuerHostPath(organizationId)}`;
}
