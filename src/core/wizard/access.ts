import { audiencesOf } from "../blueprint/index.ts";
import { checkRepository, checkUuid } from "../ids.ts";
import { msg, type Message } from "../messages.ts";
import { buildTrustPolicy, type BuiltTrust } from "../trust/build.ts";
import { parseRefs } from "../trust/refs.ts";
import { oneProjectRule, type RefRule, type RunRule, type TrustRule, type UserRule } from "../trust/rule.ts";
import type { ProjectNames } from "../trust/words.ts";
import { audienceList } from "./roleSettings.ts";
import { valueOf, type FieldProblem, type WizardState } from "./state.ts";

/** What is wrong with the answers about who may use the role. */
export function accessProblems(state: WizardState): readonly FieldProblem[] {
  const found: FieldProblem[] = [];
  const { answers } = state;
  if (answers.runs === "refs") {
    const repository = checkRepository(answers.repository);
    if (!repository.ok) found.push({ field: "repository", problem: repository.problem });
    for (const [field, kind] of [
      ["branches", "branch"],
      ["tags", "tag"],
    ] as const) {
      const refs = parseRefs(answers[field], kind);
      if (!refs.ok) found.push({ field, problem: refs.problem });
    }
    if (found.length === 0 && refsOf(state).length === 0)
      found.push({ field: "branches", problem: msg("id.branch.empty") });
  }
  const users = usersOf(state);
  if (users === undefined)
    found.push({ field: "users", problem: msg("id.uuid.malformed", { what: "user ID" }) });
  const whole = found.length === 0 ? wholeProblem(state) : undefined;
  if (whole !== undefined)
    found.push({ field: answers.runs === "refs" ? "branches" : "users", problem: whole });
  return found;
}

/** What is wrong with the rule as a whole, where each answer is right by itself. */
function wholeProblem(state: WizardState): Message | undefined {
  const rule = trustRuleOfAnswers(state);
  const built = rule === undefined ? undefined : buildTrustPolicy(rule);
  if (built === undefined) return undefined;
  if (!built.ok) return built.problem;
  const { length } = built.value;
  const quota = trustQuota(state);
  return length > quota ? msg("trust.rule.length", { length, quota }) : undefined;
}

/** What AWS allows where nothing else is known. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const DEFAULT_QUOTA = 2048;

/** How many characters a trust policy may have in the hub account, as far as is known. */
export function trustQuota(state: WizardState): number {
  return state.trustQuota.kind === "ready" ? state.trustQuota.value : DEFAULT_QUOTA;
}

function refsOf({ answers }: WizardState): readonly RefRule[] {
  return [
    ...(valueOf(parseRefs(answers.branches, "branch")) ?? []),
    ...(valueOf(parseRefs(answers.tags, "tag")) ?? []),
  ];
}

/** Which runs the answers name; undefined where they are not complete. */
export function runsOf(state: WizardState): RunRule | undefined {
  const { answers } = state;
  if (answers.runs === "any") return { kind: "any" };
  const repository = valueOf(checkRepository(answers.repository));
  const complete = parseRefs(answers.branches, "branch").ok && parseRefs(answers.tags, "tag").ok;
  const refs = refsOf(state);
  return repository === undefined || !complete || refs.length === 0
    ? undefined
    : { kind: "refs", repository, refs };
}

/** Whose runs the answers name; undefined where one is no ID. */
export function usersOf({ answers }: WizardState): UserRule | undefined {
  const typed = answers.users.split(/[\s,]+/).filter((part) => part !== "");
  const ids = typed.flatMap((part) => valueOf(checkUuid(part, "")) ?? []);
  if (ids.length < typed.length) return undefined;
  return ids.length === 0 ? { kind: "anyone" } : { kind: "named", ids: [...new Set(ids)] };
}

/** The rule that the answers make, as far as they are complete. */
export function trustRuleOfAnswers(state: WizardState): TrustRule | undefined {
  const { answers, identity, lookup } = state;
  const organizationId = valueOf(checkUuid(answers.organizationId, ""));
  const projectId = valueOf(checkUuid(answers.projectId, ""));
  const [runs, users] = [runsOf(state), usersOf(state)];
  if (organizationId === undefined || projectId === undefined || identity.kind !== "ready") return undefined;
  if (runs === undefined || users === undefined) return undefined;
  const { partition, accountId } = identity.value;
  const audience = lookup.kind === "ready" ? lookup.value.audience : organizationId;
  const rule = oneProjectRule({ partition, accountId, organizationId, audience, projectId, runs, users });
  return { ...rule, audiences: audiencesOf({ audience, extraAudiences: audienceList(answers.audiences) }) };
}

/** The project's name beside its ID, where CircleCI itself has said it: a name from a file is anybody's. */
export function projectNames({ lookup }: WizardState): ProjectNames {
  if (lookup.kind !== "ready" || !lookup.value.member) return {};
  const { projectId, projectName } = lookup.value;
  return { [projectId]: `${projectName} (${projectId})` };
}

/** The trust policy that the answers make. */
export function builtTrust(state: WizardState): BuiltTrust | undefined {
  const rule = trustRuleOfAnswers(state);
  return rule === undefined ? undefined : valueOf(buildTrustPolicy(rule));
}
