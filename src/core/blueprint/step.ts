import type { AuthStepOptions } from "../pipeline/options.ts";
import type { Setup } from "../setup.ts";
import { hubRoleArn, subAccountRoleArn } from "./index.ts";

/**
 * The pipeline step of a setup. It takes the V2 token: only that one names the branch, and where no branch is
 * asked for it serves as well as the other.
 */
export function pipelineStep(setup: Setup): AuthStepOptions {
  return {
    roleArn: hubRoleArn(setup),
    region: setup.region,
    durationSeconds: 900,
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    output: "json",
    subAccounts: setup.subAccounts.map((sub) => ({
      profile: sub.ciProfile,
      roleArn: subAccountRoleArn(setup, sub),
      region: setup.region,
    })),
  };
}
