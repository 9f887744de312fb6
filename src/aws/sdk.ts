/*
 * The only file that loads AWS SDK packages, and only when asked: they take 40 to 60 ms, which activation must
 * not pay. `import()` is memoised by the module loader itself.
 */

/** The IAM client package. */
export const loadIam = () => import("@aws-sdk/client-iam");

/** The STS client package. */
export const loadSts = () => import("@aws-sdk/client-sts");

/** The readers of every kind of profile: static keys, assumed roles, SSO, `aws login`, processes. */
export const loadCredentialProviders = () => import("@aws-sdk/credential-providers");

/** The parser of `~/.aws/config` and `~/.aws/credentials` that the SDK itself uses. */
export const loadConfigFiles = () => import("@smithy/core/config");

/** The SDK's own retry behaviour, to be wrapped where IAM needs it otherwise. */
export const loadRetry = () => import("@smithy/core/retry");
