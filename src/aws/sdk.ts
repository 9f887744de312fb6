/*
 * The only way to the AWS SDK packages, which are loaded only when asked: they take 40 to 60 ms, which activation
 * must not pay. `import()` is memoised by the module loader itself. The files in `sdk/` name what is used of each
 * package, so that the rest of it is not packed.
 */

/** The IAM client package. */
export const loadIam = () => import("./sdk/iam.ts");

/** The STS client package. */
export const loadSts = () => import("./sdk/sts.ts");

/** The readers of every kind of profile: static keys, assumed roles, SSO, `aws login`, processes. */
export const loadCredentialProviders = () => import("./sdk/credentialProviders.ts");

/** The parser of `~/.aws/config` and `~/.aws/credentials` that the SDK itself uses. */
export const loadConfigFiles = () => import("./sdk/config.ts");

/** The SDK's own retry behaviour, to be wrapped where IAM needs it otherwise. */
export const loadRetry = () => import("./sdk/retry.ts");
