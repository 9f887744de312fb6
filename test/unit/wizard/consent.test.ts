import { describe, expect, it } from "vitest";
import { blueprint, SETUP_TAG } from "../../../src/core/blueprint/index.ts";
import { plan, type Observation, type Observations } from "../../../src/core/plan/index.ts";
import { toSetup } from "../../../src/core/wizard/check.ts";
import { ownRoleName } from "../../../src/core/wizard/consent.ts";
import { enabledActions } from "../../../src/features/wizard/view/index.ts";
import { asCreated } from "../core/observations.ts";
import { setupOf } from "../core/setup.ts";
import { driveToReview, load, type Driven } from "./drive.ts";

const ROLE = "hub/role/circleci-oidc";

/** The review of a role that was made here for another project. */
function reviewOfJoin(changes: object = {}): Driven {
  const driven = driveToReview();
  const setup = toSetup(driven.state);
  if (setup === undefined) throw new Error("no setup");
  const other = { ...setup, projectId: "99999999-8888-4777-8666-555555555555", id: setupOf().id };
  const theirs = blueprint(other, driven.state.runId);
  const wanted = blueprint(setup, driven.state.runId);
  const seen: Observations = Object.fromEntries(
    wanted.map((resource, at): [string, Observation] => {
      const existing = theirs[at];
      if (existing === undefined) return [resource.address, { state: "absent" }];
      const tags = { "managed-by": "circleci-aws-oidc", [SETUP_TAG]: "00000000-0000-4000-8000-0000000000ff" };
      const more = resource.address === ROLE ? { tags, ...changes } : {};
      return [resource.address, { state: "present", resource: { ...asCreated(existing), ...more } }];
    }),
  );
  load(driven, { what: "plan", result: { ok: true, value: { setup, changes: plan(wanted, seen) } } });
  return driven;
}

const pageOf = (driven: Driven): string => JSON.stringify(driven.view());

describe("a role that another project uses", () => {
  it("is shown with the consequences, and nothing can be applied before they are agreed to", () => {
    const driven = reviewOfJoin({ attachedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] });
    const page = pageOf(driven);
    expect(page).toContain("was not made for this project");
    expect(page).toContain("arn:aws:iam::aws:policy/ReadOnlyAccess");
    expect(page).toContain("each fares as before");
    expect(enabledActions(driven.view())).not.toContain("apply");
    driven.press("apply");
    expect(driven.state.apply.kind).toBe("none");
  });

  it("is changed once that is agreed to, and what was agreed to goes along", () => {
    const driven = reviewOfJoin();
    driven.type(`consent.${ROLE}`, true);
    expect(pageOf(driven)).toContain("0 to create, 1 to change, 1 exist already.");
    expect(pageOf(driven)).toContain("Change in AWS");
    driven.press("apply");
    const effect = driven.effects.find(({ kind }) => kind === "apply");
    expect(effect).toMatchObject({ consents: driven.state.consents });
    expect(driven.state.consents).toHaveLength(1);
    expect(driven.state.apply).toMatchObject({
      progress: { [ROLE]: { status: "pending" }, "hub/oidc-provider": { status: "unchanged" } },
    });
  });

  it("is left alone where the agreement is taken back", () => {
    const driven = reviewOfJoin();
    driven.type(`consent.${ROLE}`, true);
    driven.type(`consent.${ROLE}`, false);
    expect(driven.state.consents).toEqual([]);
    expect(enabledActions(driven.view())).not.toContain("apply");
  });

  it("has to be agreed to anew where it may do something else by the next look", () => {
    const driven = reviewOfJoin();
    driven.type(`consent.${ROLE}`, true);
    const later = reviewOfJoin({ inlinePolicies: ["deploy"] });
    later.state = { ...later.state, consents: driven.state.consents };
    expect(enabledActions(later.view())).not.toContain("apply");
    driven.press("apply");
    expect(driven.state.apply.kind).toBe("running");
  });

  it("can be left for a role of the project's own, which is looked for at once", () => {
    const driven = reviewOfJoin();
    expect(pageOf(driven)).toContain("Use a role of its own: circleci-oidc-aaaaaaaa");
    driven.press(`own-role:${ROLE}`);
    expect(driven.state.answers.roleName).toBe("circleci-oidc-aaaaaaaa");
    expect(driven.state.plan.kind).toBe("loading");
    expect(driven.effects.at(-1)).toMatchObject({
      kind: "observe",
      setup: { hub: { roleName: "circleci-oidc-aaaaaaaa" } },
    });
  });

  it("takes no agreement for what is not in the plan", () => {
    const driven = reviewOfJoin();
    driven.type("consent.hub/oidc-provider", true);
    driven.type("consent.nowhere", true);
    driven.press("own-role:hub/oidc-provider");
    expect(driven.state.consents).toEqual([]);
    expect(driven.state.plan.kind).toBe("ready");
  });
});

describe("a name of the project's own", () => {
  it.each([
    ["circleci-oidc", "circleci-oidc-aaaaaaaa"],
    ["circleci-oidc-aaaaaaaa", "circleci-oidc-aaaaaaaa-2"],
    ["circleci-oidc-aaaaaaaa-2", "circleci-oidc-aaaaaaaa-3"],
    ["r".repeat(64), `${"r".repeat(55)}-aaaaaaaa`],
  ])("for %s is %s", (name, own) => {
    expect(ownRoleName(name, "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")).toBe(own);
    expect(own.length).toBeLessThanOrEqual(64);
  });
});
