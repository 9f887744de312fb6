/** Sentences about a single answer that does not have the form it must have. */
export const idMessages = {
  "id.uuid.empty": "Enter the {what}.",
  "id.uuid.malformed": "The {what} is a UUID, such as 5034460f-c7c4-4c43-9457-de07e2029e7b. This is not one.",
  "id.account.empty": "Enter the AWS account ID.",
  "id.account.malformed": "An AWS account ID has 12 digits. This has another form.",
  "id.region.malformed": "Enter an AWS region, such as eu-central-1.",
  "id.roleName.empty": "Enter a role name.",
  "id.roleName.malformed": "A role name has 1 to 64 characters: letters, digits and + = , . @ _ -",
  "id.profile.malformed": "A profile name for CI has letters, digits, dots, hyphens and underscores.",
  "id.profile.reserved": "“default” is the hub role’s own profile. Choose another name.",
  "id.repository.malformed":
    "Enter the repository as CircleCI names it in the token: host/owner/name, such as github.com/acme/web-shop.",
  "id.branch.empty": "Name at least one branch or tag, or choose all runs.",
  "id.branch.malformed": "“{branch}” cannot be the name of a Git branch or tag.",
  "id.branch.characters":
    "“{branch}” has characters that an IAM policy would read as a pattern or cannot hold. Only plain ASCII is possible, and a star (*) only at the end.",
} as const;
