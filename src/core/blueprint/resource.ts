import type { PermissionsDocument, PolicyDocument } from "../policy.ts";

/** Tags on everything the product creates: what says that a resource is ours. */
export type Tags = Readonly<Record<string, string>>;

type Common = {
  /** Stable within a setup, such as `hub/role/circleci-oidc`. */
  readonly address: string;
  /** The account it lives in, 12 digits. */
  readonly account: string;
  /** The developer's AWS profile that creates it. */
  readonly profile: string;
  /** Addresses of what must exist first. */
  readonly needs: readonly string[];
};

export type OidcProvider = Common & {
  readonly kind: "OidcProvider";
  readonly arn: string;
  /** With `https://`. */
  readonly url: string;
  readonly clientIds: readonly string[];
  /** Empty: AWS fetches its own. */
  readonly thumbprints: readonly string[];
  readonly tags: Tags;
};

export type Role = Common & {
  readonly kind: "Role";
  readonly arn: string;
  readonly name: string;
  /** Begins and ends with a slash; `/` for none. */
  readonly path: string;
  readonly description: string;
  readonly maxSessionSeconds: number;
  /** The ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  readonly trust: PolicyDocument;
  readonly tags: Tags;
};

export type ManagedPolicy = Common & {
  readonly kind: "ManagedPolicy";
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly document: PermissionsDocument;
  readonly tags: Tags;
};

export type PolicyAttachment = Common & {
  readonly kind: "PolicyAttachment";
  readonly roleName: string;
  readonly policyArn: string;
};

export type Resource = OidcProvider | Role | ManagedPolicy | PolicyAttachment;
