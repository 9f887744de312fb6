/** Sentences about AWS: profiles, refused calls, and what became of a write. */
export const awsMessages = {
  "aws.profile.unreadable": "The AWS profiles in {path} cannot be read.",
  "aws.profile.unreadable.advice": "Check that the file exists and that you may read it ({code}).",
  "aws.profile.unknown": "There is no AWS profile named {profile}.",
  "aws.profile.unknown.advice": "Choose another profile, or add this one with the command: aws configure",
  "aws.profile.incomplete": "The AWS profile {profile} does not say where its credentials come from.",
  "aws.profile.incomplete.advice":
    "It needs access keys, an SSO session, a role with a source profile, a login session or a credential process.",
  "aws.environment.missing": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set any more.",
  "aws.endpoint.malformed": "The endpoint configured for the profile {profile} is no web address.",
  "aws.endpoint.malformed.advice":
    "Check endpoint_url in the AWS config file and the AWS_ENDPOINT_URL variables.",
  "aws.endpoint.services":
    "The profile {profile} names the services section {section}, which the AWS config file does not have.",

  "aws.sso.expired": "The SSO session of the profile {profile} has expired or was not started.",
  "aws.sso.expired.advice": "Sign in, then try again.",
  "aws.sso.forbidden": "The SSO session works, but the profile {profile} may not use its account or role.",
  "aws.sso.forbidden.advice": "Ask whoever administers IAM Identity Center for the permission set.",
  "aws.login.expired": "The console login of the profile {profile} has expired or was not started.",
  "aws.login.expired.advice": "Sign in, then try again.",
  "aws.key.unknown": "AWS does not know the access key of the profile {profile}.",
  "aws.key.unknown.advice":
    "The key may have been deleted. If the account is in China or GovCloud, the profile must name a region there.",
  "aws.key.secret":
    "AWS refuses the signature: the secret key of the profile {profile} does not fit its access key.",
  "aws.key.secret.advice": "Enter both keys again with the command: aws configure",
  "aws.expired": "The temporary credentials of the profile {profile} have expired.",
  "aws.expired.advice": "Get new ones the way you got these, then try again.",
  "aws.mfa.refused": "AWS refused the MFA code for the profile {profile}.",
  "aws.mfa.refused.advice": "Wait for the next code of the device, then try again.",
  "aws.process.failed": "The credential_process of the profile {profile} failed.",
  "aws.process.failed.advice":
    "Run it in a terminal to see why. What it printed is not shown: it may hold secrets.",
  "aws.credentials.failed": "The credentials of the profile {profile} could not be read.",
  "aws.credentials.failed.advice": "Check that this works in a terminal: aws sts get-caller-identity",
  "aws.clock": "This computer’s clock differs too much from AWS’s: AWS refuses the request.",
  "aws.clock.advice": "Set the clock, then try again.",
  "aws.region.disabled": "The region {region} is not enabled in the account of the profile {profile}.",
  "aws.region.disabled.advice": "Set another region for the profile, or have this one enabled.",
  "aws.region.missing": "No region is set for the profile {profile}.",
  "aws.region.missing.advice": "Set one with the command: aws configure set region",
  "aws.partition": "The profile {profile} belongs to a kind of AWS account that is not supported: {arn}",
  "aws.account.other":
    "The profile {profile} leads to account {found}, not to {expected}. Nothing was written.",
  "aws.account.other.advice": "Choose the profile again: its credentials may have been changed meanwhile.",

  "aws.denied": "The identity behind the profile {profile} is not allowed to call {action}.",
  "aws.denied.advice": "Use another profile, or ask whoever administers the account for this permission.",
  "aws.denied.boundary":
    "If your company wants a permissions boundary on every role, name it on the page about the account. Otherwise use another profile, or ask for this permission.",
  "aws.throttled": "AWS asks to slow down, even after several attempts ({action}).",
  "aws.throttled.advice": "Something else may be using IAM heavily. Try again in a minute.",
  "aws.limit": "A quota of the account is used up ({action}).",
  "aws.limit.advice": "Remove what is not needed any more, or ask AWS for a higher quota.",
  "aws.invalid": "AWS does not accept the request ({action}).",
  "aws.missing": "Something this needs does not exist in the account ({action}).",
  "aws.concurrent": "Somebody else is changing the same thing just now ({action}).",
  "aws.retry.advice": "Try again.",
  "aws.retry.throttled": "AWS asks to slow down. Trying again in a moment.",
  "aws.retry.broken": "The connection to AWS broke, or AWS failed. Trying again in a moment.",
  "aws.server": "AWS had an error of its own ({action}).",
  "aws.network": "AWS cannot be reached ({code}).",
  "aws.network.advice": "Check the network connection and the proxy settings, then try again.",
  "aws.network.timeout": "AWS did not answer in time.",
  "aws.proxy": "The proxy did not let the connection to AWS through.",
  "aws.proxy.advice": "Check the proxy settings and whether the proxy wants you to sign in.",
  "aws.tls": "The connection to AWS is not trusted: {code}.",
  "aws.tls.advice":
    "A company proxy may be in between: set NODE_EXTRA_CA_CERTS to its certificate, or add it to the system’s.",
  "aws.notAws": "Something other than AWS answered (HTTP status {status}).",
  "aws.notAws.advice": "A proxy or a sign-in page may be in between. Check the network and AWS_ENDPOINT_URL.",
  "aws.cancelled": "Cancelled.",
  "aws.unexpected": "AWS’s answer was not expected ({action}: {name}).",

  "aws.observe.denied": "The profile {profile} may not look: {action} is missing.",
  "aws.observe.malformed": "IAM’s answer about this lacks what is needed to compare it.",

  "aws.apply.exists": "{name} was created by somebody else in the meantime. It was left alone.",
  "aws.apply.exists.advice": "Look again: the plan will show what exists.",
  "aws.apply.changed": "{name} was changed by somebody else since the review. Nothing was created.",
  "aws.apply.lost": "The connection broke, and it could not be found out whether {name} was created.",
  "aws.apply.lost.advice": "Look again when the connection works. Nothing will be created twice.",
  "aws.apply.waiting":
    "AWS does not know yet what was created a moment ago. Trying again, for {seconds} seconds at most.",
  "aws.apply.propagation": "AWS still does not know what this needs: {name} could not be created.",
  "aws.apply.propagation.advice": "Try again in some minutes. What was created stays.",
  "aws.apply.noJournal":
    "The journal that every write to AWS is noted in cannot be opened on this computer, or another window is at work on it. Nothing was created.",
  "aws.apply.journal": "The note of what is about to be created could not be stored. {name} was not created.",
  "aws.apply.journalAfter": "{name} was created, but the note of it could not be stored.",

  "aws.roles.unlisted": "Roles could not be listed: {action} is missing. There may be more than is shown.",
  "aws.roles.details": "Details of {name} could not be read: {action} is missing.",
  "aws.roles.failed": "Details of {name} could not be read ({code}).",
  "aws.noQuota": "AWS did not say how long a trust policy may be in this account.",
} as const;
