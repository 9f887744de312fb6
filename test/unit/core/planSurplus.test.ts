import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import {
  isApplicable,
  plan,
  surplusKey,
  writesAnything,
  type Change,
  type Observations,
} from "../../../src/core/plan/index.ts";
import { removalCommands } from "../../../src/core/plan/removal.ts";
import { elsewhere, HUB, seen } from "./planSeen.ts";
import { RUN, setupOf } from "./setup.ts";

const setup = setupOf();
const SURPLUS = "arn:aws:iam::111122223333:policy/circleci-oidc-s3-site";

/** The changes behind those of the blueprint, where the hub role has a policy too much. */
function surplus(role: object = {}, known: Observations = withSurplus): readonly Change[] {
  const wanted = blueprint(setup, RUN);
  return plan(wanted, { ...seen(setup, { [HUB]: role }), ...known }).slice(wanted.length);
}
const withSurplus: Observations = {
  [surplusKey(HUB)]: { state: "present", resource: { kind: "Surplus", arns: [SURPLUS] } },
};

describe("a policy that was made here and is not wanted any more", () => {
  it("is taken off its role, after what takes over from it, if that is agreed to", () => {
    const [change] = surplus();
    expect(change).toMatchObject({
      action: "update",
      resource: {
        kind: "PolicyAttachment",
        roleName: "circleci-oidc",
        policyArn: SURPLUS,
        needs: [
          HUB,
          "hub/policy/circleci-oidc-assume-sub-accounts",
          "hub/attachment/circleci-oidc-assume-sub-accounts",
        ],
      },
      edits: [{ kind: "Detach", roleName: "circleci-oidc", policyArn: SURPLUS, setupId: setup.id }],
      consent: { required: true, words: [{ id: "plan.update.detach" }] },
    });
    if (change?.action !== "update") throw new Error("no change");
    expect([isApplicable([change]), writesAnything([change])]).toEqual([false, false]);
    expect(isApplicable([change], new Set([change.consent.key]))).toBe(true);
    expect(removalCommands(change.edits)).toEqual([
      `aws iam attach-role-policy --role-name circleci-oidc --policy-arn ${SURPLUS} --profile hub`,
    ]);
  });

  it.each<readonly [string, object, Observations]>([
    ["the role is of another setup", { tags: elsewhere }, withSurplus],
    ["a tool manages the role", { tags: { ...elsewhere, "managed-by": "terraform" } }, withSurplus],
    ["the role is in the way", { arn: "arn:aws:iam::111122223333:role/x/circleci-oidc" }, withSurplus],
    ["nothing is known of it", {}, {}],
    [
      "there is none",
      {},
      { [surplusKey(HUB)]: { state: "present", resource: { kind: "Surplus", arns: [] } } },
    ],
  ])("stays where %s", (_, role, known) => {
    expect(surplus(role, known)).toEqual([]);
  });

  it("blocks its role where it could not be seen", () => {
    const unknown: Observations = {
      [surplusKey(HUB)]: { state: "unknown", reason: { id: "plan.notObserved" } },
    };
    const changes = plan(blueprint(setup, RUN), { ...seen(setup), ...unknown });
    expect(changes.find(({ resource }) => resource.address === HUB)).toMatchObject({
      action: "blocked",
      reasons: [{ id: "plan.notObserved" }],
    });
    expect(isApplicable(changes)).toBe(false);
  });
});
