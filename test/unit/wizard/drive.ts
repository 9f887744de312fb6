import { english } from "../../../src/core/messages.ts";
import { reduce } from "../../../src/core/wizard/reduce.ts";
import type { Effect, Event } from "../../../src/core/wizard/events.ts";
import {
  initialState,
  pages,
  type Identity,
  type PageId,
  type WizardState,
} from "../../../src/core/wizard/state.ts";
import { viewOf } from "../../../src/features/wizard/view/index.ts";
import type { WizardView } from "../../../src/shared/protocol.ts";

export const ORGANIZATION = "11111111-2222-4333-8444-555555555555";
export const OTHER_ORGANIZATION = "66666666-2222-4333-8444-555555555555";
export const PROJECT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
export const HUB = "111122223333";
export const SUB = "444455556666";

/** A wizard that is driven by events, as the host drives it. */
export type Driven = {
  state: WizardState;
  effects: Effect[];
  focus: string | undefined;
  send(event: Event): void;
  type(field: string, value: string | boolean): void;
  press(action: string): void;
  view(): WizardView;
};

export function drive(folders = [{ uri: "file:///shop", name: "shop" }]): Driven {
  const driven: Driven = {
    state: initialState(folders, {
      setupId: "00000000-0000-4000-8000-000000000001",
      runId: "00000000-0000-4000-8000-000000000002",
    }),
    effects: [],
    focus: undefined,
    send(event) {
      const step = reduce(driven.state, event);
      driven.state = step.state;
      driven.focus = step.focus;
      driven.effects.push(...step.effects);
    },
    type: (field, value) => driven.send({ type: "input", field, value }),
    press: (action) => driven.send({ type: "press", action }),
    view: () => viewOf(driven.state, english),
  };
  driven.send({ type: "start" });
  return driven;
}

/** Presses Back until a page is reached. */
export function backTo(driven: Driven, page: PageId): void {
  for (let presses = 0; driven.state.page !== page; presses += 1) {
    if (presses === pages.length) throw new Error(`${page} is not before this page`);
    driven.press("back");
  }
}

export function identity(accountId: string, more: Partial<Identity> = {}): Identity {
  return { accountId, arn: `arn:aws:iam::${accountId}:user/dev`, partition: "aws", ...more };
}

/** Loads a value as the answer to the newest question. */
export function load(
  driven: Driven,
  event: DistributiveOmit<Extract<Event, { type: "loaded" }>, "type" | "attempt">,
): void {
  driven.send({ type: "loaded", attempt: driven.state.attempt, ...event });
}
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Through the pages up to the review, with one sub-account where asked for. */
export function driveToReview(options: { readonly sub?: boolean; readonly branches?: string } = {}): Driven {
  const driven = drive();
  load(driven, { what: "detected", result: { ok: true, value: { repository: "github.com/acme/shop" } } });
  driven.type("organizationId", ORGANIZATION.toUpperCase());
  driven.type("projectId", PROJECT);
  driven.press("next");
  load(driven, {
    what: "profiles",
    result: {
      ok: true,
      value: [
        { id: "hub", label: "hub", region: "eu-central-1" },
        { id: "sub", label: "sub" },
      ],
    },
  });
  driven.type("profile", "hub");
  load(driven, { what: "identity", result: { ok: true, value: identity(HUB) } });
  if (options.sub === true) {
    driven.press("add-sub");
    driven.type("sub.1.profile", "sub");
    load(driven, { what: "subIdentity", key: 1, result: { ok: true, value: identity(SUB) } });
    driven.type("sub.1.ciProfile", "staging");
  }
  driven.press("next");
  load(driven, { what: "quota", result: { ok: true, value: 2048 } });
  if (options.branches !== undefined) {
    driven.type("runs", "refs");
    driven.type("branches", options.branches);
  }
  driven.press("next");
  driven.type(`grant.${options.sub === true ? 1 : "hub"}.permissions`, "nothing");
  driven.press("next");
  load(driven, {
    what: "thumbprint",
    result: { ok: true, value: { kind: "unreachable", reason: "no network", code: "connection-failed" } },
  });
  driven.press("next");
  return driven;
}
