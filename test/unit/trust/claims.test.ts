import { describe, expect, it } from "vitest";
import { auditLogClaims, jobClaims, type JobTrigger } from "../../../src/core/trust/index.ts";
import { job, NOW, ORG, PROJECT, USER } from "./fixtures.ts";

const V1 = `org/${ORG}/project/${PROJECT}/user/${USER}`;
const vcs = (repository: string, ref: Extract<JobTrigger, { kind: "vcs" }>["ref"]): JobTrigger => ({
  kind: "vcs",
  repository,
  ref,
});

describe("a job's token", () => {
  it("has every claim that CircleCI documents", () => {
    const contexts = ["12121212-3434-4656-8878-909090909090"];
    const ids = { pipeline: "p", workflow: "w", job: "j", pipelineDefinition: "d" };
    expect(jobClaims({ ...job, contextIds: contexts, sshRerun: true, runIds: ids })).toEqual({
      iss: `https://oidc.circleci.com/org/${ORG}`,
      sub: `${V1}/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main`,
      aud: ORG,
      iat: NOW - 60,
      exp: NOW - 60 + 3600,
      "oidc.circleci.com/org-id": ORG,
      "oidc.circleci.com/project-id": PROJECT,
      "oidc.circleci.com/pipeline-id": "p",
      "oidc.circleci.com/workflow-id": "w",
      "oidc.circleci.com/job-id": "j",
      "oidc.circleci.com/pipeline-definition-id": "d",
      "oidc.circleci.com/context-ids": contexts,
      "oidc.circleci.com/ssh-rerun": true,
      "oidc.circleci.com/vcs-origin": "github.com/acme/shop",
      "oidc.circleci.com/vcs-ref": "refs/heads/main",
    });
  });

  it.each<readonly [string, JobTrigger, string]>([
    [
      "a branch",
      vcs("github.com/acme/shop", { kind: "branch", name: "a/b" }),
      "github.com/acme/shop/vcs-ref/refs/heads/a/b",
    ],
    [
      "a tag",
      vcs("gitlab.com/acme/shop", { kind: "tag", name: "v1" }),
      "gitlab.com/acme/shop/vcs-ref/refs/tags/v1",
    ],
    [
      "a fork",
      vcs("github.com/eve/shop", { kind: "pull", number: 7 }),
      "github.com/eve/shop/vcs-ref/refs/heads/pull/7",
    ],
  ])("says in V2 what it is for: %s", (_, trigger, suffix) => {
    expect(jobClaims({ ...job, trigger })["sub"]).toBe(`${V1}/vcs-origin/${suffix}`);
    // V1 differs in the subject alone.
    const { sub, ...rest } = jobClaims({ ...job, trigger, token: "V1" });
    expect(sub).toBe(V1);
    expect(jobClaims({ ...job, trigger })).toMatchObject(rest);
  });

  it("says nothing of a repository for a custom webhook", () => {
    const claims = jobClaims({ ...job, trigger: { kind: "webhook" } });
    expect(claims["sub"]).toBe(V1);
    expect(Object.keys(claims).filter((name) => name.includes("vcs"))).toEqual([]);
  });

  it("has another audience, issuer and lifetime where told so", () => {
    expect(jobClaims({ ...job, audience: "deploy" })["aud"]).toBe("deploy");
    expect(jobClaims({ ...job, audience: ["a", "b"] })["aud"]).toEqual(["a", "b"]);
    expect(jobClaims({ ...job, rootIssuer: true })["iss"]).toBe("https://oidc.circleci.com");
    expect(jobClaims({ ...job, serverIssuer: "https://ci.example.com/org/x" })["iss"]).toBe(
      "https://ci.example.com/org/x",
    );
    expect(jobClaims({ ...job, lifetimeSeconds: 18_000 })["exp"]).toBe(NOW - 60 + 18_000);
  });
});

it("audit-log streaming has the organization's issuer and audience, and no project", () => {
  expect(auditLogClaims({ organizationId: ORG, issuedAt: NOW })).toEqual({
    iss: `https://oidc.circleci.com/org/${ORG}`,
    sub: `org/${ORG}/file-streaming/audit-logs`,
    aud: ORG,
    iat: NOW,
    exp: NOW + 3600,
  });
});
