import { describe, expect, it } from "vitest";
import { apply, createAccess, observe, type Sleep } from "../../../../src/aws/index.ts";
import type { Progress } from "../../../../src/core/outcome.ts";
import { plan } from "../../../../src/core/plan/index.ts";
import { noMfa } from "../support/bench.ts";
import { dump, dumpOf, EMPTY } from "../support/dump.ts";
import { denied, invalidPrincipal, quota, throttle } from "../support/relay.ts";
import type { Scene } from "../support/suite.ts";

const atOnce: Sleep = () => Promise.resolve();
const POLICY = "hub/policy/circleci-oidc-assume-sub-accounts";
const SUB_ROLE = "444455556666/role/circleci-deploy";

/** Throttling, lost answers, propagation, quotas: what goes wrong between us and IAM. */
export function faultCases({ bench }: Scene): void {
  const planned = async () => {
    const { access, resources } = bench();
    return plan(resources, await observe(resources, access));
  };

  describe("faults", () => {
    it("gets through throttling", async () => {
      const { access, relay } = bench();
      const changes = await planned();
      relay.faults([{ action: "CreateRole", kind: throttle, times: 2 }]);
      expect(await apply(changes, access)).toMatchObject({ status: "finished" });
    });

    it("says why it takes long while AWS asks to slow down", async () => {
      const { access, relay } = bench();
      const changes = await planned();
      const notes = new Set<string>();
      relay.faults([{ action: "CreatePolicy", kind: throttle, times: 1 }]);
      const outcome = await apply(changes, access, {
        onProgress: (address, progress) => {
          if (progress.status === "running" && progress.note !== undefined) {
            notes.add(`${address}: ${progress.note.id}`);
          }
        },
      });
      expect(outcome.status).toBe("finished");
      expect([...notes]).toEqual([`${POLICY}: aws.retry.throttled`]);
    });

    it("can be cancelled while AWS asks to slow down, and notes that nothing was created", async () => {
      const { home, relay } = bench();
      const changes = await planned();
      const cancel = new AbortController();
      const notes: string[] = [];
      relay.faults([{ action: "CreateOpenIDConnectProvider", kind: throttle }]);
      // Waits for ever, unless it is told not to.
      const sleep: Sleep = (_, signal) =>
        new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(new Error("aborted"))),
        );
      const outcome = await apply(changes, createAccess({ env: home.env, mfaCode: noMfa, sleep }), {
        signal: cancel.signal,
        onProgress: (_, progress) => {
          if (progress.status === "running" && progress.note !== undefined) cancel.abort();
        },
        journal: { note: async ({ kind }, event) => void notes.push(`${event} ${kind}`) },
      });
      expect(outcome.status).toBe("cancelled");
      expect(outcome.progress["hub/oidc-provider"]?.status).toBe("skipped");
      expect(notes).toContain("notCreated OidcProvider");
      expect(relay.calls.filter((action) => action === "CreateOpenIDConnectProvider")).toHaveLength(1);
    });

    it("looks where a call was throttled after its first answer was lost", async () => {
      const { access, relay, iam, resources } = bench();
      const changes = await planned();
      relay.faults([
        { action: "CreateOpenIDConnectProvider", kind: "cut after", times: 1 },
        { action: "CreateOpenIDConnectProvider", kind: denied("CreateOpenIDConnectProvider") },
      ]);
      const outcome = await apply(changes, access, { sleep: atOnce });
      expect(outcome).toMatchObject({ status: "finished" });
      expect(outcome.created).toHaveLength(resources.length);
      expect((await dump(iam.hub)).providers).toHaveLength(1);
    });

    it("does not try a used-up quota again", async () => {
      const { access, relay } = bench();
      const changes = await planned();
      relay.faults([{ action: "CreateRole", kind: quota }]);
      const outcome = await apply(changes, access);
      expect(relay.calls.filter((action) => action === "CreateRole")).toHaveLength(1);
      expect(outcome.progress["hub/role/circleci-oidc"]).toMatchObject({
        status: "failed",
        problem: { code: "aws.limitExceeded", detail: quota.message },
      });
    });

    it("counts as created what AWS did although its answer was lost", async () => {
      const { access, relay, iam, resources, accounts } = bench();
      const changes = await planned();
      relay.faults([
        { action: "CreateOpenIDConnectProvider", kind: "cut after", times: 1 },
        { action: "CreateRole", kind: "cut after", times: 1 },
        { action: "CreatePolicy", kind: "cut after", times: 1 },
        { action: "AttachRolePolicy", kind: "cut after", times: 1 },
      ]);
      const outcome = await apply(changes, access, { sleep: atOnce });
      expect(outcome.status).toBe("finished");
      expect(outcome.created).toHaveLength(resources.length);
      expect(await dump(iam.hub)).toEqual(dumpOf(resources, accounts.hub.accountId));
    });

    it("says failed when nothing arrived, and skips what depends on it", async () => {
      const { access, relay, iam } = bench();
      const changes = await planned();
      relay.faults([{ action: "CreateOpenIDConnectProvider", kind: "cut before" }]);
      const outcome = await apply(changes, access, { sleep: atOnce });
      expect(outcome.status).toBe("failed");
      expect(outcome.progress["hub/oidc-provider"]).toMatchObject({
        status: "failed",
        problem: { code: "aws.network" },
      });
      expect(outcome.progress["hub/role/circleci-oidc"]?.status).toBe("skipped");
      expect((await dump(iam.hub)).roles).toEqual([]);
    });

    it("finishes what is under way after a failure, and begins nothing new", async () => {
      const { access, relay, iam } = bench();
      const changes = await planned();
      const policyFailed = Promise.withResolvers<void>();
      relay.faults([{ action: "CreatePolicy", kind: denied("CreatePolicy") }]);
      const outcome = await apply(changes, access, {
        onProgress: (address, { status }) => {
          if (address === POLICY && status === "failed") policyFailed.resolve();
        },
        journal: {
          note: ({ kind }, event) =>
            kind === "OidcProvider" && event === "creating" ? policyFailed.promise : Promise.resolve(),
        },
      });
      expect(outcome.status).toBe("failed");
      expect(outcome.created.map(({ kind }) => kind)).toEqual(["OidcProvider"]);
      // All that the role needs is there, but the run has failed.
      expect(outcome.progress["hub/role/circleci-oidc"]?.status).toBe("skipped");
      expect(await dump(iam.hub)).toMatchObject({ providers: [{}], roles: [], policies: [] });
    });

    it("says unknown when neither the answer nor a look came through", async () => {
      const { access, relay, iam } = bench();
      const changes = await planned();
      relay.onCall((action) => {
        if (action !== "CreateOpenIDConnectProvider") return;
        relay.onCall(undefined);
        relay.faults([
          { action: "CreateOpenIDConnectProvider", kind: "cut after" },
          { action: "GetOpenIDConnectProvider", kind: "cut before" },
        ]);
      });
      const outcome = await apply(changes, access, { sleep: atOnce });
      expect(outcome.status).toBe("failed");
      expect(outcome.progress["hub/oidc-provider"]).toMatchObject({
        status: "unknown",
        problem: { code: "aws.unknownOutcome" },
      });
      expect(outcome.created.map(({ address }) => address)).not.toContain("hub/oidc-provider");
      expect((await dump(iam.hub)).providers).toHaveLength(1);
    });

    it("waits, with the reason, until IAM knows a new principal", async () => {
      const { access, relay } = bench();
      const changes = await planned();
      const waits: number[] = [];
      const notes: Progress[] = [];
      const outcome = await apply(changes, access, {
        sleep: async (milliseconds) => void waits.push(milliseconds),
        onProgress: (address, progress) => {
          if (address === "hub/role/circleci-oidc" && progress.status === "created") {
            relay.faults([{ action: "CreateRole", kind: invalidPrincipal, times: 3 }]);
          }
          if (progress.status === "running" && progress.note !== undefined) notes.push(progress);
        },
      });
      expect(outcome.status).toBe("finished");
      expect(waits).toEqual([1000, 2000, 4000]);
      expect(notes.map((each) => (each.status === "running" ? each.note?.id : ""))).toEqual([
        "aws.apply.waiting",
        "aws.apply.waiting",
        "aws.apply.waiting",
      ]);
    });

    it("waits for a new principal no longer than 90 seconds", async () => {
      const { access, relay, resources } = bench();
      const changes = await planned();
      let waited = 0;
      relay.faults([{ action: "CreateRole", kind: invalidPrincipal }]);
      const outcome = await apply(changes, access, {
        sleep: async (milliseconds) => {
          waited += milliseconds;
        },
      });
      expect(waited).toBe(90_000);
      expect(outcome.progress[resources[1]?.address ?? ""]).toMatchObject({
        status: "failed",
        problem: { code: "aws.propagation" },
      });
      expect(outcome.progress[SUB_ROLE]?.status).toBe("skipped");
    });

    it("can be cancelled while it waits for a new principal", async () => {
      const { access, relay } = bench();
      const changes = await planned();
      const cancel = new AbortController();
      relay.faults([{ action: "CreateRole", kind: invalidPrincipal }]);
      const outcome = await apply(changes, access, {
        signal: cancel.signal,
        onProgress: (_, progress) => {
          if (progress.status === "running" && progress.note !== undefined) cancel.abort();
        },
      });
      expect(outcome.status).toBe("cancelled");
      expect(outcome.progress["hub/role/circleci-oidc"]?.status).toBe("skipped");
      expect(relay.calls.filter((action) => action === "CreateRole")).toHaveLength(1);
    });

    it("names the action that is refused, in reading and in writing", async () => {
      const { access, relay, resources } = bench();
      const changes = await planned();
      relay.faults([{ action: "GetPolicy", kind: denied("GetPolicy") }]);
      const observed = await observe(resources, access);
      expect(observed[POLICY]).toMatchObject({
        state: "unknown",
        reason: { id: "aws.observe.denied", args: { action: "iam:GetPolicy", profile: "hub" } },
      });
      relay.faults([{ action: "CreateRole", kind: denied("CreateRole") }]);
      const outcome = await apply(changes, access);
      expect(outcome.progress["hub/role/circleci-oidc"]).toMatchObject({
        problem: { code: "aws.accessDenied", message: { args: { action: "iam:CreateRole" } } },
      });
    });

    it("writes nothing when it cannot be asked who a profile is", async () => {
      const { access, relay, iam } = bench();
      const changes = await planned();
      relay.faults([{ action: "GetCallerIdentity", kind: "html" }]);
      const outcome = await apply(changes, access);
      expect(outcome).toMatchObject({ status: "failed", created: [] });
      expect(outcome.progress["hub/oidc-provider"]).toMatchObject({ problem: { code: "aws.notAws" } });
      expect(await dump(iam.hub)).toEqual(EMPTY);
    });

    it("stops looking when it is cancelled", async () => {
      const { access, relay, resources } = bench();
      const cancel = new AbortController();
      relay.onCall((action) => {
        if (action === "GetRole") cancel.abort();
      });
      await expect(observe(resources, access, cancel.signal)).rejects.toThrow("abort");
    });
  });
}
