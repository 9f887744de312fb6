import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  authStep,
  insertAuthStep,
  outline,
  type AuthStepOptions,
  type PipelineProblem,
} from "../../../src/core/pipeline/index.ts";
import { pipelineMessages } from "../../../src/core/pipeline/messages.ts";
import { edited, insert, scriptOf, step } from "./judge.ts";

const oneJob = "version: 2.1\njobs:\n  build:\n    steps:\n      - checkout\n";
const sub = { profile: "staging", roleArn: "arn:aws:iam::222222222222:role/deploy" };

function problemOf(change: Record<string, unknown>): PipelineProblem {
  const made = authStep(Object.assign({ ...step }, change));
  if (!("id" in made)) throw new Error("accepted");
  return made;
}

describe("authStep", () => {
  it("keeps the rules every script has to keep", () => {
    const script = scriptOf({
      ...step,
      subAccounts: [sub, { ...sub, profile: "p.q-r_s", region: "us-east-1" }],
    });
    const lines = script.split("\n");
    expect(lines[0]).toBe("{ set +x; } 2>/dev/null");
    expect(lines).toContain("set -eu");
    expect(lines).toContain("umask 077");
    // CircleCI reads it as an expression, and YAML keeps tabs and trailing spaces.
    expect(script).not.toContain("<<");
    expect(script).not.toMatch(/[\t\r]| $/m);
    expect(script).not.toMatch(/[^\n\x20-\x7e]/);
    expect(script).not.toMatch(/\bjq\b/);
    expect(script.endsWith("\n")).toBe(true);
    expect(script.match(/^ *aws sts/gm)).toHaveLength(1);
  });

  it("says what it was asked for", () => {
    const script = scriptOf({
      ...step,
      durationSeconds: 3600,
      subAccounts: [{ ...sub, region: "us-east-1" }],
    });
    expect(script).toContain(`\nrole=${step.roleArn}\nregion=eu-central-1\nseconds=3600\n`);
    expect(script).toContain(`\n  profile staging ${sub.roleArn} us-east-1\n`);
    expect(script).toContain('"${CIRCLE_OIDC_TOKEN_V2:-}"');
    expect(scriptOf({ ...step, tokenVariable: "CIRCLE_OIDC_TOKEN" })).not.toContain("CIRCLE_OIDC_TOKEN_V2");
    expect(scriptOf()).toContain("seconds=900\n");
    expect(scriptOf({ ...step, subAccounts: [] })).not.toContain("profile staging");
    const externalId = "acme:web/shop+1";
    expect(
      scriptOf({
        ...step,
        subAccounts: [
          { ...sub, externalId },
          { ...sub, profile: "other" },
        ],
      }),
    ).toContain(
      `\n  profile staging ${sub.roleArn} eu-central-1 ${externalId}\n  profile other ${sub.roleArn} eu-central-1\n`,
    );
    expect(scriptOf({ ...step, subAccounts: [sub] })).not.toContain("external_id");
    const inserted = edited(
      oneJob,
      insert(oneJob, ["build"], { step: { ...step, subAccounts: [{ ...sub, externalId }] } }),
    );
    const read = outline(inserted);
    expect(read.kind === "outline" && read.jobs[0]?.authSteps[0]?.subRoles).toEqual([sub.roleArn]);
  });

  it("trades the token for a role that admits the job itself", () => {
    const direct = { ...sub, profile: "prod", region: "us-east-1", direct: true } as const;
    const file = { ...step, style: "webIdentityFile" } as const;
    const both = scriptOf({ ...file, subAccounts: [sub, direct] });
    expect(both).toContain(
      `\n  profile staging ${sub.roleArn} eu-central-1\n  direct prod ${sub.roleArn} us-east-1\n`,
    );
    expect(both.match(/^(?:profile|direct)\(\) \{$/gm)).toEqual(["profile() {", "direct() {"]);
    expect(both.match(/source_profile/g)).toHaveLength(1);
    const pipeline = edited(
      oneJob,
      insert(oneJob, ["build"], { step: { ...file, subAccounts: [sub, direct] } }),
    );
    const read = outline(pipeline);
    expect(read.kind === "outline" && read.jobs[0]?.authSteps[0]?.subRoles).toEqual([
      sub.roleArn,
      sub.roleArn,
    ]);
    const alone = scriptOf({ ...file, subAccounts: [direct] });
    expect(alone).not.toContain("source_profile");
    expect(scriptOf({ ...file, subAccounts: [sub] })).not.toContain("direct");
  });

  it.each(["aws", "aws-cn", "aws-us-gov", "aws-eusc"])("takes roles of the partition %s", (partition) => {
    const roleArn = `arn:${partition}:iam::111111111111:role/a/path/n+=,.@-_1`;
    expect(scriptOf({ ...step, roleArn, subAccounts: [] })).toContain(`role=${roleArn}\n`);
  });

  it.each([
    [{ roleArn: "arn:aws:iam::111111111111:user/x" }, "pipeline.badRoleArn"],
    [{ roleArn: "arn:aws-xx:iam::111111111111:role/x" }, "pipeline.badRoleArn"],
    [{ roleArn: "arn:aws:iam::11111111111:role/x" }, "pipeline.badRoleArn"],
    [{ roleArn: `arn:aws:iam::111111111111:role/${"x".repeat(65)}` }, "pipeline.badRoleArn"],
    [{ roleArn: "arn:aws:iam::111111111111:role/x\n" }, "pipeline.badRoleArn"],
    [{ roleArn: "arn:aws:iam::111111111111:role/$(id)/x" }, "pipeline.badRoleArn"],
    [{ region: "eu-central-1; id" }, "pipeline.badRegion"],
    [{ region: " eu-central-1" }, "pipeline.badRegion"],
    [{ region: "" }, "pipeline.badRegion"],
    [{ durationSeconds: 899 }, "pipeline.badDuration"],
    [{ durationSeconds: 43_201 }, "pipeline.badDuration"],
    [{ durationSeconds: 900.5 }, "pipeline.badDuration"],
    [{ durationSeconds: "900; id" }, "pipeline.badDuration"],
    [{ tokenVariable: "HOME" }, "pipeline.badTokenVariable"],
    [{ output: "text" }, "pipeline.badOutput"],
    [{ subAccounts: [{ ...sub, profile: "default" }] }, "pipeline.badProfile"],
    [{ subAccounts: [{ ...sub, profile: "a b" }] }, "pipeline.badProfile"],
    [{ subAccounts: [{ ...sub, profile: "" }] }, "pipeline.badProfile"],
    [{ subAccounts: [{ ...sub, profile: "a)(" }] }, "pipeline.badProfile"],
    [{ subAccounts: [{ ...sub, region: "x" }] }, "pipeline.badRegion"],
    [{ subAccounts: [{ ...sub, roleArn: "x" }] }, "pipeline.badRoleArn"],
    [{ subAccounts: [{ ...sub, roleArn: sub.roleArn.replace("aws", "aws-cn") }] }, "pipeline.partition"],
    [{ subAccounts: [sub, sub] }, "pipeline.doubleProfile"],
    [{ subAccounts: [{ ...sub, externalId: "x" }] }, "pipeline.badExternalId"],
    [{ subAccounts: [{ ...sub, externalId: "a b" }] }, "pipeline.badExternalId"],
    [{ subAccounts: [{ ...sub, externalId: "$(id)" }] }, "pipeline.badExternalId"],
    [{ subAccounts: [{ ...sub, externalId: "x".repeat(1225) }] }, "pipeline.badExternalId"],
    [{ subAccounts: [{ ...sub, externalId: "acme-1" }], style: "orb" }, "pipeline.orbExternalId"],
    [
      { style: "webIdentityFile", subAccounts: [{ ...sub, direct: true, externalId: "acme-1" }] },
      "pipeline.directExternalId",
    ],
    [{ subAccounts: [{ ...sub, direct: true }] }, "pipeline.directStyle"],
    [{ style: "command", subAccounts: [{ ...sub, direct: true }] }, "pipeline.directStyle"],
    [{ style: "orb", subAccounts: [{ ...sub, direct: true }] }, "pipeline.directStyle"],
  ])("refuses %j", (change, id) => {
    const found = problemOf(change);
    expect(found.id).toBe(id);
    const names = [...pipelineMessages[found.id].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(found.args)).toEqual(expect.arrayContaining(names));
    expect(insertAuthStep("jobs: {}", { jobs: [], step: Object.assign({ ...step }, change) })).toEqual(found);
  });

  it("never lets a character into a script that a shell gives a meaning to", () => {
    const nasty = fc.string({
      unit: fc.constantFrom(...Array.from("ab1-._/:'\"$`(){}|&;<>*?[]\\ \n\t!#~%^,=+@")),
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (profile, tail, region, externalId) => {
        const options: AuthStepOptions = {
          ...step,
          roleArn: `arn:aws:iam::111111111111:role/${tail}`,
          subAccounts: [{ ...sub, profile, region, externalId }],
        };
        const made = authStep(options);
        if ("id" in made) return;
        expect(profile).toMatch(/^[A-Za-z0-9_.-]+$/);
        expect(tail).toMatch(/^[A-Za-z0-9_+=,.@/-]+$/);
        expect(region).toMatch(/^[a-z0-9-]+$/);
        expect(externalId).toMatch(/^[A-Za-z0-9_+=,.@:/-]+$/);
      }),
    );
  });
});
