import type { Partition } from "../ids.ts";
import type { Message } from "../messages.ts";
import type { TokenClaims } from "./claims.ts";
import type { RequestKeys } from "./context.ts";
import type { InvalidTrust, TrustCondition, TrustDocument, TrustStatement } from "./document.ts";
import type { JsonPath } from "./json.ts";
import type { KnownProvider, StsError } from "./token.ts";
import type { Truth } from "./truth.ts";

export type Verdict = "ALLOW" | "DENY" | "INVALID" | "UNCERTAIN";

/** The trust policy: as read already, or anything that `parseTrustDocument` reads. */
export type PolicyInput = { readonly document: TrustDocument | InvalidTrust } | { readonly policy: unknown };

export type SimulationInput = PolicyInput & {
  /** The policy was read from a role, so IAM does store it, whatever is not certain about that. */
  readonly stored?: boolean;
  readonly role: { readonly partition: Partition; readonly accountId: string };
  /** What the role's account has for the issuer; taken to fit where it is not given. */
  readonly provider?: KnownProvider;
  readonly claims: TokenClaims;
  /** In seconds since 1970; without it times are not checked. */
  readonly now?: number;
  /** Condition keys that the request decides, such as `sts:RoleSessionName`. */
  readonly request?: RequestKeys;
};

/** The condition that decided: what it asks for and what the request has (undefined: the key is absent). */
export type DecidingCondition = {
  readonly operator: string;
  readonly key: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[] | undefined;
  readonly path: JsonPath;
};

export type DecidedBy =
  | { readonly stage: "document"; readonly path: JsonPath }
  | { readonly stage: "token" }
  | {
      readonly stage: "policy";
      /** Undefined where no statement names the provider. */
      readonly statement?: { readonly index: number; readonly sid?: string; readonly path: JsonPath };
      readonly condition?: DecidingCondition;
    };

export type Simulation = {
  readonly verdict: Verdict;
  readonly by: DecidedBy;
  readonly reason: Message;
  /** What would have to change for ALLOW, all of it; empty where nothing small would do. */
  readonly smallestChange: readonly Message[];
  /** As AWS answers, where it refuses. */
  readonly error?: StsError;
  /** Where AWS does not document the answer: what it would be on either reading. */
  readonly readings?: readonly { readonly when: Message; readonly verdict: Verdict }[];
};

/** A condition of a statement and whether it holds. */
export type JudgedCondition = {
  readonly truth: Truth;
  readonly condition: DecidingCondition;
  readonly source: TrustCondition;
};

export type JudgedStatement = {
  readonly statement: TrustStatement;
  /** Whether it names the provider. */
  readonly names: Truth;
  readonly acts: boolean;
  readonly conditions: readonly JudgedCondition[];
  /** Whether the statement applies to the request. */
  readonly applies: Truth;
};
