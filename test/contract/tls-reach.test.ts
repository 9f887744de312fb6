import { execFile } from "node:child_process";
import type { RequestListener } from "node:http";
import { createServer as createPlainServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fetchThumbprint } from "../../src/tls/thumbprint.ts";
import { createAuthority, createServerIdentity } from "../support/circleci/certificates.ts";
import { startCircleCi } from "../support/circleci/index.ts";
import { listenOnLoopback } from "../support/circleci/listen.ts";
import { createTlsServers, issuerUrl, keysUrl, type TlsServers } from "../support/tlsServers.ts";

const run = promisify(execFile);
let servers: TlsServers;

beforeAll(async () => {
  servers = await createTlsServers();
});

afterAll(() => servers.restoreTrust());

afterEach(() => servers.stopAll());

describe("the discovery document", () => {
  const unreachable = (code: string) => expect.objectContaining({ kind: "unreachable", code });
  const oversized = JSON.stringify({ issuer: issuerUrl, jwks_uri: keysUrl, filler: "x".repeat(100_000) });

  it.each<[string, string, RequestListener]>([
    [
      "of another issuer",
      "issuer-mismatch",
      (_, r) => void r.end(JSON.stringify({ issuer: `${issuerUrl}/`, jwks_uri: keysUrl })),
    ],
    [
      "without https keys",
      "invalid-jwks-uri",
      (_, r) => void r.end(JSON.stringify({ issuer: issuerUrl, jwks_uri: "http://keys.test/" })),
    ],
    ["that is not JSON", "invalid-discovery", (_, r) => void r.end("<html>Sign in</html>")],
    [
      "of another shape",
      "invalid-discovery",
      (_, r) => void r.end(JSON.stringify({ issuer: issuerUrl, jwks_uri: [keysUrl] })),
    ],
    ["that is too large", "too-large", (_, r) => void r.end(oversized)],
    ["that does not exist", "http-status", (_, r) => void r.writeHead(404).end("{}")],
    ["found elsewhere", "redirected", (_, r) => void r.writeHead(302, { location: keysUrl }).end()],
    [
      "cut off",
      "connection-failed",
      (_, r) => void r.writeHead(200, { "content-length": "99" }).write("{", () => r.destroy()),
    ],
  ])("%s is refused", async (_name, code, handler) => {
    const { request, proxy } = await servers.start({ discovery: handler });
    expect(await fetchThumbprint(request)).toEqual(unreachable(code));
    expect(proxy.served).toEqual(["issuer.test:443"]);
  });

  it.each(["http://issuer.test", "https://user@issuer.test", "https://issuer.test?x", "issuer.test", ""])(
    "is not asked for under %j",
    async (url) => {
      const { request, proxy } = await servers.start();
      expect(await fetchThumbprint({ ...request, issuerUrl: url })).toEqual(unreachable("invalid-issuer"));
      expect(proxy.served).toEqual([]);
    },
  );

  it("is not read from a server whose certificate this machine does not trust", async () => {
    const strangers = await createAuthority();
    const server = await servers.serve(
      await createServerIdentity(strangers, ["issuer.test"]),
      (_, r) => void r.end("{}"),
    );
    const proxy = await servers.proxyTo({ "issuer.test:443": server.port });
    const request = { issuerUrl, proxy: { url: `http://127.0.0.1:${proxy.port}` }, timeoutMs: 20_000 };
    expect(await fetchThumbprint(request)).toEqual(unreachable("certificate-rejected"));
  });

  it("is not read from a server with an expired certificate", async () => {
    const notAfter = new Date(Date.now() - 3_600_000);
    const identity = await createServerIdentity(servers.authority, ["issuer.test"], { notAfter });
    const server = await servers.serve(identity, (_, r) => void r.end("{}"));
    const proxy = await servers.proxyTo({ "issuer.test:443": server.port });
    const request = { issuerUrl, proxy: { url: `http://127.0.0.1:${proxy.port}` }, timeoutMs: 20_000 };
    const result = await fetchThumbprint(request);
    expect(result).toEqual(unreachable("certificate-rejected"));
    expect(result).toMatchObject({ reason: expect.stringContaining("CERT_HAS_EXPIRED") });
  });

  it("that never comes ends with the timeout, and with the signal's reason when cancelled", async () => {
    let asked = (): void => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { request } = await servers.start({ discovery: () => asked() });
    expect(await fetchThumbprint({ ...request, timeoutMs: 50 })).toEqual(unreachable("timeout"));
    const controller = new AbortController();
    const result = fetchThumbprint({ ...request, signal: controller.signal });
    await reached;
    controller.abort(new Error("cancelled by the user"));
    await expect(result).rejects.toThrow("cancelled by the user");
    await expect(fetchThumbprint({ ...request, signal: controller.signal })).rejects.toThrow(
      "cancelled by the user",
    );
  });
});

describe("the way to the server", () => {
  it("ends with the timeout, or the signal's reason, in the middle of the handshake too", async () => {
    let connected = (): void => {};
    const reached = new Promise<void>((resolve) => {
      connected = resolve;
    });
    const silent = await listenOnLoopback(createPlainServer(() => connected()));
    const { request, proxy } = await servers.start();
    proxy.addRoutes({ "keys.test:443": silent.port });
    expect(await fetchThumbprint({ ...request, timeoutMs: 300 })).toMatchObject({ code: "timeout" });
    const controller = new AbortController();
    const result = fetchThumbprint({ ...request, signal: controller.signal });
    await reached;
    controller.abort(new Error("cancelled by the user"));
    await expect(result).rejects.toThrow("cancelled by the user");
    await silent.close();
  });

  it("gives the proxy's refusal", async () => {
    const { request, proxy } = await servers.start();
    const result = await fetchThumbprint({ ...request, issuerUrl: "https://elsewhere.test" });
    expect(result).toMatchObject({ kind: "unreachable", code: "proxy-refused" });
    expect(proxy.refused).toEqual(["elsewhere.test:443"]);
  });

  it("sends the proxy's credentials, and says when they are wrong without repeating them", async () => {
    const { request, proxy } = await servers.start({ credentials: "me:p@ss/word" });
    const through = (userInfo: string) =>
      fetchThumbprint({ ...request, proxy: { url: `http://${userInfo}127.0.0.1:${proxy.port}` } });
    expect(await through("me:p%40ss%2Fword@")).toMatchObject({ kind: "untrusted" });
    const refused = await through("me:wrong-secret@");
    expect(refused).toMatchObject({ kind: "unreachable", code: "proxy-authentication" });
    expect(JSON.stringify(refused)).not.toContain("wrong-secret");
    expect(await through("")).toMatchObject({ kind: "unreachable", code: "proxy-authentication" });
  });

  it("says that the proxy cannot be reached, or is none", async () => {
    const through = (url: string) => fetchThumbprint({ issuerUrl, proxy: { url }, timeoutMs: 20_000 });
    expect(await through("http://127.0.0.1:1")).toMatchObject({
      kind: "unreachable",
      code: "proxy-unreachable",
    });
    expect(await through("socks5://user:secret@127.0.0.1:1")).toEqual({
      kind: "unreachable",
      code: "invalid-proxy",
      reason: "the proxy is not an http or https URL",
    });
    const silent = await listenOnLoopback(createPlainServer((socket) => void socket.end()));
    expect(await through(`http://127.0.0.1:${silent.port}`)).toMatchObject({ code: "proxy-refused" });
    await silent.close();
  });

  it("goes past the proxy where noProxy says so", async () => {
    const { request, proxy } = await servers.start();
    const result = await fetchThumbprint({
      ...request,
      issuerUrl: "https://issuer.invalid",
      proxy: { url: `http://127.0.0.1:${proxy.port}`, noProxy: ".invalid" },
    });
    expect(result).toMatchObject({ kind: "unreachable", code: "connection-failed" });
    expect(proxy.refused).toEqual([]);
  });

  it("says that nothing listens", async () => {
    const result = await fetchThumbprint({ issuerUrl: "https://127.0.0.1:1", timeoutMs: 20_000 });
    expect(result).toMatchObject({
      code: "connection-failed",
      reason: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("works in a new process that knows the CA from NODE_EXTRA_CA_CERTS alone", async () => {
    const circleci = await startCircleCi();
    const organization = circleci.organizations[0]?.id ?? "";
    const module = fileURLToPath(new URL("../../src/tls/thumbprint.ts", import.meta.url));
    const script = `
      import { fetchThumbprint } from ${JSON.stringify(module)};
      const [issuerUrl, url] = process.argv.slice(1);
      console.log(JSON.stringify(await fetchThumbprint({ issuerUrl, proxy: { url }, timeoutMs: 20000 })));`;
    const { stdout } = await run(
      process.execPath,
      ["--input-type=module", "-e", script, circleci.issuer(organization), circleci.proxyUrl],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: circleci.caFile } },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "untrusted",
      who: "Local Test, Local Test Root CA",
      jwksUri: `https://oidc.circleci.com/org/${organization}/.well-known/jwks-pub.json`,
    });
    expect(circleci.proxy.served).toEqual(["oidc.circleci.com:443", "oidc.circleci.com:443"]);
    await circleci.stop();
  });
});
