import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import tls from "node:tls";
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from "jose";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPresentedChain } from "../../src/tls/handshake.ts";
import { httpsGet } from "../../src/tls/https.ts";
import { startCircleCi, type CircleCi, type Organization } from "../support/circleci/index.ts";
import { defaultData } from "../support/circleci/data.ts";
import { listenOnLoopback } from "../support/circleci/listen.ts";
import { readOpenApi } from "../support/circleci/openapi.ts";
import { departures, responseShapes } from "../support/circleci/responseShapes.ts";

const officialFile = fileURLToPath(new URL("../../../shared/data/circleci-openapi.json", import.meta.url));
const systemRoots = tls.getCACertificates("default");
const [acme, mallory] = defaultData.organizations;
const [webShop, other] = acme?.projects ?? [];
const [alex] = defaultData.users;
if (!acme || !mallory || !webShop || !other || !alex) throw new Error("the default data is incomplete");

const app: Organization = {
  id: "12121212-3434-4565-8787-909090909090",
  name: "app",
  slug: "circleci/Vp3jFzLbUwDeH5tyg2XcNQ",
  vcsType: "circleci",
  audience: ["one.example"],
  projects: [
    {
      id: "23232323-4545-4676-8989-010101010101",
      name: "service",
      slug: "circleci/Vp3jFzLbUwDeH5tyg2XcNQ/9RkfLmBSzVtGcwPHjx4Uqd",
      repository: "github.com/app/service",
      defaultBranch: "trunk",
      audience: ["one.example", "two.example"],
    },
  ],
};

let circleci: CircleCi;

beforeAll(async () => {
  const users = [{ ...alex, organizations: [acme.id, app.id] }];
  circleci = await startCircleCi({ organizations: [acme, mallory, app], users });
  tls.setDefaultCACertificates([...systemRoots, circleci.caPem]);
});

afterAll(async () => {
  tls.setDefaultCACertificates(systemRoots);
  await circleci.stop();
});

async function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const options = { headers, proxy: { url: circleci.proxyUrl }, signal: AbortSignal.timeout(20_000) };
  const answer = await httpsGet(new URL(url), options);
  return { status: answer.status, body: JSON.parse(answer.text) };
}

const api = (path: string, headers: Record<string, string> = { "circle-token": alex.token }) =>
  get(circleci.apiUrl + path, headers);

const keySet = v.strictObject({
  keys: v.tuple([
    v.strictObject({
      kty: v.literal("RSA"),
      use: v.literal("sig"),
      alg: v.literal("RS256"),
      kid: v.string(),
      n: v.string(),
      e: v.string(),
    }),
  ]),
});

/** Asks the issuer for its keys as a relying party does, and verifies the token with them. */
async function verify(token: string, organization: string, options = {}) {
  const discovery = await get(`${circleci.issuer(organization)}/.well-known/openid-configuration`);
  expect(discovery.body).toMatchObject({ issuer: circleci.issuer(organization) });
  const { body } = await get(`${circleci.issuer(organization)}/.well-known/jwks-pub.json`);
  const [key] = v.parse(keySet, body).keys;
  expect(decodeProtectedHeader(token).kid).toBe(key.kid);
  return jwtVerify(token, await importJWK(key), {
    issuer: circleci.issuer(organization),
    algorithms: ["RS256"],
    clockTolerance: 300,
    ...options,
  });
}

describe("tokens of the local CircleCI", () => {
  const job = { organization: acme.id, project: webShop.id, user: alex.id };
  const base = `org/${acme.id}/project/${webShop.id}/user/${alex.id}`;

  it("have the documented claims and verify with the issuer's published key", async () => {
    const token = await circleci.mintToken({ ...job, branch: "main", version: 2 });
    const { payload, protectedHeader } = await verify(token, acme.id, { audience: acme.id });
    expect(payload).toMatchObject({
      sub: `${base}/vcs-origin/github.com/acme/web-shop/vcs-ref/refs/heads/main`,
      aud: acme.id,
      "oidc.circleci.com/org-id": acme.id,
      "oidc.circleci.com/project-id": webShop.id,
      "oidc.circleci.com/vcs-origin": "github.com/acme/web-shop",
      "oidc.circleci.com/vcs-ref": "refs/heads/main",
      "oidc.circleci.com/context-ids": [],
      "oidc.circleci.com/ssh-rerun": false,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(protectedHeader).toMatchObject({ alg: "RS256", kid: expect.any(String) });
  });

  it("have a subject of either form; without a branch or tag there is no VCS part in either", async () => {
    const subject = async (more: object) =>
      decodeJwt(await circleci.mintToken({ ...job, version: 2, ...more })).sub;
    expect(await subject({ branch: "main", version: 1 })).toBe(base);
    expect(await subject({ tag: "v1.0", repository: "github.com/fork/web-shop" })).toBe(
      `${base}/vcs-origin/github.com/fork/web-shop/vcs-ref/refs/tags/v1.0`,
    );
    expect(await subject({})).toBe(base);
    const webhook = decodeJwt(await circleci.mintToken({ ...job, version: 2 }));
    expect(Object.keys(webhook).filter((name) => name.includes("vcs"))).toEqual([]);
    const v1 = decodeJwt(await circleci.mintToken({ ...job, branch: "main", version: 1 }));
    expect(v1["oidc.circleci.com/vcs-ref"]).toBe("refs/heads/main");
    await expect(subject({ branch: "a", tag: "b" })).rejects.toThrow("not both");
    await expect(subject({ repository: "github.com/a/b" })).rejects.toThrow("needs a branch or a tag");
  });

  it("are refused when forged or expired", async () => {
    const good = await circleci.mintToken({ ...job, version: 2 });
    const forged = await circleci.mintToken({ ...job, version: 2, forged: true });
    expect(forged.split(".")[0]).toBe(good.split(".")[0]);
    await expect(verify(forged, acme.id)).rejects.toThrow("signature verification failed");
    const expired = await circleci.mintToken({ ...job, version: 2, expired: true });
    await expect(verify(expired, acme.id)).rejects.toThrow('"exp" claim timestamp check failed');
  });

  it("carry the audience asked for, or the one set for the project or its organization", async () => {
    const audience = async (organization: string, project: string, more = {}) =>
      decodeJwt(await circleci.mintToken({ organization, project, version: 2, ...more })).aud;
    expect(await audience(acme.id, webShop.id, { audience: "mine" })).toBe("mine");
    expect(await audience(app.id, app.projects[0]?.id ?? "")).toEqual(["one.example", "two.example"]);
    expect(await audience(app.id, other.id)).toBe("one.example");
  });

  it("of the audit-log streamer have the issuer and audience of jobs", async () => {
    const { payload } = await verify(await circleci.mintStreamingToken(acme.id), acme.id, {
      audience: acme.id,
    });
    expect(payload.sub).toBe(`org/${acme.id}/file-streaming/audit-logs`);
  });
});

describe("the local issuer", () => {
  it("knows its organizations and no other", async () => {
    const unknown = circleci.issuer("00000000-0000-4000-8000-000000000000");
    expect(await get(`${unknown}/.well-known/jwks-pub.json`)).toMatchObject({ status: 404 });
    expect(await get("https://oidc.circleci.com/.well-known/openid-configuration")).toMatchObject({
      status: 404,
    });
  });

  it("is what fetchJson reads, and nothing else", async () => {
    const url = `${circleci.issuer(acme.id)}/.well-known/openid-configuration`;
    expect(await circleci.fetchJson(url)).toEqual((await get(url)).body);
    await expect(circleci.fetchJson("https://circleci.com/api/v2/me")).rejects.toThrow("not served here");
    await expect(circleci.fetchJson("https://oidc.circleci.com/nothing")).rejects.toThrow("answered 404");
  });
});

describe("the local API", () => {
  const paths: [string, string][] = [
    ["/me", "/me"],
    ["/me/collaborations", "/me/collaborations"],
    ["/project/{project-slug}", "/project/gh/acme/web-shop"],
    ["/project/{project-slug}", "/project/github%2Facme%2Fweb-shop"],
    ["/project/{project-slug}", `/project/circleci/${app.id}/${app.projects[0]?.id}`],
    ["/project/{project-slug}", `/project/${app.projects[0]?.slug}`],
    ["/org/{orgID}/oidc-custom-claims", `/org/${app.id}/oidc-custom-claims`],
    ["/org/{orgID}/oidc-custom-claims", `/org/${acme.id}/oidc-custom-claims`],
    [
      "/org/{orgID}/project/{projectID}/oidc-custom-claims",
      `/org/${app.id}/project/${app.projects[0]?.id}/oidc-custom-claims`,
    ],
  ];

  it.each(paths)("answers GET %s at %s in the documented shape", async (template, path) => {
    const { status, body } = await api(path);
    expect(status).toBe(200);
    expect(departures(body, responseShapes[template] ?? {})).toEqual([]);
  });

  it.skipIf(!existsSync(officialFile))("answers as CircleCI's own description says", async () => {
    const official = readOpenApi(officialFile);
    for (const [template, path] of paths) {
      const schema = official[template] ?? { type: "missing", required: ["schema"] };
      expect(departures((await api(path)).body, schema), path).toEqual([]);
      expect(Object.keys(responseShapes[template]?.properties ?? {}).sort()).toEqual(
        Object.keys(schema.properties ?? {}).sort(),
      );
    }
  });

  it("says what a project is and whose", async () => {
    expect((await api("/project/gh/acme/web-shop")).body).toMatchObject({
      id: webShop.id,
      organization_id: acme.id,
      vcs_info: { vcs_url: "https://github.com/acme/web-shop", provider: "GitHub", default_branch: "main" },
    });
    expect((await api(`/org/${app.id}/oidc-custom-claims`)).body).toMatchObject({
      audience: ["one.example"],
    });
  });

  it("shows nothing without a right token, and only one's own organizations with it", async () => {
    expect(await api("/me", {})).toEqual({ status: 401, body: { message: "You must log in first." } });
    expect(await api("/me", { "circle-token": "wrong" })).toMatchObject({ status: 401 });
    expect(await api("/me", { authorization: `Bearer ${alex.token}` })).toMatchObject({ status: 200 });
    expect((await api("/me/collaborations")).body).toMatchObject([{ id: acme.id }, { id: app.id }]);
    expect(await api("/project/gh/mallory/web-shop")).toMatchObject({ status: 404 });
    expect(await api(`/project/circleci/${acme.id}/${webShop.id}`)).toMatchObject({ status: 404 });
    expect(await api(`/org/${mallory.id}/oidc-custom-claims`)).toMatchObject({ status: 403 });
    expect(await api("/org/acme/oidc-custom-claims")).toMatchObject({ status: 400 });
  });

  it("limits the rate when told to", async () => {
    circleci.api.rateLimitNext(1);
    expect(await api("/me")).toMatchObject({ status: 429 });
    expect(await api("/me")).toMatchObject({ status: 200 });
  });
});

describe("the front door", () => {
  it("presents the intermediate and not the root, under a name of its own for each server", async () => {
    const signal = AbortSignal.timeout(20_000);
    for (const host of ["oidc.circleci.com", "circleci.com"]) {
      const presented = await readPresentedChain(
        { host, port: 443 },
        [circleci.caPem],
        { url: circleci.proxyUrl },
        signal,
      );
      expect(presented).toMatchObject({ kind: "read", verified: true });
      const names = presented.kind === "read" ? presented.certificates.map(({ subject }) => subject) : [];
      expect(names).toEqual([`CN=${host}`, "CN=Local Test Intermediate CA\nO=Local Test"]);
    }
  });

  it("refuses other names at the proxy and remembers them", async () => {
    await expect(get("https://elsewhere.example/")).rejects.toMatchObject({ code: "proxy-refused" });
    expect(circleci.proxy.refused).toEqual(["elsewhere.example:443"]);
  });

  it("has the same authority and keys when started again from its folder, which holds its keys closely", async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), "circleci-test-"));
    const starts = [];
    for (let round = 0; round < 2; round += 1) {
      const started = await startCircleCi({ cacheDir });
      const jwks = await started.fetchJson(`${started.issuer(acme.id)}/.well-known/jwks-pub.json`);
      starts.push({ ca: started.caPem, file: readFileSync(started.caFile, "utf8"), jwks });
      await started.stop();
    }
    expect(starts[1]).toEqual(starts[0]);
    expect(starts[0]?.file).toBe(starts[0]?.ca);
    for (const name of (await readdir(cacheDir)).filter((file) => file !== "ca.pem")) {
      expect((await stat(join(cacheDir, name))).mode & 0o077, name).toBe(0);
    }
    await rm(cacheDir, { recursive: true });
  });

  it("serves further names through TLS, keeping the Host header", async () => {
    const plain = await listenOnLoopback(
      createServer((asked, response) => response.end(JSON.stringify([asked.headers.host, asked.url]))),
    );
    await circleci.addHosts({ "iam.amazonaws.com": `http://127.0.0.1:${plain.port}` });
    expect(await get("https://iam.amazonaws.com/?a=b")).toEqual({
      status: 200,
      body: ["iam.amazonaws.com", "/?a=b"],
    });
    await plain.close();
  });
});
