import { describe, expect, it } from "vitest";
import { pipelineStep } from "../../../src/core/blueprint/step.ts";
import { authStep } from "../../../src/core/pipeline/index.ts";
import { setupOf } from "./setup.ts";

const [sub] = setupOf().subAccounts;
if (sub === undefined) throw new Error("The setup has a sub-account.");
const path = "/ci/";
const roleArn = "arn:aws:iam::444455556666:role/ci/circleci-oidc";

describe("the pipeline step of a setup", () => {
  it("says the external ID to the role that wants it", () => {
    const step = pipelineStep(setupOf({ subAccounts: [{ ...sub, path, externalId: "acme-1" }] }));
    expect(step).toMatchObject({
      durationSeconds: 900,
      subAccounts: [{ profile: "staging", roleArn, externalId: "acme-1" }],
    });
    expect(authStep(step)).toHaveProperty("command");
  });

  it("leaves the token for each account where there is no hub", () => {
    const step = pipelineStep(setupOf({ federation: "direct", subAccounts: [{ ...sub, path }] }));
    expect(step).toMatchObject({
      style: "webIdentityFile",
      subAccounts: [{ profile: "staging", roleArn, direct: true }],
    });
    expect(step).not.toHaveProperty("durationSeconds");
    expect(authStep(step)).toHaveProperty("command");
  });
});
