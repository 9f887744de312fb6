import { IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scriptOf, shells } from "./job.ts";
import { able, aws, styles } from "./programs.ts";
import { startWorld, type World } from "./world.ts";

const externalId = "acme:web-shop/3f0c+1=,.@_";

describe("a sub-account's role that wants an external ID", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    const { endpoint, accounts } = world.sandbox.info;
    const [, staging] = accounts;
    if (staging === undefined) throw new Error("The sandbox has two accounts.");
    const iam = new IAMClient({ endpoint, region: "eu-central-1", credentials: staging });
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: world.options.roleArn },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": externalId } },
        },
      ],
    };
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: "deploy", PolicyDocument: JSON.stringify(trust) }),
    );
  });
  afterAll(() => world.sandbox.stop());

  const cases = styles.flatMap((style) =>
    (["bash", "dash", "busybox"] as const).map((shell) => [style, shell] as const),
  );
  it.skipIf(!able("dash", 2)).each(cases)(
    "is reached with it and not without: %s, %s",
    async (style, shell) => {
      const [sub] = world.options.subAccounts;
      if (sub === undefined) throw new Error("The world has a sub-account.");
      const withId = { ...world.options, style, subAccounts: [{ ...sub, externalId }] };
      const job = await world.job(aws(2));
      expect(await job.step(shell, scriptOf(withId))).toMatchObject({ code: 0, stderr: "" });
      expect(await job.read(".aws/config")).toContain(`\nexternal_id = ${externalId}\n`);
      expect(await job.whoAmI(shells[shell], "staging")).toBe(world.subIdentity);
      const without = await world.job(aws(2));
      expect(await without.step(shell, scriptOf({ ...world.options, style }))).toMatchObject({ code: 0 });
      expect(await without.whoAmI(shells[shell], "staging")).toMatch(/AccessDenied/);
      await job.end();
      await without.end();
    },
  );
});
