import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCredentials } from "../../../src/aws/credentials.ts";
import { createLimit } from "../../../src/aws/limit.ts";
import { roleConsoleUrl } from "../../../src/aws/roles.ts";
import { decodePolicy } from "../../../src/aws/values.ts";
import { ENVIRONMENT_PROFILE } from "../../../src/core/setup.ts";

describe("createLimit", () => {
  it("runs no more than allowed at once, everything in order, and goes on after a failure", async () => {
    const limit = createLimit(2);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const task = (index: number) => async () => {
      running += 1;
      most = Math.max(most, running);
      order.push(index);
      await new Promise(setImmediate);
      running -= 1;
      if (index === 1) throw new Error("one fails");
      return index;
    };
    const results = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => limit(task(index))));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
      "fulfilled",
    ]);
  });
});

describe("decodePolicy", () => {
  it("reads encoded and plain JSON, and hands anything else back as text", () => {
    const document = { Version: "2012-10-17", Statement: [{ Sid: "100% über" }] };
    expect(decodePolicy(encodeURIComponent(JSON.stringify(document)))).toEqual(document);
    expect(decodePolicy(JSON.stringify(document))).toEqual(document);
    expect(decodePolicy("%7Bnot json")).toBe("%7Bnot json");
    expect(decodePolicy("%E0%A4%A")).toBe("%E0%A4%A");
  });
});

describe("roleConsoleUrl", () => {
  it("leads to the console of the role's partition", () => {
    expect(roleConsoleUrl("aws", "a+b")).toBe("https://console.aws.amazon.com/iam/home#/roles/details/a%2Bb");
    expect(roleConsoleUrl("aws-cn", "r")).toContain("https://console.amazonaws.cn/");
    expect(roleConsoleUrl("aws-us-gov", "r")).toContain("https://console.amazonaws-us-gov.com/");
    expect(roleConsoleUrl("aws-eusc", "r")).toContain("https://eusc-de-east-1.console.amazonaws-eusc.eu/");
  });
});

describe("createCredentials", () => {
  const settings = {
    profile: ENVIRONMENT_PROFILE,
    kind: "environment",
    region: "us-east-1",
    endpoints: {},
  } as const;
  const nobody = () => Promise.resolve(undefined);
  const env = (key: string) => ({ AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: "x" });

  it("keeps credentials without an expiry until they are to be read again or forgotten", async () => {
    const store = createCredentials();
    const key = async (name: string, reread: boolean) => {
      const resolved = await store.resolve(settings, env(name), nobody, reread);
      return resolved.ok ? resolved.credentials.accessKeyId : undefined;
    };
    expect(await key("one", false)).toBe("one");
    expect(await key("two", false)).toBe("one");
    expect(await key("two", true)).toBe("two");
    store.forget(ENVIRONMENT_PROFILE);
    expect(await key("three", false)).toBe("three");
  });

  it("keeps credentials with an expiry until five minutes before it, even when asked to read again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aws-credentials-"));
    try {
      const expires = Date.now() + 3_600_000;
      const answer = JSON.stringify({
        Version: 1,
        AccessKeyId: "ASIAEXAMPLE",
        SecretAccessKey: "x",
        SessionToken: "x",
        Expiration: new Date(expires).toISOString(),
      });
      const script = join(folder, "tool.sh");
      await writeFile(script, `echo run >> ${join(folder, "runs")}\necho '${answer}'\n`);
      const config = join(folder, "config");
      await writeFile(config, `[profile tool]\ncredential_process = sh ${script}\n`);
      const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: join(folder, "none") };
      let now = Date.now();
      const store = createCredentials(() => now);
      const runsAfter = async (time: number) => {
        now = time;
        const tool = { ...settings, profile: "tool", kind: "process" } as const;
        expect((await store.resolve(tool, files, nobody, true)).ok).toBe(true);
        return (await readFile(join(folder, "runs"), "utf8")).trim().split("\n").length;
      };
      expect(await runsAfter(now)).toBe(1);
      expect(await runsAfter(expires - 5 * 60_000 - 1)).toBe(1);
      expect(await runsAfter(expires - 5 * 60_000)).toBe(2);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("has a problem where the environment lost its keys", async () => {
    expect(await createCredentials().resolve(settings, {}, nobody)).toMatchObject({
      ok: false,
      problem: { code: "aws.environment" },
    });
  });
});

describe("the front door", () => {
  it("loads no SDK: the files in sdk/ are the only way to it, and are only loaded by sdk.ts when asked", async () => {
    const folder = join(import.meta.dirname, "../../../src/aws");
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(files).toContain("sdk.ts");
    for (const file of files) {
      const text = await readFile(join(folder, file), "utf8");
      const loaded = text.match(/^(?:import|export) (?!type |const ).*"(?:@aws-sdk|@smithy|\.\/sdk)\/.*$/gm);
      expect(loaded, file).toBeNull();
      const asked = text.match(/import\("(?:@aws-sdk|@smithy|\.\/sdk)\/\w+/g) ?? [];
      expect(asked.length, file).toBe(file === "sdk.ts" ? 1 : 0);
    }
  });
});
