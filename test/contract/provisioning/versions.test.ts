import * as iam from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyRun, planRun } from "../../../src/features/shared/runs.ts";
import { atOnce, startHub, type Hub } from "./support/hub.ts";
import { memoryStore, type MemoryStore } from "./support/memory.ts";
import { full, POLICY_ARN as PolicyArn } from "./support/scenario.ts";
import { RUN } from "./support/setup.ts";
import { reopen, setUp, takeBack } from "./support/trial.ts";

const HUB = full.setup.hub.accountId;

/** A policy that has as many versions as IAM keeps and is to get one more. */
describe("a policy with five versions", () => {
  let hub: Hub;
  let store: MemoryStore;
  beforeAll(async () => {
    hub = await startHub({}, full);
  });
  beforeEach(async () => {
    await hub.restore();
    store = memoryStore();
  });
  afterAll(() => hub.stop());

  const policy = () => {
    const found = hub.sandbox.dump(HUB)[0]?.policies.find(({ arn }) => arn === PolicyArn);
    if (found === undefined) throw new Error("There is no policy.");
    return { ids: Object.keys(found.versions), counts: found.defaultVersion, versions: found.versions };
  };
  const remove = (VersionId: string) =>
    hub.client(HUB).send(new iam.DeletePolicyVersionCommand({ PolicyArn, VersionId }));

  it("loses the oldest one that does not count, as the plan has said, and gets it back under a new number", async () => {
    const before = policy();
    expect(before).toMatchObject({ ids: ["v1", "v2", "v3", "v4", "v5"], counts: "v1" });
    const { changes } = await planRun(hub.access(), { setup: full.setup, runId: RUN });
    const change = changes.find(({ resource }) => resource.kind === "ManagedPolicy");
    expect(change).toMatchObject({ action: "update", edits: [{ kind: "DropVersion", version: "v2" }, {}] });
    expect(change?.action === "update" && change.consent.words).toContainEqual({
      id: "plan.update.dropped",
      args: { version: "v2" },
    });
    expect(await setUp(hub, store)).toBe("finished");
    expect(policy()).toMatchObject({ ids: ["v1", "v3", "v4", "v5", "v6"], counts: "v6" });
    await reopen(store);
    expect(await takeBack(hub, store)).toBe("finished");
    expect(policy()).toMatchObject({ ids: ["v1", "v3", "v4", "v5", "v7"], counts: "v1" });
    expect(policy().versions["v7"]).toEqual(before.versions["v2"]);
  });

  it("loses none where there is room by then", async () => {
    await remove("v4");
    const { changes } = await planRun(hub.access(), { setup: full.setup, runId: RUN });
    const change = changes.find(({ resource }) => resource.kind === "ManagedPolicy");
    expect(change).toMatchObject({ action: "update", edits: [{ kind: "PolicyVersion" }] });
    expect(await setUp(hub, store)).toBe("finished");
    expect(policy()).toMatchObject({ ids: ["v1", "v2", "v3", "v5", "v6"], counts: "v6" });
  });

  it("loses no other one where a fifth came after the plan", async () => {
    await remove("v4");
    const planned = await planRun(hub.access(), { setup: full.setup, runId: RUN });
    const PolicyDocument = JSON.stringify(policy().versions["v5"]);
    await hub.client(HUB).send(new iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
    const outcome = await applyRun(
      { store, access: hub.access() },
      { ...planned, runId: RUN },
      { sleep: atOnce, consents: hub.consents },
    );
    expect(outcome.status).toBe("failed");
    expect(JSON.stringify(outcome.progress)).toContain("aws.apply.changed");
    expect(policy()).toMatchObject({ ids: ["v1", "v2", "v3", "v5", "v6"], counts: "v1" });
    expect(await takeBack(hub, store)).toBe("finished");
  });
});
