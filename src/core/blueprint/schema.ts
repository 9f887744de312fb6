import * as v from "valibot";
import type { PermissionsDocument, PolicyDocument } from "../policy.ts";
import type { Resource } from "./resource.ts";

/*
 * What a file must say to be read back as resources. Names and ARNs have the characters IAM allows in them and no
 * others: they end up in calls and in commands that a user is shown.
 */

const Arn = v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:iam::\d{12}:[\w+=,.@:/-]{1,1200}$/));
/** Of an attached policy, which may be AWS's own. */
const PolicyArn = v.pipe(
  v.string(),
  v.regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,640}$/),
);
const Name = v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,128}$/));
const Text = v.pipe(v.string(), v.maxLength(2000));
const Texts = v.pipe(v.array(Text), v.readonly());
const Tags = v.record(Text, Text);

const Values = v.union([v.string(), v.pipe(v.array(v.string()), v.readonly())]);
const Policy: v.GenericSchema<unknown, PolicyDocument> = v.object({
  Version: v.literal("2012-10-17"),
  Statement: v.pipe(
    v.array(
      v.strictObject({
        Sid: v.exactOptional(v.string()),
        Effect: v.literal("Allow"),
        Principal: v.exactOptional(
          v.union([v.strictObject({ Federated: v.string() }), v.strictObject({ AWS: v.string() })]),
        ),
        Action: v.string(),
        Resource: v.exactOptional(Values),
        Condition: v.exactOptional(v.record(v.string(), v.record(v.string(), Values))),
      }),
    ),
    v.readonly(),
  ),
});

const Permissions: v.GenericSchema<unknown, PermissionsDocument> = v.object({
  Version: v.literal("2012-10-17"),
  Statement: v.pipe(v.array(v.record(v.string(), v.unknown())), v.readonly()),
});

const common = {
  address: Text,
  account: v.pipe(v.string(), v.regex(/^\d{12}$/)),
  profile: Text,
  needs: Texts,
};

/** A resource as a journal keeps it. */
export const StoredResource: v.GenericSchema<unknown, Resource> = v.variant("kind", [
  v.object({
    ...common,
    kind: v.literal("OidcProvider"),
    arn: Arn,
    url: Text,
    clientIds: Texts,
    thumbprints: Texts,
    tags: Tags,
  }),
  v.object({
    ...common,
    kind: v.literal("Role"),
    arn: Arn,
    name: Name,
    path: Text,
    description: Text,
    maxSessionSeconds: v.number(),
    permissionsBoundary: v.exactOptional(PolicyArn),
    trust: Policy,
    tags: Tags,
  }),
  v.object({
    ...common,
    kind: v.literal("ManagedPolicy"),
    arn: Arn,
    name: Name,
    description: Text,
    document: Permissions,
    tags: Tags,
  }),
  v.object({ ...common, kind: v.literal("PolicyAttachment"), roleName: Name, policyArn: PolicyArn }),
]);
