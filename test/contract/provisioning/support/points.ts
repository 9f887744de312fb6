import type { CallRecord, Fault } from "../../../support/aws-sandbox/index.ts";
import type { Hub } from "./hub.ts";

/** One call to AWS of a recorded run: the n-th of its action, in its account, on its target. */
export type Point = {
  readonly action: string;
  readonly account: string;
  readonly target: string | undefined;
  readonly nth: number;
};

/** Every call of a recorded run, told apart so that it is found again whatever order parallel calls come in. */
export function pointsOf(calls: readonly CallRecord[]): readonly Point[] {
  const seen = new Map<string, number>();
  return calls.map(({ action, account, target }) => {
    const key = JSON.stringify([action, account, target]);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return { action, account: account ?? "", target: target ?? undefined, nth };
  });
}

/** What happens at a point: a fault of the sandbox, once or from then on, or the user cancels. */
export const HAPPENINGS = [
  ["throttled from then on", { kind: "throttle", times: 1000 }],
  ["5xx from then on", { kind: "5xx", times: 1000 }],
  ["access denied from then on", { kind: "accessDenied", times: 1000 }],
  ["cut before, from then on", { kind: "cutBefore", times: 1000 }],
  ["cut after, once", { kind: "cutAfter", times: 1 }],
  ["cut after, from then on", { kind: "cutAfter", times: 1000 }],
  ["cancelled by the user", "cancel"],
] as const satisfies readonly (readonly [string, Pick<Fault, "kind" | "times"> | "cancel"])[];

export type Happening = (typeof HAPPENINGS)[number];

/** Lets it happen at the point in the next run; the signal is the run's. `disarm` ends it. */
export function arm(
  { sandbox }: Hub,
  { action, account, target, nth }: Point,
  [, what]: Happening,
): { readonly signal: AbortSignal; readonly disarm: () => void } {
  const cancel = new AbortController();
  const where = { action, account, ...(target === undefined ? {} : { target }) };
  if (what === "cancel") {
    let seen = 0;
    sandbox.onCall((call) => {
      const isIt =
        call.action === action && call.account === account && (call.target ?? undefined) === target;
      if (isIt) seen += 1;
      if (isIt && seen === nth) cancel.abort();
    });
  } else sandbox.knobs({ faults: [{ ...where, nth, ...what }] });
  return {
    signal: cancel.signal,
    disarm: () => {
      sandbox.onCall(undefined);
      sandbox.knobs({ faults: [] });
    },
  };
}

/** A point in words, for the list of what went wrong. */
export function nameOf(point: Point, [what]: Happening): string {
  return `${point.action} ${point.target ?? ""} (${point.account}) #${point.nth}: ${what}`;
}
