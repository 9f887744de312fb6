import * as aws from "@aws-sdk/client-iam";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HUB, SUB, admin, awsTrust, failure, iam, policy, session, startKit, sts } from "./kit.ts";
import type { Kit } from "./kit.ts";

let kit: Kit;
beforeEach(async () => {
  kit = await startKit();
});
afterEach(() => kit.end());

const EXPIRED = {
  name: "ExpiredToken",
  status: 403,
  message: "The security token included in the request is expired",
};

const list = (client: aws.IAMClient) => failure(client.send(new aws.ListRolesCommand({})));
const create = (RoleName: string) =>
  failure(
    kit.hub.send(new aws.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(awsTrust(HUB)) })),
  );
const whoAmI = () => failure(kit.hubSts.send(new GetCallerIdentityCommand({})));

describe("sessionEndsAfterCalls", () => {
  it("lets so many calls of a key through and does nothing of what follows", async () => {
    const { accessKeyId } = admin(kit.sandbox, HUB);
    kit.sandbox.knobs({ sessionEndsAfterCalls: { accessKeyId, calls: 2 } });
    expect(await create("a")).toBeUndefined();
    expect(await whoAmI()).toBeUndefined();
    for (const _ of [1, 2]) {
      expect(await create("b")).toMatchObject(EXPIRED);
      expect(await whoAmI()).toMatchObject(EXPIRED);
    }
    expect(kit.sandbox.dump(HUB)[0]?.roles.map(({ name }) => name)).toEqual(["a"]);
    expect(kit.sandbox.calls().at(-1)).toMatchObject({ status: 403, code: "ExpiredToken" });
    expect(await list(kit.sub)).toBeUndefined();
    kit.sandbox.knobs({ sessionEndsAfterCalls: null });
    expect(await create("b")).toBeUndefined();
  });

  it("counts anew when it is set, and is gone after a reset and a checkpoint", async () => {
    const end = { account: HUB, calls: 1 };
    const back = kit.sandbox.checkpoint();
    for (const undo of [() => kit.sandbox.knobs({ sessionEndsAfterCalls: end }), back, kit.sandbox.reset]) {
      kit.sandbox.knobs({ sessionEndsAfterCalls: end });
      expect(await list(kit.hub)).toBeUndefined();
      expect(await list(kit.hub)).toMatchObject(EXPIRED);
      undo();
      expect(await list(kit.hub)).toBeUndefined();
    }
  });

  it("counts per key: one that takes over goes on", async () => {
    await create("ci");
    const PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    await kit.hub.send(new aws.AttachRolePolicyCommand({ RoleName: "ci", PolicyArn }));
    const open = async () => {
      const input = { RoleArn: `arn:aws:iam::${HUB}:role/ci`, RoleSessionName: "run" };
      return iam(kit.sandbox, session(await kit.hubSts.send(new AssumeRoleCommand(input))));
    };
    const first = await open();
    const second = await open();
    kit.sandbox.knobs({ sessionEndsAfterCalls: { calls: 1 } });
    expect(await list(first)).toBeUndefined();
    expect(await list(first)).toMatchObject(EXPIRED);
    expect(await list(second)).toBeUndefined();
    expect(await list(kit.sub)).toBeUndefined();
    expect(await list(second)).toMatchObject(EXPIRED);
    first.destroy();
    second.destroy();
  });

  it("counts only calls whose signature is right, and says first that one is wrong", async () => {
    const { accessKeyId } = admin(kit.sandbox, HUB);
    kit.sandbox.knobs({ sessionEndsAfterCalls: { accessKeyId, calls: 0 } });
    const wrong = sts(kit.sandbox, { accessKeyId, secretAccessKey: "x" });
    const outcome = await failure(wrong.send(new GetCallerIdentityCommand({})));
    expect(outcome).toMatchObject({ name: "SignatureDoesNotMatch" });
    kit.sandbox.knobs({ sessionEndsAfterCalls: { accessKeyId, calls: 1 } });
    await failure(wrong.send(new GetCallerIdentityCommand({})));
    expect(await whoAmI()).toBeUndefined();
    expect(await whoAmI()).toMatchObject(EXPIRED);
    wrong.destroy();
  });

  it("is set over HTTP too", async () => {
    const set = async (value: unknown): Promise<number> => {
      const body = JSON.stringify({ sessionEndsAfterCalls: value });
      return (await fetch(`${kit.sandbox.endpoint}/_sandbox/knobs`, { method: "POST", body })).status;
    };
    expect(await set({ account: SUB, calls: 0 })).toBe(200);
    expect(await list(kit.sub)).toMatchObject(EXPIRED);
    expect(await list(kit.hub)).toBeUndefined();
    for (const wrong of [{}, { calls: -1 }, { calls: 1, key: "x" }, 3]) expect(await set(wrong)).toBe(400);
    expect(await set(null)).toBe(200);
    expect(await list(kit.sub)).toBeUndefined();
  });
});
