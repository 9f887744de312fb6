import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import * as v from "valibot";
import { root, run } from "./run.ts";

const Package = v.object({
  name: v.string(),
  version: v.string(),
  repository: v.object({ url: v.string() }),
});

/**
 * Builds the extension and packs it. Returns the path of the VSIX, in the project's top folder.
 *
 * @param options `quiet` keeps the packer from listing what it packs
 */
export async function packageExtension(options: { readonly quiet?: boolean } = {}): Promise<string> {
  const code = await run("node", ["esbuild.mjs", ...(options.quiet === true ? ["--quiet"] : [])]);
  if (code !== 0) throw new Error("The extension could not be built: see the messages of esbuild above.");
  const { name, version, repository } = v.parse(
    Package,
    JSON.parse(readFileSync(join(root, "package.json"), "utf8")),
  );
  const packagePath = join(root, `${name}-${version}.vsix`);
  const github = repository.url.replace(/\.git$/, "");
  const { log } = console;
  // The packer takes no other way to be quiet.
  if (options.quiet === true) console.log = () => undefined;
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    // The pictures of the README lie in the repository and not in the package.
    baseImagesUrl: `${github}/raw/HEAD/`,
    baseContentUrl: `${github}/blob/HEAD/`,
  }).finally(() => {
    console.log = log;
  });
  return packagePath;
}

if (import.meta.main) {
  const file = await packageExtension();
  console.log(`${file} (${Math.ceil(statSync(file).size / 1000)} kB)`);
}
