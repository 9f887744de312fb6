import { checkBranch, checkCiProfile, checkRefPrefix, checkRegion, parseArn } from "../ids.ts";
import { problem, type PipelineProblem } from "./problem.ts";

/** The two forms of token that CircleCI puts into a job's environment; only V2 names the branch. */
const tokenVariables = ["CIRCLE_OIDC_TOKEN", "CIRCLE_OIDC_TOKEN_V2"] as const;
export type TokenVariable = (typeof tokenVariables)[number];

/** A role in another account, and the profile it goes under. */
export type AuthStepSubAccount = {
  readonly profile: string;
  readonly roleArn: string;
  /** The region of the profile; the step's region where left out. */
  readonly region?: string;
  /** What the role wants to be told by whoever assumes it. No secret. */
  readonly externalId?: string;
  /**
   * The role admits the job itself and is assumed with the job's token, which only a web identity file leaves
   * for later steps. Where left out, the role of the pipeline assumes it.
   */
  readonly direct?: true;
};

const styles = ["profiles", "webIdentityFile", "command", "orb"] as const;

/**
 * How a job gets its credentials: `profiles` (the default) trades the token and writes short-lived keys as
 * profiles; `webIdentityFile` keeps the token in a file from which the AWS CLI and SDKs fetch credentials
 * themselves; `command` is `profiles` as one reusable command; `orb` uses the orb `circleci/aws-cli`.
 */
export type StepStyle = (typeof styles)[number];

/** What the step is to do. */
export type AuthStepOptions = {
  readonly style?: StepStyle;
  /** The role that the job's token is traded for. */
  readonly roleArn: string;
  /** The environment variable that holds the role's ARN when the job runs, if it is not to stand in the file. */
  readonly roleVariable?: string;
  readonly region: string;
  /**
   * Lifetime of the credentials, 900 (the default) to 43200 seconds; the role may allow less. A web identity
   * file has none: its credentials are fetched anew until the token expires, an hour after the job's start.
   */
  readonly durationSeconds?: number;
  /** What the session's name begins with, `circleci` by default; the number of the job follows it. */
  readonly sessionName?: string;
  /**
   * The only branches on which the step does anything; on every other one it says so and ends well. `release/*`
   * is every branch whose name begins so.
   */
  readonly onlyBranches?: readonly string[];
  readonly tokenVariable: TokenVariable;
  readonly output?: "json";
  readonly subAccounts: readonly AuthStepSubAccount[];
};

/** Options whose every value may stand in a shell script as it is. */
export type CheckedAuthStep = Required<Omit<AuthStepOptions, "roleVariable">> & {
  readonly roleVariable?: string;
};

const seconds = { least: 900, most: 43_200 };

// IAM allows more characters in a path than these; none beyond them is in use, and these need no quoting.
const roleArn = /^arn:[a-z-]+:iam::\d{12}:role\/(?:[A-Za-z0-9_+=,.@-]+\/)*[A-Za-z0-9_+=,.@-]{1,64}$/;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const externalId = /^[A-Za-z0-9_+=,.@:/-]{2,1224}$/;

/**
 * Checks what is to be written into a script, as it may come from a file of the repository. Nothing is
 * repaired: a value is taken as it is or the problem names it.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names),
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html (duration)
 */
export function checkAuthStep(options: AuthStepOptions): CheckedAuthStep | PipelineProblem {
  const { durationSeconds = seconds.least, output = "json", tokenVariable, subAccounts } = options;
  const { style = "profiles", sessionName = "circleci", onlyBranches = [], roleVariable } = options;
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
  const wrongSub =
    wrongNames(sessionName, onlyBranches, roleVariable) ??
    wrongSubAccount(subAccounts, parseArn(options.roleArn)?.partition) ??
    wrongStyle(style, options);
  if (wrongSub !== undefined) return wrongSub;
  return {
    style,
    roleArn: options.roleArn,
    ...(roleVariable === undefined ? {} : { roleVariable }),
    region: options.region,
    durationSeconds,
    sessionName,
    onlyBranches,
    tokenVariable,
    output,
    subAccounts,
  };
}

/** What a style cannot do is a problem and not left out in silence. */
function wrongStyle(style: StepStyle, options: AuthStepOptions): PipelineProblem | undefined {
  if (!styles.includes(style)) return problem("pipeline.badStyle", { value: style });
  if (style === "webIdentityFile" && options.durationSeconds !== undefined) {
    return problem("pipeline.fileDuration");
  }
  const direct = options.subAccounts.find((sub) => sub.direct === true);
  if (style !== "webIdentityFile" && direct !== undefined) {
    return problem("pipeline.directStyle", { value: direct.profile });
  }
  if (style !== "orb") return undefined;
  if (options.tokenVariable !== "CIRCLE_OIDC_TOKEN_V2") return problem("pipeline.orbToken");
  // Its command `role_arn_setup` has no parameter for it.
  const guarded = options.subAccounts.find(({ externalId }) => externalId !== undefined);
  if (guarded !== undefined) return problem("pipeline.orbExternalId", { profile: guarded.profile });
  return (options.onlyBranches ?? []).length > 0 ? problem("pipeline.orbBranches") : undefined;
}

function wrongNames(
  sessionName: string,
  branches: readonly string[],
  variable: string | undefined,
): PipelineProblem | undefined {
  // With the number of the job and what follows it a session's name has 64 characters at most.
  if (!/^[A-Za-z0-9_+=,.@-]{2,32}$/.test(sessionName)) {
    return problem("pipeline.badSessionName", { value: sessionName });
  }
  const wrong = branches.find((name) => {
    const exact = name.replace(/\*$/, "");
    const checked = exact === name ? checkBranch(name) : checkRefPrefix(exact);
    // No quote may end the word that the name becomes in the script.
    return !checked.ok || checked.value !== exact || /['<>]/.test(name);
  });
  if (wrong !== undefined) return problem("pipeline.badBranch", { value: wrong });
  if (variable === undefined || /^[A-Z][A-Z0-9_]{0,99}$/.test(variable)) return undefined;
  return problem("pipeline.badVariable", { value: variable });
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
    if (sub.externalId !== undefined && !externalId.test(sub.externalId)) {
      return problem("pipeline.badExternalId", { value: sub.externalId });
    }
    if (sub.externalId !== undefined && sub.direct === true) {
      return problem("pipeline.directExternalId", { profile: sub.profile });
    }
    if (parseArn(sub.roleArn)?.partition !== partition) {
      return problem("pipeline.partition", { value: sub.roleArn });
    }
    if (taken.has(sub.profile)) return problem("pipeline.doubleProfile", { value: sub.profile });
    taken.add(sub.profile);
  }
  return undefined;
}
