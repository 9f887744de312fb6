import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeCertificate, signerOf, thumbprintOf } from "../../../src/tls/certificate.ts";

const pem = `-----BEGIN CERTIFICATE-----
MIIBzzCCAXWgAwIBAgIUezqqz/utHpAzlXQnrbhfdgyBjVAwCgYIKoZIzj0EAwIw
PTELMAkGA1UEBhMCTkwxFTATBgNVBAoMDEV4YW1wbGUgQi5WLjEXMBUGA1UEAwwO
aXNzdWVyLmV4YW1wbGUwHhcNMjYxMTIzMDkwMTI4WhcNMzYxMTIwMDkwMTI4WjA9
MQswCQYDVQQGEwJOTDEVMBMGA1UECgwMRXhhbXBsZSBCLlYuMRcwFQYDVQQDDA5p
c3N1ZXIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABA0DGzJHZMDj
/QDNPb0P+fg2MPb0BPWyJxZ0/jX+7OW0rJR4Si+SGqAKswSoDj8mKaR2P8EwLwZq
zcUbSp0n5rmjUzBRMB0GA1UdDgQWBBSQTDqDk7BvY5ibWDmYhJlrw0sM1jAfBgNV
HSMEGDAWgBSQTDqDk7BvY5ibWDmYhJlrw0sM1jAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCICnXhc6tZK0qUksKMDEDsvutr6CWxx6UfjdwiERPcyIe
AiEAmxlkdNnbZBNz4j0ftAG7yNHA8U9FljF+YoDvyuZatiE=
-----END CERTIFICATE-----`;

describe("a certificate", () => {
  const certificate = new X509Certificate(pem);

  it("has the thumbprint that openssl prints as its SHA-1 fingerprint", () => {
    expect(thumbprintOf(certificate)).toBe("e0e6ada9e8a02543a7c4c9d3faa4cbe2003c5ffe");
    const printed = execFileSync("openssl", ["x509", "-noout", "-fingerprint", "-sha1"], { input: pem });
    expect(printed.toString().trim().toLowerCase().replaceAll(":", "")).toMatch(
      /=e0e6ada9e8a02543a7c4c9d3faa4cbe2003c5ffe$/,
    );
  });

  it("is described with ISO dates, lowercase hashes and names on one line", () => {
    expect(describeCertificate(certificate)).toEqual({
      subject: "C=NL, O=Example B.V., CN=issuer.example",
      issuer: "C=NL, O=Example B.V., CN=issuer.example",
      validFrom: "2026-11-23T09:01:28.000Z",
      validTo: "2036-11-20T09:01:28.000Z",
      sha1: "e0e6ada9e8a02543a7c4c9d3faa4cbe2003c5ffe",
      sha256: "564a801cfea6f4ab6425141954e9066e986df78738342155914b78fa9ae44472",
    });
  });

  it("was signed by the organisation and name of its issuer", () => {
    expect(signerOf(certificate)).toBe("Example B.V., issuer.example");
  });
});
