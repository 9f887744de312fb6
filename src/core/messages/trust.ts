/** Sentences about who can assume a role: why a trust policy admits a token or not, and what would change it. */
export const trustMessages = {
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
