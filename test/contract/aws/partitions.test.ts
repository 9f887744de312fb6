import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { apply, createAccess, observe, planTeardown, remove } from "../../../src/aws/index.ts";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { isApplicable, plan } from "../../../src/core/plan/index.ts";
import { partitions, type Partition } from "../../../src/core/ids.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { startJudge, type Judge } from "../../support/judges.ts";
import { noMfa, RUN, setupFor } from "./support/bench.ts";
import { isolate, type Isolated } from "./support/isolated.ts";

/** Where moto is asked for each partition, which it tells by the region of a call. */
const regions: Readonly<Record<Partition, string>> = {
  aws: "eu-central-1",
  "aws-cn": "cn-north-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-eusc": "eusc-de-east-1",
};
/** The one account that moto has for keys that it does not know. */
const ACCOUNT = "123456789012";

const judge: Judge | undefined = await startJudge("moto");

/** A whole setup in each partition of AWS: everything is created, found unchanged and removed under its own ARNs. */
describe.skipIf(judge === undefined)("partitions, by moto", () => {
  let home: Isolated;
  const keys = { accountId: ACCOUNT, accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "example" };

  beforeAll(async () => {
    home = await isolate(judge?.endpoint ?? "");
    await home.writeCredentials({ hub: keys });
  });
  afterEach(() => judge?.reset());
  afterAll(async () => {
    await home.dispose();
    await judge?.stop();
  });

  it.each(partitions)("%s", async (partition) => {
    const region = regions[partition];
    await home.writeConfig(`[profile hub]\nregion = ${region}\n`);
    const access = createAccess({ env: home.env, mfaCode: noMfa });
    const bucket = { Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:${partition}:s3:::acme` };
    const document = { Version: "2012-10-17", Statement: [bucket] } as const;
    const base = setupFor({ hub: ACCOUNT, sub: ACCOUNT });
    const setup: Setup = {
      ...base,
      partition,
      region,
      hub: { ...base.hub, path: "/ci/", permissions: [{ kind: "document", name: "buckets", document }] },
      subAccounts: [],
    };
    const resources = blueprint(setup, RUN);
    const first = plan(resources, await observe(resources, access));
    expect(isApplicable(first)).toBe(true);
    expect(await apply(first, access)).toMatchObject({ status: "finished" });

    const iam = new IAMClient({ region, endpoint: judge?.endpoint ?? "", credentials: keys });
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: "circleci-oidc" }));
    expect(role?.Arn).toBe(`arn:${partition}:iam::${ACCOUNT}:role/ci/circleci-oidc`);
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "")).toContain(
      `"arn:${partition}:iam::${ACCOUNT}:oidc-provider/oidc.circleci.com/org/${setup.organizationId}"`,
    );

    const second = plan(resources, await observe(resources, access));
    expect(second.map(({ action }) => action)).toEqual(resources.map(() => "unchanged"));
    const outcome = await remove(await planTeardown(setup, [], access), access);
    expect(outcome).toMatchObject({ status: "finished", isClean: true });
  });
});
