import * as v from "valibot";
import { describeError, TlsFailure } from "./failure.ts";
import { httpsGet } from "./https.ts";
import type { Proxy } from "./proxy.ts";

const longestDocument = 64 * 1024;

const discoverySchema = v.object({ issuer: v.string(), jwks_uri: v.string() });

/**
 * Fetches the issuer's discovery document and returns its `jwks_uri`, an https URL.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig, section 4.3: the issuer in it must
 * be the one asked. No redirect is followed. Fails with `TlsFailure`.
 */
export async function fetchJwksUri(
  issuerUrl: string,
  proxy: Proxy | undefined,
  signal: AbortSignal,
): Promise<URL> {
  const issuer = parseIssuer(issuerUrl);
  const location = new URL(`${issuer.href.replace(/\/$/, "")}/.well-known/openid-configuration`);
  const headers = { accept: "application/json" };
  const { status, text } = await httpsGet(location, { headers, proxy, signal, maxBytes: longestDocument });
  if (status >= 300 && status < 400) {
    throw new TlsFailure("redirected", `${location.host} answered ${status}; redirects are not followed`);
  }
  if (status !== 200) {
    throw new TlsFailure("http-status", `${location.host} answered ${status}`);
  }
  const document = parseDocument(text);
  if (document.issuer !== issuerUrl) {
    throw new TlsFailure("issuer-mismatch", `the document is about ${document.issuer}, not ${issuerUrl}`);
  }
  const jwksUri = URL.canParse(document.jwks_uri) ? new URL(document.jwks_uri) : undefined;
  if (jwksUri?.protocol !== "https:" || jwksUri.username !== "" || jwksUri.password !== "") {
    throw new TlsFailure("invalid-jwks-uri", `jwks_uri is not an https URL: ${document.jwks_uri}`);
  }
  return jwksUri;
}

function parseIssuer(issuerUrl: string): URL {
  const url = URL.canParse(issuerUrl) ? new URL(issuerUrl) : undefined;
  const plain = url?.protocol === "https:" && url.username === "" && url.password === "";
  if (!plain || url.search !== "" || url.hash !== "") {
    throw new TlsFailure("invalid-issuer", "the issuer is not an https URL without credentials and query");
  }
  return url;
}

function parseDocument(text: string): v.InferOutput<typeof discoverySchema> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new TlsFailure("invalid-discovery", `not JSON: ${describeError(error)}`);
  }
  const result = v.safeParse(discoverySchema, data);
  if (!result.success) {
    throw new TlsFailure("invalid-discovery", result.issues.map((issue) => issue.message).join("; "));
  }
  return result.output;
}
