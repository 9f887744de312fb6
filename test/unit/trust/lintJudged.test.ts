import { existsSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { lintTrustPolicy } from "../../../src/core/trust/index.ts";

const file = new URL("../../../../shared/data/trust-policies.json", import.meta.url);
const Policies = v.array(
  v.object({ id: v.string(), policy: v.unknown(), verdict: v.picklist(["critical", "warn", "ok"]) }),
);

describe.runIf(existsSync(file))("judged policies", () => {
  const policies = existsSync(file) ? v.parse(Policies, JSON.parse(readFileSync(file, "utf8"))) : [];

  it.each(policies.map(({ id, verdict, policy }) => [id, verdict, policy] as const))(
    "%s is judged %s by the linter too",
    (_id, verdict, policy) => {
      const severities = lintTrustPolicy({ policy }).map(({ severity }) => severity);
      const worst = severities.includes("critical")
        ? "critical"
        : severities.includes("warning")
          ? "warn"
          : "ok";
      expect(worst).toBe(verdict);
    },
  );
});

if (!existsSync(file)) console.log("skipped: no judged policies beside the project (../shared/data)");
