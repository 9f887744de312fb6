import type { Message } from "../messages.ts";

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
      /** The parsed trust policy. */
      readonly trust: unknown;
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
      /** The default version, such as `v1`. */
      readonly version: string;
      /** To how many users, groups and roles it is attached. */
      readonly attachments: number;
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly kind: "PolicyAttachment" };

/** What is known of one wanted resource in its account. */
export type Observation =
  | { readonly state: "absent" }
  | { readonly state: "present"; readonly resource: ObservedResource }
  /** We were not allowed, or not able, to look. Never taken for absent. */
  | { readonly state: "unknown"; readonly reason: Message };

/** By the address of the wanted resource. */
export type Observations = Readonly<Record<string, Observation>>;
