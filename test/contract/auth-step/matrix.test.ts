import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scriptOf, shells } from "./job.ts";
import { able, inJob, names, styles } from "./programs.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.sandbox.stop());

describe("the same script", () => {
  it("is what a reusable command holds", () => {
    expect(scriptOf({ ...world.options, style: "command" })).toBe(
      scriptOf({ ...world.options, style: "profiles" }),
    );
  });
});

const pairs = names.flatMap((shell) => ([1, 2] as const).map((major) => ({ shell, major })));
describe.concurrent.each(styles.flatMap((style) => pairs.map((pair) => ({ style, ...pair }))))(
  "$style in $shell with version $major of the CLI",
  ({ style, shell, major }) => {
    it.skipIf(!able(shell, major))("lets in the right job", async () => {
      await inJob(world, major, async (job) => {
        const ended = await job.step(shell, scriptOf({ ...world.options, style }));
        expect(ended).toMatchObject({ code: 0, stderr: "" });
        expect(await job.calls()).toBe(1);
        expect(await job.whoAmI(shells[shell])).toBe(world.identity);
      });
    });

    it.skipIf(!able(shell, major))("refuses another branch", async () => {
      await inJob(
        world,
        major,
        async (job) => {
          const ended = await job.step(shell, scriptOf({ ...world.options, style }));
          expect(ended).toMatchObject({ code: 1, stdout: "" });
          expect(ended.stderr).toContain("Its trust policy does not admit this job");
          expect(await job.calls()).toBe(1);
          expect(await job.written()).toEqual([]);
        },
        { branch: "feature" },
      );
    });
  },
);
