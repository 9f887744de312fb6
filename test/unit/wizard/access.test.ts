import { describe, expect, it } from "vitest";
import { english } from "../../../src/core/messages.ts";
import { pageProblems, toSetup } from "../../../src/core/wizard/check.ts";
import {
  backTo,
  drive,
  driveToReview,
  HUB,
  identity,
  load,
  ORGANIZATION,
  PROJECT,
  type Driven,
} from "./drive.ts";

describe("the trust policy on the access page", () => {
  /** Where the page shows the policy, its texts, and what becomes of each case. */
  function shown(driven: Driven): { policy: string; texts: string; verdicts: Record<string, string> } {
    const { blocks } = driven.view().page;
    const side = blocks.flatMap((block) => (block.kind === "columns" ? block.side : []));
    return {
      policy: side.flatMap((block) => (block.kind === "code" ? [block.text] : [])).join(""),
      texts: side.flatMap((block) => (block.kind === "text" ? [block.text] : [])).join(" "),
      verdicts: Object.fromEntries(
        blocks.flatMap((block) =>
          block.kind === "details" ? [[block.id, `${block.badge?.text} ${block.badge?.tone}`]] : [],
        ),
      ),
    };
  }

  it("forms as the answers are typed, with what becomes of each case", () => {
    const driven = driveToReview({ branches: "main, release/*" });
    backTo(driven, "access");
    driven.type("tags", "v*");
    const { policy, verdicts } = shown(driven);
    expect(policy).toContain("/vcs-ref/refs/heads/release/*");
    expect(policy).toContain("/vcs-ref/refs/tags/v*");
    expect(verdicts).toEqual({
      "case.this": "ALLOW success",
      "case.branch": "DENY info",
      "case.tag": "ALLOW info",
      "case.webhook": "DENY info",
      "case.fork": "DENY success",
      "case.injected": "DENY success",
      "case.project": "DENY success",
      "case.audit": "DENY success",
      "case.mixed": "ALLOW warning",
      "case.unversioned": "ALLOW warning",
      "case.ssh": "ALLOW warning",
    });
  });

  it("names the project where CircleCI has named it, and not where a file has", () => {
    const who = (driven: Driven): string => JSON.stringify(driven.view());
    const driven = drive();
    const claim = {
      file: ".circleci/info.yml",
      organizationId: ORGANIZATION,
      organizationName: "acme",
      projectId: PROJECT,
      projectName: "file-name",
    };
    const project = "gh/acme/shop";
    load(driven, { what: "detected", result: { ok: true, value: { claim, projectSlug: project } } });
    driven.press("lookup");
    const found = {
      organizationId: ORGANIZATION,
      organizationName: "acme",
      projectId: PROJECT,
      projectName: "web-shop",
      audience: ORGANIZATION,
      member: true,
    };
    load(driven, { what: "lookup", result: { ok: true, value: found } });
    driven.press("next");
    load(driven, {
      what: "profiles",
      result: { ok: true, value: [{ id: "hub", label: "hub", region: "eu-west-1" }] },
    });
    driven.type("profile", "hub");
    load(driven, { what: "identity", result: { ok: true, value: identity(HUB) } });
    driven.press("next");
    expect(who(driven)).toContain(`project web-shop (${PROJECT}),`);
    expect(who(driven)).not.toContain("file-name");
  });

  it("is checked as it forms", () => {
    const driven = driveToReview({ branches: "main" });
    backTo(driven, "access");
    const notices = (): readonly string[] =>
      driven
        .view()
        .page.blocks.flatMap((block) => (block.kind === "columns" ? block.side : []))
        .flatMap((block) => (block.kind === "notice" ? [block.tone] : []));
    expect(notices()).toEqual(["info"]);
    driven.type("branches", "*");
    expect(notices()).toContain("warning");
    // A branch with a strange name is then one of those that are let in, and no stranger.
    expect(shown(driven).verdicts).toMatchObject({
      "case.this": "ALLOW success",
      "case.injected": "ALLOW info",
      "case.fork": "DENY success",
    });
  });

  it("shows what all runs means: forks too, but nobody of another project", () => {
    const driven = driveToReview();
    backTo(driven, "access");
    expect(shown(driven).verdicts).toMatchObject({
      "case.branch": "ALLOW info",
      "case.fork": "ALLOW error",
      "case.project": "DENY success",
      "case.audit": "DENY success",
    });
  });

  it("takes users by their IDs, and says what is none", () => {
    const driven = driveToReview({ branches: "main" });
    backTo(driven, "access");
    driven.type("users", `${PROJECT.toUpperCase()}, alex`);
    expect(pageProblems(driven.state, "access").map((one) => one.field)).toEqual(["users"]);
    driven.type("users", PROJECT.toUpperCase());
    expect(toSetup(driven.state)?.users).toEqual({ kind: "named", ids: [PROJECT] });
    expect(shown(driven).verdicts["case.user"]).toBe("DENY success");
  });

  it("is refused where it does not fit the account's quota, with what to do", () => {
    const driven = driveToReview({ branches: "main" });
    backTo(driven, "access");
    expect(shown(driven).texts).toMatch(/^\d{3} of the 2048 characters/);
    const many = Array.from({ length: 20 }, (_, index) => `branch-${String(index)}`).join(",");
    driven.type("branches", many);
    const [problem] = pageProblems(driven.state, "access");
    expect(problem?.field).toBe("branches");
    expect(english(problem?.problem ?? { id: "wizard.retry" })).toMatch(
      /of the 2048 characters.*split the projects/,
    );
  });

  it("assumes AWS's default where the quota may not be read, and says so", () => {
    const driven = driveToReview();
    backTo(driven, "access");
    driven.state = {
      ...driven.state,
      trustQuota: { kind: "failed", problem: { code: "x", message: { id: "wizard.retry" } } },
    };
    expect(shown(driven).texts).toContain("iam:GetAccountSummary");
  });
});
