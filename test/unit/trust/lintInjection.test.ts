import * as fc from "fast-check";
import { expect, it } from "vitest";
import { jobClaims, type TokenClaims } from "../../../src/core/trust/index.ts";
import { job, ORG, PROJECT, simulate, SUB, when } from "./fixtures.ts";
import { lint, MASK, PINNED } from "./lintFixtures.ts";

const RUNS = 300;
const END = "/vcs-ref/refs/heads/main";
const SHOP = `vcs-origin/github.com/acme/shop${END}`;
const BASE = `org/${ORG}/project/${PROJECT}`;

const onBranch = (repository: string, name: string): TokenClaims =>
  jobClaims({ ...job, trigger: { kind: "vcs", repository, ref: { kind: "branch", name } } });

/** Branches that are not main, of the repository and of another one. */
const others: readonly TokenClaims[] = [
  `x/${SHOP}`,
  `x/user/x/${SHOP}`,
  "x/vcs-ref/refs/heads/main",
  "x/main",
  "x-main",
  "main/x",
].flatMap((name) => ["github.com/acme/shop", "github.com/eve/shop"].map((from) => onBranch(from, name)));

/** Subjects that all mean branch main of the project. */
const pinned = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(MASK, "*", "9*", "?*?"),
      fc.constantFrom("github.com/acme/shop", "github.com/acme/*", "github.com/*/shop", "*"),
    )
    .map(([user, repository]) => `${BASE}/user/${user}/vcs-origin/${repository}${END}`),
  fc.constantFrom(`${BASE}/*${END}`, `${BASE}*main`, `*${END}`),
);

const guard = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { StringNotLike: { [SUB]: "*/vcs-ref/*/vcs-ref/*" } },
);

it("warns of exactly those branch rules that another branch can pass", () => {
  let passing = 0;
  fc.assert(
    fc.property(fc.uniqueArray(pinned, { minLength: 1, maxLength: 3 }), guard, (values, more) => {
      const policy = when({ StringEquals: PINNED, StringLike: { [SUB]: values }, ...more });
      const passes = others.some((token) => simulate(policy, token).verdict === "ALLOW");
      if (passes) passing += 1;
      expect([values, lint(policy).some(({ rule }) => rule === "branch-injection")]).toEqual([
        values,
        passes,
      ]);
    }),
    { numRuns: RUNS },
  );
  expect(passing).toBeGreaterThan(RUNS / 10);
  expect(passing).toBeLessThan(RUNS);
});
