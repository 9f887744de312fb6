import type { CheckedAuthStep } from "./options.ts";
import { clearing, override, written } from "./scriptFiles.ts";
import { stepName } from "./names.ts";

/**
 * Writes the shell script of the step out of checked options. It is POSIX `sh`, holds no `<<` (which CircleCI
 * reads as an expression in configs of version 2.1) and reads everything secret from the environment. In Git
 * Bash on Windows it gives native programs Windows paths and takes their line ends off.
 * Sources: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
export function script(step: CheckedAuthStep): string {
  return [
    settings(step),
    clearing(step),
    skip(step.onlyBranches),
    checks(step),
    exchange(step),
    override(step),
    written(step),
  ].join("");
}

function settings(step: CheckedAuthStep): string {
  const { roleArn, roleVariable, region, durationSeconds, style } = step;
  const purpose =
    style === "webIdentityFile"
      ? `# Puts this job's CircleCI OIDC token where the AWS CLI and SDKs trade it for short-lived credentials of
# the role below. ${
          step.subAccounts.some(({ direct }) => direct === true)
            ? `Every other profile is a role that is reached from it, or that the token is traded
# for too.`
            : "Every other profile is a role reached from it."
        }`
      : `# Trades this job's CircleCI OIDC token for short-lived AWS credentials and writes them as profiles for
# the steps that follow: "default" is the role below, every other profile is a role reached from it.`;
  const seconds = style === "webIdentityFile" ? "" : `seconds=${durationSeconds}\n`;
  return `{ set +x; } 2>/dev/null
${purpose}
set -eu
umask 077
role=${roleVariable === undefined ? roleArn : `\${${roleVariable}:-}`}
region=${region}
${seconds}
fail() {
  printf '${stepName}: %s\\n' "$1" >&2
  exit 1
}

# Where the AWS CLI and SDKs look. Native programs of Windows want its own paths.
home=\${HOME:-}
if command -v cygpath >/dev/null; then
  windows=yes
  home=$(cygpath -u "\${USERPROFILE:-$home}")
  native() { cygpath -m "$1"; }
else
  windows=no
  native() { printf '%s\\n' "$1"; }
fi
place() {
  case $1 in
    '') [ -n "$home" ] && printf '%s\\n' "$home/.aws/$2" ;;
    [~]/*) printf '%s\\n' "$home\${1#?}" ;;
    *) if [ "$windows" = yes ]; then cygpath -u "$1"; else printf '%s\\n' "$1"; fi ;;
  esac
}
nowhere='HOME is not set, so there is no place for the AWS files. Set it, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.'
config=$(place "\${AWS_CONFIG_FILE:-}" config) || fail "$nowhere"
credentials=$(place "\${AWS_SHARED_CREDENTIALS_FILE:-}" credentials) || fail "$nowhere"
[ "$config" != "$credentials" ] ||
  fail 'AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name the same file. The step needs two.'
`;
}

function skip(branches: readonly string[]): string {
  if (branches.length === 0) return "";
  return `
# The role admits these branches only.
case \${CIRCLE_BRANCH:-} in
  ${branches.map(casePattern).join(" | ")}) ;;
  *)
    printf '${stepName}: skipped, as the role is not for branch %s.\\n' "\${CIRCLE_BRANCH:-(none)}"
    exit 0
    ;;
esac
`;
}

/** A name in quotes; the star of a prefix stands outside of them. */
function casePattern(name: string): string {
  return name.endsWith("*") ? `'${name.slice(0, -1)}'*` : `'${name}'`;
}

function checks({ tokenVariable: token, style, roleVariable }: CheckedAuthStep): string {
  const role =
    roleVariable === undefined
      ? ""
      : `
case $role in
  '') fail '${roleVariable} is empty. Set it to the ARN of the role, in the project or in a context of this job.' ;;
  *[!A-Za-z0-9_+=,.@:/-]* | *:*:*:*:*:*:*) fail '${roleVariable} is not the ARN of a role.' ;;
  arn:aws*:iam::[0-9]*:role/?*) ;;
  *) fail '${roleVariable} is not the ARN of a role.' ;;
esac`;
  const cli =
    style === "webIdentityFile"
      ? ""
      : `
command -v aws >/dev/null ||
  fail 'The AWS CLI (aws) is missing. Use an image that has it, such as cimg/aws, or install it in an earlier step.'`;
  return `
[ -n "\${${token}:-}" ] ||
  fail 'CircleCI gave this job no OIDC token (${token} is empty). A build of a forked pull request gets one only if the project passes secrets to such builds.'${role}${cli}
`;
}

function exchange({ tokenVariable: token, sessionName, style }: CheckedAuthStep): string {
  const file = style === "webIdentityFile";
  const duration = file ? "" : ' --duration-seconds "$seconds"';
  const query = file ? "AssumedRoleUser.Arn" : "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]";
  const trade = file ? `assume_role >/dev/null` : "keys=$(assume_role";
  const loop = `tries=1
until ${trade} 2>"$work/error"${file ? "" : ")"}; do
  # Now and then AWS cannot fetch CircleCI's public keys in time. Trying again helps then, and only then.
  if [ "$tries" -ge 3 ] || ! grep -q -e 'verification key' -e IDPCommunicationError "$work/error"; then
    cat "$work/error" >&2
    case $(cat "$work/error") in
      *'Not authorized'*) why="Its trust policy does not admit this job: organization \${CIRCLE_ORGANIZATION_ID:-unknown}, project \${CIRCLE_PROJECT_ID:-unknown}, branch \${CIRCLE_BRANCH:-none}, tag \${CIRCLE_TAG:-none}." ;;
      *'No OpenIDConnect provider'*) why="Its account has no OIDC provider for this organization, \${CIRCLE_ORGANIZATION_ID:-unknown}." ;;
      *audience*) why="The OIDC provider in its account does not list the audience of this job's token." ;;
      *Expired*) why="This job's token has expired. It is good for an hour: run this step earlier in the job." ;;
      *Throttling* | *'Rate exceeded'*) why="AWS is being asked too often. Run the job again." ;;
      *) why="AWS says above why." ;;
    esac
    fail "AWS gave no credentials for $role. $why"
  fi
  tries=$((tries + 1))
  sleep 5
done
`;
  return `
# The AWS CLI gets the token in a private file, so that it is never on a command line.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
printf '%s' "$${token}" >"$work/token"

# The name of the session in CloudTrail. The job's number is in front, as AWS allows 64 characters.
session=$(printf '${sessionName}-%s-%s-%s' "\${CIRCLE_BUILD_NUM:-0}" "\${CIRCLE_PROJECT_REPONAME:-}" "\${CIRCLE_JOB:-}" |
  LC_ALL=C tr -c 'A-Za-z0-9_+=,.@-' - | cut -c 1-64)

# Keys and profiles that the job has already stay out of this call; proxy, CA and endpoint settings count.
assume_role() (
  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE
  unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
  files=$(native "$work")
  export AWS_CONFIG_FILE="$files/none" AWS_SHARED_CREDENTIALS_FILE="$files/none" MSYS_NO_PATHCONV=1
  aws sts assume-role-with-web-identity --region "$region" --role-arn "$role" \\
    --role-session-name "$session"${duration} --web-identity-token "file://$files/token" \\
    --query '${query}' --output text
)
${file ? tried(loop) : loop}`;
}

/** A web identity file needs no AWS CLI, but where there is one a refusal is said at once. */
function tried(loop: string): string {
  const indented = loop.replaceAll(/^(?=.)/gm, "  ");
  return `if command -v aws >/dev/null; then
${indented}  checked="AWS admits this job to $role."
else
  checked="$role was not tried, as this job has no AWS CLI."
fi
`;
}
