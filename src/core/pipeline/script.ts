import type { CheckedAuthStep } from "./options.ts";

/** The step's name in the pipeline. */
export const stepName = "AWS OIDC auth";

/**
 * Writes the shell script of the step out of checked options. It is POSIX `sh`, holds no `<<` (which CircleCI
 * reads as an expression in configs of version 2.1) and reads everything secret from the environment.
 * Sources: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
export function script(step: CheckedAuthStep): string {
  return [settings(step), exchange(step.tokenVariable), override(step), files(step)].join("\n");
}

function settings({ roleArn, region, durationSeconds }: CheckedAuthStep): string {
  return `{ set +x; } 2>/dev/null
# Trades this job's CircleCI OIDC token for short-lived AWS credentials and writes them as profiles for
# the steps that follow: "default" is the role below, every other profile is a role reached from it.
set -eu
umask 077
role=${roleArn}
region=${region}
seconds=${durationSeconds}
config=\${AWS_CONFIG_FILE:-$HOME/.aws/config}
credentials=\${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}

fail() {
  printf '${stepName}: %s\\n' "$1" >&2
  exit 1
}
`;
}

function exchange(token: CheckedAuthStep["tokenVariable"]): string {
  return `[ -n "\${${token}:-}" ] ||
  fail 'CircleCI gave this job no OIDC token (${token} is empty). A build of a forked pull request gets one only if the project passes secrets to such builds.'
[ "$config" != "$credentials" ] ||
  fail 'AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name the same file. The step needs two.'
command -v aws >/dev/null ||
  fail 'The AWS CLI (aws) is missing. Use an image that has it, such as cimg/aws, or install it in an earlier step.'

# The AWS CLI gets the token in a private file, so that it is never on a command line.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
printf '%s' "$${token}" >"$work/token"

# The name of the session in CloudTrail. The job's number is in front, as AWS allows 64 characters.
session=$(printf 'circleci-%s-%s-%s' "\${CIRCLE_BUILD_NUM:-0}" "\${CIRCLE_PROJECT_REPONAME:-}" "\${CIRCLE_JOB:-}" |
  LC_ALL=C tr -c 'A-Za-z0-9_+=,.@-' - | cut -c 1-64)

# Keys and profiles that the job has already stay out of this call; proxy, CA and endpoint settings count.
assume_role() (
  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE
  unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
  export AWS_CONFIG_FILE="$work/none" AWS_SHARED_CREDENTIALS_FILE="$work/none"
  aws sts assume-role-with-web-identity --region "$region" --role-arn "$role" \\
    --role-session-name "$session" --duration-seconds "$seconds" --web-identity-token "file://$work/token" \\
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text
)
tries=1
until keys=$(assume_role 2>"$work/error"); do
  # Now and then AWS cannot fetch CircleCI's public keys in time. Trying again helps then, and only then.
  if [ "$tries" -ge 3 ] || ! grep -q -e 'verification key' -e IDPCommunicationError "$work/error"; then
    cat "$work/error" >&2
    case $(cat "$work/error") in
      *'Not authorized'*) why="Its trust policy does not admit this job: organization \${CIRCLE_ORGANIZATION_ID:-unknown}, project \${CIRCLE_PROJECT_ID:-unknown}, branch \${CIRCLE_BRANCH:-none}, tag \${CIRCLE_TAG:-none}." ;;
      *'No OpenIDConnect provider'*) why="Its account has no OIDC provider for this organization, \${CIRCLE_ORGANIZATION_ID:-unknown}." ;;
      *audience*) why="The OIDC provider in its account does not list the audience of this job's token." ;;
      *Expired*) why="This job's token has expired. It is good for an hour: run this step earlier in the job." ;;
      *) why="AWS says above why." ;;
    esac
    fail "AWS gave no credentials for $role. $why"
  fi
  tries=$((tries + 1))
  sleep 5
done
`;
}

function override({ subAccounts }: CheckedAuthStep): string {
  const written = ["default", ...subAccounts.map(({ profile }) => profile)].join(" | ");
  return `# Variables that would win over the profiles, in the AWS CLI and in every SDK.
winners='' value=''
for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN \\
  AWS_WEB_IDENTITY_TOKEN_FILE AWS_PROFILE AWS_DEFAULT_PROFILE; do
  eval "value=\\\${$name:-}"
  case $value in
    '' | ${written}) ;;
    *) winners="$winners $name" ;;
  esac
done
if [ -n "$winners" ]; then
  # No step can unset them for the next one, but bash reads the file BASH_ENV at the start of every step.
  case \${BASH_ENV:+\${BASH:-}} in
    *bash) printf '\\nunset%s\\n' "$winners" >>"$BASH_ENV" || fail "Cannot write $BASH_ENV." ;;
    *) fail "This job has$winners, which would be used instead of the role. Take them out of the job, its contexts and the project's environment variables, or run the job with bash." ;;
  esac
  printf 'Steps from here on do without these variables of the job:%s\\n' "$winners"
fi
`;
}

function files({ region, output, subAccounts }: CheckedAuthStep): string {
  const names = ["default", ...subAccounts.map(({ profile }) => profile)];
  const sections = names.map((name) => name.replaceAll(".", "[.]")).join("|");
  const calls = subAccounts.map((sub) => `  profile ${sub.profile} ${sub.roleArn} ${sub.region ?? region}\n`);
  const profile = `# A role in another account: the AWS CLI and SDKs assume it themselves, with the default credentials.
profile() {
  printf '%s\\n' "[profile $1]" "role_arn = $2" 'source_profile = default' "role_session_name = $session" \\
    "region = $3" 'output = ${output}'
}
`;
  return `# Writes a file anew: profiles on stdin replace those of the same name, everything else in it stays.
save() {
  new=$(mkdir -p "$(dirname "$1")" && mktemp "$1.XXXXXX") || fail "Cannot write $1."
  {
    [ ! -f "$1" ] ||
      awk '/^\\[/ { ours = /^\\[[ \\t]*(profile[ \\t]+)?["\\047]?(${sections})["\\047]?[ \\t]*\\]/ } !ours' "$1"
    cat
  } >"$new"
  chmod 600 "$new"
  mv -f "$new" "$1"
}
${calls.length === 0 ? "" : profile}tab=$(printf '\\t')
secrets=\${keys#*"$tab"}
printf '%s\\n' '[default]' "aws_access_key_id = \${keys%%"$tab"*}" \\
  "aws_secret_access_key = \${secrets%%"$tab"*}" "aws_session_token = \${secrets#*"$tab"}" | save "$credentials"
{
  printf '%s\\n' '[default]' "region = $region" 'output = ${output}'
${calls.join("")}} | save "$config"
printf '%s\\n' "AWS credentials of $role for $seconds seconds. Profiles: ${names.join(", ")}."
`;
}
