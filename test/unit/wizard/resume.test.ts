import { describe, expect, it } from "vitest";
import { toSetup } from "../../../src/core/wizard/check.ts";
import { standing } from "../../../src/core/wizard/claim.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { stateOfRun } from "../../../src/features/wizard/resume.ts";
import { RUN, setupOf } from "../core/setup.ts";
import { drive, identity, load, type Driven } from "./drive.ts";

const folders = [{ uri: "file:///shop", name: "shop" }];

/** A wizard that goes on with a run, after the workspace has been read. */
function resumed(setup: Setup, claim?: { organizationId: string; projectId: string }): Driven {
  const driven = drive(folders);
  driven.state = stateOfRun({ setup, runId: RUN, consents: [] }, folders);
  driven.send({ type: "start" });
  const value = claim === undefined ? {} : { claim: { file: ".circleci/info.yml", ...claim } };
  load(driven, {
    what: "detected",
    result: { ok: true, value: { ...value, repository: "github.com/acme/other" } },
  });
  return driven;
}

/** Presses through to the review; only AWS and the issuer are asked anew. */
function toReview(driven: Driven, setup: Setup): void {
  driven.press("next");
  const choices = [setup.hub.profile, ...setup.subAccounts.map(({ profile }) => profile)];
  load(driven, {
    what: "profiles",
    result: { ok: true, value: choices.map((id) => ({ id, label: id })) },
  });
  driven.press("identify");
  load(driven, { what: "identity", result: { ok: true, value: identity(setup.hub.accountId) } });
  setup.subAccounts.forEach(({ accountId }, index) => {
    driven.press(`identify:${index + 1}`);
    load(driven, { what: "subIdentity", key: index + 1, result: { ok: true, value: identity(accountId) } });
  });
  driven.press("next");
  driven.press("next");
  load(driven, {
    what: "thumbprint",
    result: { ok: true, value: { kind: "unreachable", reason: "no network", code: "connection-failed" } },
  });
  driven.press("next");
}

describe("a wizard that goes on with a run", () => {
  it.each([
    ["named branches", setupOf()],
    ["all runs of the project", setupOf({ runs: { kind: "any" }, subAccounts: [] })],
    [
      "prefixes, tags and users",
      setupOf({
        runs: {
          kind: "refs",
          repository: "github.com/acme/shop",
          refs: [
            { kind: "branchPrefix", prefix: "release/" },
            { kind: "tag", name: "v1" },
            { kind: "tagPrefix", prefix: "" },
          ],
        },
        users: { kind: "named", ids: ["99999999-8888-4777-8666-555555555555"] },
      }),
    ],
  ])("comes to the same setup and run: %s", (_, setup) => {
    const driven = resumed(setup);
    toReview(driven, setup);
    expect(driven.state.page).toBe("review");
    expect(driven.state.runId).toBe(RUN);
    expect(toSetup(driven.state)).toEqual(setup);
  });

  it("does not go on in a repository that names another organization", () => {
    const setup = setupOf();
    const other = { organizationId: "99999999-2222-4333-8444-555555555555", projectId: setup.projectId };
    expect(standing(resumed(setup, other).state).kind).toBe("refused");
  });

  it("wants an organization confirmed again that CircleCI had confirmed", () => {
    const setup = setupOf({ sources: { organizationId: "CircleCI API", projectId: "CircleCI API" } });
    expect(standing(resumed(setup).state).kind).toBe("open");
    expect(standing(resumed(setupOf()).state)).toEqual({ kind: "confirmed", by: "typed" });
  });
});
