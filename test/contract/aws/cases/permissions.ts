import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { apply, observe } from "../../../../src/aws/index.ts";
import { isApplicable, plan } from "../../../../src/core/plan/index.ts";
import type { Bench } from "../support/bench.ts";
import { dump } from "../support/dump.ts";
import { createRole } from "../support/gaps.ts";
import type { Scene } from "../support/suite.ts";

/** Identities that may do some things and not others, as the backend itself decides. */
export function permissionCases({ bench, lacks }: Scene): void {
  describe.skipIf(lacks("permissions"))("permissions", () => {
    it("takes what may not be looked at for unknown, never for absent", async () => {
      const { access, resources } = await limitedTo(bench(), ["iam:GetRole"]);
      const observed = await observe(resources, access);
      expect(observed["hub/role/circleci-oidc"]).toEqual({ state: "absent" });
      expect(observed["hub/oidc-provider"]).toMatchObject({
        state: "unknown",
        reason: { id: "aws.observe.denied", args: { action: "iam:GetOpenIDConnectProvider" } },
      });
      expect(isApplicable(plan(resources, observed))).toBe(false);
    });

    it("stops at the first write it may not do and lists what it did", async () => {
      const limited = await limitedTo(bench(), [
        "iam:Get*",
        "iam:List*",
        "iam:CreateOpenIDConnectProvider",
        "iam:TagOpenIDConnectProvider",
      ]);
      const { access, resources, iam } = limited;
      const hubOnly = resources.filter(({ kind }) => kind === "OidcProvider" || kind === "Role").slice(0, 2);
      const outcome = await apply(plan(hubOnly, await observe(hubOnly, access)), access);
      expect(outcome.status).toBe("failed");
      expect(outcome.created.map(({ address }) => address)).toEqual(["hub/oidc-provider"]);
      expect(outcome.progress["hub/role/circleci-oidc"]).toMatchObject({
        problem: { code: "aws.accessDenied", message: { args: { action: "iam:CreateRole" } } },
      });
      expect((await dump(iam.hub)).providers).toHaveLength(1);
    });

    it.skipIf(lacks("principals"))("creates the sub-account's role only after the hub's", async () => {
      const { access, resources } = bench();
      const changes = plan(resources, await observe(resources, access));
      const early = changes.filter(({ resource }) => resource.address.startsWith("4"));
      const outcome = await apply(early, access, { sleep: () => Promise.resolve() });
      expect(Object.values(outcome.progress)).toMatchObject([{ problem: { code: "aws.propagation" } }]);
      expect(await apply(changes, access)).toMatchObject({ status: "finished" });
    });
  });
}

/** Turns the profile `hub` into a role that may do only this; the administrator becomes `admin`. */
async function limitedTo(bench: Bench, actions: readonly string[]): Promise<Bench> {
  const { accounts, home, iam } = bench;
  await createRole(iam.hub, "limited", accounts.hub.accountId);
  const document = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
  };
  const policy = { PolicyName: "some", PolicyDocument: JSON.stringify(document) };
  await iam.hub.send(new PutRolePolicyCommand({ RoleName: "limited", ...policy }));
  await home.writeCredentials({ admin: accounts.hub, sub: accounts.sub });
  const role = `arn:aws:iam::${accounts.hub.accountId}:role/limited`;
  await home.writeConfig(`[profile hub]\nrole_arn = ${role}\nsource_profile = admin\n[profile sub]\n`);
  return bench;
}
