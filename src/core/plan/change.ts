import type { Resource } from "../blueprint/index.ts";
import { hashText } from "../hash.ts";
import type { Message } from "../messages.ts";
import { targetKey, type Edit } from "./edit.ts";
import type { ObservedResource } from "./observed.ts";

/** What has to be agreed to before something that exists is changed or shared. */
export type Consent = {
  /** Stands for exactly these edits of exactly this resource: an agreement holds for nothing else. */
  readonly key: string;
  /** The consequences. */
  readonly words: readonly Message[];
  /** Whether the setup can do without: it is then left as it is. */
  readonly required: boolean;
};

/** Everything that is in the way, so that it can all be solved before the next try. */
export type Reasons = readonly [Message, ...Message[]];

type Common = {
  readonly resource: Resource;
  /** The fingerprint of what was observed: `apply` writes nothing where the world has another by then. */
  readonly seen: string;
};

/**
 * What happens to a resource. `adopt`: it exists, says what is wanted and was made by somebody else: it is used
 * as it is. `update`: it exists and is changed by the edits, if that is agreed to. `blocked`: it exists and differs, or
 * could not be read: it is shown and left alone.
 */
export type Change = Common &
  (
    | { readonly action: "create"; readonly notes: readonly Message[] }
    | { readonly action: "unchanged"; readonly notes: readonly Message[] }
    | { readonly action: "adopt"; readonly notes: readonly Message[]; readonly consent?: Consent }
    | {
        readonly action: "update";
        readonly notes: readonly Message[];
        readonly edits: readonly Edit[];
        readonly consent: Consent;
        readonly existing: ObservedResource;
      }
    | {
        readonly action: "blocked";
        readonly reasons: Reasons;
        /** What exists, for a comparison with what is wanted; absent where it could not be read. */
        readonly existing?: ObservedResource;
      }
  );

/** Something in the way, if there is anything. */
export function isBlocking(reasons: readonly Message[]): reasons is Reasons {
  return reasons.length > 0;
}

/** What the comparison of one resource comes to; the plan adds what it was and what was seen. */
export type Verdict = Change extends infer Each
  ? Each extends Common
    ? Omit<Each, keyof Common>
    : never
  : never;

/**
 * Under what an agreement to change or share a resource is given: the resource, and a hash of each thing that is agreed
 * to. What of it is done already when a run is resumed is agreed to all the same.
 */
export function consentKey(
  resource: Resource,
  edits: readonly Edit[],
  shared: readonly string[] = [],
): string {
  const parts = [...edits.map((edit) => ["edit", targetKey(edit)]), ...shared.map((one) => ["shared", one])];
  return `${targetKey(resource)} ${parts.map((part) => hashText(JSON.stringify(part))).join("+")}`;
}

/** Whether who agreed to the first has agreed to all of the second. */
export function coversConsent(given: string, key: string): boolean {
  const [one, other] = [given, key].map((text) => text.split(" "));
  const [had = [], wanted = []] = [one, other].map((parts) => parts?.at(-1)?.split("+"));
  return one?.[0] === other?.[0] && wanted.every((part) => had.includes(part));
}

/** Whether all that a key stands for was agreed to. */
export function isAgreed(consents: ReadonlySet<string>, key: string): boolean {
  return [...consents].some((given) => coversConsent(given, key));
}
