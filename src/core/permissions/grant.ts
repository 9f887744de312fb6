import * as v from "valibot";

/*
 * What CI may do in an account: a closed union of what can be asked for. The schemas hold what ends up in ARNs, in
 * commands and in policy documents to the characters AWS allows there.
 */

/** The key of an object in a bucket: no wildcard, as a template names what it means. */
export const ObjectKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/));

/** What keys of objects begin with. */
export const KeyPrefix = v.pipe(ObjectKey, v.endsWith("/"));

/** Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export const EcrRepository = v.pipe(
  v.string(),
  v.minLength(2),
  v.maxLength(256),
  v.regex(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/),
);

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BucketName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/));

/** Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html */
export const DistributionId = v.pipe(v.string(), v.regex(/^[A-Z0-9]{8,20}$/));

/** Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
export const Qualifier = v.pipe(v.string(), v.regex(/^[a-z0-9]{1,10}$/));

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
export const TableName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{3,255}$/));

export const Region = v.pipe(v.string(), v.regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/));
export const KmsKeyArn = v.pipe(
  v.string(),
  v.regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,128}$/),
);

/** Of a managed policy: AWS's own or one of the account. */
export const PolicyArn = v.pipe(
  v.string(),
  v.regex(/^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/),
);

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
export const PolicyName = v.pipe(v.string(), v.regex(/^[\w+=,.@-]{1,128}$/));

/** The body of a policy that grants permissions: whatever IAM takes, checked as far as that can be done offline. */
const Body = v.object({
  Version: v.literal("2012-10-17"),
  Statement: v.pipe(v.array(v.record(v.string(), v.unknown())), v.minLength(1), v.readonly()),
});

/** The usual jobs. Each comes out as one customer-managed policy that names exactly what the job touches. */
export const Template = v.variant("template", [
  v.object({
    kind: v.literal("template"),
    /** Pushing images. */
    template: v.literal("ecr-push"),
    repositories: v.pipe(v.array(EcrRepository), v.minLength(1), v.readonly()),
    region: Region,
  }),
  v.object({
    kind: v.literal("template"),
    /** `aws s3 sync` to a bucket, and an invalidation of CloudFront where a distribution is named. */
    template: v.literal("s3-site"),
    bucket: BucketName,
    /** Ends with a slash; the whole bucket where it is left out. */
    prefix: v.exactOptional(KeyPrefix),
    distribution: v.exactOptional(DistributionId),
  }),
  v.object({
    kind: v.literal("template"),
    /** `cdk deploy` through the roles of the bootstrap stack. */
    template: v.literal("cdk-deploy"),
    /** `hnb659fds` unless the account was bootstrapped with another. */
    qualifier: Qualifier,
    regions: v.pipe(v.array(Region), v.minLength(1), v.readonly()),
  }),
  v.object({
    kind: v.literal("template"),
    /** The state of Terraform and its lock; what Terraform manages needs permissions of its own. */
    template: v.literal("terraform-state"),
    bucket: BucketName,
    /** The object that holds the state, such as `prod/terraform.tfstate`. */
    key: ObjectKey,
    /** `use_lockfile`, or a DynamoDB table in the region. */
    lock: v.variant("kind", [
      v.object({ kind: v.literal("file") }),
      v.object({ kind: v.literal("table"), name: TableName, region: Region }),
    ]),
    kmsKeyArn: v.exactOptional(KmsKeyArn),
  }),
]);
export type Template = Readonly<v.InferOutput<typeof Template>>;

/**
 * One thing that CI may do. `existing`: a managed policy that is there already. `document`: a policy of the user's own,
 * which is created under this name.
 */
export const Grant = v.variant("kind", [
  v.object({ kind: v.literal("existing"), arn: PolicyArn }),
  v.object({ kind: v.literal("document"), name: PolicyName, document: Body }),
  ...Template.options,
]);
export type Grant = Readonly<v.InferOutput<typeof Grant>>;
