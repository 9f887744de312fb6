import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import type { Effect } from "../../../src/core/wizard/events.ts";
import { initialState, type WizardState } from "../../../src/core/wizard/state.ts";
import { pageProblems } from "../../../src/core/wizard/check.ts";
import { createController } from "../../../src/features/wizard/controller.ts";
import { Draft, draftOf, stateFromDraft } from "../../../src/features/wizard/draft.ts";
import type { ToWebview } from "../../../src/shared/protocol.ts";
import { LONGEST_TEXT } from "../../../src/shared/limits.ts";
import { driveToReview, ORGANIZATION } from "./drive.ts";

const folders = [{ uri: "file:///shop", name: "shop" }];
const ids = {
  setupId: "00000000-0000-4000-8000-000000000001",
  runId: "00000000-0000-4000-8000-000000000002",
};

function control(initial: WizardState = initialState(folders, ids)) {
  const posted: ToWebview[] = [];
  const effects: Effect[] = [];
  const controller = createController(initial, {
    t: english,
    post: (message) => posted.push(message),
    run: (effect) => effects.push(effect),
    changed: () => undefined,
  });
  return { controller, posted, effects };
}

describe("the controller", () => {
  it("sends the whole page again when the webview was built anew", () => {
    const { controller, posted } = control(driveToReview().state);
    controller.receive({ type: "ready" });
    expect(posted.map((message) => message.view.page.id)).toEqual(["review"]);
  });

  it("takes answers and presses, and says where to move the focus", () => {
    const { controller, posted } = control();
    controller.receive({ type: "input", field: "organizationId", value: ORGANIZATION });
    expect(controller.state().answers.organizationId).toBe(ORGANIZATION);
    controller.receive({ type: "press", action: "next" });
    expect(posted.at(-1)?.focus).toBe("projectId");
  });

  it.each([
    ["no message", undefined],
    ["another type", { type: "run", command: "rm" }],
    ["more than it should have", { type: "ready", more: 1 }],
    ["a field that is no name", { type: "input", field: "__proto__", value: "x" }],
    ["a value that is no text", { type: "input", field: "organizationId", value: { a: 1 } }],
    ["a value without end", { type: "input", field: "organizationId", value: "x".repeat(LONGEST_TEXT + 1) }],
    ["an action the page does not offer", { type: "press", action: "apply" }],
    ["an action with an argument of its own", { type: "press", action: "terminal:; rm -rf" }],
  ])("drops %s", (_what, message) => {
    const { controller, posted, effects } = control();
    const before = controller.state();
    controller.receive(message);
    expect(controller.state()).toBe(before);
    expect(posted).toEqual([]);
    expect(effects).toEqual([]);
  });
});

describe("a draft", () => {
  it("keeps the answers over a reload and no fact that was read", () => {
    const { state } = driveToReview({ sub: true, branches: "main" });
    const draft = v.parse(Draft, JSON.parse(JSON.stringify(draftOf(state))));
    const again = stateFromDraft(draft, folders, ids.runId);
    expect(again.page).toBe("connection");
    expect(again.answers).toEqual({ ...state.answers, accountId: "" });
    expect(again.subs.map((sub) => sub.ciProfile)).toEqual(["staging"]);
    expect([again.identity.kind, again.subs[0]?.identity.kind, again.plan.kind]).toEqual([
      "idle",
      "idle",
      "idle",
    ]);
  });

  it("keeps what was said of the roles, and not that a powerful policy is meant", () => {
    const driven = driveToReview({ sub: true });
    driven.type("role.1.path", "/ci/");
    driven.type("grant.1.permissions", "some");
    driven.press("add-grant:1:s3-site");
    driven.type("grant.1.1.bucket", "acme-site");
    driven.press("add-grant:1:existing");
    driven.type("grant.1.2.arns", "arn:aws:iam::aws:policy/AdministratorAccess");
    driven.type("grant.1.2.confirm", "AdministratorAccess");
    expect(pageProblems(driven.state, "permissions")).toEqual([]);
    const draft = v.parse(Draft, JSON.parse(JSON.stringify(draftOf(driven.state))));
    const again = stateFromDraft(draft, folders, ids.runId);
    expect(again.roles["1"]).toEqual({
      path: "/ci/",
      description: "",
      session: "3600",
      externalId: "",
      permissions: "some",
      grants: [
        { key: 1, kind: "s3-site", values: { bucket: "acme-site" } },
        { key: 2, kind: "existing", values: { arns: "arn:aws:iam::aws:policy/AdministratorAccess" } },
      ],
    });
  });

  it("takes no folder that is not open any more", () => {
    const draft = draftOf(driveToReview().state);
    const two = [
      { uri: "file:///a", name: "a" },
      { uri: "file:///b", name: "b" },
    ];
    expect(stateFromDraft(draft, two, ids.runId).answers.folder).toBe("");
  });

  it("confirms no endpoint and no certificate by itself", () => {
    const { state } = driveToReview();
    const confirmed = { ...state.answers, endpointConfirmed: true, useUntrustedThumbprint: true };
    const again = stateFromDraft(draftOf({ ...state, answers: confirmed }), folders, ids.runId);
    expect(again.answers).toMatchObject({ endpointConfirmed: false, useUntrustedThumbprint: false });
  });
});
