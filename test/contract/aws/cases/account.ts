import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { apply, observe } from "../../../../src/aws/index.ts";
import { RUN_TAG, type Resource } from "../../../../src/core/blueprint/index.ts";
import type { Progress } from "../../../../src/core/outcome.ts";
import { isApplicable, isEdit, plan } from "../../../../src/core/plan/index.ts";
import { removalCommands } from "../../../../src/core/plan/removal.ts";
import { accessTo, writes } from "../support/bench.ts";
import { dump, dumpOf, EMPTY } from "../support/dump.ts";
import { trustOf } from "../support/gaps.ts";
import type { Scene } from "../support/suite.ts";

const run = promisify(execFile);

/** Whether the AWS CLI is installed; its absence is said in one line, and an error where `CI=true`. */
function hasCli(): boolean {
  if (spawnSync("aws", ["--version"], { stdio: "ignore" }).status === 0) return true;
  const line = "The removal commands were not run: the AWS CLI is missing.";
  if (process.env["CI"] === "true") throw new Error(line);
  process.stderr.write(`${line}\n`);
  return false;
}

/** From an empty account to a finished one and back, and what must never be touched. */
export function accountCases({ bench, lacks }: Scene): void {
  describe("account", () => {
    it("creates the whole blueprint, finds it unchanged, and writes nothing the second time", async () => {
      const { access, resources, iam, relay, accounts } = bench();
      const first = plan(resources, await observe(resources, access));
      expect(first.map((change) => change.action)).toEqual(resources.map(() => "create"));

      const seen: [string, Progress["status"]][] = [];
      const outcome = await apply(first, access, {
        onProgress: (address, { status }) => seen.push([address, status]),
      });
      expect(outcome.status).toBe("finished");
      expect(outcome.created.map(({ address }) => address).toSorted()).toEqual(
        resources.map(({ address }) => address).toSorted(),
      );
      for (const { address } of resources) {
        const statuses = seen.filter(([each]) => each === address).map(([, status]) => status);
        expect([statuses[0], statuses[1], statuses.at(-1)]).toEqual(["pending", "running", "created"]);
      }
      expect(await dump(iam.hub)).toEqual(dumpOf(resources, accounts.hub.accountId));
      expect(await dump(iam.sub)).toEqual(dumpOf(resources, accounts.sub.accountId));

      const second = plan(resources, await observe(resources, access));
      expect(second.map((change) => change.action)).toEqual(resources.map(() => "unchanged"));
      const before = writes(relay.calls).length;
      expect(await apply(second, access)).toMatchObject({ status: "finished", created: [] });
      expect(writes(relay.calls).length).toBe(before);
    });

    it("creates what is needed first, first", async () => {
      const { access, resources } = bench();
      const { created } = await apply(plan(resources, await observe(resources, access)), access);
      const order = created.map(({ address }) => address);
      for (const { address, needs } of created) {
        for (const need of needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(address));
      }
    });

    it("looks at empty accounts with one call for each thing and each account's quotas, none for the attachment", async () => {
      const { access, resources, relay } = bench();
      await observe(resources, access);
      const iamCalls = relay.calls.filter((action) => action !== "GetCallerIdentity");
      expect(iamCalls.toSorted()).toEqual([
        "GetAccountSummary",
        "GetAccountSummary",
        "GetOpenIDConnectProvider",
        "GetPolicy",
        "GetRole",
        "GetRole",
      ]);
    });

    it("leaves exactly what the outcome lists when cancelled at the second write", async () => {
      const { access, resources, iam, relay, accounts } = bench();
      const changes = plan(resources, await observe(resources, access));
      const cancel = new AbortController();
      relay.onCall(() => {
        if (writes(relay.calls).length === 2) cancel.abort();
      });
      const outcome = await apply(changes, access, { signal: cancel.signal });
      expect(outcome.status).toBe("cancelled");
      // A third write may have been on its way already; what is on its way is finished and listed.
      expect(outcome.created).toHaveLength(writes(relay.calls).length);
      expect(outcome.created.length).toBeLessThan(resources.length);
      const created = outcome.created.filter((target): target is Resource => !isEdit(target));
      expect(await dump(iam.hub)).toEqual(dumpOf(created, accounts.hub.accountId));
      expect(await dump(iam.sub)).toEqual(EMPTY);
      const left = Object.values(outcome.progress).filter(({ status }) => status === "skipped");
      expect(left).toHaveLength(resources.length - outcome.created.length);
    });

    it("goes on later from where a cancelled run stopped", async () => {
      const { access, resources, relay } = bench();
      const cancel = new AbortController();
      relay.onCall((action) => {
        if (action === "CreateRole") cancel.abort();
      });
      const partial = await apply(plan(resources, await observe(resources, access)), access, {
        signal: cancel.signal,
      });
      relay.onCall(undefined);
      const rest = await apply(plan(resources, await observe(resources, access)), access);
      expect(rest.status).toBe("finished");
      expect(partial.created.length + rest.created.length).toBe(resources.length);
    });

    it("writes nothing anywhere when one profile leads to another account", async () => {
      const { access, resources, iam, relay, home, accounts } = bench();
      const changes = plan(resources, await observe(resources, access));
      await home.writeCredentials({ hub: accounts.hub, sub: accounts.hub });
      const outcome = await apply(changes, accessTo(home));
      expect(outcome).toMatchObject({ status: "failed", created: [] });
      const problem = Object.values(outcome.progress).find((each) => each.status === "failed");
      expect(problem).toMatchObject({
        problem: {
          code: "aws.wrongAccount",
          message: {
            args: { profile: "sub", found: accounts.hub.accountId, expected: accounts.sub.accountId },
          },
        },
      });
      expect(writes(relay.calls)).toEqual([]);
      expect(await dump(iam.hub)).toEqual(EMPTY);
    });

    it("leaves a role with another trust policy alone unless that is agreed to", async () => {
      const { access, resources, iam, relay, accounts } = bench();
      const trust = trustOf(`arn:aws:iam::${accounts.hub.accountId}:root`);
      await iam.hub.send(
        new CreateRoleCommand({ RoleName: "circleci-oidc", AssumeRolePolicyDocument: trust }),
      );
      const before = await dump(iam.hub);
      const changes = plan(resources, await observe(resources, access));
      expect(changes.find(({ action }) => action === "update")).toMatchObject({
        resource: { address: "hub/role/circleci-oidc" },
        consent: { required: true },
      });
      expect(isApplicable(changes)).toBe(false);
      await expect(apply(changes, access)).rejects.toThrow("blocked");
      expect(writes(relay.calls)).toEqual([]);
      expect(await dump(iam.hub)).toEqual(before);
    });

    it("leaves a provider with another audience alone unless that is agreed to", async () => {
      const { access, resources, iam } = bench();
      const [provider] = resources;
      if (provider?.kind !== "OidcProvider") throw new Error("The provider comes first.");
      const given = { Url: provider.url, ClientIDList: ["somebody-else"], ThumbprintList: ["a".repeat(40)] };
      await iam.hub.send(new CreateOpenIDConnectProviderCommand(given));
      const changes = plan(resources, await observe(resources, access));
      expect(changes[0]).toMatchObject({ action: "update", consent: { required: true } });
      await expect(apply(changes, access)).rejects.toThrow("blocked");
    });

    it("writes nothing at all where anything was changed since the plan", async () => {
      const { access, resources, iam, relay, accounts } = bench();
      const changes = plan(resources, await observe(resources, access));
      const trust = trustOf(`arn:aws:iam::${accounts.sub.accountId}:root`);
      const foreign = { RoleName: "circleci-deploy", AssumeRolePolicyDocument: trust };
      await iam.sub.send(new CreateRoleCommand(foreign));
      const outcome = await apply(changes, access);
      expect(outcome).toMatchObject({ status: "failed", created: [] });
      expect(outcome.progress[`${accounts.sub.accountId}/role/circleci-deploy`]).toMatchObject({
        status: "failed",
        problem: { code: "aws.changed", message: { id: "aws.apply.changed" } },
      });
      expect(writes(relay.calls)).toEqual([]);
      expect(await dump(iam.hub)).toEqual(EMPTY);
    });

    it("does not overwrite what somebody created in the very last moment", async () => {
      const { access, resources, iam, accounts } = bench();
      const changes = plan(resources, await observe(resources, access));
      const trust = trustOf(`arn:aws:iam::${accounts.hub.accountId}:root`);
      const foreign = { RoleName: "circleci-oidc", AssumeRolePolicyDocument: trust };
      const outcome = await apply(changes, access, {
        journal: {
          note: async ({ address }, event) => {
            if (address !== "hub/role/circleci-oidc" || event !== "creating") return;
            await iam.hub.send(new CreateRoleCommand(foreign));
          },
        },
      });
      expect(outcome.status).toBe("failed");
      expect(outcome.progress["hub/role/circleci-oidc"]).toMatchObject({ problem: { code: "aws.exists" } });
      const { roles } = await dump(iam.hub);
      expect(roles).toMatchObject([{ trust: JSON.parse(trust), tags: {} }]);
      expect(outcome.progress["hub/attachment/circleci-oidc-assume-sub-accounts"]?.status).toBe("skipped");
    });

    it.skipIf(lacks("caseless names"))("names a role that exists in other letters", async () => {
      const { access, resources, iam, accounts } = bench();
      const trust = trustOf(`arn:aws:iam::${accounts.hub.accountId}:root`);
      await iam.hub.send(
        new CreateRoleCommand({ RoleName: "CircleCI-OIDC", AssumeRolePolicyDocument: trust }),
      );
      const changes = plan(resources, await observe(resources, access));
      if (isApplicable(changes)) {
        const { progress } = await apply(changes, access, { sleep: () => Promise.resolve() });
        expect(progress["hub/role/circleci-oidc"]).toMatchObject({ problem: { code: "aws.exists" } });
      } else {
        expect(changes.find(({ action }) => action === "blocked")).toMatchObject({
          resource: { address: "hub/role/circleci-oidc" },
        });
      }
    });

    it.skipIf(!hasCli())(
      "is emptied again by the removal commands, run by the real AWS CLI",
      async () => {
        const { access, resources, iam, home } = bench();
        const { created } = await apply(plan(resources, await observe(resources, access)), access);
        for (const command of removalCommands(created)) {
          await run("sh", ["-c", command], { env: { ...process.env, AWS_PAGER: "", ...home.env } });
        }
        expect(await dump(iam.hub)).toEqual(EMPTY);
        expect(await dump(iam.sub)).toEqual(EMPTY);
      },
      120_000,
    );

    it("notes every write before and after it, and stops where a note cannot be stored", async () => {
      const { access, resources, iam } = bench();
      const notes: string[] = [];
      const changes = plan(resources, await observe(resources, access));
      const outcome = await apply(changes, access, {
        journal: {
          note: async ({ address }, event) => {
            if (address === "hub/role/circleci-oidc") throw new Error("disk full");
            notes.push(`${event} ${address}`);
          },
        },
      });
      expect(outcome.status).toBe("failed");
      expect(outcome.progress["hub/role/circleci-oidc"]).toMatchObject({ problem: { code: "aws.journal" } });
      expect(notes.filter((note) => note.startsWith("created")).toSorted()).toEqual(
        outcome.created.map(({ address }) => `created ${address}`).toSorted(),
      );
      expect((await dump(iam.hub)).roles).toEqual([]);
    });

    it("marks everything taggable with the run", async () => {
      const { access, resources, iam } = bench();
      await apply(plan(resources, await observe(resources, access)), access);
      const { providers, roles, policies } = await dump(iam.hub);
      const tags = [...providers, ...roles, ...policies].map((each) => each.tags[RUN_TAG]);
      expect(tags).toEqual(["run-1", "run-1", "run-1"]);
    });
  });
}
