import { readDocument } from "../policy/document.ts";
import type { Account, ManagedPolicy } from "../model.ts";

const CREATED = Date.parse("2015-02-06T18:40:58Z");

const READ_ONLY = [
  "cloudformation:Describe*",
  "cloudtrail:LookupEvents",
  "ec2:Describe*",
  "iam:Generate*",
  "iam:Get*",
  "iam:List*",
  "iam:Simulate*",
  "organizations:Describe*",
  "organizations:List*",
  "s3:Get*",
  "s3:List*",
  "sts:GetAccessKeyInfo",
  "sts:GetCallerIdentity",
  "sts:GetSessionToken",
];

// Documents reduced to what the sandbox has actions for; their shape is that of AWS's own.
const DOCUMENTS: Readonly<Record<string, readonly object[]>> = {
  AdministratorAccess: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  PowerUserAccess: [
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
    {
      Effect: "Allow",
      Action: ["iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"],
      Resource: "*",
    },
  ],
  ReadOnlyAccess: [{ Effect: "Allow", Action: READ_ONLY, Resource: "*" }],
};

const awsManaged = (name: string, statements: readonly object[], index: number): ManagedPolicy => ({
  arn: `arn:aws:iam::aws:policy/${name}`,
  id: `ANPAAWSMANAGEDPOLICY${index}`,
  name,
  path: "/",
  description: undefined,
  versions: [
    { id: "v1", text: JSON.stringify({ Version: "2012-10-17", Statement: statements }), at: CREATED },
  ],
  defaultVersion: "v1",
  nextVersion: 2,
  tags: [],
  at: CREATED,
  updated: CREATED,
});

/** The AWS managed policies that the sandbox knows, by ARN. */
export const AWS_MANAGED: ReadonlyMap<string, ManagedPolicy> = new Map(
  Object.entries(DOCUMENTS).map(([name, statements], index) => {
    const policy = awsManaged(name, statements, index);
    return [policy.arn, policy];
  }),
);

/** A managed policy that can be used in this account: one of its own, or one of AWS's. */
export const findPolicy = (account: Account, arn: string): ManagedPolicy | undefined =>
  account.policies.get(arn) ?? AWS_MANAGED.get(arn);

/** The text of a policy's default version. */
export const defaultText = (policy: ManagedPolicy): string =>
  policy.versions.find(({ id }) => id === policy.defaultVersion)?.text ?? "";

/** The default version, read; it was checked when it was stored. */
export const defaultDocument = (policy: ManagedPolicy): ReturnType<typeof readDocument> =>
  readDocument(defaultText(policy), "identity");

/** How many roles of the account a policy is attached to. */
export const attachmentCount = (account: Account, arn: string): number =>
  [...account.roles.values()].filter((role) => role.attached.has(arn)).length;

/** How many roles of the account use a policy as their permissions boundary. */
export const boundaryCount = (account: Account, arn: string): number =>
  [...account.roles.values()].filter((role) => role.boundary === arn).length;
