import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { english, msg } from "../../../src/core/messages.ts";
import type { RemovalOutcome } from "../../../src/core/outcome.ts";
import type { Target } from "../../../src/core/plan/index.ts";
import type { Removal } from "../../../src/core/plan/undo.ts";
import { planText, reportText } from "../../../src/features/shared/removalText.ts";
import { RUN, setupOf } from "../core/setup.ts";

const [provider, hub, policy, attachment, sub] = blueprint(setupOf(), RUN);
if (provider === undefined || hub === undefined || policy === undefined) throw new Error("no resources");
if (attachment === undefined || sub === undefined) throw new Error("no resources");

const removals: readonly Removal[] = [
  { action: "gone", resource: sub },
  { action: "remove", resource: attachment, notes: [] },
  { action: "remove", resource: hub, notes: [msg("removal.note.breaks", { roles: "arn:x" })] },
  {
    action: "keep",
    resource: provider,
    reason: msg("removal.keep.used", { roles: "arn:y\u202E" }),
    ours: true,
    commands: ["aws iam x"],
  },
];

describe("the list before a removal", () => {
  it("names all that goes, all that stays and why, and all that is gone", () => {
    expect(planText(removals, ["evil.example"], english)).toBe(
      [
        "Will be removed:",
        "  Policy circleci-oidc-assume-sub-accounts on role circleci-oidc (111122223333)",
        "  Role circleci-oidc (111122223333)",
        "    These roles stay and trust it, and cannot be assumed through it any more: arn:x.",
        "",
        "Stays:",
        "  OIDC provider oidc.circleci.com/org/11111111-2222-4333-8444-555555555555 (111122223333): These roles still trust it: arn:y⟨U+202E⟩.",
        "    aws iam x",
        "",
        "Is not there any more:",
        "  Role circleci-oidc (444455556666)",
        "",
        "Jobs that have credentials already keep them until they expire, 1 h at most. Jobs that begin later get none.",
        "Instead of AWS, evil.example is asked to remove this.",
        "",
      ].join("\n"),
    );
  });
});

describe("how long credentials that jobs have already last", () => {
  const said = (...going: readonly Target[]): string =>
    planText(
      going.map((resource) => ({ action: "remove", resource, notes: [] })),
      [],
      english,
    )
      .trim()
      .split("\n")
      .at(-1) ?? "";

  it("is as long as the longest session of the roles that go", () => {
    if (hub.kind !== "Role") throw new Error("no role");
    expect(said(hub, { ...hub, maxSessionSeconds: 43_200 })).toContain("expire, 12 h at most");
  });

  it("is not known where a role stays that was joined, or no role goes", () => {
    const joined = {
      ...attachment,
      kind: "TrustStatements",
      roleName: "x",
      remove: [],
      add: [],
      before: "",
    } as const;
    expect(said(hub, joined)).toContain("until they expire. Jobs");
    expect(said(attachment)).toContain("until they expire. Jobs");
  });
});

describe("the report after a removal", () => {
  it("says what became of each, with what to do", () => {
    const problem = {
      code: "aws.accessDenied",
      message: msg("aws.denied", { profile: "hub", action: "iam:DeleteRole" }),
      advice: msg("aws.denied.advice"),
      detail: "AWS's words",
    };
    const outcome: RemovalOutcome = {
      status: "failed",
      isClean: false,
      results: [
        { resource: sub, progress: { status: "gone" } },
        { resource: attachment, progress: { status: "removed" } },
        { resource: hub, progress: { status: "failed", problem } },
        { resource: provider, progress: { status: "kept", reason: msg("removal.keep.provider") } },
        { resource: policy, progress: { status: "skipped" } },
      ],
    };
    expect(reportText(removals, outcome, english)).toBe(
      [
        "Role circleci-oidc (444455556666): was not there any more",
        "Policy circleci-oidc-assume-sub-accounts on role circleci-oidc (111122223333): removed",
        "Role circleci-oidc (111122223333): not removed",
        "  The identity behind the profile hub is not allowed to call iam:DeleteRole.",
        "  Use another profile, or ask whoever administers the account for this permission.",
        "  AWS's words",
        "OIDC provider oidc.circleci.com/org/11111111-2222-4333-8444-555555555555 (111122223333): stays",
        "  Its audiences or thumbprints were changed since.",
        "  aws iam x",
        "Policy circleci-oidc-assume-sub-accounts (111122223333): not tried",
        "",
      ].join("\n"),
    );
  });
});
