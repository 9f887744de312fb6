import * as fc from "fast-check";
import { expect, it } from "vitest";
import { lintTrustPolicy, type TrustRule } from "../../../src/core/trust/index.ts";
import { rules } from "./generateRules.ts";
import { policyOf } from "./rules.ts";

/** Whether a rule asks for every branch of a repository: that is a choice, and one to be warned of. */
function asksForEveryBranch({ projects }: TrustRule): boolean {
  return projects.some(
    ({ runs }) =>
      runs.kind === "refs" && runs.refs.some((ref) => ref.kind === "branchPrefix" && ref.prefix === ""),
  );
}

it("has nothing but notes for what is built here, and a warning where every branch is asked for", () => {
  fc.assert(
    fc.property(rules, (rule) => {
      const { organizationId, accountId } = rule;
      const projectIds = rule.projects.map(({ projectId }) => projectId);
      // How long a policy may be is said before it is built.
      const context = { organizationId, projectIds, accountId, policyQuota: 100_000 };
      const findings = lintTrustPolicy({ policy: policyOf(rule) }, context);
      const above = new Set(findings.filter(({ severity }) => severity !== "info").map((one) => one.rule));
      expect([...above]).toEqual(asksForEveryBranch(rule) ? ["any-branch"] : []);
    }),
    { numRuns: 1000 },
  );
});
