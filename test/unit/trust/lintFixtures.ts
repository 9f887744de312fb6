import { lintTrustPolicy, type LintContext, type LintFinding } from "../../../src/core/trust/index.ts";
import { AUD, ORG, policy, PROJECT, PROJECT_ID, statement } from "./fixtures.ts";

export const MASK = "????????-????-????-????-????????????";
export const BASE = `org/${ORG}/project/${PROJECT}`;
export const MAIN = "vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main";
export const AUDIENCE = { [AUD]: ORG };
export const PINNED = { ...AUDIENCE, [PROJECT_ID]: PROJECT };
export const HUB = "arn:aws:iam::444455556666:role/hub";

export const lint = (value: unknown, context?: LintContext): readonly LintFinding[] =>
  lintTrustPolicy({ policy: value }, context);

/** The rules that find something, by name and without notes. */
export function rulesOf(value: unknown, context?: LintContext): readonly string[] {
  const found = lint(value, context).filter(({ severity }) => severity !== "info");
  return found.map(({ rule }) => rule).toSorted();
}

/** A policy for callers with credentials of AWS. */
export function assume(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return policy(statement({ Action: "sts:AssumeRole", ...changes }));
}
