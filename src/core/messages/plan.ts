/** Sentences of the plan: why something is left alone, and what is worth knowing about what exists. */
export const planMessages = {
  "plan.notObserved": "This could not be looked up in AWS.",
  "plan.policyTooLong":
    "The policy has {length} characters and IAM allows {quota}. Set up fewer sub-accounts at once.",
  "plan.differs.kind": "Something else exists under this name.",
  "plan.differs.arn": "It exists under another path or letter case: {arn}. Choose another role name.",
  "plan.differs.trust":
    "A role named {role} exists and its trust policy is another one. It is left alone: choose another role name, or compare and change it yourself.",
  "plan.differs.deleted":
    "The role {role} trusts a role that was deleted: AWS shows its ID {principal} where its ARN was, and a new role of that name is another one. It is left alone. If it is yours, delete it and look again: it is then created anew.",
  "plan.differs.policy":
    "A policy with this name exists and allows something else. It is left alone: choose another role name.",
  "plan.differs.permissions":
    "A role named {role} with this trust policy exists, was not made here, and has permissions of its own ({policies}). It is left alone: choose another role name.",
  "plan.differs.audience":
    "The provider exists and does not accept the audience {audience}. It is left alone, as others may use it. To add the audience: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn {arn} --client-id {audience}",
  "plan.note.permissions": "It has these policies: {policies}.",
  "plan.note.boundary": "It has the permissions boundary {arn}.",
  "plan.note.audiences": "It also accepts these audiences, which are left as they are: {audiences}.",
} as const;
