/* All of it is needed for the first call to AWS, and one file loads faster and packs smaller than five. */
export * from "./config.ts";
export * from "./credentialProviders.ts";
export * from "./iam.ts";
export * from "./retry.ts";
export * from "./sts.ts";
