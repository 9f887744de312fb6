/**
 * Holds the two texts against each other line by line: every line of the old one is still there, whole and in
 * its order, and each new one is one of those that the step is known to be made of, or says again what stands in the
 * old text. `script` is empty for the orb.
 */
export function lineFaults(before: string, after: string, script: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const known = new Set([
    ...script.split("\n").map((line) => line.trim()),
    "- run:",
    "name: AWS OIDC auth",
    "shell: bash.exe",
    "shell: /bin/sh",
    "command: |",
    "- aws-oidc-auth",
    "aws-oidc-auth: # AWS OIDC auth",
    "steps:",
    "commands: # AWS OIDC auth",
    "steps: # AWS OIDC auth, a copy",
    "orbs: # AWS OIDC auth",
    "description: Short-lived AWS credentials by CircleCI OIDC, for the steps that follow.",
    "pre-steps: # AWS OIDC auth",
    "pre-steps: # AWS OIDC auth, with the colon above",
  ]);
  const ours = (line: string): boolean => {
    const text = line.trim().replace("\uFEFF", "");
    if (known.has(text)) return true;
    if (script === "") {
      return /^(- [\w-]+\/(setup|role_arn_setup): # AWS OIDC auth|(role_arn|region|role_session_name|session_duration|set_aws_env_vars|profile_name): \S+|aws-cli(-oidc)?: circleci\/aws-cli@5\.4\.1 # AWS OIDC auth)$/.test(
        text,
      );
    }
    return false;
  };
  const found: string[] = [];
  let at = 0;
  for (const line of now) {
    const plain = line.text.replace("# AWS OIDC auth, instead of: ", "").replace(/^#= /, "");
    const target = old[at];
    if (
      target !== undefined &&
      target.text === plain &&
      (target.end === line.end || target.end === "" || line.end === "")
    ) {
      at += 1;
    } else if (target !== undefined && line.text.replace(/^(\s*- \S+?):(?=\s|$)/, "$1") === target.text) {
      at += 1;
    } else if (!ours(line.text) && !saidBefore(before, line.text)) {
      found.push(`a line that is not of the step: ${line.text}`);
    }
  }
  if (at < old.length) found.push(`lost or changed: ${old[at]?.text ?? ""}`);
  return found.slice(0, 3);
}

/** Whether a line is part of the old text: perhaps a key that stood in braces, or the alias of a whole job. */
function saidBefore(before: string, line: string): boolean {
  const text = line.replace(/^\s*- |^\s*(?:<<: (?=\*))?/, "").replace(/:$/, "");
  return before.includes(text) || before.includes(text.replace(": ", ":"));
}

function linesOf(text: string): { text: string; end: string }[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => {
    const end = /\r?\n$/.exec(line)?.[0] ?? "";
    return { text: line.slice(0, line.length - end.length), end };
  });
}
