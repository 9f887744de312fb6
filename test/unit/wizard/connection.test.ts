import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { pageProblems } from "../../../src/core/wizard/check.ts";
import { standing } from "../../../src/core/wizard/claim.ts";
import type { Claim, Lookup } from "../../../src/core/wizard/state.ts";
import { drive, load, ORGANIZATION, OTHER_ORGANIZATION, PROJECT } from "./drive.ts";

const claim: Claim = {
  file: ".circleci/info.yml",
  organizationId: ORGANIZATION,
  organizationName: "acme",
  projectId: PROJECT,
  projectName: "shop",
  projectSlug: "gh/acme/shop",
};
const found: Lookup = {
  organizationId: ORGANIZATION,
  organizationName: "acme",
  projectId: PROJECT,
  projectName: "shop",
  member: true,
  audience: ORGANIZATION,
};

function withClaim(changes: Partial<Claim> = {}) {
  const driven = drive();
  load(driven, { what: "detected", result: { ok: true, value: { claim: { ...claim, ...changes } } } });
  return driven;
}

describe("the organization", () => {
  it("is never filled in from the repository", () => {
    const driven = withClaim();
    expect(driven.state.answers.organizationId).toBe("");
    expect(driven.state.answers.projectId).toBe(PROJECT);
    driven.press("next");
    expect(driven.state.page).toBe("connection");
    expect(driven.focus).toBe("organizationId");
  });

  it("goes through when the user names the one the repository claims", () => {
    const driven = withClaim();
    driven.type("organizationId", ` ${ORGANIZATION.toUpperCase()} `);
    expect(standing(driven.state)).toEqual({ kind: "confirmed", by: "typed" });
    driven.press("next");
    expect(driven.state.page).toBe("aws");
  });

  it("is refused when the repository claims another one than the user names", () => {
    const driven = withClaim({ organizationId: OTHER_ORGANIZATION });
    driven.type("organizationId", ORGANIZATION);
    expect(standing(driven.state).kind).toBe("refused");
    driven.press("next");
    expect(driven.state.page).toBe("connection");
    const shown = JSON.stringify(driven.view());
    expect(shown).toContain("This is not the organization that .circleci/info.yml names.");
  });

  it("is refused when the API and the file disagree, whatever is typed", () => {
    const driven = withClaim({ organizationId: OTHER_ORGANIZATION });
    driven.press("lookup");
    load(driven, { what: "lookup", result: { ok: true, value: found } });
    for (const typed of [ORGANIZATION, OTHER_ORGANIZATION]) {
      driven.type("organizationId", typed);
      expect(standing(driven.state).kind).toBe("refused");
    }
  });

  it("is refused when the API and the file disagree about the project", () => {
    const driven = withClaim({ projectId: OTHER_ORGANIZATION });
    driven.press("lookup");
    load(driven, { what: "lookup", result: { ok: true, value: found } });
    expect(standing(driven.state).kind).toBe("refused");
  });

  it("is refused when the user is no member: a public project can be read by anybody", () => {
    const driven = withClaim();
    driven.press("lookup");
    load(driven, { what: "lookup", result: { ok: true, value: { ...found, member: false } } });
    expect(driven.state.answers.organizationId).toBe("");
    driven.type("organizationId", ORGANIZATION);
    expect(standing(driven.state).kind).toBe("refused");
  });

  it("is filled in and confirmed by the API", () => {
    const driven = withClaim();
    driven.press("lookup");
    expect(driven.effects.at(-1)).toMatchObject({ kind: "lookup", slug: "gh/acme/shop" });
    load(driven, { what: "lookup", result: { ok: true, value: found } });
    expect(standing(driven.state)).toEqual({ kind: "confirmed", by: "CircleCI API" });
    driven.press("next");
    expect(driven.state.page).toBe("aws");
  });

  it("is open again in another folder after the API confirmed it in the first", () => {
    const driven = drive([
      { uri: "file:///a", name: "a" },
      { uri: "file:///b", name: "b" },
    ]);
    driven.type("folder", "file:///a");
    load(driven, { what: "detected", result: { ok: true, value: { claim } } });
    driven.press("lookup");
    load(driven, { what: "lookup", result: { ok: true, value: found } });
    driven.type("folder", "file:///b");
    load(driven, { what: "detected", result: { ok: true, value: { claim } } });
    expect(standing(driven.state)).toEqual({ kind: "open" });
  });
});

describe("the connection page", () => {
  it("asks which folder where several are open", () => {
    const driven = drive([
      { uri: "file:///a", name: "a" },
      { uri: "file:///b", name: "b" },
    ]);
    expect(driven.effects).toEqual([]);
    expect(pageProblems(driven.state, "connection")[0]?.field).toBe("folder");
    driven.type("folder", "file:///elsewhere");
    expect(driven.state.answers.folder).toBe("");
    driven.type("folder", "file:///b");
    expect(driven.effects.at(-1)).toMatchObject({ kind: "detect", folder: "file:///b" });
    expect(driven.view().context).toEqual(["Folder: b"]);
  });

  it("shows no problem before Next, and then all of them", () => {
    const driven = drive();
    load(driven, { what: "detected", result: { ok: true, value: {} } });
    expect(JSON.stringify(driven.view())).not.toContain('"error"');
    driven.press("next");
    const shown = JSON.stringify(driven.view());
    expect(shown).toContain("Enter the organization ID.");
    expect(shown).toContain("Enter the project ID.");
  });

  it("drops an answer that belongs to an older question", () => {
    const driven = drive();
    const older = driven.state.attempt;
    driven.press("detect");
    driven.send({
      type: "loaded",
      what: "detected",
      attempt: older,
      result: { ok: true, value: { claim: { ...claim, organizationId: OTHER_ORGANIZATION } } },
    });
    expect(driven.state.detected.kind).toBe("loading");
  });

  it("says why info.yml is ignored", () => {
    const driven = drive();
    const claimProblem = { id: "circleci.info.malformed", args: { file: ".circleci/info.yml" } } as const;
    load(driven, { what: "detected", result: { ok: true, value: { claimProblem } } });
    expect(JSON.stringify(driven.view())).toContain(english(claimProblem).replaceAll('"', String.raw`\"`));
  });
});
