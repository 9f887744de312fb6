import { describe, expect, it } from "vitest";
import { readTrustPolicyQuota } from "../../../../src/aws/index.ts";
import type { Scene } from "../support/suite.ts";

/** How long a trust policy may be, as the account itself says. */
export function quotaCases({ bench }: Scene): void {
  describe("quota", () => {
    it("is read with one call", async () => {
      const { access, relay } = bench();
      expect(await readTrustPolicyQuota(access, "hub")).toEqual({ ok: true, value: 2048 });
      expect(relay.calls.filter((action) => action === "GetAccountSummary")).toHaveLength(1);
    });

    it("is a problem with its reason where AWS does not answer", async () => {
      const { access, relay } = bench();
      const denied = { code: "AccessDenied", status: 403, message: "not authorized to perform" };
      relay.faults([{ action: "GetAccountSummary", kind: denied }]);
      expect(await readTrustPolicyQuota(access, "hub")).toMatchObject({
        ok: false,
        problem: { code: "aws.accessDenied" },
      });
    });
  });
}
