import { randomUUID, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { defaultUserId, findProject, type Organization } from "./data.ts";
import type { SigningKeys } from "./signingKeys.ts";

/**
 * The job a token is for. With `branch` or `tag` the token has a VCS part, and `repository` defaults to the
 * project's; with neither, and no repository, the pipeline came from a custom webhook and it has none.
 */
export type TokenRequest = {
  organization: string;
  project: string;
  user?: string;
  branch?: string;
  tag?: string;
  /** As in `vcs-origin`: `github.com/acme/shop`. */
  repository?: string;
  /** Form of `sub`: 1 as in `CIRCLE_OIDC_TOKEN`, 2 as in `CIRCLE_OIDC_TOKEN_V2`. */
  version: 1 | 2;
  /** Default: the audience set for the project or organization, else the organization's id. */
  audience?: string | readonly string[];
  /** `exp` an hour in the past. */
  expired?: boolean;
  /** Signed by another key under the same `kid`. */
  forged?: boolean;
  /** When the token is minted; now by default. */
  now?: Date;
  jobId?: string;
  workflowId?: string;
  pipelineId?: string;
  pipelineDefinitionId?: string;
  contextIds?: readonly string[];
  sshRerun?: boolean;
};

/** Base of all issuer URLs. */
export const issuerBase = "https://oidc.circleci.com";

const hour = 3600;

/** The issuer URL of an organization. */
export function issuerUrl(organization: string): string {
  return `${issuerBase}/org/${organization}`;
}

/**
 * A token as CircleCI mints it for a job, a signed JWT (RS256).
 * https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 */
export async function mintToken(
  keys: SigningKeys,
  organizations: readonly Organization[],
  request: TokenRequest,
): Promise<string> {
  const claims = jobClaims(organizations, request);
  return sign(keys, request.forged === true ? keys.forger : keys.signer, claims);
}

/**
 * A token of the audit-log streamer, which has the same issuer and audience as the organization's jobs.
 * https://circleci.com/docs/guides/security/audit-logs/
 */
export async function mintStreamingToken(keys: SigningKeys, organization: string): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000);
  return sign(keys, keys.signer, {
    iss: issuerUrl(organization),
    sub: `org/${organization}/file-streaming/audit-logs`,
    aud: organization,
    iat: issuedAt,
    exp: issuedAt + hour,
  });
}

/** The claims of a job's token, without signature. */
export function jobClaims(
  organizations: readonly Organization[],
  request: TokenRequest,
): Record<string, unknown> {
  const { organization, project } = request;
  const known = findProject(organizations, project);
  const vcs = vcsPart(request, known?.project.repository);
  const base = `org/${organization}/project/${project}/user/${request.user ?? defaultUserId}`;
  const suffix = vcs === undefined ? "" : `/vcs-origin/${vcs.origin}/vcs-ref/${vcs.ref}`;
  const audience =
    request.audience ??
    known?.project.audience ??
    organizations.find(({ id }) => id === organization)?.audience ??
    organization;
  const minted = Math.floor((request.now ?? new Date()).getTime() / 1000);
  const issuedAt = request.expired === true ? minted - 2 * hour : minted;
  return {
    iss: issuerUrl(organization),
    sub: request.version === 2 ? base + suffix : base,
    aud: typeof audience !== "string" && audience.length === 1 ? audience[0] : audience,
    iat: issuedAt,
    exp: issuedAt + hour,
    "oidc.circleci.com/org-id": organization,
    "oidc.circleci.com/project-id": project,
    "oidc.circleci.com/pipeline-definition-id": request.pipelineDefinitionId ?? randomUUID(),
    "oidc.circleci.com/pipeline-id": request.pipelineId ?? randomUUID(),
    "oidc.circleci.com/workflow-id": request.workflowId ?? randomUUID(),
    "oidc.circleci.com/job-id": request.jobId ?? randomUUID(),
    "oidc.circleci.com/context-ids": request.contextIds ?? [],
    "oidc.circleci.com/ssh-rerun": request.sshRerun ?? false,
    ...(vcs === undefined
      ? {}
      : { "oidc.circleci.com/vcs-origin": vcs.origin, "oidc.circleci.com/vcs-ref": vcs.ref }),
  };
}

function vcsPart(
  { branch, tag, repository }: TokenRequest,
  known: string | undefined,
): { origin: string; ref: string } | undefined {
  if (branch !== undefined && tag !== undefined) {
    throw new Error("A pipeline has a branch or a tag, not both.");
  }
  const ref =
    branch === undefined ? (tag === undefined ? undefined : `refs/tags/${tag}`) : `refs/heads/${branch}`;
  if (ref === undefined) {
    if (repository !== undefined) {
      throw new Error("A token that names a repository needs a branch or a tag.");
    }
    return undefined;
  }
  const origin = repository ?? known;
  if (origin === undefined) {
    throw new Error("The project is not known here, so the token needs a repository.");
  }
  return { origin, ref };
}

function sign(keys: SigningKeys, key: KeyObject, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: keys.kid, typ: "JWT" }).sign(key);
}
