import { describe, expect, it } from "vitest";
import { jobClaims } from "../../../src/core/trust/index.ts";
import {
  ACCOUNT,
  ACTION,
  AUD,
  DENIED,
  job,
  ORG,
  OTHER_PROJECT,
  policy,
  PROVIDER,
  simulate,
  statement,
  SUB,
} from "./fixtures.ts";

describe("principals", () => {
  it.each([
    ["the provider", { Federated: PROVIDER }, "ALLOW"],
    ["the provider in a list", { Federated: ["accounts.google.com", PROVIDER] }, "ALLOW"],
    ["the provider beside another kind", { AWS: "*", Federated: PROVIDER }, "ALLOW"],
    ["everyone in AWS", { AWS: "*" }, "DENY"],
    ["the account", { AWS: ACCOUNT }, "DENY"],
    ["another organization's provider", { Federated: PROVIDER.replace(ORG, OTHER_PROJECT) }, "DENY"],
    ["another account's provider", { Federated: PROVIDER.replace(ACCOUNT, "444455556666") }, "DENY"],
    ["another letter case", { Federated: PROVIDER.replace("circleci", "CircleCI") }, "DENY"],
    ["a service", { Service: "ec2.amazonaws.com" }, "DENY"],
  ])("%s", (_, Principal, verdict) => {
    expect(simulate(policy(statement({ Principal }))).verdict).toBe(verdict);
  });
});

describe("actions", () => {
  it.each([
    [{ Action: ACTION }, "ALLOW"],
    [{ Action: "STS:ASSUMEROLEWITHWEBIDENTITY" }, "ALLOW"],
    [{ Action: ["sts:TagSession", ACTION] }, "ALLOW"],
    [{ Action: "sts:AssumeRole*" }, "ALLOW"],
    [{ Action: "sts:AssumeRoleWith???Identity" }, "ALLOW"],
    [{ Action: "sts:AssumeRole" }, "DENY"],
    [{ Action: "sts:TagSession" }, "DENY"],
    [{ NotAction: "sts:AssumeRole" }, "ALLOW"],
    [{ NotAction: ["sts:TagSession", "sts:assumerolewith*"] }, "DENY"],
  ])("%j: %s", (action, verdict) => {
    const { Effect, Principal } = statement();
    expect(simulate(policy({ Effect, Principal, ...action })).verdict).toBe(verdict);
  });

  it("of which IAM may store none are uncertain, unless the policy is known to be stored", () => {
    const document = policy(statement({ Action: "sts:*" }));
    const answer = simulate(document);
    expect(answer.verdict).toBe("UNCERTAIN");
    expect(answer.by).toEqual({ stage: "document", path: ["Statement", 0, "Action"] });
    expect(answer.readings?.map(({ verdict }) => verdict)).toEqual(["INVALID", "ALLOW"]);
    expect(simulate(document, jobClaims(job), { stored: true }).verdict).toBe("ALLOW");
  });
});

describe("several statements", () => {
  const refuseForks = statement({
    Sid: "NoForks",
    Effect: "Deny",
    Condition: { StringNotLike: { [SUB]: "*/vcs-origin/github.com/acme/shop/*" } },
  });

  it("one that allows is enough, and a Deny wins wherever it stands", () => {
    const open = statement();
    const closed = statement({ Condition: { StringEquals: { [AUD]: "x" } } });
    expect(simulate(policy(closed, open))).toMatchObject({
      verdict: "ALLOW",
      by: { stage: "policy", statement: { index: 1, path: ["Statement", 1] } },
      reason: { id: "trust.allow", args: { statement: "2" } },
      smallestChange: [],
    });
    expect(simulate(policy(open, closed)).by).toMatchObject({ statement: { index: 0 } });
    for (const statements of [
      [open, refuseForks],
      [refuseForks, open],
    ]) {
      expect(simulate(policy(...statements)).verdict).toBe("ALLOW");
      expect(simulate(policy(...statements), jobClaims({ ...job, token: "V1" }))).toMatchObject({
        verdict: "DENY",
        by: { statement: { sid: "NoForks" }, condition: { operator: "StringNotLike", key: SUB } },
        reason: { id: "trust.deny.explicit" },
        error: DENIED,
      });
    }
  });

  it("a Deny for another action, principal or request does nothing", () => {
    const deny = (changes: object) => policy(statement(), statement({ Effect: "Deny", ...changes }));
    expect(simulate(deny({})).verdict).toBe("DENY");
    expect(simulate(deny({ Action: "sts:TagSession" })).verdict).toBe("ALLOW");
    expect(simulate(deny({ Principal: { AWS: ACCOUNT } })).verdict).toBe("ALLOW");
    expect(simulate(deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } })).verdict).toBe("ALLOW");
  });

  it("a Deny for everyone leaves both readings, and none where nothing is allowed", () => {
    const deny = statement({ Effect: "Deny", Principal: { AWS: "*" } });
    const answer = simulate(policy(statement(), deny));
    expect(answer).toMatchObject({ verdict: "UNCERTAIN", reason: { id: "trust.doubt.everyone" } });
    expect(answer.readings?.map(({ verdict }) => verdict)).toEqual(["DENY", "ALLOW"]);
    expect(simulate(policy(deny)).verdict).toBe("DENY");
  });

  it("what is uncertain does not matter where something else decides", () => {
    const open = { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } };
    expect(simulate(policy(statement(open))).verdict).toBe("UNCERTAIN");
    expect(simulate(policy(statement(open), statement())).verdict).toBe("ALLOW");
    expect(simulate(policy(statement(open), statement({ Effect: "Deny" }))).verdict).toBe("DENY");
    const both = simulate(policy(statement(open), statement({ Effect: "Deny", ...open })));
    expect(both.readings?.map(({ verdict }) => verdict)).toEqual(["UNCERTAIN", "DENY"]);
    const known = { request: { "aws:SourceIp": "10.1.2.3" } };
    expect(simulate(policy(statement(open)), jobClaims(job), known).verdict).toBe("ALLOW");
  });
});
