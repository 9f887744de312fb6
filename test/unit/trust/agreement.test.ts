import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parseTrustDocument, type Simulation, type Verdict } from "../../../src/core/trust/index.ts";
import { ORG, simulate } from "./fixtures.ts";
import { claims, policies } from "./generate.ts";
import { SEMANTICS } from "./semantics.ts";
import { secondOpinion, SESSION_NAME } from "./sandbox.ts";

/** How many pairs a run compares; more with `TRUST_PAIRS`, the same ones again with `TRUST_SEED`. */
const PAIRS = Number(process.env["TRUST_PAIRS"] ?? 10_000);
const SEED = Number(process.env["TRUST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const provider = { url: `https://oidc.circleci.com/org/${ORG}`, clientIds: [ORG, "deploy"] };
const request = { "sts:RoleSessionName": SESSION_NAME, "aws:SourceIp": "127.0.0.1" };

function tally<Key extends string>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** What an answer says at least: its verdict, or those of its readings where it is not certain. */
function possible({ verdict, readings }: Simulation): readonly Verdict[] {
  return readings === undefined ? [verdict] : readings.map((reading) => reading.verdict);
}

it("agrees with the sandbox, which reads AWS's rules by itself", { timeout: 300_000 }, async () => {
  const ask = await secondOpinion();
  const verdicts = new Map<Verdict, number>();
  const hits = new Map<string, number>();
  const doubts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(policies, claims, async (policy, token) => {
      const text = JSON.stringify(policy);
      const mine = simulate(text, token, { provider, request });
      const other = await ask(text, token);
      tally(verdicts, mine.verdict);
      if (mine.verdict === "UNCERTAIN") {
        tally(doubts, mine.reason.id);
        if (!possible(mine).includes("UNCERTAIN")) expect(possible(mine)).toContain(other.verdict);
        return;
      }
      const document = parseTrustDocument(text);
      if (document.kind === "document")
        for (const [name, holds] of Object.entries(SEMANTICS))
          if (holds({ document, answer: mine })) tally(hits, name);
      expect({ verdict: mine.verdict, code: mine.error?.code ?? "" }).toEqual(other);
    }),
    { numRuns: PAIRS, seed: SEED },
  );
  const share = (verdict: Verdict): number => (verdicts.get(verdict) ?? 0) / PAIRS;
  const percent = (["ALLOW", "DENY", "INVALID", "UNCERTAIN"] as const).map(
    (verdict) => `${verdict} ${(share(verdict) * 100).toFixed(1)} %`,
  );
  const listed = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([name, count]) => `${name} ${String(count)}`)
      .join(", ");
  console.log(
    [
      `trust: ${String(PAIRS)} pairs, seed ${String(SEED)}: ${percent.join(", ")}`,
      `rules met in certain answers: ${listed(hits)}`,
      `uncertain for ${listed(doubts)}`,
    ].join("\n"),
  );
  expect(share("ALLOW")).toBeGreaterThanOrEqual(0.2);
  // A rule that no pair has met was not compared.
  for (const name of Object.keys(SEMANTICS)) expect([name, hits.get(name) ?? 0]).not.toEqual([name, 0]);
});
