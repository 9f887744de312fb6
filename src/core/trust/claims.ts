/** The claims of a web identity token, by name. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** What a pipeline was started for. */
export type JobRef =
  | { readonly kind: "branch"; readonly name: string }
  | { readonly kind: "tag"; readonly name: string }
  /** A pull request from a fork, by number. */
  | { readonly kind: "pull"; readonly number: number };

export type JobTrigger =
  | {
      readonly kind: "vcs";
      /** Host, owner and name without scheme: the fork's for a pull request from a fork. */
      readonly repository: string;
      readonly ref: JobRef;
    }
  /** A custom webhook: the token says nothing about a repository. */
  | { readonly kind: "webhook" };

/** A CircleCI job, as far as its token tells. IDs are lowercase UUIDs. */
export type CircleCiJob = {
  readonly organizationId: string;
  readonly projectId: string;
  /** Whoever caused the job. */
  readonly userId: string;
  readonly trigger: JobTrigger;
  /** `V1` is `CIRCLE_OIDC_TOKEN`, `V2` is `CIRCLE_OIDC_TOKEN_V2`. */
  readonly token: "V1" | "V2";
  /** In seconds since 1970. */
  readonly issuedAt: number;
  /** One hour unless the organization set another `ttl`. */
  readonly lifetimeSeconds?: number;
  /** The organization ID unless CircleCI or the job was told otherwise. */
  readonly audience?: string | readonly string[];
  readonly contextIds?: readonly string[];
  readonly sshRerun?: boolean;
  /** Minted with `circleci run oidc get --root-issuer`. */
  readonly rootIssuer?: boolean;
  /** The issuer of a CircleCI Server, `https://` included. */
  readonly serverIssuer?: string;
  readonly runIds?: {
    readonly pipeline: string;
    readonly workflow: string;
    readonly job: string;
    readonly pipelineDefinition: string;
  };
};

const ROOT_ISSUER = "https://oidc.circleci.com";

/** Stands for the IDs of a run that nobody described. */
const SOME_RUN = "00000000-0000-4000-8000-000000000000";

/**
 * The claims of a job's token. `sub` of V1 ends with the user, that of V2 adds repository and ref, except for
 * custom webhooks, whose tokens have no `vcs-` claims at all.
 * Sources: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/,
 * https://circleci.com/docs/guides/permissions-authentication/oidc-tokens-with-custom-claims/
 */
export function jobClaims(job: CircleCiJob): TokenClaims {
  const { organizationId, projectId, trigger } = job;
  const ids = job.runIds ?? {
    pipeline: SOME_RUN,
    workflow: SOME_RUN,
    job: SOME_RUN,
    pipelineDefinition: SOME_RUN,
  };
  return {
    ...commonClaims(job, organizationId, subjectOf(job)),
    "oidc.circleci.com/org-id": organizationId,
    "oidc.circleci.com/project-id": projectId,
    "oidc.circleci.com/pipeline-id": ids.pipeline,
    "oidc.circleci.com/workflow-id": ids.workflow,
    "oidc.circleci.com/job-id": ids.job,
    "oidc.circleci.com/pipeline-definition-id": ids.pipelineDefinition,
    "oidc.circleci.com/context-ids": job.contextIds ?? [],
    "oidc.circleci.com/ssh-rerun": job.sshRerun ?? false,
    ...(trigger.kind === "vcs"
      ? {
          "oidc.circleci.com/vcs-origin": trigger.repository,
          "oidc.circleci.com/vcs-ref": refText(trigger.ref),
        }
      : {}),
  };
}

/**
 * The claims with which CircleCI streams audit logs: the same issuer and audience as the organization's jobs,
 * and no project.
 * Source: https://circleci.com/docs/guides/security/audit-logs/
 */
export function auditLogClaims(stream: {
  readonly organizationId: string;
  readonly issuedAt: number;
}): TokenClaims {
  const { organizationId } = stream;
  return commonClaims(stream, organizationId, `org/${organizationId}/file-streaming/audit-logs`);
}

function commonClaims(
  token: Pick<CircleCiJob, "issuedAt" | "lifetimeSeconds" | "audience" | "rootIssuer" | "serverIssuer">,
  organizationId: string,
  subject: string,
): TokenClaims {
  const issuer = token.rootIssuer === true ? ROOT_ISSUER : `${ROOT_ISSUER}/org/${organizationId}`;
  return {
    iss: token.serverIssuer ?? issuer,
    sub: subject,
    aud: token.audience ?? organizationId,
    iat: token.issuedAt,
    exp: token.issuedAt + (token.lifetimeSeconds ?? 3600),
  };
}

function subjectOf({ organizationId, projectId, userId, trigger, token }: CircleCiJob): string {
  const subject = `org/${organizationId}/project/${projectId}/user/${userId}`;
  if (token === "V1" || trigger.kind === "webhook") return subject;
  return `${subject}/vcs-origin/${trigger.repository}/vcs-ref/${refText(trigger.ref)}`;
}

/** A ref as CircleCI writes it. That of a fork's pull request is as seen, not as documented. */
function refText(ref: JobRef): string {
  switch (ref.kind) {
    case "branch":
      return `refs/heads/${ref.name}`;
    case "tag":
      return `refs/tags/${ref.name}`;
    case "pull":
      return `refs/heads/pull/${String(ref.number)}`;
  }
}
