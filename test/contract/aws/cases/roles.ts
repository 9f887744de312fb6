import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { apply, listCircleCiAccess, observe } from "../../../../src/aws/index.ts";
import { plan } from "../../../../src/core/plan/index.ts";
import { ORGANIZATION } from "../support/bench.ts";
import { createRole } from "../support/gaps.ts";
import { denied } from "../support/relay.ts";
import type { Scene } from "../support/suite.ts";

/** What the tree shows of an account. */
export function roleCases({ bench, lacks }: Scene): void {
  describe("roles", () => {
    it("finds the roles that trust CircleCI among more than one page of others", async () => {
      const { access, resources, iam, accounts, relay } = bench();
      for (let index = 0; index < 105; index += 1) {
        await createRole(iam.hub, `other-${index}`, accounts.hub.accountId);
      }
      await apply(plan(resources, await observe(resources, access)), access);
      const [provider, hub] = resources;
      if (provider?.kind !== "OidcProvider" || hub?.kind !== "Role") throw new Error("unexpected order");
      const AssumeRolePolicyDocument = JSON.stringify(hub.trust);
      await iam.hub.send(new CreateRoleCommand({ RoleName: "by-hand", AssumeRolePolicyDocument }));
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
      });
      await iam.hub.send(
        new PutRolePolicyCommand({ RoleName: "by-hand", PolicyName: "buckets", PolicyDocument }),
      );
      relay.reset(relay.target());

      const found = await listCircleCiAccess({ profile: "hub", access });
      expect(found).toMatchObject({ ok: true, incomplete: [] });
      if (!found.ok) return;
      expect(found.identity.accountId).toBe(accounts.hub.accountId);
      expect(found.providers).toHaveLength(1);
      expect(found.providers[0]).toMatchObject({
        arn: provider.arn,
        url: provider.url,
        organizationId: ORGANIZATION,
        audiences: [ORGANIZATION],
        tags: provider.tags,
      });
      expect(found.providers[0]?.roles).toMatchObject([
        { name: "by-hand", managedByUs: false, attachedPolicies: [], inlinePolicies: ["buckets"] },
        {
          name: "circleci-oidc",
          arn: hub.arn,
          trust: hub.trust,
          managedByUs: true,
          consoleUrl: "https://console.aws.amazon.com/iam/home#/roles/details/circleci-oidc",
          attachedPolicies: [{ name: "circleci-oidc-assume-sub-accounts" }],
          inlinePolicies: [],
        },
      ]);
      expect(found.providers[0]?.roles[0]?.created).toBeInstanceOf(Date);
      const details = relay.calls.filter((action) => action === "ListRolePolicies");
      expect(details).toHaveLength(2);
    }, 120_000);

    it.skipIf(lacks("pages"))("follows the pages that the service makes", async () => {
      const { access, iam, accounts, resources } = bench();
      for (let index = 0; index < 3; index += 1) {
        await createRole(iam.hub, `z-${index}`, accounts.hub.accountId);
      }
      await apply(plan(resources, await observe(resources, access)), access);
      const opened = await access.open("hub");
      if (!opened.ok) throw new Error("no access");
      opened.account.iam.middlewareStack.add(
        (next) => (args) => {
          Object.assign(args.input, "MaxItems" in args.input ? { MaxItems: 1 } : {});
          return next(args);
        },
        { step: "initialize", name: "smallPages" },
      );
      const found = await listCircleCiAccess({ profile: "hub", access });
      expect(found.ok && found.providers[0]?.roles.map(({ name }) => name)).toEqual(["circleci-oidc"]);
      expect(bench().relay.calls.filter((action) => action === "ListRoles").length).toBeGreaterThan(3);
    });

    it("says what is missing where something may not be read", async () => {
      const { access, resources, relay } = bench();
      await apply(plan(resources, await observe(resources, access)), access);
      relay.faults([{ action: "ListRolePolicies", kind: denied("ListRolePolicies") }]);
      expect(await listCircleCiAccess({ profile: "hub", access })).toMatchObject({
        ok: true,
        providers: [{ roles: [{ name: "circleci-oidc" }] }],
        incomplete: [
          { id: "aws.roles.details", args: { name: "circleci-oidc", action: "iam:ListRolePolicies" } },
        ],
      });
      relay.faults([{ action: "ListRoles", kind: denied("ListRoles") }]);
      expect(await listCircleCiAccess({ profile: "hub", access })).toMatchObject({
        ok: true,
        providers: [{ roles: [] }],
        incomplete: [{ id: "aws.roles.unlisted" }],
      });
      relay.faults([{ action: "ListOpenIDConnectProviders", kind: denied("ListOpenIDConnectProviders") }]);
      expect(await listCircleCiAccess({ profile: "hub", access })).toMatchObject({
        ok: false,
        problem: { code: "aws.accessDenied" },
      });
    });

    it("needs one call where CircleCI has no provider", async () => {
      const { access, relay } = bench();
      expect(await listCircleCiAccess({ profile: "hub", access })).toMatchObject({ ok: true, providers: [] });
      expect(relay.calls).toEqual(["GetCallerIdentity", "ListOpenIDConnectProviders"]);
    });
  });
}
