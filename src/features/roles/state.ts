import type { CircleCiAccess } from "../../aws/index.ts";
import type { Problem } from "../../core/outcome.ts";

/** What CircleCI can reach in an account, as it was read. */
export type LoadedAccess = Extract<CircleCiAccess, { readonly ok: true }>;

/** The answer of one load; `region` is what the profile itself says. */
export type Loaded =
  | { readonly ok: true; readonly access: LoadedAccess; readonly region?: string }
  | { readonly ok: false; readonly problem: Problem };

/** Reads an account with the credentials of a profile. Rejects only where something unforeseen happens. */
export type Load = (profile: string, signal: AbortSignal) => Promise<Loaded>;

/** What is known here of roles, by ARN, beside what AWS says. */
export type RoleMarks = {
  /** Those of setups that are stored on this computer. */
  readonly stored: ReadonlySet<string>;
  /** How many differences the last comparison with their setup found. */
  readonly differences: ReadonlyMap<string, number>;
};

export const noMarks: RoleMarks = { stored: new Set(), differences: new Map() };

export type Ready = {
  readonly kind: "ready";
  readonly profile: string;
  readonly access: LoadedAccess;
  readonly region?: string;
  readonly at: Date;
};

/** Everything the roles view can be in. `profile` is the name of a local AWS profile. */
export type RolesState =
  | { readonly kind: "noProfile" }
  /** Chosen in an earlier session: nobody has been asked yet. */
  | { readonly kind: "remembered"; readonly profile: string }
  /** `previous` is what was loaded with the same profile before: it stays on show meanwhile. */
  | { readonly kind: "loading"; readonly profile: string; readonly previous?: Ready }
  | { readonly kind: "signedOut"; readonly profile: string; readonly problem: Problem }
  | { readonly kind: "failed"; readonly profile: string; readonly problem: Problem }
  | Ready;

/** The state before anything was asked. */
export function initialState(remembered: string | undefined): RolesState {
  return remembered === undefined ? { kind: "noProfile" } : { kind: "remembered", profile: remembered };
}

/** The chosen profile, where there is one. */
export function profileOf(state: RolesState): string | undefined {
  return state.kind === "noProfile" ? undefined : state.profile;
}

/** What is loaded and still on show. */
export function shownAccess(state: RolesState): Ready | undefined {
  if (state.kind === "ready") return state;
  return state.kind === "loading" ? state.previous : undefined;
}

/** The state after a load that failed: signed out where signing in again is what helps. */
export function failure(profile: string, problem: Problem): RolesState {
  const signIn = problem.command !== undefined || problem.code === "aws.expired";
  return { kind: signIn ? "signedOut" : "failed", profile, problem };
}
