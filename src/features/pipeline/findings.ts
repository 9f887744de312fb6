import { msg, type Message } from "../../core/messages.ts";
import type { Finding, Known } from "../../core/pipeline/index.ts";
import {
  admittedSubjects,
  buildTrustPolicy,
  readingLines,
  readTrustPolicy,
  ruleInWords,
  type TrustRule,
} from "../../core/trust/index.ts";
import type { ConnectedRole, KnownSetup } from "./pick.ts";

/** What is known of roles: those of the connected account, and those of setups in other accounts. */
export function knownRoles(setups: readonly KnownSetup[], connected: readonly ConnectedRole[]): Known {
  const accounts = [...new Set(connected.map(({ roleArn }) => accountOf(roleArn)))];
  // What was read from the account is newer than what was set up.
  const policies = new Map<string, unknown>([
    ...setups.map(({ step, rule }) => [step.roleArn, policyOf(rule)] as const),
    ...connected.flatMap(({ roleArn, trust }) => (trust === undefined ? [] : [[roleArn, trust] as const])),
  ]);
  const elsewhere = setups
    .map(({ step }) => step.roleArn)
    .filter((roleArn) => !accounts.includes(accountOf(roleArn)));
  const arns = new Set([...connected.map(({ roleArn }) => roleArn), ...elsewhere]);
  return {
    accounts,
    roles: [...arns].map((roleArn) => {
      const policy = policies.get(roleArn);
      const subjects = policy === undefined ? undefined : admittedSubjects({ policy });
      return subjects === undefined ? { roleArn } : { roleArn, subjects };
    }),
  };
}

/** The trust policy that a rule becomes. */
function policyOf(rule: TrustRule | undefined): unknown {
  const built = rule === undefined ? undefined : buildTrustPolicy(rule);
  return built?.ok === true ? built.value.document : undefined;
}

function accountOf(roleArn: string): string {
  return roleArn.split(":")[4] ?? "";
}

/** What the quick fix of a finding is called. */
export function fixTitle({ id, args }: Finding): Message {
  switch (id) {
    case "pipeline.find.staticKeys":
    case "pipeline.find.overrides":
      return msg("pipelineEditor.fix.remove", args);
    case "pipeline.find.oldParameter":
      return msg("pipelineEditor.fix.rename", args);
    case "pipeline.find.heredoc":
      return msg("pipelineEditor.fix.escape");
    case "pipeline.find.beside":
      return msg("pipelineEditor.fix.indent");
    case "pipeline.find.oldToken":
      return msg("pipelineEditor.fix.token");
    default:
      return msg("pipelineEditor.fix");
  }
}

/** The ARN of a role at a place in a line, and where it stands. */
export function roleAt(
  line: string,
  column: number,
): { start: number; end: number; roleArn: string } | undefined {
  for (const match of line.matchAll(/arn:aws[a-z-]{0,20}:iam::\d{12}:role\/[\w+=,.@/-]{1,600}/g)) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (start <= column && column <= end) return { start, end, roleArn: match[0] };
  }
  return undefined;
}

/** Who may assume a role, as far as it is known without asking AWS; no sentence where nothing is. */
export function whoMayAssume(
  roleArn: string,
  setups: readonly KnownSetup[],
  connected: readonly ConnectedRole[],
): readonly Message[] {
  // What was read from the account is newer than what was set up.
  const trust = connected.find((role) => role.roleArn === roleArn)?.trust;
  const reading = trust === undefined ? undefined : readTrustPolicy({ policy: trust });
  if (reading?.kind === "reading") return readingLines(reading).map(({ text }) => text);
  const rule = setups.find(({ step }) => step.roleArn === roleArn)?.rule;
  return rule === undefined ? [] : ruleInWords(rule);
}
