import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerIdentity } from "./certificates.ts";
import type { CircleCiData, Organization, Project, User } from "./data.ts";
import { listenOnLoopback, type Listening } from "./listen.ts";

/** One request the API got. */
export type ApiCall = { method: string; path: string; status: number };

/** The running API. `rateLimitNext` has the next requests answered with 429. */
export type Api = Listening & { calls: readonly ApiCall[]; rateLimitNext(count: number): void };

type Answer = { status: number; body: unknown; headers?: Record<string, string> };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Serves the part of CircleCI's API v2 that the product uses, to holders of a personal token only.
 * https://circleci.com/docs/api/v2/
 */
export async function startApi(identity: ServerIdentity, data: CircleCiData): Promise<Api> {
  const calls: ApiCall[] = [];
  let limited = 0;
  const server = createServer(identity, (request, response) => {
    const answer = limited > 0 ? tooManyRequests : answerTo(data, request);
    limited = Math.max(0, limited - 1);
    calls.push({ method: request.method ?? "", path: request.url ?? "", status: answer.status });
    send(response, answer);
  });
  const listening = await listenOnLoopback(server);
  return { ...listening, calls, rateLimitNext: (count) => void (limited = count) };
}

const tooManyRequests: Answer = {
  status: 429,
  body: { message: "Too many requests" },
  headers: { "retry-after": "1" },
};

function answerTo(data: CircleCiData, request: IncomingMessage): Answer {
  const path = new URL(request.url ?? "/", "https://circleci.com").pathname;
  const user = data.users.find(({ token }) => token === tokenOf(request));
  if (!path.startsWith("/api/v2/")) {
    return { status: 404, body: { message: "Not found" } };
  }
  if (user === undefined) {
    return { status: 401, body: { message: "You must log in first." } };
  }
  if (request.method !== "GET") {
    return { status: 405, body: { message: "Method not allowed" } };
  }
  const visible = data.organizations.filter(({ id }) => user.organizations.includes(id));
  const parts = path.slice("/api/v2/".length).split("/").map(decodePart);
  return route(parts, user, data.organizations, visible) ?? { status: 404, body: { message: "Not found" } };
}

function route(
  parts: readonly string[],
  user: User,
  all: readonly Organization[],
  visible: readonly Organization[],
): Answer | undefined {
  const [first, second, third, fourth, fifth] = parts;
  if (first === "me") {
    return second === "collaborations"
      ? { status: 200, body: visible.map(collaboration) }
      : second === undefined
        ? { status: 200, body: { id: user.id, login: user.login, name: user.name } }
        : undefined;
  }
  if (first === "project") {
    // The slashes of the slug may be escaped.
    return projectBySlug(parts.slice(1).join("/"), all, visible);
  }
  if (first === "org" && second !== undefined && third === "oidc-custom-claims") {
    return customClaims(second, undefined, visible);
  }
  if (first === "org" && second !== undefined && third === "project" && fifth === "oidc-custom-claims") {
    return customClaims(second, fourth, visible);
  }
  return undefined;
}

function tokenOf(request: IncomingMessage): string | undefined {
  const header = request.headers["circle-token"];
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return typeof header === "string" ? header : bearer;
}

function collaboration(organization: Organization): Record<string, unknown> {
  return {
    id: organization.id,
    "vcs-type": organization.vcsType,
    name: organization.name,
    avatar_url: `https://avatars.example.com/${organization.name}`,
    slug: organization.slug,
  };
}

function projectBySlug(
  asked: string,
  all: readonly Organization[],
  visible: readonly Organization[],
): Answer {
  const slug = asked.replace(/^github\//, "gh/").replace(/^bitbucket\//, "bb/");
  for (const organization of all) {
    const project = organization.projects.find((candidate) => {
      if (!visible.includes(organization) && candidate.isPublic !== true) return false;
      // Ids stand in for short ids in "circleci/" slugs only.
      const byId = `circleci/${organization.id}/${candidate.id}`;
      return candidate.slug === slug || (organization.vcsType === "circleci" && slug === byId);
    });
    if (project !== undefined) {
      return { status: 200, body: projectBody(organization, project) };
    }
  }
  return { status: 404, body: { message: "Project not found" } };
}

function projectBody(organization: Organization, project: Project): Record<string, unknown> {
  const provider = { github: "GitHub", bitbucket: "Bitbucket", circleci: "CircleCI" }[organization.vcsType];
  const vcsUrl =
    organization.vcsType === "circleci"
      ? `//circleci.com/${organization.id}/${project.id}`
      : `https://${project.repository}`;
  return {
    slug: project.slug,
    name: project.name,
    id: project.id,
    organization_name: organization.name,
    organization_slug: organization.slug,
    organization_id: organization.id,
    vcs_info: { vcs_url: vcsUrl, provider, default_branch: project.defaultBranch },
  };
}

function customClaims(
  organizationId: string,
  projectId: string | undefined,
  visible: readonly Organization[],
): Answer {
  if (!uuid.test(organizationId) || (projectId !== undefined && !uuid.test(projectId))) {
    return { status: 400, body: { error: "invalid path parameter" } };
  }
  const organization = visible.find(({ id }) => id === organizationId);
  const project = organization?.projects.find(({ id }) => id === projectId);
  if (organization === undefined || (projectId !== undefined && project === undefined)) {
    return { status: 403, body: { error: "Forbidden" } };
  }
  const audience = (project ?? organization).audience;
  return {
    status: 200,
    body: {
      org_id: organization.id,
      ...(project === undefined ? {} : { project_id: project.id }),
      ...(audience === undefined ? {} : { audience, audience_updated_at: "2026-01-01T00:00:00Z" }),
    },
  };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
