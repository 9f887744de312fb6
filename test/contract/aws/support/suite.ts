import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { accountCases } from "../cases/account.ts";
import { editCases } from "../cases/edits.ts";
import { faultCases } from "../cases/faults.ts";
import { identityCases } from "../cases/identity.ts";
import { permissionCases } from "../cases/permissions.ts";
import { quotaCases } from "../cases/quota.ts";
import { removalCases } from "../cases/removal.ts";
import { roleCases } from "../cases/roles.ts";
import { startBackend, type BackendName } from "./backends.ts";
import { createBench, type Bench } from "./bench.ts";
import { gaps, type GapId } from "./gaps.ts";

/** What the cases get: the bench of the case under way, and what the backend cannot do. */
export type Scene = { readonly bench: () => Bench; readonly lacks: (gap: GapId) => boolean };

/** Runs every case of the contract against one backend, and holds its list of gaps to the truth. */
export async function contract(name: BackendName): Promise<void> {
  const backend = await startBackend(name);
  describe.skipIf(backend === undefined)(`AWS adapters against ${name}`, () => {
    let current: Bench | undefined;
    const bench = (): Bench => {
      if (current === undefined) throw new Error("There is no bench outside of a case.");
      return current;
    };
    beforeEach(async () => {
      if (backend !== undefined) current = await createBench(backend);
    });
    afterEach(async () => {
      await current?.dispose();
      current = undefined;
    });
    afterAll(async () => {
      await backend?.stop();
    });

    const lacks = (id: GapId): boolean => gaps[name].some((gap) => gap.id === id);
    const scene = { bench, lacks };
    accountCases(scene);
    faultCases(scene);
    removalCases(scene);
    editCases(scene);
    permissionCases(scene);
    identityCases(scene);
    roleCases(scene);
    quotaCases(scene);

    it.for([...gaps[name]])("still lacks: $id ($reason)", async (gap) => {
      const isStillThere = await gap.isStillThere(bench());
      expect(isStillThere, `${name} does this now: remove this gap`).toBe(true);
    });
  });
}
