import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  auditLogClaims,
  jobClaims,
  type CircleCiJob,
  type TokenClaims,
} from "../../../src/core/trust/index.ts";
import { NOW, simulate } from "./fixtures.ts";

const file = new URL("../../../../shared/data/trust-policies.json", import.meta.url);
const Policies = v.array(v.object({ id: v.string(), policy: v.unknown() }));

const ORG = "11111111-2222-3333-4444-555555555555";

const job: CircleCiJob = {
  organizationId: ORG,
  projectId: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
  userId: "99999999-8888-4777-8666-555555555555",
  trigger: { kind: "vcs", repository: "github.com/acme/app", ref: { kind: "branch", name: "main" } },
  token: "V2",
  issuedAt: NOW - 60,
};

function onBranch(repository: string, name: string): TokenClaims {
  return jobClaims({ ...job, trigger: { kind: "vcs", repository, ref: { kind: "branch", name } } });
}

const INJECTED = "x/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main";

const TOKENS: readonly (readonly [string, TokenClaims])[] = [
  ["main", jobClaims(job)],
  ["V1", jobClaims({ ...job, token: "V1" })],
  ["another branch", onBranch("github.com/acme/app", "dev")],
  ["an injected branch", onBranch("github.com/acme/app", INJECTED)],
  ["a fork", onBranch("github.com/acme-evil/app", "main")],
  ["another project", jobClaims({ ...job, projectId: "bbbbbbbb-cccc-dddd-eeee-ffffffffffff" })],
  ["an SSH re-run", jobClaims({ ...job, sshRerun: true })],
  ["audit-log streaming", auditLogClaims({ organizationId: ORG, issuedAt: NOW - 60 })],
  ["the root issuer", jobClaims({ ...job, rootIssuer: true })],
  // Any job chooses the audience of a token it mints.
  [
    "a stranger's root token",
    jobClaims({
      ...job,
      organizationId: "22222222-0000-4000-8000-000000000000",
      projectId: "33333333-0000-4000-8000-000000000000",
      audience: ORG,
      rootIssuer: true,
    }),
  ],
];

/** What each policy answers to the tokens above: Allow, Deny, Uncertain. */
const ANSWERS: Readonly<Record<string, string>> = {
  "cci-no-condition": "AAAAAAAADD",
  "cci-aud-only": "AAAAAAAADD",
  "cci-sub-project-star": "AAAAAAADDD",
  "cci-or-list-poisoned": "AAAAAAAADD",
  "cci-origin-prefix": "ADDAAAADDD",
  "cci-negated-only": "AAAAAAAADD",
  "cci-forallvalues-context-ids": "AAAAAAAADD",
  "cci-forallvalues-typo": "AAAAAAAADD",
  "cci-ifexists-typo": "AAAAAAAADD",
  // The request decides.
  "cci-role-session-name-only": "UUUUUUUUDD",
  "cci-source-ip-only": "UUUUUUUUDD",
  "cci-second-statement-open": "AAAAADADDD",
  "cci-root-issuer-aud-only": "DDDDDDDDAA",
  "cci-root-issuer-branch-only": "DDDDDDDDAA",
  "cci-root-issuer-pinned": "DDDDDDDDAD",
  "cci-user-star-branch-injection": "ADDADDADDD",
  "cci-any-branch": "ADAADDADDD",
  "cci-aud-missing": "AAAAADADDD",
  "cci-forallvalues-aud-sub": "AAAAADADDD",
  "cci-ssh-rerun-negated": "AAAAADADDD",
  "cci-deny-ssh-rerun": "AAAAADADDD",
  "cci-bool-ssh-rerun-false": "DDDDDDDDDD",
  "cci-context-ids-stringequals": "DDDDDDDDDD",
  "cci-stringequals-star": "DDDDDDDDDD",
  "cci-uppercase-uuid": "DDDDDDDDDD",
  // What AWS documents of an empty list contradicts itself.
  "cci-empty-list": "UUUUUUUUDD",
  "cci-org-mismatch": "DDDDDDDDDD",
  "cci-placeholder-left": "DDDDDDDDDD",
  "cci-wrong-action": "DDDDDDDDDD",
  // Whether IAM stores it is not documented.
  "cci-action-star": "UUUUUUUUUU",
  "ok-branch-guarded-star": "ADDDDDADDD",
  "ok-two-projects": "AAAAAAADDD",
  "ok-tag-session": "AAAAADADDD",
};

const OTHERS = /^(?:gh|sub|ok-github|ok-sub)-/;

describe.runIf(existsSync(file))("judged policies", () => {
  const policies = existsSync(file) ? v.parse(Policies, JSON.parse(readFileSync(file, "utf8"))) : [];

  it.each(policies.map(({ id, policy }) => [id, policy] as const))("%s", (id, policy) => {
    const answers = TOKENS.map(([, claims]) => simulate(policy, claims).verdict.charAt(0)).join("");
    // Policies for other issuers and for sub-accounts let no CircleCI token in, whichever it is.
    expect(answers).toBe(
      ANSWERS[id] ?? (OTHERS.test(id) ? "D".repeat(TOKENS.length) : "no answer is expected"),
    );
  });

  it("are all there", () => {
    expect(policies.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(ANSWERS)));
  });
});

if (!existsSync(file)) console.log("skipped: no judged policies beside the project (../shared/data)");
