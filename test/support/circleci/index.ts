import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startApi, type Api } from "./api.ts";
import { createServerIdentity, openAuthority } from "./certificates.ts";
import { defaultData, type CircleCiData, type Organization, type User } from "./data.ts";
import { startIssuer } from "./issuer.ts";
import { startConnectProxy, type ConnectProxy } from "./proxy.ts";
import { openSigningKeys } from "./signingKeys.ts";
import { startTlsFront } from "./tlsFront.ts";
import { issuerUrl, mintStreamingToken, mintToken, type TokenRequest } from "./tokens.ts";

export type { CircleCiData, Organization, Project, User } from "./data.ts";
export type { TokenRequest } from "./tokens.ts";

/** Options of the local CircleCI; `extraHosts` as in `addHosts`. */
export type CircleCiOptions = {
  organizations?: readonly Organization[];
  users?: readonly User[];
  /** Folder for the authority, the signing key and the CA file, so that the next start has the same. */
  cacheDir?: string;
  extraHosts?: Readonly<Record<string, string>>;
  /** `user:password` that the proxy asks for. */
  proxyCredentials?: string;
};

/** A running local CircleCI. */
export type CircleCi = CircleCiData & {
  /** The issuer URL of an organization id; reached through the proxy. */
  issuer: (organization: string) => string;
  /** `https://circleci.com/api/v2`; reached through the proxy. */
  apiUrl: string;
  /** With the credentials it asks for, if any. */
  proxyUrl: string;
  /** The root that clients must trust besides the public ones, PEM, and a file with it. */
  caPem: string;
  caFile: string;
  proxy: Pick<ConnectProxy, "served" | "refused">;
  api: Pick<Api, "calls" | "rateLimitNext">;
  mintToken: (request: TokenRequest) => Promise<string>;
  mintStreamingToken: (organization: string) => Promise<string>;
  /** Fetches a JSON document of the issuer, over TLS. Rejects for any other host and any status but 200. */
  fetchJson: (url: string) => Promise<unknown>;
  /** Has the proxy answer for more https names, each passed on to a plain http endpoint. */
  addHosts: (hosts: Readonly<Record<string, string>>) => Promise<void>;
  stop: () => Promise<void>;
};

/**
 * Starts CircleCI's issuer and API on 127.0.0.1, under a certificate authority of their own, and the proxy that
 * leads `oidc.circleci.com` and `circleci.com` to them.
 */
export async function startCircleCi(options: CircleCiOptions = {}): Promise<CircleCi> {
  const data: CircleCiData = {
    organizations: options.organizations ?? defaultData.organizations,
    users: options.users ?? defaultData.users,
  };
  const [authority, keys] = await Promise.all([
    openAuthority(options.cacheDir),
    openSigningKeys(options.cacheDir),
  ]);
  const identityFor = (names: readonly [string, ...string[]]) => createServerIdentity(authority, names);
  const caPem = authority.root.certificate;
  const ca = await writeCaFile(caPem, options.cacheDir);
  const issuer = await startIssuer(await identityFor(["oidc.circleci.com"]), keys, data.organizations);
  const api = await startApi(await identityFor(["circleci.com"]), data);
  const credentials = options.proxyCredentials;
  const proxy = await startConnectProxy({
    routes: { "oidc.circleci.com:443": issuer.port, "circleci.com:443": api.port },
    ...(credentials === undefined ? {} : { credentials }),
  });
  const closers = [issuer, api, proxy].map((server) => () => server.close());
  const addHosts = async (hosts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [endpoint, names] of byEndpoint(hosts)) {
      const front = await startTlsFront(await identityFor(names), endpoint);
      closers.push(() => front.close());
      proxy.addRoutes(Object.fromEntries(names.map((name) => [`${name}:443`, front.port])));
    }
  };
  await addHosts(options.extraHosts ?? {});
  return {
    ...data,
    issuer: issuerUrl,
    apiUrl: "https://circleci.com/api/v2",
    proxyUrl: `http://${credentials === undefined ? "" : `${credentials}@`}127.0.0.1:${proxy.port}`,
    caPem,
    caFile: ca.file,
    proxy,
    api,
    mintToken: (token) => mintToken(keys, data.organizations, token),
    mintStreamingToken: (organization) => mintStreamingToken(keys, organization),
    fetchJson: (url) => fetchJson(new URL(url), issuer.port, caPem),
    addHosts,
    stop: async () => {
      await Promise.all(closers.map((close) => close()));
      await ca.remove();
    },
  };
}

/** IAM and STS under their real names, for `addHosts`: the global ones, and STS of each region given. */
export function awsHosts(
  endpoint: string,
  regions: readonly string[] = ["us-east-1"],
): Record<string, string> {
  const names = [
    "iam.amazonaws.com",
    "sts.amazonaws.com",
    ...regions.map((name) => `sts.${name}.amazonaws.com`),
  ];
  return Object.fromEntries(names.map((name) => [name, endpoint]));
}

function byEndpoint(hosts: Readonly<Record<string, string>>): Map<string, [string, ...string[]]> {
  const groups = new Map<string, [string, ...string[]]>();
  for (const [name, endpoint] of Object.entries(hosts)) {
    const names = groups.get(endpoint);
    if (names === undefined) {
      groups.set(endpoint, [name]);
    } else {
      names.push(name);
    }
  }
  return groups;
}

async function writeCaFile(
  pem: string,
  cacheDir: string | undefined,
): Promise<{ file: string; remove(): Promise<void> }> {
  const folder = cacheDir ?? (await mkdtemp(join(tmpdir(), "circleci-ca-")));
  await mkdir(folder, { recursive: true });
  const file = join(folder, "ca.pem");
  await writeFile(file, pem);
  const remove = async (): Promise<void> => rm(folder, { recursive: true, force: true });
  return { file, remove: cacheDir === undefined ? remove : async () => {} };
}

async function fetchJson(url: URL, port: number, ca: string): Promise<unknown> {
  if (url.protocol !== "https:" || url.host !== "oidc.circleci.com") {
    throw new Error(`${url.host} is not served here.`);
  }
  const options = { host: "127.0.0.1", port, servername: url.host, headers: { host: url.host }, ca };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request({ ...options, path: url.pathname + url.search, agent: false }, resolve);
    asked.once("error", reject).end();
  });
  const body = await text(response);
  if (response.statusCode !== 200) {
    throw new Error(`${url.href} answered ${response.statusCode}.`);
  }
  return JSON.parse(body);
}
