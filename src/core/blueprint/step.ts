import type { AuthStepOptions } from "../pipeline/options.ts";
import type { Setup, SubAccount } from "../setup.ts";
import { hubRoleArn, subAccountRoleArn } from "./index.ts";

/**
 * The pipeline step of a setup. It takes the V2 token: only that one names the branch, and where no branch is
 * asked for it serves as well as the other. Where each account takes the token, the step leaves it in a file for them;
 * otherwise its keys last 900 seconds, which is less than the longest session of any role.
 */
export function pipelineStep(setup: Setup): AuthStepOptions {
  const direct = setup.federation === "direct";
  return {
    roleArn: hubRoleArn(setup),
    region: setup.region,
    ...(direct ? { style: "webIdentityFile" } : { durationSeconds: 900 }),
    tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
    output: "json",
    subAccounts: setup.subAccounts.map((sub) => ({
      profile: sub.ciProfile,
      roleArn: subAccountRoleArn(setup, sub),
      region: setup.region,
      ...(direct ? { direct: true } : externalIdOf(sub)),
    })),
  };
}

/** Only a role that another role assumes has one. */
function externalIdOf({ externalId }: SubAccount): { readonly externalId?: string } {
  return externalId === undefined ? {} : { externalId };
}
