import { isMap } from "yaml";
import { entries, textOf, type PipelineDocument } from "./document.ts";
import type { AuthStepOptions, StepStyle } from "./options.ts";

/** What a step of ours was made with, as far as it can be read back. */
export type StepSettings = {
  /** Where the ARN is written in the step and not in a variable. */
  readonly roleArn?: string;
  readonly roleVariable?: string;
  /** In seconds. */
  readonly durationSeconds?: number;
  readonly sessionName?: string;
  readonly onlyBranches?: readonly string[];
  /** Left out where the step is not one that is written today. A call of the reusable command is `command`. */
  readonly style?: StepStyle;
  /** The roles of sub-accounts that it writes profiles for. */
  readonly subRoles?: readonly string[];
};

/** What is left out where it is unknown. */
type Read = { readonly [K in keyof StepSettings]-?: StepSettings[K] | undefined };

/** Reads the settings out of a script of ours, in the shape that `script()` gives it. */
export function settingsOf(command: string): StepSettings {
  const match = (pattern: RegExp): string | undefined => pattern.exec(command)?.[1];
  const seconds = match(/^seconds=(\d{3,5})$/m);
  const file = command.includes("/circleci-oidc-token\n");
  // `'main' | 'release/'*) ;;` on the line below the case.
  const branches = match(/^case \$\{CIRCLE_BRANCH:-\} in\n {2}('.*)\) ;;$/m);
  const subRoles = [...command.matchAll(/^ {2}(?:profile|direct) \S+ (arn:\S+) \S+(?: \S+)?$/gm)].flatMap(
    ([, arn]) => arn ?? [],
  );
  return known({
    roleArn: match(/^role=([^\s$]+)$/m) ?? match(/--role-arn[ =]["']?(arn:[^\s"']+)/),
    roleVariable: match(/^role=\$\{([A-Z][A-Z0-9_]*):-\}$/m),
    durationSeconds: seconds === undefined ? undefined : Number(seconds),
    sessionName: match(/^session=\$\(printf '([^'%]+)-%s-%s-%s' /m),
    onlyBranches: branches?.split(" | ").map((name) => name.replaceAll("'", "")),
    style: file ? "webIdentityFile" : seconds === undefined ? undefined : "profiles",
    subRoles: subRoles.length === 0 ? undefined : subRoles,
  });
}

/** Reads the settings out of the orb's command, in the shape that `orbItems()` gives it. */
export function orbSettingsOf(document: PipelineDocument, settings: unknown): StepSettings {
  const values = new Map(
    isMap(settings) ? entries(document, settings).map(({ key, value }) => [textOf(key), textOf(value)]) : [],
  );
  const role = values.get("role_arn");
  const variable = /^\$\{([A-Z][A-Z0-9_]*)\}$/.exec(role ?? "")?.[1];
  const seconds = /^\d{3,5}$/.exec(values.get("session_duration") ?? "")?.[0];
  const session = /^(.+)-\$\{CIRCLE_BUILD_NUM\}$/.exec(values.get("role_session_name") ?? "")?.[1];
  return known({
    roleArn: variable === undefined ? role : undefined,
    roleVariable: variable,
    durationSeconds: seconds === undefined ? undefined : Number(seconds),
    sessionName: session,
    onlyBranches: undefined,
    style: "orb",
    subRoles: undefined,
  });
}

function known({ ...all }: Read): StepSettings {
  const { roleArn, roleVariable, durationSeconds, sessionName, onlyBranches, style, subRoles } = all;
  return {
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(roleVariable === undefined ? {} : { roleVariable }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(sessionName === undefined ? {} : { sessionName }),
    ...(onlyBranches === undefined ? {} : { onlyBranches }),
    ...(style === undefined ? {} : { style }),
    ...(subRoles === undefined ? {} : { subRoles }),
  };
}

/**
 * What an update writes: what a setup dictates (role, region, token, sub-accounts) with what was chosen for the
 * step that is there (style, lifetime, session name, variable of the role, branches). A web identity file is the
 * only style for roles that are traded for directly. Undefined where the step is not one that is written today, so
 * that its choices are not known.
 */
export function keptStep(found: StepSettings, wanted: AuthStepOptions): AuthStepOptions | undefined {
  const { style, durationSeconds, sessionName, onlyBranches, roleVariable } = found;
  if (style === undefined) return undefined;
  const { roleArn, region, tokenVariable, output, subAccounts } = wanted;
  const file = style === "webIdentityFile" || subAccounts.some(({ direct }) => direct === true);
  return {
    style: file ? "webIdentityFile" : style,
    roleArn,
    region,
    tokenVariable,
    subAccounts,
    ...(output === undefined ? {} : { output }),
    ...(durationSeconds === undefined || file ? {} : { durationSeconds }),
    ...(sessionName === undefined ? {} : { sessionName }),
    ...(onlyBranches === undefined ? {} : { onlyBranches }),
    ...(roleVariable === undefined ? {} : { roleVariable }),
  };
}

/**
 * The step of the setup that a job's steps belong to, with what was chosen for them: that of their role or, where
 * the role comes from a variable, that of one of its sub-accounts.
 */
export function updatedStep(
  found: readonly StepSettings[],
  setups: readonly AuthStepOptions[],
): AuthStepOptions | undefined {
  const [first, ...others] = found;
  if (first === undefined) return undefined;
  const reached = [...(first.subRoles ?? []), ...others.flatMap(({ roleArn }) => roleArn ?? [])];
  const wanted = setups.find(({ roleArn, subAccounts }) =>
    first.roleVariable === undefined
      ? roleArn === first.roleArn
      : subAccounts.some((sub) => reached.includes(sub.roleArn)),
  );
  return wanted === undefined ? undefined : keptStep(first, wanted);
}
