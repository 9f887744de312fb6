// Builds the extension: the host as ESM with lazy chunks, the webview as one ESM file with its style sheet.
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";

const watch = process.argv.includes("--watch");

const shared = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "linked" : false,
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: process.argv.includes("--quiet") ? "warning" : "info",
};

/** No service that is called here has event streams, and their codec would never be loaded. */
const NEVER_LOADED = "@smithy/core/event-streams";

/**
 * The SDK in one piece: it loads each kind of credentials with an `import()` of its own, and two dozen small files take
 * more room in the package than one large file that is loaded at the first call to AWS. Of the manifests of its packages
 * it reads the versions.
 */
const sdkInOnePiece = {
  name: "sdk-in-one-piece",
  setup(build) {
    build.onLoad({ filter: /node_modules\/@(aws-sdk|smithy)\/.*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const imports = [];
      const contents = text.replace(/\bimport\((["'])([^"']+)\1\)/g, (_, quote, name) => {
        if (name === NEVER_LOADED) return "Promise.reject(new Error('There are no event streams.'))";
        const local = `lazy${imports.length}`;
        imports.push(`import * as ${local} from ${quote}${name}${quote};\n`);
        return `Promise.resolve(${local})`;
      });
      return { contents: imports.join("") + contents };
    });
    build.onLoad({ filter: /node_modules\/@aws-sdk\/[^/]+\/package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
  },
};

const host = {
  ...shared,
  plugins: [sdkInOnePiece],
  entryPoints: { extension: "src/extension.ts" },
  outdir: "dist",
  platform: "node",
  format: "esm",
  splitting: true,
  target: "node22",
  mainFields: ["module", "main"],
  // The same parser, as ES modules: what is not used of it is left out.
  alias: { yaml: fileURLToPath(new URL("browser/index.js", import.meta.resolve("yaml/package.json"))) },
  // The AWS SDK reads browser names with bowser, in browsers only.
  external: ["vscode", "bowser"],
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

/**
 * The files that a file may ever load. esbuild also writes chunks for what only unused parts of a package would load.
 */
function reachable(outputs, first) {
  const found = new Set([first]);
  for (const file of found)
    for (const { path } of outputs[file]?.imports ?? []) if (path in outputs) found.add(path);
  return found;
}

await Promise.all([
  rm("dist/chunks", { recursive: true, force: true }),
  rm("dist/meta.json", { force: true }),
]);
const contexts = await Promise.all([context(host), context(webview)]);
if (watch) {
  await Promise.all(contexts.map((one) => one.watch()));
} else {
  const [built] = await Promise.all(contexts.map((one) => one.rebuild()));
  const { inputs, outputs } = built.metafile;
  const wanted = reachable(outputs, "dist/extension.js");
  const left = Object.keys(outputs).filter((file) => !wanted.has(file));
  await Promise.all(left.map((file) => rm(file)));
  // What the activation loads is checked against this list of files and their imports.
  const kept = Object.fromEntries(Object.entries(outputs).filter(([file]) => wanted.has(file)));
  await writeFile("dist/meta.json", JSON.stringify({ inputs, outputs: kept }));
  await Promise.all(contexts.map((one) => one.dispose()));
}
