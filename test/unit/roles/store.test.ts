import { describe, expect, it } from "vitest";
import { msg } from "../../../src/core/messages.ts";
import type { Problem } from "../../../src/core/outcome.ts";
import type { Loaded, RolesState } from "../../../src/features/roles/state.ts";
import { createRolesStore } from "../../../src/features/roles/store.ts";
import { anAccess } from "./fixtures.ts";

type Call = {
  readonly profile: string;
  readonly signal: AbortSignal;
  readonly answer: (loaded: Loaded) => void;
  readonly fail: (error: Error) => void;
};

const now = new Date(2026, 0, 1);
const ok: Loaded = { ok: true, access: anAccess(), region: "eu-central-1" };
const cancelled: Loaded = { ok: false, problem: { code: "aws.cancelled", message: msg("aws.cancelled") } };
const unexpectedProblem: Problem = { code: "unexpected", message: msg("command.unexpected") };

function setUp(remembered?: string) {
  const calls: Call[] = [];
  const states: RolesState[] = [];
  const store = createRolesStore({
    remembered,
    now: () => now,
    onChange: (state) => states.push(state),
    unexpected: () => unexpectedProblem,
    load: (profile, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<Loaded>();
      calls.push({ profile, signal, answer: resolve, fail: reject });
      return promise;
    },
  });
  const call = (index: number): Call => {
    const found = calls[index];
    if (found === undefined) throw new Error(`There was no load ${index}.`);
    return found;
  };
  return { store, states, calls, call };
}

describe("the roles store", () => {
  it("loads nothing by itself, whatever is remembered", () => {
    const { store, calls } = setUp("dev");
    expect(store.state()).toEqual({ kind: "remembered", profile: "dev" });
    expect(setUp().store.state()).toEqual({ kind: "noProfile" });
    expect(calls).toEqual([]);
  });

  it("goes from loading to ready", async () => {
    const { store, states, call } = setUp();
    const done = store.refresh("dev");
    call(0).answer(ok);
    await done;
    expect(states).toEqual([
      { kind: "loading", profile: "dev" },
      { kind: "ready", profile: "dev", access: anAccess(), region: "eu-central-1", at: now },
    ]);
  });

  it("gives an older load up and ignores what it still brings", async () => {
    const { store, states, call } = setUp();
    const older = store.refresh("old");
    const newer = store.refresh("new");
    expect([call(0).signal.aborted, call(1).signal.aborted]).toEqual([true, false]);
    call(1).answer(ok);
    await newer;
    call(0).answer({ ok: false, problem: unexpectedProblem });
    await older;
    expect(store.state()).toMatchObject({ kind: "ready", profile: "new" });
    expect(states.map((state) => state.kind)).toEqual(["loading", "loading", "ready"]);
  });

  it("ignores the cancellation of the older load while the newer one runs", async () => {
    const { store, call } = setUp();
    const older = store.refresh("dev");
    const newer = store.refresh("dev");
    call(0).answer(cancelled);
    await older;
    expect(store.state()).toEqual({ kind: "loading", profile: "dev" });
    call(1).answer(ok);
    await newer;
    expect(store.state().kind).toBe("ready");
  });

  it("keeps what was loaded only for the same profile", async () => {
    const { store, call } = setUp();
    const first = store.refresh("dev");
    call(0).answer(ok);
    await first;
    const ready = store.state();
    const again = store.refresh("dev");
    expect(store.state()).toEqual({ kind: "loading", profile: "dev", previous: ready });
    call(1).answer(cancelled);
    await again;
    expect(store.state()).toBe(ready);
    void store.refresh("other");
    expect(store.state()).toEqual({ kind: "loading", profile: "other" });
    store.dispose();
  });

  it("keeps what was loaded when refresh is pressed twice in a row", async () => {
    const { store, call } = setUp();
    const first = store.refresh("dev");
    call(0).answer(ok);
    await first;
    void store.refresh("dev");
    void store.refresh("dev");
    expect(store.state()).toMatchObject({ kind: "loading", previous: { kind: "ready" } });
    store.dispose();
  });

  it("is back at the remembered profile after a cancelled first load", async () => {
    const { store, call } = setUp();
    const done = store.refresh("dev");
    call(0).answer(cancelled);
    await done;
    expect(store.state()).toEqual({ kind: "remembered", profile: "dev" });
  });

  it("shows a failure and forgets what was loaded before", async () => {
    const { store, call } = setUp();
    const first = store.refresh("dev");
    call(0).answer(ok);
    await first;
    const problem: Problem = { code: "aws.accessDenied", message: msg("aws.retry.advice") };
    const again = store.refresh("dev");
    call(1).answer({ ok: false, problem });
    await again;
    expect(store.state()).toEqual({ kind: "failed", profile: "dev", problem });
  });

  it("turns what nobody foresaw into a failure instead of loading forever", async () => {
    const { store, call } = setUp();
    const done = store.refresh("dev");
    call(0).fail(new Error("boom"));
    await done;
    expect(store.state()).toEqual({ kind: "failed", profile: "dev", problem: unexpectedProblem });
  });

  it("says nothing any more once it is disposed", async () => {
    const { store, states, call } = setUp();
    const done = store.refresh("dev");
    store.dispose();
    expect(call(0).signal.aborted).toBe(true);
    call(0).answer(ok);
    await done;
    expect(states.map((state) => state.kind)).toEqual(["loading"]);
  });
});
