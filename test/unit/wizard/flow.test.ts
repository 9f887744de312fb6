import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { plan, type Observations } from "../../../src/core/plan/index.ts";
import { pageProblems, toSetup } from "../../../src/core/wizard/check.ts";
import { outlined } from "./onPipeline.ts";
import { enabledActions } from "../../../src/features/wizard/view/index.ts";
import {
  backTo,
  drive,
  driveToReview,
  HUB,
  identity,
  load,
  ORGANIZATION,
  PROJECT,
  SUB,
  type Driven,
} from "./drive.ts";

function observed(driven: Driven, state: "absent" | "unknown"): void {
  const setup = toSetup(driven.state);
  if (setup === undefined) throw new Error("no setup");
  const wanted = blueprint(setup, driven.state.runId);
  const seen: Observations = Object.fromEntries(
    wanted.map((resource) => [
      resource.address,
      state === "absent" ? { state } : { state, reason: { id: "plan.notObserved" } },
    ]),
  );
  load(driven, { what: "plan", result: { ok: true, value: { setup, changes: plan(wanted, seen) } } });
}

describe("the AWS page", () => {
  it("blocks an account that is not the profile's", () => {
    const driven = driveToReview();
    backTo(driven, "aws");
    driven.type("accountId", SUB);
    expect(pageProblems(driven.state, "aws")).toEqual([
      {
        field: "accountId",
        problem: { id: "wizard.account.mismatch", args: { typed: SUB, actual: HUB } },
      },
    ]);
    driven.press("next");
    expect(driven.state.page).toBe("aws");
    expect(toSetup(driven.state)).toBeUndefined();
  });

  it("forgets the account when another profile is chosen", () => {
    const driven = driveToReview();
    driven.type("profile", "sub");
    expect(driven.state.answers.accountId).toBe("");
    expect(driven.state.identity.kind).toBe("loading");
    expect(driven.state.plan.kind).toBe("idle");
  });

  it("asks before it writes to a host that is neither AWS nor this machine", () => {
    const driven = driveToReview();
    driven.type("profile", "hub");
    const endpointOverride = "aws.example.net";
    load(driven, { what: "identity", result: { ok: true, value: identity(HUB, { endpointOverride }) } });
    expect(pageProblems(driven.state, "aws").map((one) => one.field)).toEqual(["endpointConfirmed"]);
    driven.type("endpointConfirmed", true);
    expect(pageProblems(driven.state, "aws")).toEqual([]);
  });

  it.each(["127.0.0.1:5000", "localhost:1", "[::1]:80", "localhost, 127.0.0.1:4"])("takes %s", (host) => {
    const driven = driveToReview();
    driven.type("profile", "hub");
    load(driven, {
      what: "identity",
      result: { ok: true, value: identity(HUB, { endpointOverride: host }) },
    });
    expect(pageProblems(driven.state, "aws")).toEqual([]);
  });

  it.each(["127.0.0.1.example.net", "localhost.example.net:80", "127.0.0.1, aws.example.net"])(
    "does not take %s for this machine",
    (host) => {
      const driven = driveToReview();
      driven.type("profile", "hub");
      load(driven, {
        what: "identity",
        result: { ok: true, value: identity(HUB, { endpointOverride: host }) },
      });
      expect(pageProblems(driven.state, "aws")).not.toEqual([]);
    },
  );

  it("keeps all answers over a failed sign-in and a retry", () => {
    const driven = driveToReview();
    driven.type("profile", "hub");
    driven.type("roleName", "my-role");
    const problem = {
      code: "aws.sso",
      message: { id: "plan.notObserved" as const },
      command: ["aws", "sso", "login", "--profile", "hub"],
    };
    load(driven, { what: "identity", result: { ok: false, problem } });
    driven.press("terminal:");
    expect(driven.effects.at(-1)).toEqual({ kind: "terminal", command: problem.command });
    driven.press("identify");
    load(driven, { what: "identity", result: { ok: true, value: identity(HUB) } });
    expect(driven.state.answers).toMatchObject({
      roleName: "my-role",
      organizationId: ORGANIZATION.toUpperCase(),
    });
  });
});

describe("the access page", () => {
  it("makes the setup out of the answers", () => {
    const driven = driveToReview({ sub: true, branches: "main, release/1" });
    expect(driven.state.page).toBe("review");
    expect(toSetup(driven.state)).toMatchObject({
      organizationId: ORGANIZATION,
      projectId: PROJECT,
      audience: ORGANIZATION,
      hub: { accountId: HUB, profile: "hub", roleName: "circleci-oidc" },
      runs: {
        kind: "refs",
        repository: "github.com/acme/shop",
        refs: [
          { kind: "branch", name: "main" },
          { kind: "branch", name: "release/1" },
        ],
      },
      users: { kind: "anyone" },
      subAccounts: [{ accountId: SUB, profile: "sub", roleName: "circleci-oidc", ciProfile: "staging" }],
    });
  });

  it("refuses the hub's account as a sub-account, twins and reserved names", () => {
    const driven = driveToReview({ sub: true });
    driven.press("add-sub");
    driven.type("sub.2.profile", "sub");
    load(driven, { what: "subIdentity", key: 2, result: { ok: true, value: identity(HUB) } });
    driven.type("sub.2.ciProfile", "default");
    const problems = pageProblems(driven.state, "aws").map((one) => `${one.field} ${one.problem.id}`);
    expect(problems).toEqual(["sub.2.ciProfile id.profile.reserved", "sub.2.accountId wizard.sub.isHub"]);
    driven.press("remove-sub:2");
    expect(pageProblems(driven.state, "aws")).toEqual([]);
  });

  it("refuses branch names that IAM would read as patterns", () => {
    const driven = driveToReview();
    driven.type("runs", "refs");
    for (const names of ["release/*/x", "*/main", "a?b", "x${aws:username}", "", "a..b", "ünicode"]) {
      driven.type("branches", names);
      expect(pageProblems(driven.state, "access").map((one) => one.field)).toEqual(["branches"]);
    }
  });
});

describe("the review and what follows", () => {
  it("reads the accounts when it is entered, and anew after a change", () => {
    const driven = driveToReview();
    expect(driven.effects.at(-1)?.kind).toBe("observe");
    observed(driven, "absent");
    expect(driven.state.plan.kind).toBe("ready");
    driven.type("roleName", "other");
    expect(driven.state.plan.kind).toBe("idle");
  });

  it("cannot apply what is blocked", () => {
    const driven = driveToReview();
    observed(driven, "unknown");
    expect(enabledActions(driven.view()).has("apply")).toBe(false);
    driven.press("apply");
    expect(driven.state.apply.kind).toBe("none");
  });

  it("shows the exact request of every resource, and who can assume the role", () => {
    const driven = driveToReview({ sub: true, branches: "main" });
    observed(driven, "absent");
    const shown = JSON.stringify(driven.view());
    expect(shown).toContain("whose token says branch main of github.com/acme/shop");
    expect(shown).toContain("iam:CreateOpenIDConnectProvider");
    expect(shown).toContain("????????-????-????-????-????????????");
    expect(driven.view().page.blocks.filter((block) => block.kind === "details")).toHaveLength(5);
  });

  it("follows the progress, and says after a cancel what exists and how to remove it", () => {
    const driven = driveToReview();
    observed(driven, "absent");
    driven.press("apply");
    expect(driven.state.page).toBe("apply");
    const setup = toSetup(driven.state);
    const [provider, role] = setup === undefined ? [] : blueprint(setup, driven.state.runId);
    if (provider === undefined || role === undefined) throw new Error("no resources");
    driven.send({ type: "progress", address: provider.address, progress: { status: "running" } });
    expect(JSON.stringify(driven.view())).toContain('"status":"running"');
    driven.press("cancel");
    expect(driven.effects.at(-1)).toEqual({ kind: "cancel" });
    const outcome: Outcome = {
      status: "cancelled",
      progress: { [provider.address]: { status: "created" }, [role.address]: { status: "skipped" } },
      created: [provider],
    };
    driven.send({ type: "applied", outcome });
    const shown = JSON.stringify(driven.view());
    expect(shown).toContain("OIDC provider oidc.circleci.com/org/");
    expect(shown).toContain("aws iam delete-open-id-connect-provider");
    expect(shown).not.toContain("aws iam delete-role");
    driven.press("undo");
    expect(driven.effects.at(-1)).toEqual({ kind: "undo" });
    expect(driven.state.page).toBe("apply");
    driven.press("observe");
    expect(driven.state.page).toBe("review");
    expect(driven.effects.at(-1)?.kind).toBe("observe");
  });

  it("offers to undo nothing while it is creating, and nothing of a run that left nothing", () => {
    const driven = driveToReview();
    observed(driven, "absent");
    driven.press("apply");
    driven.press("undo");
    expect(driven.effects.at(-1)?.kind).toBe("apply");
    driven.send({ type: "applied", outcome: { status: "cancelled", progress: {}, created: [] } });
    driven.press("undo");
    expect(driven.effects.map(({ kind }) => kind)).not.toContain("undo");
  });

  it("takes no answers while it is creating", () => {
    const driven = driveToReview();
    observed(driven, "absent");
    driven.press("apply");
    driven.type("roleName", "other");
    driven.press("back");
    expect(driven.state.answers.roleName).toBe("circleci-oidc");
    expect(driven.state.page).toBe("apply");
  });

  it("goes on to the pipeline where nothing is to be created", () => {
    const driven = driveToReview();
    const setup = toSetup(driven.state);
    if (setup === undefined) throw new Error("no setup");
    const changes = blueprint(setup, driven.state.runId).map((resource) => ({
      action: "unchanged" as const,
      resource,
      seen: "",
      notes: [],
    }));
    load(driven, { what: "plan", result: { ok: true, value: { setup, changes } } });
    expect(JSON.stringify(driven.view())).toContain("Everything exists already. Nothing will be created.");
    driven.press("apply");
    expect(driven.state.page).toBe("pipeline");
    expect(driven.effects.some((effect) => effect.kind === "apply")).toBe(false);
  });

  it("inserts only into jobs that can take the step", () => {
    const driven = driveToReview();
    const setup = toSetup(driven.state);
    if (setup === undefined) throw new Error("no setup");
    load(driven, { what: "plan", result: { ok: true, value: { setup, changes: [] } } });
    driven.press("apply");
    const job = { facts: [], refused: false, styles: ["profiles" as const], placesDiffer: false };
    const jobs = [
      { ...job, name: "build", status: "ready" as const },
      { ...job, name: "deploy", status: "ready" as const },
      { ...job, name: "old", status: "different" as const },
    ];
    outlined(driven, { jobs });
    expect(driven.state.selectedJobs).toEqual([]);
    driven.type("job.old", true);
    expect(enabledActions(driven.view()).has("insert")).toBe(false);
    driven.type("job.deploy", true);
    driven.press("insert");
    expect(driven.effects.at(-1)).toMatchObject({ kind: "insert", jobs: ["deploy"] });
    load(driven, {
      what: "insertion",
      result: { ok: true, value: { jobs: ["deploy"], alsoIn: [], saved: true } },
    });
    expect(driven.state.page).toBe("done");
    expect(JSON.stringify(driven.view())).toContain("arn:aws:iam::111122223333:role/circleci-oidc");
  });
});

describe("every page", () => {
  it("offers only actions the reducer knows and takes unknown ones without harm", () => {
    const driven = drive();
    const before = driven.state;
    driven.press("no-such-action");
    driven.type("no.such.field", "x");
    expect({ ...driven.state, touched: before.touched, plan: before.plan }).toEqual(before);
  });
});
