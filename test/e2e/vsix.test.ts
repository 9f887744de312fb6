import { readFileSync, statSync } from "node:fs";
import { promisify } from "node:util";
import * as v from "valibot";
import { describe, expect, inject, it } from "vitest";
import { open, type Entry, type Options, type ZipFile } from "yauzl";

/** Everything that is shipped; a chunk's name ends in a hash of its content. */
const expected = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/package(\.nls)?\.json$/,
  /^extension\/(LICENSE\.txt|readme\.md|changelog\.md)$/,
  /^extension\/dist\/extension\.js$/,
  /^extension\/dist\/chunks\/[\w.-]+-[A-Z0-9]{8}\.js$/,
  /^extension\/dist\/webview\/(main\.js|style\.css)$/,
  /^extension\/media\/icon\.(svg|png)$/,
  /^extension\/media\/walkthrough\/\d-\w+\.svg$/,
];

async function entriesOf(file: string): Promise<readonly Entry[]> {
  const opened: ZipFile = await promisify<string, Options, ZipFile>(open)(file, { lazyEntries: false });
  const entries: Entry[] = [];
  return new Promise((resolve, reject) => {
    opened.on("entry", (entry: Entry) => entries.push(entry));
    opened.on("end", () => resolve(entries));
    opened.on("error", reject);
  });
}

const Meta = v.object({
  outputs: v.record(
    v.string(),
    v.object({
      imports: v.array(v.object({ path: v.string(), kind: v.string() })),
      inputs: v.record(v.string(), v.unknown()),
    }),
  ),
});

describe("the VSIX", () => {
  it("holds what is needed and nothing else", async () => {
    const names = (await entriesOf(inject("vsix"))).map((entry) => entry.fileName);
    expect(names.filter((name) => !expected.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const pattern of expected) expect(names.some((name) => pattern.test(name))).toBe(true);
  });

  it("is at most 350 kB", () => {
    expect(statSync(inject("vsix")).size).toBeLessThanOrEqual(350_000);
  });

  it("needs no require(), which an ES module does not have", () => {
    const { outputs } = v.parse(Meta, JSON.parse(readFileSync("dist/meta.json", "utf8")));
    for (const file of Object.keys(outputs))
      expect([file, readFileSync(file, "utf8").includes("Dynamic require of")]).toEqual([file, false]);
  });

  it("runs nothing when it is installed", () => {
    const manifest = readFileSync("package.json", "utf8");
    expect(manifest).not.toMatch(/"(pre|post)?install"|"vscode:uninstall"/);
  });
});

describe("activation", () => {
  it("loads no part of the AWS SDK: that waits for the first call", () => {
    const { outputs } = v.parse(Meta, JSON.parse(readFileSync("dist/meta.json", "utf8")));
    const loaded = new Set<string>();
    const visit = (path: string): void => {
      if (loaded.has(path)) return;
      loaded.add(path);
      for (const { path: next, kind } of outputs[path]?.imports ?? []) {
        if (kind === "import-statement" && next in outputs) visit(next);
      }
    };
    visit("dist/extension.js");
    const inputs = [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    expect(inputs).toContain("src/extension.ts");
    expect(inputs.filter((input) => /node_modules\/(@aws-sdk|@smithy|@aws-crypto)\//.test(input))).toEqual(
      [],
    );
  });
});
