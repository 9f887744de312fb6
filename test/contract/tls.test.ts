import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import type { ServerOptions } from "node:https";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fetchThumbprint, fetchThumbprintWith } from "../../src/tls/thumbprint.ts";
import { createLeaf, createServerIdentity } from "../support/circleci/certificates.ts";
import { createTlsServers, keysUrl, type TlsServers } from "../support/tlsServers.ts";

const run = promisify(execFile);
let servers: TlsServers;

beforeAll(async () => {
  servers = await createTlsServers();
});

afterAll(() => servers.restoreTrust());

afterEach(() => servers.stopAll());

const presenting = (keys: ServerOptions) => servers.start({ keys });

function sha1(pem: string): string {
  return new X509Certificate(pem).fingerprint.replaceAll(":", "").toLowerCase();
}

describe("what a server presents", () => {
  it("is verified when it leads to a public root, the thumbprint being that of the last one sent", async () => {
    const { request, proxy } = await presenting(await createServerIdentity(servers.authority, ["keys.test"]));
    const result = await fetchThumbprintWith([servers.authority.root.certificate], request);
    expect(result).toMatchObject({
      kind: "verified",
      thumbprint: sha1(servers.authority.intermediate.certificate),
      jwksUri: keysUrl,
      chain: [{ subject: "CN=keys.test" }, { subject: "CN=Local Test Intermediate CA, O=Local Test" }],
    });
    expect(proxy.served).toEqual(["issuer.test:443", "keys.test:443"]);
  });

  it("is untrusted without a public root, although this machine trusts it", async () => {
    const { request } = await presenting(await createServerIdentity(servers.authority, ["keys.test"]));
    expect(await fetchThumbprint(request)).toMatchObject({
      kind: "untrusted",
      thumbprint: sha1(servers.authority.intermediate.certificate),
      who: "Local Test, Local Test Root CA",
      code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    });
  });

  it("counts the root when the server sends it", async () => {
    const { cert, key } = await createServerIdentity(servers.authority, ["keys.test"]);
    const { request } = await presenting({ cert: cert + servers.authority.root.certificate, key });
    const result = await fetchThumbprintWith([servers.authority.root.certificate], request);
    expect(result).toMatchObject({ kind: "verified", thumbprint: sha1(servers.authority.root.certificate) });
    expect(result.kind === "verified" && result.chain).toHaveLength(3);
  });

  it("is untrusted when signed by itself", async () => {
    const { certificate, key } = await createLeaf(undefined, ["keys.test"]);
    const { request } = await presenting({ cert: certificate, key });
    expect(await fetchThumbprint(request)).toMatchObject({
      kind: "untrusted",
      thumbprint: sha1(certificate),
      who: "keys.test",
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });

  it("is incomplete when only the server's own certificate is sent", async () => {
    const { certificate, key } = await createLeaf(servers.authority.intermediate, ["keys.test"]);
    const { request } = await presenting({ cert: certificate, key });
    expect(await fetchThumbprintWith([servers.authority.root.certificate], request)).toMatchObject({
      kind: "incomplete",
      code: "issuer-not-presented",
      who: "Local Test, Local Test Intermediate CA",
    });
  });

  it("is incomplete when sent out of order, even if it verifies", async () => {
    const { certificate, key } = await createLeaf(servers.authority.intermediate, ["keys.test"]);
    const { root, intermediate } = servers.authority;
    const { request } = await presenting({
      cert: certificate + root.certificate + intermediate.certificate,
      key,
    });
    expect(await fetchThumbprintWith([root.certificate], request)).toMatchObject({
      kind: "incomplete",
      code: "out-of-order",
      chain: [
        { sha1: sha1(certificate) },
        { sha1: sha1(root.certificate) },
        { sha1: sha1(intermediate.certificate) },
      ],
    });
  });

  it("is untrusted when expired, or made for another host", async () => {
    const notAfter = new Date(Date.now() - 3_600_000);
    const expired = await presenting(
      await createServerIdentity(servers.authority, ["keys.test"], { notAfter }),
    );
    const foreign = await presenting(await createServerIdentity(servers.authority, ["other.test"]));
    const roots = [servers.authority.root.certificate];
    expect(await fetchThumbprintWith(roots, expired.request)).toMatchObject({
      kind: "untrusted",
      code: "CERT_HAS_EXPIRED",
    });
    expect(await fetchThumbprintWith(roots, foreign.request)).toMatchObject({
      kind: "untrusted",
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  it("is left out when the server insists on TLS 1.3", async () => {
    const identity = await createServerIdentity(servers.authority, ["keys.test"]);
    const { request } = await presenting({ ...identity, minVersion: "TLSv1.3" });
    expect(await fetchThumbprint(request)).toMatchObject({ kind: "incomplete", code: "not-readable" });
  });

  it("is the same that openssl sees", async () => {
    const { cert, key } = await createServerIdentity(servers.authority, ["keys.test"]);
    const { request, keysPort } = await presenting({ cert: cert + servers.authority.root.certificate, key });
    const asked = run("openssl", [
      "s_client",
      "-connect",
      `127.0.0.1:${keysPort}`,
      "-servername",
      "keys.test",
      "-showcerts",
    ]);
    asked.child.stdin?.end();
    const shown =
      (await asked).stdout.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const printing = run("openssl", ["x509", "-noout", "-fingerprint", "-sha1"]);
    printing.child.stdin?.end(shown.at(-1));
    const fingerprint = (await printing).stdout.trim().replace(/^.*=/, "").replaceAll(":", "").toLowerCase();
    const result = await fetchThumbprint(request);
    expect(result).toMatchObject({ kind: "untrusted", thumbprint: fingerprint });
    expect(result.kind === "untrusted" && result.chain.map((one) => one.sha1)).toEqual(shown.map(sha1));
  });
});
