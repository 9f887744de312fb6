import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthStepOptions } from "../../../src/core/pipeline/index.ts";
import { scriptOf, shells } from "./job.ts";
import { able, inJob } from "./programs.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.sandbox.stop());

/** The pipeline's role, one reached from it, and one that the token is traded for. */
function options(): AuthStepOptions {
  const { options: base, direct } = world;
  return { ...base, style: "webIdentityFile", subAccounts: [...base.subAccounts, direct] };
}

describe.each([
  { shell: "dash", major: 2 },
  { shell: "dash", major: 1 },
  { shell: "bash", major: 2 },
] as const)(
  "a role of another account that admits the job itself, in $shell with version $major",
  ({ shell, major }) => {
    const test = it.skipIf(!able(shell, major));

    test("is had by its profile, beside one that is reached from the pipeline's role", async () => {
      await inJob(world, major, async (job) => {
        expect(await job.step(shell, scriptOf(options()))).toMatchObject({ code: 0, stderr: "" });
        expect(await job.calls()).toBe(1);
        expect(await job.whoAmI(shells[shell])).toBe(world.identity);
        expect(await job.whoAmI(shells[shell], "staging")).toBe(world.subIdentity);
        expect(await job.whoAmI(shells[shell], "direct")).toBe(world.directIdentity);
      });
    });

    test("is not had by a job of another branch", async () => {
      await inJob(
        world,
        major,
        async (job) => {
          expect(await job.step(shell, scriptOf(options()))).toMatchObject({ code: 1, stdout: "" });
          expect(await job.whoAmI(shells[shell], "direct")).toBe("none");
          expect(await job.written()).toEqual([]);
        },
        { branch: "feature" },
      );
    });
  },
);

describe("a role of another account that admits the job itself", () => {
  const test = it.skipIf(!able("dash", 2));
  const dash = shells.dash;

  test("refuses for itself, whatever the pipeline's role does", async () => {
    await inJob(world, 2, async (job) => {
      const [, staging] = world.sandbox.info.accounts;
      const roleArn = `arn:aws:iam::${staging?.id ?? ""}:role/deploy`;
      const subAccounts = [{ profile: "direct", roleArn, direct: true as const }];
      expect(await job.with(dash, scriptOf({ ...options(), subAccounts }))).toMatchObject({ code: 0 });
      expect(await job.whoAmI(dash)).toBe(world.identity);
      expect(await job.whoAmI(dash, "direct")).toMatch(/Not authorized|AccessDenied/);
    });
  });

  test("is not taken for the pipeline's role by a variable that names this one", async () => {
    await inJob(world, 2, async (job) => {
      Object.assign(job.env, { AWS_ROLE_ARN: world.options.roleArn, AWS_PROFILE: "direct" });
      const ended = await job.with(dash, scriptOf(options()));
      expect(ended).toMatchObject({ code: 1, stdout: "" });
      expect(ended.stderr).toContain("This job has AWS_ROLE_ARN");
      expect(await job.with(shells.bash, scriptOf(options()))).toMatchObject({ code: 0, stderr: "" });
      expect(await job.whoAmI(shells.bash)).toBe(world.directIdentity);
    });
  });

  test("leaves nothing to a refused job in the same home", async () => {
    await inJob(world, 2, async (job) => {
      expect(await job.with(dash, scriptOf(options()))).toMatchObject({ code: 0 });
      expect(await job.whoAmI(dash, "direct")).toBe(world.directIdentity);
      job.env["CIRCLE_BUILD_NUM"] = "4712";
      job.env["CIRCLE_OIDC_TOKEN_V2"] = await world.token({ branch: "feature" });
      expect(await job.with(dash, scriptOf(options()))).toMatchObject({ code: 1 });
      expect(await job.whoAmI(dash, "direct")).toBe("none");
    });
  });
});
