import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lookupProject, type ApiOptions } from "../../src/circleci/api.ts";
import { startCircleCi, type CircleCi, type Organization } from "../support/circleci/index.ts";

const ACME = "5034460f-c7c4-4c43-9457-de07e2029e7b";
const SHOP = "aa11bb22-3c4d-4e5f-8a6b-7c8d9e0f1a2b";
const OTHERS = "66666666-dead-4bad-8bad-666666666666";

const project = (id: string, name: string, more: Partial<Organization["projects"][number]> = {}) => ({
  id,
  name,
  slug: `gh/acme/${name}`,
  repository: `github.com/acme/${name}`,
  defaultBranch: "main",
  ...more,
});

const acme: Organization = {
  id: ACME,
  name: "acme",
  slug: "gh/acme",
  vcsType: "github",
  projects: [
    project(SHOP, "shop"),
    project("cc33dd44-5e6f-4a7b-9c8d-0e1f2a3b4c5d", "custom", { audience: ["https://aws.example"] }),
    project("dd33dd44-5e6f-4a7b-9c8d-0e1f2a3b4c5d", "several", { audience: ["a", "b"] }),
  ],
};
const others: Organization = {
  id: OTHERS,
  name: "others",
  slug: "gh/others",
  vcsType: "github",
  projects: [
    {
      ...project("77777777-dead-4bad-9bad-777777777777", "open", { isPublic: true }),
      slug: "gh/others/open",
    },
    { ...project("77777777-dead-4bad-9bad-777777777778", "closed"), slug: "gh/others/closed" },
  ],
};
const user = {
  id: "bb22cc33-4d5e-4f6a-8b7c-9d0e1f2a3b4c",
  login: "alex",
  name: "Alex",
  token: "right",
  organizations: [ACME],
};

const roots = tls.getCACertificates("default");
let circleci: CircleCi;
beforeAll(async () => {
  circleci = await startCircleCi({ organizations: [acme, others], users: [user] });
  tls.setDefaultCACertificates([...roots, circleci.caPem]);
});
afterAll(async () => {
  tls.setDefaultCACertificates(roots);
  await circleci.stop();
});

function ask(slug: string, changes: Partial<ApiOptions> = {}): ReturnType<typeof lookupProject> {
  const proxy = { url: circleci.proxyUrl };
  const signal = AbortSignal.timeout(20_000);
  return lookupProject(slug, { host: "circleci.com", token: "right", proxy, signal, ...changes });
}

async function codeOf(slug: string, changes: Partial<ApiOptions> = {}): Promise<string | undefined> {
  const answer = await ask(slug, changes);
  return answer.ok ? undefined : answer.problem.code;
}

describe("CircleCI says of a project", () => {
  it("which organization and project it is, that the user is a member, and the audience", async () => {
    expect(await ask("gh/acme/shop")).toEqual({
      ok: true,
      value: {
        organizationId: ACME,
        organizationName: "acme",
        projectId: SHOP,
        projectName: "shop",
        member: true,
        audience: ACME,
      },
    });
  });

  it("the audience that was set for it", async () => {
    expect(await ask("gh/acme/custom")).toMatchObject({ value: { audience: "https://aws.example" } });
  });

  it("that AWS would refuse its tokens, where they have several audiences", async () => {
    expect(await codeOf("gh/acme/several")).toBe("circleci.audiences");
  });

  it("that the user is no member, of a public project of strangers", async () => {
    expect(await ask("gh/others/open")).toMatchObject({ ok: true, value: { member: false } });
  });
});

describe("CircleCI does not say, and the problem tells why", () => {
  it.each([
    ["a project nobody knows", "gh/acme/none", {}, "circleci.notFound"],
    ["a project of strangers", "gh/others/closed", {}, "circleci.notFound"],
    ["a slug that would lead elsewhere", "gh/acme/../../me", {}, "circleci.notFound"],
    ["a token that is none", "gh/acme/shop", { token: "wrong" }, "circleci.unauthorized"],
    ["a host that is not there", "gh/acme/shop", { host: "circleci.example" }, "circleci.proxy-refused"],
    [
      "a proxy that is not there",
      "gh/acme/shop",
      { proxy: { url: "http://127.0.0.1:9" } },
      "circleci.proxy-unreachable",
    ],
  ])("%s", async (_what, slug, changes, code) => {
    expect(await codeOf(slug, changes)).toBe(code);
  });

  it("too many requests", async () => {
    circleci.api.rateLimitNext(1);
    expect(await codeOf("gh/acme/shop")).toBe("circleci.limited");
  });

  it("a certificate nobody vouches for", async () => {
    tls.setDefaultCACertificates(roots);
    try {
      expect(await codeOf("gh/acme/shop")).toBe("circleci.certificate-rejected");
    } finally {
      tls.setDefaultCACertificates([...roots, circleci.caPem]);
    }
  });
});
