import type { X509Certificate } from "node:crypto";
import type { Certificate } from "../core/thumbprint.ts";

/** Describes a certificate. Names come from the server: whoever shows them escapes them. */
export function describeCertificate(certificate: X509Certificate): Certificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validFrom: isoDate(certificate.validFrom),
    validTo: isoDate(certificate.validTo),
    sha1: hexDigest(certificate.fingerprint),
    sha256: hexDigest(certificate.fingerprint256),
  };
}

/**
 * The thumbprint IAM stores: SHA-1 over the DER certificate, 40 lowercase hex digits.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
 */
export function thumbprintOf(certificate: X509Certificate): string {
  return hexDigest(certificate.fingerprint);
}

/** Who signed a certificate: organisation and common name of its issuer, as far as they are given. */
export function signerOf(certificate: X509Certificate): string {
  const names = new Map(
    certificate.issuer.split("\n").map((part): [string, string] => {
      const at = part.indexOf("=");
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
  const parts = [names.get("O"), names.get("CN")].filter((part) => part !== undefined && part !== "");
  return parts.length > 0 ? parts.join(", ") : oneLine(certificate.issuer);
}

/** Whether `child` names `parent` as its issuer, may have been issued by it, and carries its key's signature. */
export function isSignedBy(child: X509Certificate, parent: X509Certificate): boolean {
  return child.checkIssued(parent) && verifies(child, parent);
}

/** Whether a certificate was signed with its own key; unlike `isSignedBy` without asking whether it may sign. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && verifies(certificate, certificate);
}

function verifies(child: X509Certificate, parent: X509Certificate): boolean {
  try {
    return child.verify(parent.publicKey);
  } catch {
    // A key type this build cannot use: not shown to be signed.
    return false;
  }
}

function hexDigest(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}

function oneLine(name: string): string {
  return name.split("\n").join(", ");
}

function isoDate(openSslDate: string): string {
  const time = Date.parse(openSslDate);
  return Number.isNaN(time) ? openSslDate : new Date(time).toISOString();
}
