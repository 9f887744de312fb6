import * as v from "valibot";
import { DEFAULT_QUOTAS, FAULT_KINDS } from "./knobs.ts";
import type { Knobs } from "./knobs.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));

const fault = v.strictObject({
  action: v.string(),
  account: v.optional(v.string()),
  target: v.optional(v.string()),
  nth: v.optional(positive),
  kind: v.picklist(FAULT_KINDS),
  times: v.optional(positive),
});

const knobs = v.strictObject({
  latencyMs: v.optional(count),
  throttle: v.optional(v.nullable(v.strictObject({ action: v.string(), times: positive }))),
  faults: v.optional(v.array(fault)),
  propagationMs: v.optional(count),
  quotas: v.optional(v.record(v.picklist(Object.keys(DEFAULT_QUOTAS)), count)),
  sessionEndsAfterCalls: v.optional(
    v.nullable(
      v.strictObject({
        calls: count,
        accessKeyId: v.optional(v.string()),
        account: v.optional(v.string()),
      }),
    ),
  ),
});

/** What a value lacks to be a set of knobs; an unknown knob is an error, so that a typo cannot pass. */
export const knobProblem = (value: unknown): string | undefined => {
  const result = v.safeParse(knobs, value);
  return result.success
    ? undefined
    : (v.flatten(result.issues).root?.join("; ") ?? v.summarize(result.issues));
};

/** Whether a value read from JSON is a set of knobs. */
export const areKnobs = (value: unknown): value is Partial<Knobs> => knobProblem(value) === undefined;
