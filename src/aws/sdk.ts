/**
 * The only way to the AWS SDK packages, which are loaded only when asked: they take 40 to 60 ms, which activation
 * must not pay. `import()` is memoised by the module loader itself. The files in `sdk/` name what is used of each
 * package, so that the rest of it is not packed.
 */
export const loadSdk = () => import("./sdk/index.ts");
