import { createServer, type ServerOptions } from "node:https";
import type { RequestListener } from "node:http";
import tls from "node:tls";
import { createAuthority, createServerIdentity, type Authority } from "./circleci/certificates.ts";
import { listenOnLoopback, type Listening } from "./circleci/listen.ts";
import { startConnectProxy, type ConnectProxy } from "./circleci/proxy.ts";

/** Issuer and key host that `TlsServers.start` puts behind its proxy. */
export const issuerUrl = "https://issuer.test/org/one";
export const keysUrl = "https://keys.test/jwks.json";

/** What a test may bend: how discovery answers, what the key host presents, what the proxy asks for. */
export type StartOptions = { discovery?: RequestListener; keys?: ServerOptions; credentials?: string };

/** An issuer, a key host and a proxy, as `fetchThumbprint` wants to be asked about them. */
export type Started = {
  proxy: ConnectProxy;
  keysPort: number;
  request: { issuerUrl: string; proxy: { url: string }; timeoutMs: number };
};

/** TLS servers under one authority, which this process trusts until `restoreTrust`. */
export type TlsServers = {
  authority: Authority;
  serve(identity: ServerOptions, handler: RequestListener): Promise<Listening>;
  proxyTo(routes: Record<string, number>, credentials?: string): Promise<ConnectProxy>;
  start(options?: StartOptions): Promise<Started>;
  stopAll(): Promise<void>;
  restoreTrust(): void;
};

/** Makes an authority and trusts it as NODE_EXTRA_CA_CERTS would, which Node reads only when it starts. */
export async function createTlsServers(): Promise<TlsServers> {
  const authority = await createAuthority();
  const trusted = tls.getCACertificates("default");
  tls.setDefaultCACertificates([...trusted, authority.root.certificate]);
  const running: Listening[] = [];
  const kept = <T extends Listening>(server: T): T => {
    running.push(server);
    return server;
  };
  const serve: TlsServers["serve"] = async (identity, handler) =>
    kept(await listenOnLoopback(createServer(identity, handler)));
  const proxyTo: TlsServers["proxyTo"] = async (routes, credentials) =>
    kept(await startConnectProxy({ routes, ...(credentials === undefined ? {} : { credentials }) }));
  const start: TlsServers["start"] = async (options = {}) => {
    const document = JSON.stringify({ issuer: issuerUrl, jwks_uri: keysUrl });
    const discovery = options.discovery ?? ((_request, response) => void response.end(document));
    const issuer = await serve(await createServerIdentity(authority, ["issuer.test"]), discovery);
    const identity = options.keys ?? (await createServerIdentity(authority, ["keys.test"]));
    const keys = await serve(identity, (_request, response) => void response.end());
    const proxy = await proxyTo(
      { "issuer.test:443": issuer.port, "keys.test:443": keys.port },
      options.credentials,
    );
    const url = `http://127.0.0.1:${proxy.port}`;
    return { proxy, keysPort: keys.port, request: { issuerUrl, proxy: { url }, timeoutMs: 20_000 } };
  };
  return {
    authority,
    serve,
    proxyTo,
    start,
    stopAll: async () => void (await Promise.all(running.splice(0).map((server) => server.close()))),
    restoreTrust: () => tls.setDefaultCACertificates(trusted),
  };
}
