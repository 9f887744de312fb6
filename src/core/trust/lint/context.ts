/** What is known beside the policy; each part is optional. */
export type LintContext = {
  /** The account of the role: only its own providers can let a token in. */
  readonly accountId?: string;
  /** The CircleCI organization that is meant: any other in the policy is a stranger. A lowercase UUID. */
  readonly organizationId?: string;
  /** The projects that are meant, to be pinned where none is. Lowercase UUIDs. */
  readonly projectIds?: readonly string[];
  /** How long a trust policy may be in the account, without white space: 2,048 unless raised. */
  readonly policyQuota?: number;
};
