import { checkCiProfile, checkRegion, parseArn } from "../ids.ts";
import { problem, type PipelineProblem } from "./problem.ts";

/** The two forms of token that CircleCI puts into a job's environment; only V2 names the branch. */
const tokenVariables = ["CIRCLE_OIDC_TOKEN", "CIRCLE_OIDC_TOKEN_V2"] as const;
export type TokenVariable = (typeof tokenVariables)[number];

/** A role in another account that the role of the pipeline may assume, and the profile it goes under. */
export type AuthStepSubAccount = {
  readonly profile: string;
  readonly roleArn: string;
  /** The region of the profile; the step's region where left out. */
  readonly region?: string;
};

/** What the step is to do. */
export type AuthStepOptions = {
  /** The role that the job's token is traded for. */
  readonly roleArn: string;
  readonly region: string;
  /** Lifetime of the credentials, 900 (the default) to 43200 seconds; the role may allow less. */
  readonly durationSeconds?: number;
  readonly tokenVariable: TokenVariable;
  readonly output?: "json";
  readonly subAccounts: readonly AuthStepSubAccount[];
};

/** Options whose every value may stand in a shell script as it is. */
export type CheckedAuthStep = Required<AuthStepOptions>;

const seconds = { least: 900, most: 43_200 };

// IAM allows more characters in a path than these; none beyond them is in use, and these need no quoting.
const roleArn = /^arn:[a-z-]+:iam::\d{12}:role\/(?:[A-Za-z0-9_+=,.@-]+\/)*[A-Za-z0-9_+=,.@-]{1,64}$/;

/**
 * Checks what is to be written into a script, as it may come from a file of the repository. Nothing is
 * repaired: a value is taken as it is or the problem names it.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names),
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (duration)
 */
export function checkAuthStep(options: AuthStepOptions): CheckedAuthStep | PipelineProblem {
  const { durationSeconds = seconds.least, output = "json", tokenVariable, subAccounts } = options;
  const wrong = wrongRole(options.roleArn) ?? wrongRegion(options.region);
  if (wrong !== undefined) return wrong;
  if (
    !Number.isInteger(durationSeconds) ||
    durationSeconds < seconds.least ||
    durationSeconds > seconds.most
  ) {
    return problem("pipeline.badDuration", { value: String(durationSeconds), ...seconds });
  }
  if (!tokenVariables.includes(tokenVariable)) {
    return problem("pipeline.badTokenVariable", { value: tokenVariable });
  }
  if (output !== "json") return problem("pipeline.badOutput", { value: String(output) });
  const wrongSub = wrongSubAccount(subAccounts, parseArn(options.roleArn)?.partition);
  if (wrongSub !== undefined) return wrongSub;
  return {
    roleArn: options.roleArn,
    region: options.region,
    durationSeconds,
    tokenVariable,
    output,
    subAccounts,
  };
}

function wrongRole(value: string): PipelineProblem | undefined {
  const fits = roleArn.test(value) && parseArn(value) !== undefined;
  return fits ? undefined : problem("pipeline.badRoleArn", { value });
}

function wrongRegion(value: string): PipelineProblem | undefined {
  const checked = checkRegion(value);
  return checked.ok && checked.value === value ? undefined : problem("pipeline.badRegion", { value });
}

function wrongSubAccount(
  subAccounts: readonly AuthStepSubAccount[],
  partition: string | undefined,
): PipelineProblem | undefined {
  const taken = new Set<string>();
  for (const sub of subAccounts) {
    const name = checkCiProfile(sub.profile);
    if (!name.ok || name.value !== sub.profile) return problem("pipeline.badProfile", { value: sub.profile });
    const wrong = wrongRole(sub.roleArn) ?? (sub.region === undefined ? undefined : wrongRegion(sub.region));
    if (wrong !== undefined) return wrong;
    if (parseArn(sub.roleArn)?.partition !== partition) {
      return problem("pipeline.partition", { value: sub.roleArn });
    }
    if (taken.has(sub.profile)) return problem("pipeline.doubleProfile", { value: sub.profile });
    taken.add(sub.profile);
  }
  return undefined;
}
