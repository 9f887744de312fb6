import * as v from "valibot";
import type { Resource } from "../blueprint/index.ts";
import { StoredResource } from "../blueprint/schema.ts";
import type { PermissionsDocument } from "../policy.ts";

/** A statement of a trust policy, as it is written there. */
export type Statement = Readonly<Record<string, unknown>>;

type Common = {
  /** Of the resource that is changed, followed by what is changed. */
  readonly address: string;
  readonly account: string;
  readonly profile: string;
  readonly needs: readonly string[];
};

/**
 * A change of something that exists. It says what was there and what is there afterwards, as narrowly as that can be
 * said, so that it can be told whether it was made, and taken back without touching what others did since.
 */
export type Edit = Common &
  (
    | { readonly kind: "AddAudience"; readonly arn: string; readonly audience: string }
    | {
        readonly kind: "AddThumbprint";
        readonly arn: string;
        readonly thumbprint: string;
        /** The list before. */
        readonly before: readonly string[];
      }
    | {
        readonly kind: "TrustStatements";
        readonly roleName: string;
        readonly remove: readonly Statement[];
        readonly add: readonly Statement[];
        /** The whole policy before, as the text that IAM had. */
        readonly before: string;
      }
    | {
        readonly kind: "PolicyVersion";
        readonly arn: string;
        /** The default version before, such as `v1`, and what it says. */
        readonly version: string;
        readonly before: PermissionsDocument;
        readonly after: PermissionsDocument;
      }
    | {
        readonly kind: "DropVersion";
        readonly arn: string;
        /** A version that does not count, which makes room for another one, and what it says as JSON. */
        readonly version: string;
        readonly text: string;
      }
    | {
        readonly kind: "Tag";
        /** Of the provider, the policy or the role that has the tag. */
        readonly arn: string;
        readonly key: string;
        /** Its value; left out where there is none. */
        readonly before?: string;
        readonly after: string;
      }
    | {
        readonly kind: "Detach";
        readonly roleName: string;
        readonly policyArn: string;
        /** The setup whose role it is: another one under its name is nothing to attach the policy to again. */
        readonly setupId: string;
      }
    | {
        readonly kind: "Description";
        readonly roleName: string;
        /** Empty where there is none. */
        readonly before: string;
        readonly after: string;
      }
    | {
        readonly kind: "MaxSession";
        readonly roleName: string;
        readonly before: number;
        readonly after: number;
      }
    | {
        readonly kind: "Boundary";
        readonly roleName: string;
        /** ARNs; left out where there is none. */
        readonly before?: string;
        readonly after?: string;
      }
  );

/** What a write is about: something that is created, or something that is changed. */
export type Target = Resource | Edit;

const Text = v.pipe(v.string(), v.maxLength(2000));
const Name = v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,128}$/));
const Arn = v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:iam::(?:\d{12}|aws):[\w+=,.@:/-]{1,1200}$/));
const Statements = v.pipe(v.array(v.record(v.string(), v.unknown())), v.readonly());
const Body = v.object({ Version: v.literal("2012-10-17"), Statement: Statements });
const VersionId = v.pipe(v.string(), v.regex(/^v\d{1,9}$/));
const TagValue = v.pipe(v.string(), v.maxLength(256));
const common = {
  address: Text,
  account: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  profile: Text,
  needs: v.pipe(v.array(Text), v.readonly()),
};

const StoredEdit: v.GenericSchema<unknown, Edit> = v.variant("kind", [
  v.object({ ...common, kind: v.literal("AddAudience"), arn: Arn, audience: Text }),
  v.object({
    ...common,
    kind: v.literal("AddThumbprint"),
    arn: Arn,
    thumbprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
    before: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{40}$/))), v.readonly()),
  }),
  v.object({
    ...common,
    kind: v.literal("TrustStatements"),
    roleName: Name,
    remove: Statements,
    add: Statements,
    before: v.pipe(v.string(), v.maxLength(20_000)),
  }),
  v.object({
    ...common,
    kind: v.literal("PolicyVersion"),
    arn: Arn,
    version: VersionId,
    before: Body,
    after: Body,
  }),
  v.object({
    ...common,
    kind: v.literal("DropVersion"),
    arn: Arn,
    version: VersionId,
    text: v.pipe(v.string(), v.maxLength(20_000), v.check(isJson)),
  }),
  v.object({
    ...common,
    kind: v.literal("Tag"),
    arn: Arn,
    key: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
    before: v.exactOptional(TagValue),
    after: TagValue,
  }),
  v.object({
    ...common,
    kind: v.literal("Detach"),
    roleName: Name,
    policyArn: Arn,
    setupId: Text,
  }),
  v.object({
    ...common,
    kind: v.literal("Description"),
    roleName: Name,
    before: Text,
    after: Text,
  }),
  v.object({
    ...common,
    kind: v.literal("MaxSession"),
    roleName: Name,
    before: v.number(),
    after: v.number(),
  }),
  v.object({
    ...common,
    kind: v.literal("Boundary"),
    roleName: Name,
    before: v.exactOptional(Arn),
    after: v.exactOptional(Arn),
  }),
]);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A resource or an edit as a journal keeps it. */
export const StoredTarget: v.GenericSchema<unknown, Target> = v.union([StoredResource, StoredEdit]);

const editKinds = {
  AddAudience: true,
  AddThumbprint: true,
  TrustStatements: true,
  PolicyVersion: true,
  DropVersion: true,
  Tag: true,
  Detach: true,
  Description: true,
  MaxSession: true,
  Boundary: true,
} as const satisfies Record<Edit["kind"], true>;

/** Whether it changes something that exists. */
export function isEdit(target: Target): target is Edit {
  return target.kind in editKinds;
}

/** What tells a target from every other one in AWS, whatever its address within a setup is. */
export function targetKey(target: Target): string {
  switch (target.kind) {
    case "OidcProvider":
    case "Role":
    case "ManagedPolicy":
      return target.arn;
    case "PolicyAttachment":
      return `${target.account} ${target.roleName} ${target.policyArn}`;
    case "AddAudience":
      return `${target.arn} audience ${target.audience}`;
    case "AddThumbprint":
      return `${target.arn} thumbprint ${target.thumbprint}`;
    case "TrustStatements":
      return `${target.account} ${target.roleName} trust ${JSON.stringify([target.remove, target.add])}`;
    case "PolicyVersion":
      return `${target.arn} document ${JSON.stringify([target.before, target.after])}`;
    case "DropVersion":
      return `${target.arn} version ${target.version} ${target.text}`;
    case "Tag":
      return `${target.arn} tag ${JSON.stringify([target.key, target.before, target.after])}`;
    case "Detach":
      return `${target.account} ${target.roleName} detach ${target.policyArn} ${target.setupId}`;
    case "Description":
      return `${target.account} ${target.roleName} description ${JSON.stringify([target.before, target.after])}`;
    case "MaxSession":
      return `${target.account} ${target.roleName} session ${target.before} ${target.after}`;
    case "Boundary":
      return `${target.account} ${target.roleName} boundary ${target.before ?? ""} ${target.after ?? ""}`;
  }
}

/** What an ARN of IAM is of: a role, an OIDC provider, or else a policy. */
export function kindOfArn(arn: string): "Role" | "OidcProvider" | "ManagedPolicy" {
  const type = arn.split(":")[5]?.split("/")[0];
  return type === "role" ? "Role" : type === "oidc-provider" ? "OidcProvider" : "ManagedPolicy";
}

/** The name of a role by its ARN; undefined for what is no role. */
export function roleOf(arn: string): string | undefined {
  return kindOfArn(arn) === "Role" ? arn.slice(arn.lastIndexOf("/") + 1) : undefined;
}

/** What an edit, or a resource, is about: two edits of one subject have to be taken back one after the other. */
export function subjectOf(target: Target): string {
  switch (target.kind) {
    case "TrustStatements":
    case "Detach":
    case "Description":
    case "MaxSession":
    case "Boundary":
      return `${target.account} role ${target.roleName}`;
    case "Tag": {
      const role = roleOf(target.arn);
      return role === undefined ? target.arn : `${target.account} role ${role}`;
    }
    case "Role":
      return `${target.account} role ${target.name}`;
    case "AddAudience":
    case "AddThumbprint":
    case "PolicyVersion":
    case "DropVersion":
    case "OidcProvider":
    case "ManagedPolicy":
      return target.arn;
    case "PolicyAttachment":
      return targetKey(target);
  }
}
