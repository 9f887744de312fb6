import { conditionsHold } from "./conditions.ts";
import type { PolicyDocument, Principals, Statement } from "./document.ts";
import { matchesAction, matchesResource } from "./pattern.ts";
import type { Context } from "./pattern.ts";

/** What is asked: may `action` be done to `resource` in this context? */
export type Ask = { readonly action: string; readonly resource: string; readonly context: Context };

export type Decision = "allow" | "implicitDeny" | "explicitDeny";

const actionFits = (statement: Statement, action: string): boolean =>
  statement.actions === undefined
    ? !(statement.notActions ?? []).some((pattern) => matchesAction(pattern, action))
    : statement.actions.some((pattern) => matchesAction(pattern, action));

const resourceFits = (statement: Statement, ask: Ask, variables: boolean): boolean => {
  const scope = { context: ask.context, variables };
  const fits = (pattern: string): boolean => matchesResource(pattern, ask.resource, scope);
  return statement.resources === undefined
    ? !(statement.notResources ?? []).some(fits)
    : statement.resources.some(fits);
};

const hasVariables = (document: PolicyDocument): boolean => document.version === "2012-10-17";

/**
 * What a set of identity policies (or one boundary) says: an explicit `Deny` wins over any `Allow`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const decide = (documents: readonly PolicyDocument[], ask: Ask): Decision => {
  const effects = documents.flatMap((document) => {
    const variables = hasVariables(document);
    return document.statements
      .filter((statement) => actionFits(statement, ask.action))
      .filter((statement) => resourceFits(statement, ask, variables))
      .filter((statement) => conditionsHold(statement.conditions, ask.context, variables))
      .map((statement) => statement.effect);
  });
  if (effects.includes("Deny")) return "explicitDeny";
  return effects.includes("Allow") ? "allow" : "implicitDeny";
};

/** How a trust policy's principal names the caller: itself, or only the account it belongs to. */
export type Naming = "direct" | "account";

/** The outcome of a trust policy: who it admitted, and how it named them. */
export type TrustDecision = Naming | "implicitDeny" | "explicitDeny";

/** Evaluates a trust policy for one action; `names` tells how a statement's principal names the caller. */
export const decideTrust = (
  document: PolicyDocument,
  ask: { readonly action: string; readonly context: Context },
  names: (principal: Principals) => Naming | undefined,
): TrustDecision => {
  const variables = hasVariables(document);
  const matched = document.statements
    .filter((statement) => actionFits(statement, ask.action))
    .filter((statement) => conditionsHold(statement.conditions, ask.context, variables))
    .map(({ effect, principal }) => ({
      effect,
      naming: principal === undefined ? undefined : names(principal),
    }))
    .filter(({ naming }) => naming !== undefined);
  if (matched.some(({ effect }) => effect === "Deny")) return "explicitDeny";
  const namings = matched.map(({ naming }) => naming);
  if (namings.includes("direct")) return "direct";
  return namings.includes("account") ? "account" : "implicitDeny";
};
