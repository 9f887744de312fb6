/** Sentences of the roles view, and of the MFA question that it shares with the wizard. */
export const rolesMessages = {
  "roles.load": "Load roles of profile {profile}",
  "roles.loading": "Asking AWS with profile {profile}…",
  "roles.retry": "Try again",
  "roles.chooseOther": "Choose another AWS profile",
  "roles.setUp": "Set Up AWS Access",
  "roles.none": "CircleCI has no OIDC provider in this account.",

  "roles.account": "Account {account}",
  "roles.account.identity": "You are {arn}",
  "roles.account.loaded": "Loaded at {time}",
  "roles.account.endpoint": "asked at {host}",
  "roles.provider": "Organization {organization}",
  "roles.provider.shared": "All of CircleCI",
  "roles.provider.shared.warning":
    "Every CircleCI customer shares this issuer. Only the conditions of a role keep other organizations out.",
  "roles.provider.audiences": "Audiences",
  "roles.provider.thumbprints": "Thumbprints",
  "roles.provider.noRoles": "No role trusts this provider.",
  "roles.provider.unlisted": "Its roles could not be listed.",
  "roles.role.madeHere": "made here",
  "roles.role.drift": "differs from its setup ({count})",
  "roles.role.created": "Created on {date}",
  "roles.role.noPolicies": "No policies: the role may do nothing yet.",
  "roles.trust": "Trust policy",
  "roles.policy.managed": "managed policy",
  "roles.policy.aws": "AWS managed policy",
  "roles.policy.inline": "inline policy",

  "roles.connected.detail": "Account {account}, organization {organization}",
  "roles.connected.shared": "Account {account}, all of CircleCI",

  "roles.copied": "Copied {arn}",
  "roles.nothingSelected": "Select a provider, a role or a policy in the Roles view first.",
  "roles.notConsole": "This is no address of the AWS console. It was not opened.",

  "roles.pick.title": "AWS profile",
  "roles.pick.placeholder": "Whose account do you want to look at?",
  "roles.pick.current": "current",
  "roles.pick.none": "No AWS profile was found on the machine where this extension runs.",
  "roles.pick.none.advice": "Add one in a terminal, then choose again.",
  "roles.trust.manage": "Manage Workspace Trust",

  "mfa.title": "AWS MFA code",
  "mfa.prompt": "The code that {device} shows now",
  "mfa.malformed": "An MFA code has six digits.",
} as const;
