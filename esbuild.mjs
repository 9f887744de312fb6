// Builds the extension: the host as ESM with lazy chunks, the webview as one ESM file with its style sheet.
import { rm, writeFile } from "node:fs/promises";
import { context } from "esbuild";

const watch = process.argv.includes("--watch");

// Parts of the AWS SDK call require(); an ES module has none of its own.
const banner = [
  'import { createRequire as __createRequire } from "node:module";',
  "const require = __createRequire(import.meta.url);",
].join("\n");

const shared = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "linked" : false,
  legalComments: "none",
  metafile: true,
  logLevel: process.argv.includes("--quiet") ? "warning" : "info",
};

const host = {
  ...shared,
  entryPoints: { extension: "src/extension.ts" },
  outdir: "dist",
  platform: "node",
  format: "esm",
  splitting: true,
  target: "node22",
  mainFields: ["module", "main"],
  // The AWS SDK reads browser names with bowser, in browsers only.
  external: ["vscode", "bowser"],
  banner: { js: banner },
  chunkNames: "chunks/[name]-[hash]",
};

const webview = {
  ...shared,
  entryPoints: { main: "webview/main.ts", style: "webview/style.css" },
  outdir: "dist/webview",
  platform: "browser",
  format: "esm",
  target: "es2022",
};

await Promise.all([
  rm("dist/chunks", { recursive: true, force: true }),
  rm("dist/meta.json", { force: true }),
]);
const contexts = await Promise.all([context(host), context(webview)]);
if (watch) {
  await Promise.all(contexts.map((one) => one.watch()));
} else {
  const [built] = await Promise.all(contexts.map((one) => one.rebuild()));
  // What the activation loads is checked against this list of files and their imports.
  await writeFile("dist/meta.json", JSON.stringify(built?.metafile));
  await Promise.all(contexts.map((one) => one.dispose()));
}
