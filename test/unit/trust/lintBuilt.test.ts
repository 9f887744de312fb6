import * as fc from "fast-check";
import { expect, it } from "vitest";
import { checkBranch, partitions } from "../../../src/core/ids.ts";
import { buildTrustPolicy, lintTrustPolicy } from "../../../src/core/trust/index.ts";

const id = fc.uuid().map((uuid) => uuid.toLowerCase());
const branch = fc
  .string({ unit: fc.constantFrom("a", "B", "7", "/", "-", "_", ".", "$", "#", "'"), minLength: 1 })
  .filter((name) => checkBranch(name).ok);
const branchRule = fc.oneof(
  fc.constant({ kind: "any" as const }),
  fc.record({
    kind: fc.constant("named" as const),
    repository: fc.constantFrom("github.com/acme/shop", "gitlab.com/acme/team/shop"),
    branches: fc.uniqueArray(branch, { minLength: 1, maxLength: 3 }),
  }),
);

it("has nothing but notes for what is built here", () => {
  fc.assert(
    fc.property(
      fc.record({ partition: fc.constantFrom(...partitions), organizationId: id, projectId: id, branchRule }),
      fc.boolean(),
      (rule, isCustom) => {
        const { organizationId, projectId } = rule;
        const audience = isCustom ? "deploy" : organizationId;
        const policy = buildTrustPolicy({ ...rule, accountId: "111122223333", audience });
        const context = { organizationId, projectIds: [projectId], accountId: "111122223333" };
        const findings = lintTrustPolicy({ policy }, context);
        expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
