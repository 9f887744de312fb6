/** Sentences of the plan: why something is left alone, and what is worth knowing about what exists. */
export const planMessages = {
  "plan.notObserved": "This could not be looked up in AWS.",
  "plan.policyTooLong":
    "The policy has {length} characters and IAM allows {quota}. Make it shorter, or several of it.",
  "plan.differs.kind": "Something else exists under this name.",
  "plan.differs.arn": "It exists under another path or letter case: {arn}. Choose another role name.",
  "plan.differs.trust":
    "A role named {role} exists and its trust policy cannot be read. It is left alone: choose another role name.",
  "plan.twice": "Two things in this setup have the same name. Give one of them another.",
  "plan.differs.policy":
    "A policy with this name exists, was not made here and allows something else. It is left alone: choose another role name.",
  "plan.differs.audiences":
    "The provider {arn} has as many audiences as AWS allows, so {audience} cannot be added. Remove one that nobody uses any more.",
  "plan.managed.audience":
    "The provider {arn} does not accept the audience {audience}, and {tool} manages it: a change made here would be taken back. Add the audience there, then look again.",
  "plan.managed.role":
    "{tool} manages the role {role}: a change made here would be taken back. Add the statement there, or choose another role name.",

  "plan.join.critical":
    "The trust policy of {role} lets in whoever it should not ({rule}). Check it with Check a Trust Policy, or choose another role name.",
  "plan.join.administrator":
    "{role} may do anything in the account, and every job of the project could then do it too. Choose another role name.",
  "plan.join.changes":
    "With the statement added, tokens of the project {project} would fare otherwise at {role} than before. Choose another role name.",
  "plan.join.denied":
    "A statement of {role} denies what this project needs. Choose another role name, or change that statement.",
  "plan.join.boundary":
    "{role} was not made here and lacks the permissions boundary {arn}. Choose another role name.",
  "plan.join.session":
    "{role} was not made here and allows sessions of {from} hours, not of {to}. Choose another role name, or a shorter longest session.",
  "plan.join.shared":
    "{role} was not made for this project. It gets a statement more, and everybody who may assume it shares what it may do, also what is granted to it here.",
  "plan.join.nothing": "It may do nothing so far.",
  "plan.join.permissions": "Jobs of this project can then do what these policies allow: {policies}.",
  "plan.join.same": "Project {project}: {count} tokens were tried, and each fares as before.",

  "plan.update.provider": "Others may use this provider. Nothing is taken from it.",
  "plan.update.audience": "The provider will also accept the audience {audience}.",
  "plan.update.thumbprint": "The provider gets one thumbprint more.",
  "plan.update.trust": "The trust policy of {role} is changed: only the statement of this setup.",
  "plan.update.session": "The longest session goes from {from} to {to} hours.",
  "plan.update.detach":
    "{policy} was made here and is not wanted any more: it is taken off {role}, which can then do less. The policy itself stays until the setup is removed.",
  "plan.update.boundary": "The role gets the permissions boundary {arn}.",
  "plan.update.policy": "{name} gets a new version, which counts at once.",
  "plan.update.tag": "Its tag {key} becomes {value}.",
  "plan.update.description": "Its description becomes: {text}",
  "plan.update.dropped":
    "It has five versions, as many as IAM keeps. The oldest one that does not count, {version}, is deleted. An undo puts back what it says, under a new number.",
  "plan.update.users": "It is attached to: {users}.",

  "plan.quota.trust":
    "The trust policy of {role} would have {length} characters, and this account allows {quota}. Name fewer branches or users, or ask AWS for a higher quota.",
  "plan.quota.roles":
    "Account {account} may have {quota} roles, and that many are there. Delete roles that nobody uses, or ask AWS for a higher quota.",
  "plan.quota.policies":
    "Account {account} may have {quota} policies, and that many are there. Delete policies that nobody uses, or ask AWS for a higher quota.",
  "plan.quota.attached":
    "In account {account} a role may have {quota} managed policies, and this would be one more. Set up fewer, or ask AWS for a higher quota.",
  "plan.missing.boundary":
    "Account {account} has no policy {arn} for the permissions boundary. Check name and path, or create it first.",
  "plan.missing.policy": "Account {account} has no policy {arn}. Check the ARN, or create it first.",
  "plan.note.permissions": "It has these policies: {policies}.",
  "plan.note.boundary": "It has the permissions boundary {arn}.",
  "plan.note.statements": "Its trust policy has {count} more statements, which are left as they are.",
  "plan.note.audiences": "It also accepts these audiences, which are left as they are: {audiences}.",
} as const;
