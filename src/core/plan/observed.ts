import type { Message } from "../messages.ts";

/** A version of a policy, and what it says as JSON. */
export type PolicyVersion = { readonly version: string; readonly text: string };

/** What is read of a resource that exists; only what is compared or shown. */
export type ObservedResource =
  | {
      readonly kind: "OidcProvider";
      readonly clientIds: readonly string[];
      readonly thumbprints: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "Role";
      /** The ARN it really has: the path or the letter case may differ from what is wanted. */
      readonly arn: string;
      /** The trust policy, parsed and as the text that IAM keeps. */
      readonly trust: unknown;
      readonly trustText: string;
      readonly description?: string;
      readonly maxSessionSeconds: number;
      readonly tags: Readonly<Record<string, string>>;
      readonly permissionsBoundary?: string;
      /** ARNs of attached managed policies. */
      readonly attachedPolicies: readonly string[];
      /** Names of inline policies. */
      readonly inlinePolicies: readonly string[];
    }
  | {
      readonly kind: "ManagedPolicy";
      readonly arn: string;
      /** The parsed default version. */
      readonly document: unknown;
      /** ARNs of the users, groups and roles it is attached to; left out where they were not asked for. */
      readonly users?: readonly string[];
      /** The default version, such as `v1`. */
      readonly version: string;
      /** The version that a new one takes the place of, where as many are there as IAM keeps. */
      readonly oldest?: PolicyVersion;
      /** The versions that do not count; left out where they were not asked for. */
      readonly others?: readonly PolicyVersion[];
      /** Whether a version that an edit made is still there, and does not count any more. */
      readonly isLeft?: boolean;
      /** To how many users, groups and roles it is attached. */
      readonly attachments: number;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly kind: "PolicyAttachment" }
  /** A policy that is only named: it has to exist, and nothing else of it is looked at. */
  | { readonly kind: "PolicyReference" }
  /** Policies that a setup made and attached to its role, and that are not wanted any more: their ARNs. */
  | { readonly kind: "Surplus"; readonly arns: readonly string[] }
  /** What an account may have, and has, by the names of `GetAccountSummary`. */
  | { readonly kind: "Quotas"; readonly figures: Readonly<Record<string, number>> };

/** What is known of one wanted resource in its account. */
export type Observation =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly resource: ObservedResource }
  /** We were not allowed, or not able, to look. Never taken for absent. */
  | { readonly state: "unknown"; readonly reason: Message };

/**
 * By the address of the wanted resource; by `referenceKey` and `quotasKey` what belongs to several, and by `surplusKey`
 * what a role has too much.
 */
export type Observations = Readonly<Record<string, Observation>>;

/** Under what a policy is found that a resource only names. */
export const referenceKey = (account: string, arn: string): string => `${account} policy ${arn}`;

/** Under what the surplus policies of a role are found, by the address of the role. */
export const surplusKey = (address: string): string => `${address} surplus`;

/** Under what the quotas of an account are found. */
export const quotasKey = (account: string): string => `${account} quotas`;
