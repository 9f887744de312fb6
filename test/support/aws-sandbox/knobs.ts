import { AwsError, accessDenied, throttling } from "./errors.ts";

/** Service quotas; names as in GetAccountSummary where it has them. */
export type Quotas = {
  readonly rolesPerAccount: number;
  readonly trustPolicySize: number;
  readonly managedPolicySize: number;
  readonly inlinePolicySize: number;
  readonly attachedPerRole: number;
  readonly versionsPerPolicy: number;
  readonly policiesPerAccount: number;
  readonly providersPerAccount: number;
  readonly clientIdsPerProvider: number;
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (defaults) */
export const DEFAULT_QUOTAS: Quotas = {
  rolesPerAccount: 1000,
  trustPolicySize: 2048,
  managedPolicySize: 6144,
  inlinePolicySize: 10_240,
  attachedPerRole: 10,
  versionsPerPolicy: 5,
  policiesPerAccount: 1500,
  providersPerAccount: 100,
  clientIdsPerProvider: 100,
};

export const FAULT_KINDS = ["throttle", "5xx", "accessDenied", "cutBefore", "cutAfter"] as const;

/**
 * A fault at the `nth` matching call after the knob was set (1 is the next one), for `times` calls.
 * `cutBefore` ends the connection before anything was done, `cutAfter` after the server has acted.
 */
export type Fault = {
  /** An action's name, or `"*"`. */
  readonly action: string;
  /** Only calls signed with keys of this account. */
  readonly account?: string;
  /** Only calls that act on this: a role name, an ARN, a URL, as the call names it. */
  readonly target?: string;
  readonly nth?: number;
  readonly kind: (typeof FAULT_KINDS)[number];
  readonly times?: number;
};

/**
 * Credentials that run out half-way: each access key that fits is good for `calls` more calls, counted per
 * key from when the knob was set, and expired from then on. Without a key or an account all keys fit.
 */
export type SessionEnd = {
  readonly calls: number;
  readonly accessKeyId?: string;
  readonly account?: string;
};

/** All that can be adjusted. None of it turns a check off. */
export type Knobs = {
  readonly latencyMs: number;
  readonly throttle: { readonly action: string; readonly times: number } | null;
  readonly faults: readonly Fault[];
  readonly propagationMs: number;
  readonly quotas: Partial<Quotas>;
  readonly sessionEndsAfterCalls: SessionEnd | null;
};

type Counter = { readonly fault: Fault; seen: number };

export type KnobState = {
  values: Knobs;
  quotas: Quotas;
  counters: readonly Counter[];
  /** Signed calls by access key since `sessionEndsAfterCalls` was set. */
  signed: Map<string, number>;
};

const NEUTRAL: Knobs = {
  latencyMs: 0,
  throttle: null,
  faults: [],
  propagationMs: 0,
  quotas: {},
  sessionEndsAfterCalls: null,
};

const counters = (knobs: Knobs): readonly Counter[] => {
  const { throttle } = knobs;
  const throttled: Fault[] =
    throttle === null ? [] : [{ action: throttle.action, kind: "throttle", times: throttle.times }];
  return [...throttled, ...knobs.faults].map((fault) => ({ fault, seen: 0 }));
};

/** Fresh knobs: neutral values with `initial` over them. */
export const createKnobs = (initial: Partial<Knobs>): KnobState => {
  const values = { ...NEUTRAL, ...initial };
  const quotas = { ...DEFAULT_QUOTAS, ...values.quotas };
  return { values, quotas, counters: counters(values), signed: new Map() };
};

/**
 * Changes the named knobs. Counting of faults starts anew when `throttle` or `faults` is among them, that of
 * signed calls when `sessionEndsAfterCalls` is.
 */
export const setKnobs = (state: KnobState, set: Partial<Knobs>): void => {
  state.values = { ...state.values, ...set };
  state.quotas = { ...DEFAULT_QUOTAS, ...state.values.quotas };
  if (set.faults !== undefined || set.throttle !== undefined) state.counters = counters(state.values);
  if (set.sessionEndsAfterCalls !== undefined) state.signed = new Map();
};

/** Counts a call that was signed with a key; true where the key has run out by then. */
export const hasSessionEnded = (state: KnobState, accessKeyId: string, account: string): boolean => {
  const end = state.values.sessionEndsAfterCalls;
  if (end === null || (end.accessKeyId ?? accessKeyId) !== accessKeyId) return false;
  if ((end.account ?? account) !== account) return false;
  const before = state.signed.get(accessKeyId) ?? 0;
  state.signed.set(accessKeyId, before + 1);
  return before >= end.calls;
};

/** What of a call a fault may ask for. */
export type FaultTarget = {
  readonly action: string;
  readonly account: string | null;
  readonly target: string | null;
};

const matches = (fault: Fault, { action, account, target }: FaultTarget): boolean =>
  (fault.action === "*" || fault.action === action) &&
  (fault.account === undefined || fault.account === account) &&
  (fault.target === undefined || fault.target === target);

/** The fault that hits this call, if one does. Every matching fault counts the call. */
export const nextFault = (state: KnobState, call: FaultTarget): Fault["kind"] | undefined => {
  const hits = state.counters.filter(({ fault }) => matches(fault, call));
  for (const counter of hits) counter.seen += 1;
  const hit = hits.find(({ fault, seen }) => {
    const first = fault.nth ?? 1;
    return seen >= first && seen < first + (fault.times ?? 1);
  });
  return hit?.fault.kind;
};

/** The error a fault answers with; the two cuts answer nothing. */
export const faultError = (kind: Fault["kind"], service: string, action: string): AwsError | undefined => {
  switch (kind) {
    case "throttle":
      return throttling();
    case "5xx":
      return new AwsError(
        service === "iam" ? "ServiceFailure" : "InternalFailure",
        500,
        "The request processing has failed because of an unknown error, exception or failure.",
      );
    case "accessDenied":
      return accessDenied(`User is not authorized to perform: ${service}:${action}`);
    case "cutBefore":
    case "cutAfter":
      return undefined;
  }
};
