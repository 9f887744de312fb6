import type { AuthStepSubAccount, CheckedAuthStep } from "./options.ts";

/** The profiles the step writes, `default` first. */
function profiles({ subAccounts }: CheckedAuthStep): string[] {
  return ["default", ...subAccounts.map(({ profile }) => profile)];
}

function isDirect({ direct }: AuthStepSubAccount): boolean {
  return direct === true;
}

/**
 * How the script replaces sections of a file, and how it begins: with none of its own left. Another job may
 * have used the same home, and one that is refused must not go on with that job's credentials.
 */
export function clearing(step: CheckedAuthStep): string {
  const sections = profiles(step)
    .map((name) => name.replaceAll(".", "[.]"))
    .join("|");
  const token =
    step.style === "webIdentityFile"
      ? `\ntoken=$(dirname "$config")/circleci-oidc-token
rm -f "$token" || fail "Cannot remove $token."\n`
      : "\n";
  return `
# Writes a file anew: profiles on stdin replace those of the same name, everything else in it stays.
ours='/^\\[/ { ours = /^\\[[ \\t]*(profile[ \\t]+)?["\\047]?(${sections})["\\047]?[ \\t]*\\]/ }'
save() {
  new=$(mkdir -p "$(dirname "$1")" && mktemp "$1.XXXXXX") || fail "Cannot write $1."
  {
    [ ! -f "$1" ] || awk "$ours !ours" "$1"
    cat
  } >"$new"
  chmod 600 "$new"
  mv -f "$new" "$1"
}
# What an earlier job left in a home of several goes first: a job that is refused must not go on with it.
clear() {
  if [ -f "$1" ] && awk "$ours"' ours { found = 1 } END { exit !found }' "$1"; then save "$1" </dev/null; fi
}
clear "$credentials"
clear "$config"${token}`;
}

/** What wins over the files that the step writes, and what is done about it. */
export function override(step: CheckedAuthStep): string {
  const file = step.style === "webIdentityFile";
  // The CLI takes the role from these before it looks into the profile that names the file. The right role does
  // no harm there, unless another profile names the file too.
  const more = file ? " AWS_ROLE_ARN AWS_ROLE_SESSION_NAME" : "";
  const harmless = file && !step.subAccounts.some(isDirect) ? ' | "$role"' : "";
  return `
# Variables that would win over the profiles, in the AWS CLI and in every SDK.
winners='' value=''
for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN \\
  AWS_WEB_IDENTITY_TOKEN_FILE AWS_PROFILE AWS_DEFAULT_PROFILE${more}; do
  eval "value=\\\${$name:-}"
  case $value in
    '' | ${profiles(step).join(" | ")}${harmless}) ;;
    *) winners="$winners $name" ;;
  esac
done
if [ -n "$winners" ]; then
  # No step can unset them for the next one, but bash reads the file BASH_ENV at the start of every step.
  case $windows\${BASH_ENV:+\${BASH:-}} in
    no*bash) printf '\\nunset%s\\n' "$winners" >>"$BASH_ENV" || fail "Cannot write $BASH_ENV." ;;
    *) fail "This job has$winners, which would be used instead of the role. Take them out of the job, its contexts and the project's environment variables, or run the job with bash." ;;
  esac
  printf 'Steps from here on do without these variables of the job:%s\\n' "$winners"
fi
`;
}

/** The files themselves. */
export function written(step: CheckedAuthStep): string {
  const { region, output, subAccounts } = step;
  const names = profiles(step).join(", ");
  const calls = subAccounts.map((sub) => {
    const words = [isDirect(sub) ? "direct" : "profile", sub.profile, sub.roleArn, sub.region ?? region];
    return `  ${[...words, ...(sub.externalId === undefined ? [] : [sub.externalId])].join(" ")}\n`;
  });
  const rest = `"role_session_name = $session" \\
    "region = $3" 'output = ${output}'
`;
  const guarded = subAccounts.some(({ externalId }) => externalId !== undefined);
  const profile = `# A role in another account: the AWS CLI and SDKs assume it themselves, with the default credentials.
profile() {
  printf '%s\\n' "[profile $1]" "role_arn = $2" 'source_profile = default' ${rest}${guarded ? externalIds : ""}}
`;
  const direct = `# A role in another account that admits this job: the AWS CLI and SDKs trade the token for it.
direct() {
  printf '%s\\n' "[profile $1]" "role_arn = $2" "web_identity_token_file = $(native "$token")" ${rest}}
`;
  const functions = [
    subAccounts.every(isDirect) ? "" : profile,
    subAccounts.some(isDirect) ? direct : "",
  ].join("");
  const file = step.style === "webIdentityFile";
  const identity = file
    ? ` "role_arn = $role" "web_identity_token_file = $(native "$token")" \\
    "role_session_name = $session"`
    : "";
  const done = file
    ? `"$checked Profiles: ${names}, until the job's token expires."`
    : `"AWS credentials of $role for $seconds seconds. Profiles: ${names}."`;
  return `
${functions}${file ? tokenFile : keys}{
  printf '%s\\n' '[default]'${identity} "region = $region" 'output = ${output}'
${calls.join("")}} | save "$config"
printf '%s\\n' ${done}
`;
}

/** Source: https://docs.aws.amazon.com/cli/latest/topic/config-vars.html */
const externalIds = `  [ -z "\${4:-}" ] || printf '%s\\n' "external_id = $4"
`;

const keys = `tab=$(printf '\\t')
cr=$(printf '\\r')
keys=\${keys%"$cr"}
secrets=\${keys#*"$tab"}
printf '%s\\n' '[default]' "aws_access_key_id = \${keys%%"$tab"*}" \\
  "aws_secret_access_key = \${secrets%%"$tab"*}" "aws_session_token = \${secrets#*"$tab"}" | save "$credentials"
`;

const tokenFile = `new=$(mkdir -p "$(dirname "$token")" && mktemp "$token.XXXXXX") || fail "Cannot write $token."
cat "$work/token" >"$new"
mv -f "$new" "$token"
`;
