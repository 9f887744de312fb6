import tls from "node:tls";
import type { Certificate } from "../core/thumbprint.ts";
import { describeCertificate, isSelfSigned, isSignedBy, signerOf, thumbprintOf } from "./certificate.ts";
import { targetOf } from "./connect.ts";
import { fetchJwksUri } from "./discovery.ts";
import { TlsFailure, type FailureCode } from "./failure.ts";
import { readPresentedChain, type Presented } from "./handshake.ts";
import type { Proxy } from "./proxy.ts";

/** Why a presented chain does not say which thumbprint AWS would take. */
export type IncompleteCode = "not-readable" | "out-of-order" | "issuer-not-presented";

/**
 * What the server of an issuer's keys presents.
 * - `verified`: good for the host against Node's bundled public roots alone.
 * - `untrusted`: it is not, so somebody may be in between: `who` signed the last certificate; `code` is why
 *   (`UNABLE_TO_GET_ISSUER_CERT_LOCALLY`, `CERT_HAS_EXPIRED`, …). Leave the thumbprint out unless told otherwise.
 * - `incomplete`: leave the thumbprint out; AWS allows that and fetches its own. `who` signed the server's
 *   certificate where only that was presented.
 * - `unreachable`: nothing is known.
 *
 * `thumbprint` is 40 lowercase hex digits; `chain` is in the order presented, the server's own first; `reason` is
 * technical, without a full stop. It can be given where core's `ThumbprintResult` is asked for.
 */
export type FetchedThumbprint =
  | { kind: "verified"; thumbprint: string; chain: Certificate[]; jwksUri: string }
  | {
      kind: "untrusted";
      thumbprint: string;
      chain: Certificate[];
      jwksUri: string;
      who: string;
      code: string;
    }
  | {
      kind: "incomplete";
      chain: Certificate[];
      jwksUri: string;
      who: string | undefined;
      code: IncompleteCode;
      reason: string;
    }
  | { kind: "unreachable"; code: FailureCode; reason: string };

/** What to fetch. `timeoutMs` limits the whole of it; 15 seconds unless given. */
export type ThumbprintRequest = {
  issuerUrl: string;
  proxy?: Proxy | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
};

/**
 * Finds the thumbprint of an OIDC issuer: SHA-1 of the last certificate that the host of `jwks_uri` presents.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 * Rejects only when `signal` aborts, with its reason; everything else is a result.
 */
export async function fetchThumbprint(request: ThumbprintRequest): Promise<FetchedThumbprint> {
  return fetchThumbprintWith(tls.rootCertificates, request);
}

/** `fetchThumbprint` with the roots that count as public given, PEM each. */
export async function fetchThumbprintWith(
  roots: readonly string[],
  { issuerUrl, proxy, signal: cancel, timeoutMs = 15_000 }: ThumbprintRequest,
): Promise<FetchedThumbprint> {
  cancel?.throwIfAborted();
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = cancel === undefined ? deadline : AbortSignal.any([cancel, deadline]);
  try {
    const jwksUri = await fetchJwksUri(issuerUrl, proxy, signal);
    const presented = await readPresentedChain(targetOf(jwksUri), roots, proxy, signal);
    return judgeChain(presented, jwksUri.href);
  } catch (error) {
    cancel?.throwIfAborted();
    if (deadline.aborted) {
      return { kind: "unreachable", code: "timeout", reason: `no answer within ${timeoutMs} ms` };
    }
    if (error instanceof TlsFailure) {
      return { kind: "unreachable", code: error.code, reason: error.message };
    }
    throw error;
  }
}

/** Says what a presented chain is worth. Pure. */
export function judgeChain(presented: Presented, jwksUri: string): FetchedThumbprint {
  if (presented.kind === "unreadable") {
    const { reason } = presented;
    return { kind: "incomplete", chain: [], jwksUri, who: undefined, code: "not-readable", reason };
  }
  const { certificates, verified, code } = presented;
  const chain = certificates.map(describeCertificate);
  const last = certificates.at(-1);
  const linked = certificates.every((certificate, index) => {
    const next = certificates[index + 1];
    return next === undefined || isSignedBy(certificate, next);
  });
  if (last === undefined || !linked) {
    const reason = "the certificates presented are not each signed by the next";
    return { kind: "incomplete", chain, jwksUri, who: undefined, code: "out-of-order", reason };
  }
  const thumbprint = thumbprintOf(last);
  const who = signerOf(last);
  if (verified) {
    return { kind: "verified", thumbprint, chain, jwksUri };
  }
  if (certificates.length === 1 && !isSelfSigned(last)) {
    const reason = `only the server's own certificate was presented, signed by ${who}`;
    return { kind: "incomplete", chain, jwksUri, who, code: "issuer-not-presented", reason };
  }
  return { kind: "untrusted", thumbprint, chain, jwksUri, who, code };
}
