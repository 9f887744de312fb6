import type { Partition } from "../ids.ts";
import { oneOrMany, type PermissionsDocument } from "../policy.ts";
import type { Template } from "./grant.ts";

/** Where a template is to hold. */
export type Place = { readonly partition: Partition; readonly accountId: string };

type Statement = PermissionsDocument["Statement"][number];

/**
 * The policy of a template: the actions its job calls, on the resources it names and no others. A star stands only
 * where AWS knows no resource for an action.
 */
export function templatePolicy(template: Template, place: Place): PermissionsDocument {
  return { Version: "2012-10-17", Statement: statements(template, place) };
}

function statements(template: Template, { partition, accountId }: Place): readonly Statement[] {
  switch (template.template) {
    case "ecr-push":
      return ecrPush(template, `arn:${partition}:ecr:${template.region}:${accountId}:repository/`);
    case "s3-site":
      return s3Site(template, partition, accountId);
    case "cdk-deploy":
      return [
        allow(
          "AssumeBootstrapRoles",
          ["sts:AssumeRole"],
          template.regions.flatMap((region) =>
            CDK_ROLES.map(
              (name) =>
                `arn:${partition}:iam::${accountId}:role/cdk-${template.qualifier}-${name}-${accountId}-${region}`,
            ),
          ),
        ),
      ];
    case "terraform-state":
      return terraformState(template, partition, accountId);
  }
}

/** Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
function ecrPush(
  { repositories }: Extract<Template, { template: "ecr-push" }>,
  stem: string,
): readonly Statement[] {
  return [
    // The action has no resource: it gives a token for the registry, and what may be pushed is said below.
    allow("SignIn", ["ecr:GetAuthorizationToken"], ["*"]),
    allow(
      "Push",
      [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ],
      repositories.map((name) => `${stem}${name}`),
    ),
  ];
}

/**
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html,
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Invalidation.html
 */
function s3Site(
  { bucket, prefix, distribution }: Extract<Template, { template: "s3-site" }>,
  partition: Partition,
  accountId: string,
): readonly Statement[] {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const list = allow("List", ["s3:ListBucket"], [arn]);
  return [
    prefix === undefined
      ? list
      : { ...list, Condition: { StringLike: { "s3:prefix": [prefix, `${prefix}*`] } } },
    // `sync` uploads and, with `--delete`, deletes; large files go up in parts, which are given up where that fails.
    allow(
      "Sync",
      ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"],
      [`${arn}/${prefix ?? ""}*`],
    ),
    ...(distribution === undefined
      ? []
      : [
          allow(
            "Invalidate",
            ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
            [`arn:${partition}:cloudfront::${accountId}:distribution/${distribution}`],
          ),
        ]),
  ];
}

/**
 * The roles that `cdk deploy` assumes. The role that CloudFormation works with is not among them: it is handed over by
 * the deploy role.
 * Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
const CDK_ROLES = ["deploy-role", "file-publishing-role", "image-publishing-role", "lookup-role"] as const;

/** Source: https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required */
function terraformState(
  { bucket, key, lock, kmsKeyArn }: Extract<Template, { template: "terraform-state" }>,
  partition: Partition,
  accountId: string,
): readonly Statement[] {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const list = allow("ListState", ["s3:ListBucket"], [arn]);
  return [
    { ...list, Condition: { StringLike: { "s3:prefix": [key, `${key}*`] } } },
    allow("State", ["s3:GetObject", "s3:PutObject"], [`${arn}/${key}`]),
    lock.kind === "file"
      ? allow("Lock", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], [`${arn}/${key}.tflock`])
      : allow(
          "Lock",
          ["dynamodb:DeleteItem", "dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:PutItem"],
          [`arn:${partition}:dynamodb:${lock.region}:${accountId}:table/${lock.name}`],
        ),
    ...(kmsKeyArn === undefined
      ? []
      : [allow("Key", ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], [kmsKeyArn])]),
  ];
}

function allow(Sid: string, actions: readonly string[], resources: readonly string[]): Statement {
  return { Sid, Effect: "Allow", Action: oneOrMany(actions), Resource: oneOrMany(resources) };
}
