/** Sentences of the linter: for each rule why a policy is not as it should be, and what a fix does. */
export const lintMessages = {
  "lint.invalid-policy": "IAM refuses to store this policy: {message}",
  "lint.maybe-refused": "AWS does not document whether IAM stores this.",
  "lint.policy-version": "Version 2012-10-17 is missing: in older policies variables are plain text.",
  "lint.policy-length":
    "The policy has {length} characters without white space, and the account's quota is {quota}.",

  "lint.any-project": "Nothing names a project: every job of every project of the organization gets in.",
  "lint.only-exclusions":
    "This only excludes something: everything else gets in, whatever the project of the organization.",
  "lint.caller-chosen":
    "A job chooses {key} itself, so it keeps nobody out: every project of the organization gets in.",
  "lint.open-subject": "“{value}” lets every project of the organization in: * spans / as well.",
  "lint.open-subject.list":
    "“{value}” lets every project of the organization in, whatever the other values say: one of them is enough.",
  "lint.any-organization":
    "Every CircleCI customer gets in: all share this issuer, and nothing here asks for your organization.",
  "lint.foreign-organization":
    "This trusts the CircleCI organization {organization}, which is not the one you gave.",
  "lint.root-issuer":
    "Every CircleCI customer shares this issuer: one condition is all that keeps them out. Trust the issuer of your organization.",
  "lint.foreign-provider":
    "This provider is in account {named}, and AWS looks for it in the role's account {account}: nobody gets in.",
  "lint.audit-log-stream": "CircleCI's audit log streaming gets in too: its tokens name no project.",
  "lint.project-not-exact": "This does not name whole project IDs, so that other projects may match.",

  "lint.branch-injection":
    "A branch can be named so that this takes it for the pinned one: * spans /, and anyone who can push a branch chooses its name.",
  "lint.branch-injection.repository":
    "A fork's branch can be named so that this takes the fork for the pinned repository: * spans / as well.",
  "lint.any-branch": "“{ref}” is no limit: anybody who can push a branch gets in.",
  "lint.repository-pattern": "“{repository}” is more than one repository: pin it exactly.",
  "lint.repository-pattern.owner":
    "“{repository}” has no / before the star: it also matches owners whose name only begins like that, which anybody can register.",
  "lint.branch-claim":
    "The token says {ref}, but whoever may trigger pipelines can run another config or checkout under that name.",
  "lint.branch-prefix":
    "“{ref}” also admits longer names that begin like that, such as main-2 for main*: end the prefix with a slash.",
  "lint.fork-builds":
    "Builds of forked pull requests get in as well if the project passes secrets to them: no repository is pinned.",

  "lint.first-token":
    "Only CIRCLE_OIDC_TOKEN matches: the subject of CIRCLE_OIDC_TOKEN_V2, which the step and the orb send, goes on after the user.",

  "lint.no-audience":
    "The audience is not checked: every audience the provider accepts, now or later, gets in.",
  "lint.audience-pattern": "“{value}” admits more than one audience, and a job can choose its audience.",
  "lint.audience-not-default":
    "CircleCI's tokens have the audience {organization} unless told otherwise, and this asks for another.",

  "lint.absent-key-holds":
    "{operator} on {key} always holds: AWS gives requests no such key. It keeps nobody out.",
  "lint.absent-key-holds.deny": "This Deny never applies: AWS gives requests no key {key}.",
  "lint.absent-key-fails": "Nobody gets in: AWS gives requests no key {key}.",
  "lint.foreign-key": "{key} belongs to another issuer than the one trusted here, so that this never holds.",
  "lint.foreign-key.holds":
    "{key} belongs to another issuer than the one trusted here, so that {operator} always holds.",
  "lint.key-twice":
    "{key} is here twice, in different letter case: AWS does not document whether both count or one of them.",
  "lint.set-operator":
    "{key} has one value: with ForAllValues a missing or mistyped key lets everybody in, and neither set operator is meant for it.",
  "lint.if-exists": "{operator} also holds where {key} is missing.",

  "lint.empty-values":
    "{operator} on {key} has no values. What AWS documents of that contradicts itself: do not rely on it.",
  "lint.placeholder": "“{value}” is still the placeholder of an example or a template.",
  "lint.wildcard-in-equals":
    "{operator} takes the * or ? in “{value}” for that very character: nothing matches.",
  "lint.wrong-case":
    "“{value}” has capital letters: CircleCI writes IDs in small ones, and AWS tells them apart.",
  "lint.matches-no-token": "No token of this issuer has “{value}” there.",

  "lint.action-mismatch": "Who is named here comes in by {action}, which this statement does not allow.",
  "lint.action-wildcard": "“{action}” allows more than is needed, and whatever AWS adds: name the action.",
  "lint.not-action": "NotAction allows everything it does not list: name the action that is needed.",

  "lint.everyone":
    "Everyone with any AWS account gets in. An external ID is no secret: name who may assume the role.",
  "lint.organization-wide":
    "Everybody in every account of the AWS organization {organization} gets in: name who may assume the role.",
  "lint.account-wide":
    "Everybody in account {account} whom its own policies allow it gets in: name the role, or ask for aws:PrincipalArn.",
  "lint.deleted-principal":
    "{id} is a role or user that was deleted: nobody is let in by it, not even a new one of the same name.",

  "lint.outsider-subject":
    "All customers of {issuer} share this issuer, and no condition on {claim} keeps strangers out.",
  "lint.outsider-subject.value":
    "All customers of {issuer} share this issuer, and “{value}” admits names that a stranger can have.",
  "lint.no-subject": "Neither the subject nor the audience is asked for: every token of {issuer} gets in.",
  "lint.github-id":
    "“{value}” leaves the owner's or the repository's ID open, which is what keeps a recycled name out.",
  "lint.github-id.hyphen":
    "“{value}” joins names and IDs with hyphens, a withdrawn form that anybody can imitate by registering such a name.",

  "lint.administrator-access": "The role is administrator, or can become one ({what}).",
  "lint.widens-itself": "The role can give itself more permissions: {actions}.",
  "lint.cdk-bootstrap":
    "The role may assume CDK's bootstrap roles, which deploy as administrator unless bootstrapped otherwise.",

  "lint.fix.removeValue": "Remove “{value}”",
  "lint.fix.pinProject": "Pin project {project}",
  "lint.fix.mask": "Write the user as a mask of single characters",
  "lint.fix.exactAudience": "Ask for the audience {audience} exactly",
  "lint.fix.addAudience": "Ask for the audience {audience}",
  "lint.fix.rename": "Use the key {key}",
  "lint.fix.removeCondition": "Remove this condition, which changes nothing",
  "lint.fix.removeStatement": "Remove this statement, which never applies",
  "lint.fix.operator": "Use {operator}",
  "lint.fix.action": "Allow {action} only",
  "lint.fix.removePrincipal": "Remove the deleted principal",
  "lint.fix.version": "Write version 2012-10-17",
} as const;
