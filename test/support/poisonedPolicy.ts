/**
 * A trust policy as people write it and should not: by its second subject it lets the whole organization in, and by
 * its first whoever may push a branch.
 */
export function poisonedPolicy(organization: string, project: string): string {
  const issuer = `oidc.circleci.com/org/${organization}`;
  const main = `org/${organization}/project/${project}/user/*/vcs-origin/github.com/acme/web-shop/vcs-ref/refs/heads/main`;
  const statement = {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${issuer}:aud`]: organization },
      StringLike: { [`${issuer}:sub`]: [main, `org/${organization}/*`] },
    },
  };
  return `${JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, undefined, 2)}\n`;
}
