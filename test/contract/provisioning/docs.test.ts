import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeleteRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startHub, type Hub } from "./support/hub.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** docs/provisioning.md is run as it stands. */
describe("the scripts of the documentation", () => {
  let hub: Hub;
  let blocks: readonly { readonly language: string; readonly text: string }[];
  let before: string;
  beforeAll(async () => {
    hub = await startHub();
    before = JSON.stringify(hub.sandbox.dump());
    const page = await readFile(join(ROOT, "docs/provisioning.md"), "utf8");
    blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({
      language,
      text,
    }));
  });
  beforeEach(() => hub.restore());
  afterAll(() => hub.stop());

  const block = (language: string, index = 0): string => {
    const found = blocks.filter((each) => each.language === language)[index];
    if (found === undefined) throw new Error(`The page has no ${language} block number ${index + 1}.`);
    return found.text;
  };
  /** In a process of its own, in the project's folder, with the setup of the page. */
  const run = async (script: string): Promise<string> => {
    const file = join(hub.home.home, "setup.json");
    await writeFile(file, block("json"));
    return new Promise((resolve, reject) => {
      const args = ["--input-type=module-typescript", "-", file];
      const child = execFile(
        process.execPath,
        args,
        { cwd: ROOT, env: process.env },
        (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr))),
      );
      child.stdin?.end(script);
    });
  };

  it("create, find unchanged and remove", async () => {
    expect(await run(block("ts"))).toBe(block("text"));
    expect(JSON.stringify(hub.sandbox.dump())).toBe(before);
  });

  it("cancel, undo and resume a run with a journal", async () => {
    expect(await run(block("ts", 1))).toBe("cancelled\ntrue\nfinished\n0\n");
    expect(hub.sandbox.dump("111122223333")[0]?.roles.map(({ name }) => name)).toContain("circleci-oidc");
  });

  it("find what somebody changed, and bring back what was set up", async () => {
    const setUp = block("ts")
      .split("\n")
      .filter((line) => !/removals|^print/.test(line));
    expect(await run(setUp.join("\n"))).toBe("finished\n");
    await hub.client("444455556666").send(new DeleteRoleCommand({ RoleName: "circleci-deploy" }));
    const statement = { Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" };
    await hub.client("111122223333").send(
      new PutRolePolicyCommand({
        RoleName: "circleci-oidc",
        PolicyName: "buckets",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      }),
    );
    expect(await run(block("ts", 2))).toBe(block("text", 1));
    expect(hub.sandbox.dump("444455556666")[0]?.roles.map(({ name }) => name)).toContain("circleci-deploy");
  });
});
