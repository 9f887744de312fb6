/** Sentences about what CI may do with a role, and about the role itself. */
export const permissionMessages = {
  "wizard.step.permissions": "Permissions",
  "wizard.permissions.heading": "What may CI do?",
  "wizard.permissions.intro":
    "Every job that may use a role can do what is chosen here, and nothing else. Start with little: more can be added at any time.",
  "wizard.permissions.hub":
    "The role {role} in the first account gets no permissions: it only leads on to the sub-accounts, so that a job can do nothing but what their roles allow.",
  "wizard.permissions.legend": "Role {role} in account {account}",
  "wizard.permissions.label": "What may CI do with this role?",
  "wizard.permissions.nothing": "Nothing yet",
  "wizard.permissions.nothing.hint": "Jobs can sign in to AWS and then do nothing. Attach policies later.",
  "wizard.permissions.some": "What I choose here",
  "wizard.permissions.some.hint": "Usual jobs, policies that exist, or a policy of your own.",
  "wizard.permissions.add": "Add what it may do:",
  "wizard.permissions.remove": "Remove permission {number}",
  "wizard.permissions.form": "The policies appear here when the answers are complete.",
  "wizard.permissions.none": "No policy is created or attached.",
  "wizard.permissions.result": "What comes of it",
  "wizard.permissions.policy": "New policy {name}",
  "wizard.permissions.length": "{length} of the {quota} characters that AWS allows.",
  "wizard.permissions.attached": "Attached as they are:",
  "wizard.permissions.powerful.title": "This is as good as administrator",
  "wizard.permissions.powerful":
    "Whoever can change the code of a job that may use the role can then do anything in account {account}. A policy for the usual jobs is nearly always enough.",
  "wizard.permissions.cdk":
    "What CloudFormation may do in the account was decided when it was bootstrapped (cdk bootstrap --cloudformation-execution-policies), not here.",
  "wizard.permissions.terraform":
    "This is the state alone. What Terraform manages needs permissions of its own.",

  "wizard.grant.ecr-push": "Push images to ECR",
  "wizard.grant.s3-site": "Deploy a site to S3",
  "wizard.grant.cdk-deploy": "Deploy with CDK",
  "wizard.grant.terraform-state": "Use Terraform’s state",
  "wizard.grant.existing": "Existing policies",
  "wizard.grant.document": "A policy of my own",
  "wizard.grant.legend": "{number}. {kind}",

  "wizard.grant.repositories": "ECR repositories",
  "wizard.grant.repositories.hint": "Names with commas between them, as in web-shop/api.",
  "wizard.grant.region": "Region",
  "wizard.grant.region.hint": "Where it is, such as eu-central-1.",
  "wizard.grant.regions": "Regions",
  "wizard.grant.regions.hint": "Those that are bootstrapped and deployed to, with commas between them.",
  "wizard.grant.bucket": "Bucket",
  "wizard.grant.bucket.hint": "The name of the S3 bucket.",
  "wizard.grant.prefix": "Only below (optional)",
  "wizard.grant.prefix.hint": "A folder in the bucket, such as site/. Empty is the whole bucket.",
  "wizard.grant.distribution": "CloudFront distribution (optional)",
  "wizard.grant.distribution.hint": "Its ID, to invalidate its cache. Empty for none.",
  "wizard.grant.qualifier": "Bootstrap qualifier",
  "wizard.grant.qualifier.hint": "hnb659fds, unless the account was bootstrapped with another.",
  "wizard.grant.key": "Key of the state",
  "wizard.grant.key.hint": "As in the backend’s key, such as prod/terraform.tfstate.",
  "wizard.grant.lock": "How is the state locked?",
  "wizard.grant.lock.file": "With a file beside it (use_lockfile)",
  "wizard.grant.lock.table": "With a DynamoDB table (dynamodb_table)",
  "wizard.grant.table": "DynamoDB table",
  "wizard.grant.table.hint": "Its name, in the same account.",
  "wizard.grant.kmsKeyArn": "KMS key (optional)",
  "wizard.grant.kmsKeyArn.hint": "The ARN of the key that encrypts the state, where it is one of your own.",
  "wizard.grant.arns": "Policy ARNs",
  "wizard.grant.arns.hint":
    "One a line or with commas: policies of this account, or AWS’s own. They are attached as they are.",
  "wizard.grant.name": "Policy name",
  "wizard.grant.name.hint": "It is created under this name in the account.",
  "wizard.grant.document.label": "Policy as JSON",
  "wizard.grant.document.hint": "With Version 2012-10-17. It is created as it stands here.",
  "wizard.grant.confirm": "Type {names} to go on",

  "grant.choose.empty": "Choose what CI may do, or “Nothing yet”.",
  "grant.none.empty": "Add what CI may do, or choose “Nothing yet”.",
  "grant.missing.empty": "Fill this in, or remove this permission.",
  "grant.twice": "“{value}” is named twice. Remove one.",
  "grant.repositories.malformed":
    "“{value}” is not the name of an ECR repository: lowercase letters and digits with . _ - / between them, such as web-shop/api.",
  "grant.region.malformed": "“{value}” is not a region. It looks like eu-central-1.",
  "grant.regions.malformed": "“{value}” is not a region. It looks like eu-central-1.",
  "grant.bucket.malformed":
    "“{value}” is not the name of a bucket: 3 to 63 lowercase letters, digits, dots and hyphens.",
  "grant.prefix.malformed":
    "“{value}” is not such a folder: no slash or wildcard in front, a slash at the end, such as site/.",
  "grant.distribution.malformed":
    "“{value}” is not the ID of a distribution: capital letters and digits, such as E2QWRUHAPOMQZL.",
  "grant.qualifier.malformed": "“{value}” is not a qualifier: 1 to 10 lowercase letters and digits.",
  "grant.key.malformed":
    "“{value}” is not such a key: letters, digits and . _ - / without wildcards, such as prod/terraform.tfstate.",
  "grant.table.malformed": "“{value}” is not the name of a table: 3 to 255 letters, digits and . _ -.",
  "grant.kmsKeyArn.malformed":
    "“{value}” is not the ARN of a KMS key. It looks like arn:aws:kms:eu-central-1:111122223333:key/….",
  "grant.arns.malformed":
    "“{value}” is not the ARN of a managed policy. It looks like arn:aws:iam::aws:policy/ReadOnlyAccess.",
  "grant.arns.partition": "{arn} is in another partition than this account ({partition}).",
  "grant.arns.account":
    "{arn} belongs to another account. A role takes policies of its own account, {account}, and AWS’s own.",
  "grant.name.malformed": "“{value}” is not a policy name: up to 128 letters, digits and + = , . @ - _.",
  "grant.sameName": "{name} is already there. Give it another name, or remove one of the two.",
  "grant.length": "The policy has {length} characters and AWS allows {quota}. Split it in two.",
  "grant.confirm": "Type {names} to show that you mean it, or remove this permission.",
  "grant.json.syntax":
    "This is not valid JSON. Look at line {line}, column {column}: a comma or quote that is missing or too many, or a name that stands twice.",
  "grant.json.object": "A policy is one JSON object with Version and Statement.",
  "grant.json.extra": "Line {line}: “{name}” is not taken here. A policy has Version and Statement.",
  "grant.json.version": 'Line {line}: write "Version": "2012-10-17".',
  "grant.json.statements": "Statement is missing or empty. Write at least one.",
  "grant.json.statement": "Line {line}: a statement is an object in braces.",
  "grant.json.effect": 'Line {line}: this statement needs "Effect": "Allow" or "Deny".',
  "grant.json.principal":
    "Line {line}: a policy of a role has no Principal. Take it out; who may use the role is asked on the page before.",
  "grant.json.action": "Line {line}: this statement needs an Action.",
  "grant.json.resource": "Line {line}: this statement needs a Resource.",

  "role.more": "More about the role",
  "role.company": "For everything that is created",
  "role.path": "Path",
  "role.path.hint": "Empty is /. Some companies keep their roles apart by paths, such as /ci/.",
  "role.path.malformed":
    "A path begins and ends with a slash and has letters, digits and + = , . @ - _ between them, such as /ci/.",
  "role.description": "Description",
  "role.description.hint": "Empty says which CircleCI project the role is for.",
  "role.description.malformed": "A description has 1,000 characters at most, Latin letters and signs.",
  "role.session": "Longest session",
  "role.session.hint": "The most that a job may ask for. The step asks for 15 minutes.",
  "role.session.chained": "Jobs that come by way of the first role get an hour at the most all the same.",
  "role.session.hours": "{hours} hours",
  "role.session.hour": "1 hour",
  "role.session.seconds": "{seconds} seconds",
  "role.externalId": "External ID",
  "role.externalId.hint":
    "The first role must say it to get in here. Empty asks for none. It stands in the pipeline’s step and is no secret.",
  "role.externalId.suggest": "Suggest an external ID",
  "role.externalId.malformed":
    "An external ID has 2 to 1,224 letters, digits and + = , . @ : / - _, without spaces.",
  "role.boundaryName": "Permissions boundary",
  "role.boundaryName.hint":
    "The name of a policy that each account has already, where your company asks for one. It must allow what the roles are to do. Empty is none.",
  "role.boundaryName.malformed":
    "This is not a policy name: up to 128 letters, digits and + = , . @ - _. Write the name alone, not the ARN.",
  "role.boundaryName.missing": "Enter the name of the boundary, or empty its path.",
  "role.boundaryPath": "Path of the boundary",
  "role.boundaryPath.hint": "Empty is /.",
  "role.organization": "AWS organization ID",
  "role.organization.hint":
    "The roles of sub-accounts then let the first role in only while it belongs to this organization. Empty asks for none.",
  "role.organization.malformed": "An organization ID looks like o-a1b2c3d4e5.",
  "role.companyTags": "Tags",
  "role.companyTags.hint": "key=value, one a line, beside the product’s own tags.",
  "role.tags.line": "“{line}” has no equals sign. Write key=value, one a line.",
  "role.tags.key":
    "“{key}” cannot be the key of a tag: up to 128 letters, digits, spaces and _ . : / = + - @, not aws:, Name, managed-by or circleci-aws-oidc:.",
  "role.tags.value": "The value of {key} has 256 letters, digits, spaces and _ . : / = + - @ at most.",
  "role.tags.twice": "{key} stands twice. IAM does not tell capital letters apart here: remove one.",
  "role.tags.many": "There is room for {most} tags. Remove some.",
  "role.audiences": "More audiences",
  "role.audiences.hint":
    "Only where jobs order tokens for another audience (circleci run oidc get). With commas between them.",
  "role.audiences.malformed": "There is room for {most} audiences of {longest} characters.",
  "role.federation": "How are the other accounts reached?",
  "role.federation.hub": "By way of the first account",
  "role.federation.hub.hint":
    "One door to guard: CircleCI is trusted in one account alone, whose role goes on to the others. Two hops, an hour at the most.",
  "role.federation.direct": "Each by CircleCI’s token",
  "role.federation.direct.hint":
    "A provider in each account, and no hop between accounts. The step leaves the token in a file, from which the CLI and SDKs get keys for each account.",
} as const;
