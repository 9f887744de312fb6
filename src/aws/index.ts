/* The front door of the AWS adapters. Importing it loads no SDK: that happens at the first call. */
export { createAccess, type Account, type AccessOptions, type AwsAccess, type Opened } from "./access.ts";
export { apply, type ApplyOptions, type Journal } from "./apply.ts";
export type { AwsCall, OnCall } from "./clients.ts";
export { createCredentials, type AskMfaCode, type Credentials } from "./credentials.ts";
export { CANCELLED, isCancelled, toProblem } from "./errors.ts";
export { identify, type Identified, type Identity, type IdentifyOptions } from "./identity.ts";
export { observe } from "./observe.ts";
export { readTrustPolicyQuota } from "./quota.ts";
export { listProfiles, type AwsProfile, type ProfileList } from "./profiles.ts";
export { remove, type RemoveOptions } from "./remove.ts";
export {
  listCircleCiAccess,
  roleConsoleUrl,
  type CircleCiAccess,
  type CircleCiProvider,
  type CircleCiRole,
} from "./roles.ts";
export { type Environment, type ProfileKind } from "./settings.ts";
export { planTeardown, planUndo, type RemovalPlan } from "./undo.ts";
export type { Sleep } from "./sleep.ts";
