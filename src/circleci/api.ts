import * as v from "valibot";
import { msg } from "../core/messages.ts";
import type { Problem } from "../core/outcome.ts";
import type { Lookup } from "../core/wizard/state.ts";
import { TlsFailure } from "../tls/failure.ts";
import { httpsGet } from "../tls/https.ts";
import type { Proxy } from "../tls/proxy.ts";

/** What a look-up is made with. */
export type ApiOptions = {
  /** The host the token was entered for, such as `circleci.com`. */
  readonly host: string;
  /** A personal API token; project tokens are not taken by API v2. */
  readonly token: string;
  readonly proxy: Proxy | undefined;
  readonly signal: AbortSignal;
};

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

const Project = v.object({
  id: v.pipe(v.string(), v.uuid(), v.toLowerCase()),
  name: v.string(),
  organization_id: v.pipe(v.string(), v.uuid(), v.toLowerCase()),
  organization_name: v.string(),
});
const Collaborations = v.array(v.object({ id: v.nullish(v.string()) }));
const CustomClaims = v.object({ audience: v.optional(v.array(v.string())) });

/**
 * Asks CircleCI which project a slug means, whether the user is a member of its organization, and which
 * audience its tokens carry. Membership is asked for apart: anybody with an account can read a public project.
 * Sources: https://circleci.com/docs/api/v2/ (getProjectBySlug, getCollaborations, GetProjectClaims, GetOrgClaims)
 */
export async function lookupProject(slug: string, options: ApiOptions): Promise<Answer<Lookup>> {
  const path = slug.split("/").map(encodeURIComponent).join("/");
  const project = await get(`/api/v2/project/${path}`, Project, options, slug);
  if (!project.ok) return project;
  const { id, name, organization_id: organizationId, organization_name: organizationName } = project.value;
  const [collaborations, audience] = await Promise.all([
    get("/api/v2/me/collaborations", Collaborations, options, slug),
    tokenAudience(organizationId, id, options),
  ]);
  if (!collaborations.ok) return collaborations;
  if (!audience.ok) return audience;
  const member = collaborations.value.some((one) => one.id?.toLowerCase() === organizationId);
  return {
    ok: true,
    value: {
      organizationId,
      organizationName,
      projectId: id,
      projectName: name,
      member,
      audience: audience.value,
    },
  };
}

/** The project's own audience, else the organization's, else the organization ID. */
async function tokenAudience(org: string, project: string, options: ApiOptions): Promise<Answer<string>> {
  const paths = [
    `/api/v2/org/${org}/project/${project}/oidc-custom-claims`,
    `/api/v2/org/${org}/oidc-custom-claims`,
  ];
  for (const path of paths) {
    const claims = await get(path, CustomClaims, options, project);
    // No custom claims, or no right to read them: the default applies as far as can be known.
    if (
      !claims.ok &&
      claims.problem.code !== "circleci.notFound" &&
      claims.problem.code !== "circleci.forbidden"
    ) {
      return claims;
    }
    const audiences = claims.ok ? (claims.value.audience ?? []) : [];
    if (audiences.length > 1) {
      const args = { audiences: audiences.join(", ") };
      return refuse({ code: "circleci.audiences", message: msg("circleci.api.audiences", args) });
    }
    const [audience] = audiences;
    if (audience !== undefined) return { ok: true, value: audience };
  }
  return { ok: true, value: org };
}

async function get<T>(
  path: string,
  schema: v.GenericSchema<unknown, T>,
  options: ApiOptions,
  slug: string,
): Promise<Answer<T>> {
  const { host, token, proxy, signal } = options;
  let answer: { readonly status: number; readonly text: string };
  try {
    const headers = { accept: "application/json", "circle-token": token };
    answer = await httpsGet(new URL(`https://${host}${path}`), { headers, proxy, signal });
  } catch (error) {
    if (!(error instanceof TlsFailure)) throw error;
    return refuse({
      code: `circleci.${error.code}`,
      message: msg("circleci.api.unreachable", { host }),
      advice: msg("circleci.api.unreachable.advice"),
      detail: error.message,
    });
  }
  if (answer.status !== 200) return refuse(statusProblem(answer.status, slug));
  const parsed = v.safeParse(schema, parseJson(answer.text));
  return parsed.success
    ? { ok: true, value: parsed.output }
    : refuse({ code: "circleci.answer", message: msg("circleci.api.answer") });
}

function statusProblem(status: number, slug: string): Problem {
  switch (status) {
    case 401:
      return {
        code: "circleci.unauthorized",
        message: msg("circleci.api.unauthorized"),
        advice: msg("circleci.api.unauthorized.advice"),
      };
    case 403:
      return {
        code: "circleci.forbidden",
        message: msg("circleci.api.notFound", { slug }),
        advice: msg("circleci.api.notFound.advice"),
      };
    case 404:
      return {
        code: "circleci.notFound",
        message: msg("circleci.api.notFound", { slug }),
        advice: msg("circleci.api.notFound.advice"),
      };
    case 429:
      return { code: "circleci.limited", message: msg("circleci.api.limited") };
    default:
      return { code: "circleci.status", message: msg("circleci.api.answer"), detail: `Status ${status}` };
  }
}

const refuse = (problem: Problem): { ok: false; problem: Problem } => ({ ok: false, problem });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
