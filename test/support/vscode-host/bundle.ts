import { glob } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { projectRoot } from "./paths.ts";

/** Options of `bundleSuite`. */
export type BundleOptions = {
  /** Name of the bundle; `dist/test/<name>.cjs` is written. */
  readonly name: string;
  /** Glob patterns of files that are left out. */
  readonly exclude?: readonly string[];
};

/**
 * Bundles spec files, mocha and all they import except `vscode` into one CommonJS file. It is one file
 * because the oldest supported VS Code hangs where `require` meets an ES module that imports `vscode`.
 *
 * @param patterns glob patterns or files, relative to the project or absolute
 * @returns the bundle's path; it exports the `run` that VS Code calls
 * @throws Error when no file matches or the bundle has errors
 */
export async function bundleSuite(patterns: readonly string[], options: BundleOptions): Promise<string> {
  const exclude = (options.exclude ?? []).map((pattern) => path.resolve(projectRoot, pattern));
  const found = new Set<string>();
  for (const pattern of patterns) {
    for await (const file of glob(path.resolve(projectRoot, pattern))) {
      if (!exclude.some((left) => path.matchesGlob(file, left))) {
        found.add(file);
      }
    }
  }
  if (found.size === 0) {
    throw new Error(`No spec file matches ${patterns.join(", ")}.`);
  }
  const outfile = path.join(projectRoot, `dist/test/${options.name}.cjs`);
  await build({
    stdin: { contents: entryText([...found].sort()), resolveDir: projectRoot, loader: "ts" },
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    // Mocha looks up files for its parallel mode, which we do not use.
    logOverride: { "require-resolve-not-external": "silent" },
  });
  return outfile;
}

/** The entry: esbuild has no glob at run time, so every spec file is named. */
function entryText(files: readonly string[]): string {
  const specs = files.map((file) => {
    const name = JSON.stringify(path.relative(projectRoot, file));
    return `{ file: ${name}, load: () => import(${JSON.stringify(file)}) }`;
  });
  return [
    'import { runSpecs } from "./test/host/index.ts";',
    `export const run = () => runSpecs([${specs.join(", ")}], __filename);`,
  ].join("\n");
}
