/** Sentences about who can assume a role: why a trust policy admits a token or not, and what would change it. */
export const trustMessages = {
  "trust.rule.issuer":
    "{issuer} cannot be the issuer here. Enter host and path of your CircleCI Server’s issuer, or leave it out for CircleCI’s own. The issuer oidc.circleci.com without an organization is shared by all customers.",
  "trust.rule.projectKey":
    "AWS knows the condition key project-id for CircleCI’s own issuers only. With another issuer nobody would be let in.",
  "trust.rule.audience":
    "“{audience}” cannot be an audience: 1 to 255 characters without white space and policy variables.",
  "trust.rule.placeholder": "“{value}” looks like a placeholder that nobody has filled in.",
  "trust.rule.noProject": "Name at least one project.",
  "trust.rule.projectTwice": "A project is in the rule twice.",
  "trust.rule.v1": "The subject of CIRCLE_OIDC_TOKEN names no branch or tag. Use CIRCLE_OIDC_TOKEN_V2.",
  "trust.rule.refs": "Name at least one branch or tag, as Git writes it.",
  "trust.rule.length":
    "The trust policy has {length} of the {quota} characters that this account allows. Use fewer names or a prefix, split the projects over several roles, or ask AWS for a higher quota (“Role trust policy length”).",

  "trust.who.any":
    "Every job of the CircleCI project {project}, on any branch or tag and however it was triggered. If the project passes secrets to forked pull requests, their jobs too.",
  "trust.who.any.users":
    "Jobs of the CircleCI project {project} that {users} started, on any branch or tag. If the project passes secrets to forked pull requests, their jobs too.",
  "trust.who.branch":
    "Jobs of the CircleCI project {project} whose token says branch {names} of {repository}, started by anyone.",
  "trust.who.branch.users":
    "Jobs of the CircleCI project {project} whose token says branch {names} of {repository}, started by {users}.",
  "trust.who.branchPrefix":
    "Jobs of the CircleCI project {project} whose token says a branch of {repository} that begins with {names}, started by anyone.",
  "trust.who.branchPrefix.users":
    "Jobs of the CircleCI project {project} whose token says a branch of {repository} that begins with {names}, started by {users}.",
  "trust.who.branches":
    "Jobs of the CircleCI project {project} whose token says any branch of {repository}, started by anyone.",
  "trust.who.branches.users":
    "Jobs of the CircleCI project {project} whose token says any branch of {repository}, started by {users}.",
  "trust.who.tag":
    "Jobs of the CircleCI project {project} whose token says tag {names} of {repository}, started by anyone.",
  "trust.who.tag.users":
    "Jobs of the CircleCI project {project} whose token says tag {names} of {repository}, started by {users}.",
  "trust.who.tagPrefix":
    "Jobs of the CircleCI project {project} whose token says a tag of {repository} that begins with {names}, started by anyone.",
  "trust.who.tagPrefix.users":
    "Jobs of the CircleCI project {project} whose token says a tag of {repository} that begins with {names}, started by {users}.",
  "trust.who.tags":
    "Jobs of the CircleCI project {project} whose token says any tag of {repository}, started by anyone.",
  "trust.who.tags.users":
    "Jobs of the CircleCI project {project} whose token says any tag of {repository}, started by {users}.",
  "trust.who.mint": "Every job of the project can ask CircleCI for a token, whether or not it has the step.",
  "trust.who.config":
    "The branch or tag in the token is the change that triggered the pipeline. Whoever may trigger pipelines can choose the config and the checkout from other branches.",
  "trust.who.webhook": "Pipelines started by a custom webhook have no branch in their token and are refused.",
  "trust.who.v1": "Only tokens whose subject ends with the user are admitted, as CIRCLE_OIDC_TOKEN has it.",

  "trust.read.allow": "These can assume the role:",
  "trust.read.allow.if": "These can assume the role, if every condition holds:",
  "trust.read.deny": "These are kept out, whatever else the policy says:",
  "trust.read.deny.if": "These are kept out if every condition holds, whatever else the policy says:",
  "trust.read.noAction": "These are named, but for actions that do not let them assume the role:",
  "trust.read.nobody": "Nobody can assume the role by this policy: no statement allows it.",
  "trust.read.organization": "Whoever has a token of the CircleCI organization {organization}",
  "trust.read.root": "Whoever has a token of the issuer that all CircleCI customers share",
  "trust.read.provider": "Whoever has a token or an assertion of the identity provider {provider}",
  "trust.read.principal": "Whoever works as {principal}",
  "trust.read.account": "Everyone in the AWS account {account} whose own policies allow it",
  "trust.read.service": "The AWS service {principal}",
  "trust.read.everyone": "Everyone, in any AWS account, whose own policies allow it",
  "trust.read.gone":
    "A role or user that was deleted, of which only the unique ID {principal} is left: nobody today",
  "trust.read.equals": "{key} is {values}",
  "trust.read.equalsNot": "{key} is not {values}",
  "trust.read.like": "{key} matches {values}",
  "trust.read.likeNot": "{key} does not match {values}",
  "trust.read.absent": "the request has no {key}",
  "trust.read.present": "the request has {key}",
  "trust.read.other": "{operator} on {key}: {values}",
  "trust.read.orAbsent": "it also holds where the request has no {key}",
  "trust.read.unknown": "AWS gives a request with a CircleCI token no {key}",

  "trust.case.branch": "A job on branch {name} of {repository}",
  "trust.case.tag": "A job on tag {name} of {repository}",
  "trust.case.webhook": "A pipeline that a custom webhook started",
  "trust.case.user": "A job that another user started",
  "trust.case.fork": "A pull request from the fork {repository}",
  "trust.case.fork.note":
    "Builds of forked pull requests get a token only if the project passes secrets to them. Leave that off.",
  "trust.case.injected": "A branch that is named {name}",
  "trust.case.injected.note":
    "Whoever may push branches can choose such a name. It ends like the subject of a branch that is let in.",
  "trust.case.project": "A job of another project of the organization",
  "trust.case.audit": "CircleCI streaming the organization’s audit logs",
  "trust.case.audit.note": "Audit logs are streamed with a token of the same issuer and audience.",
  "trust.case.mixed": "A pipeline that takes its config or its checkout from another branch",
  "trust.case.mixed.note":
    "The token names the branch that the pipeline was triggered for. Whoever may trigger pipelines can choose config and checkout separately, and AWS cannot tell.",
  "trust.case.unversioned": "A pipeline with unversioned config, run from an editor",
  "trust.case.unversioned.note":
    "The config need not be in any branch, and the token still names the branch. Switch unversioned config off in the project’s settings if only reviewed config may deploy.",
  "trust.case.ssh": "A job that was re-run with SSH",
  "trust.case.ssh.note":
    "Whoever may re-run a job with SSH has its credentials. The token says so, but AWS has no condition for it: switch SSH off in the project’s settings.",

  "trust.allow": "Statement {statement} admits this token.",
  "trust.deny.explicit": "Statement {statement} denies this token, and a Deny wins over every Allow.",
  "trust.deny.condition":
    "Statement {statement} does not admit this token: {operator} on {key} asks for {expected}, and the request has {actual}.",
  "trust.deny.absent":
    "Statement {statement} does not admit this token: {operator} on {key} asks for {expected}, and AWS gives this request no such key.",
  "trust.deny.action": "Statement {statement} does not allow sts:AssumeRoleWithWebIdentity.",
  "trust.deny.provider": "No statement allows anything to the identity provider {provider}.",
  "trust.invalid": "IAM refuses to store this policy: {message} ({place})",
  "trust.token": "AWS refuses the token before it looks at the trust policy: {message}",

  "trust.change.provider": "Name {provider} as the Federated principal.",
  "trust.change.action": "Allow the action sts:AssumeRoleWithWebIdentity.",
  "trust.change.add": "Add {value} to the values of {operator} on {key}.",
  "trust.change.exempt": "Take what excludes {value} out of {operator} on {key}.",
  "trust.change.remove": "Remove {operator} on {key}.",
  "trust.change.vcs":
    "Send CIRCLE_OIDC_TOKEN_V2, and start the pipeline from the repository: this token does not say which repository and branch it is for.",
  "trust.change.deny": "Narrow or remove statement {statement}.",

  "trust.reading.refused": "If IAM refuses to store the policy",
  "trust.reading.stored": "If IAM stores the policy",
  "trust.reading.applies": "If statement {statement} applies",
  "trust.reading.appliesNot": "If statement {statement} does not apply",

  "trust.doubt.sid":
    "AWS documents letters and digits for a Sid, and this one is “{sid}”. Whether IAM stores it is not certain.",
  "trust.doubt.action":
    "Whether IAM stores {action} in a trust policy is not documented: it asks for STS AssumeRole actions.",
  "trust.doubt.emptyActions": "Whether IAM stores a statement without actions is not documented.",
  "trust.doubt.keyTwice": "{key} is in one block twice, in different letter case.",
  "trust.doubt.key": "What {key} is in this request cannot be known beforehand.",
  "trust.doubt.exposed": "AWS does not document whether it gives CircleCI requests the key {key}.",
  "trust.doubt.several":
    "{key} has several values, and {operator} has neither ForAllValues nor ForAnyValue. AWS does not document what follows.",
  "trust.doubt.emptyList":
    "{operator} on {key} has an empty list of values. What AWS documents about that contradicts itself.",
  "trust.doubt.emptyValue": "{key} is empty, and AWS does not document whether that counts as a value here.",
  "trust.doubt.type":
    "{operator} cannot compare {actual} with {expected}. AWS does not document what follows.",
  "trust.doubt.variable": "AWS does not document what becomes of the variable in {value} here.",
  "trust.doubt.ifExistsAny":
    "ForAnyValue with IfExists on {key}, which is absent: one is documented to fail, the other to hold.",
  "trust.doubt.setNull": "AWS does not document a set operator with Null, as here on {key}.",
  "trust.doubt.everyone": "AWS does not document whether a Deny for everyone reaches a web identity.",
} as const;
