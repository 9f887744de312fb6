import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scriptOf, shells } from "./job.ts";
import { able, aws, styles } from "./programs.ts";
import { startWorld, type World } from "./world.ts";

describe("a job that goes on", () => {
  const start = Date.now();
  let minutes = 0;
  let later: World;
  beforeAll(async () => {
    later = await startWorld(() => new Date(start + minutes * 60_000));
  });
  afterAll(() => later.sandbox.stop());

  it.skipIf(!able("dash", 2)).each([
    ["15 minutes of profiles do not last 20", { style: "profiles" }, 20, false],
    ["an hour of profiles lasts 20", { style: "profiles", durationSeconds: 3600 }, 20, true],
    ["a web identity file lasts 20", { style: "webIdentityFile" }, 20, true],
    ["a web identity file does not outlast the token", { style: "webIdentityFile" }, 75, false],
  ] as const)("%s", async (_name, change, until, lasts) => {
    minutes = 0;
    const job = await later.job(aws(2));
    expect(await job.step("dash", scriptOf({ ...later.options, ...change }))).toMatchObject({ code: 0 });
    expect(await job.whoAmI(shells.dash)).toBe(later.identity);
    minutes = until;
    // The CLI keeps what it has fetched, and goes by the real clock: its store is what a long job would not have.
    await rm(join(job.home, ".aws/cli"), { recursive: true, force: true });
    const who = await job.whoAmI(shells.dash);
    expect(who === later.identity).toBe(lasts);
    if (!lasts) expect(who).toMatch(/Expired/);
    minutes = 0;
    await job.end();
  });

  it.skipIf(!able("dash", 2)).each(styles)(
    "is served when AWS is throttled for a moment: %s",
    async (style) => {
      minutes = 0;
      later.sandbox.aws.knobs({ throttle: { action: "AssumeRoleWithWebIdentity", times: 1 } });
      const job = await later.job(aws(2));
      expect(await job.step("dash", scriptOf({ ...later.options, style }))).toMatchObject({
        code: 0,
        stderr: "",
      });
      later.sandbox.aws.knobs({ throttle: { action: "AssumeRoleWithWebIdentity", times: 99 } });
      const ended = await job.step("dash", scriptOf({ ...later.options, style }));
      later.sandbox.aws.knobs({ throttle: null });
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain("AWS is being asked too often. Run the job again.");
      await job.end();
    },
  );
});
