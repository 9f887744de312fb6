import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const config =
  "version: 2.1\njobs:\n  deploy: # keep\n    docker: [{image: cimg/aws:2025.01}]\n    steps: [checkout]\n";
const role = "arn:aws:iam::111111111111:role/ci";

describe("the scripts of docs/pipeline.md", () => {
  let folder = "";
  const file = (): string => join(folder, "config.yml");
  const text = async (): Promise<string> => await readFile(file(), "utf8");

  beforeAll(async () => {
    // Beside the documentation, as its scripts import from where they stand.
    folder = await mkdtemp(join(root, "docs", ".scripts-"));
    const page = await readFile(join(root, "docs/pipeline.md"), "utf8");
    for (const [, name = "", body = ""] of page.matchAll(/```ts\n\/\/ (\w+\.ts)\n([^]*?)```/g)) {
      expect(body.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(10);
      await writeFile(join(folder, name), body.replaceAll('"../src/', '"../../src/'));
    }
    await writeFile(file(), config);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(script: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(folder, `${script}.ts`),
      file(),
      ...args,
    ]);
    return stdout;
  }

  it("read, insert, update and remove", async () => {
    expect(await run("outline")).toBe("deploy linux  no step\n");
    expect(await run("insert", "deploy", role)).toBe('[{"name":"deploy","result":"inserted"}] []\n');
    expect(await text()).toContain(`role=${role}`);
    expect(await run("outline")).toBe(`deploy linux  ${role}\n`);
    expect(await run("update", "deploy", `${role}-2`)).toBe('[{"name":"deploy","result":"replaced"}]\n');
    expect(await text()).toContain("web_identity_token_file");
    expect(await run("remove", "deploy")).toBe('[{"name":"deploy","result":"removed"}]\n');
    expect(await text()).toBe(config);
  });
});
