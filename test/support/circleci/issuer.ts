import { createServer } from "node:https";
import type { RequestListener } from "node:http";
import type { ServerIdentity } from "./certificates.ts";
import type { Organization } from "./data.ts";
import { listenOnLoopback, type Listening } from "./listen.ts";
import type { SigningKeys } from "./signingKeys.ts";
import { issuerUrl } from "./tokens.ts";

/** Serves the issuers of all organizations over TLS, as `oidc.circleci.com` does. */
export function startIssuer(
  identity: ServerIdentity,
  keys: SigningKeys,
  organizations: readonly Organization[],
): Promise<Listening> {
  return listenOnLoopback(createServer(identity, issuerHandler(keys, organizations)));
}

/** Answers `/org/<id>/.well-known/openid-configuration` and `/org/<id>/.well-known/jwks-pub.json`. */
export function issuerHandler(keys: SigningKeys, organizations: readonly Organization[]): RequestListener {
  return (request, response) => {
    const [, id, name] = /^\/org\/([^/]+)\/\.well-known\/([^/?]+)$/.exec(request.url ?? "") ?? [];
    const known = id !== undefined && organizations.some((organization) => organization.id === id);
    const document = known && request.method === "GET" ? wellKnown(keys, id, name) : undefined;
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(document ?? { message: "Not found" }));
  };
}

function wellKnown(keys: SigningKeys, organization: string, name: string | undefined): unknown {
  if (name === "openid-configuration") {
    return discoveryDocument(organization);
  }
  return name === "jwks-pub.json" ? { keys: [keys.publicJwk] } : undefined;
}

/**
 * The discovery document of an organization: what OpenID Connect Discovery 1.0, section 3, requires of an issuer
 * that has no authorization endpoint, and the claims that CircleCI documents.
 */
export function discoveryDocument(organization: string): Record<string, unknown> {
  const issuer = issuerUrl(organization);
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks-pub.json`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public", "pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
    claims_supported: [
      "aud",
      "sub",
      "iss",
      "iat",
      "exp",
      "oidc.circleci.com/context-ids",
      "oidc.circleci.com/project-id",
    ],
    service_documentation:
      "https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/",
  };
}
