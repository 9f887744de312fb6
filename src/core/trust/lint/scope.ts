import { msg } from "../../messages.ts";
import { PROJECT_CLAIM } from "../context.ts";
import type { TrustCondition } from "../document.ts";
import type { JsonPath } from "../json.ts";
import { canHold, valuePath } from "./conditions.ts";
import type { LintContext } from "./context.ts";
import { addCondition, removeAt } from "./edits.ts";
import type { Draft, LintFix } from "./finding.ts";
import { claimOf, isCircleCi, UUID, type Issuer } from "./issuer.ts";
import {
  admitsAuditLogs,
  asksNothing,
  conditionsOn,
  openness,
  organizationMeant,
  pinsProjects,
  type OpenValue,
  type Openness,
  type Trusted,
} from "./reach.ts";
import { comparesText, STRANGE_ORGANIZATION } from "./subjects.ts";

/** Which CircleCI organizations and projects a statement lets in. */
export function scopeRules(trusted: Trusted, context: LintContext): readonly Draft[] {
  const { issuer } = trusted;
  const elsewhere = accountRule(issuer, context);
  if (!isCircleCi(issuer)) return elsewhere;
  return [...elsewhere, ...organizationRules(trusted, context), ...projectRules(trusted, context)];
}

/** AWS looks for the provider of a token in the account of the role. */
function accountRule(
  { principal, accountId: named }: Issuer,
  { accountId: account }: LintContext,
): readonly Draft[] {
  const { path } = principal;
  if (account === undefined || named === undefined || named === account) return [];
  return [{ rule: "foreign-provider", path, args: { named, account } }];
}

function organizationRules({ issuer }: Trusted, context: LintContext): readonly Draft[] {
  const { path } = issuer.principal;
  const { organizationId } = context;
  const drafts: Draft[] = [];
  if (issuer.kind === "root") drafts.push({ rule: "root-issuer", path });
  const { organization } = issuer;
  const isOther = organization?.toLowerCase() !== organizationId;
  if (organizationId !== undefined && organization !== undefined && UUID.test(organization) && isOther)
    drafts.push({ rule: "foreign-organization", path, args: { organization } });
  return drafts;
}

function projectRules(trusted: Trusted, context: LintContext): readonly Draft[] {
  const { issuer } = trusted;
  if (issuer.kind === "root" && openness(trusted, STRANGE_ORGANIZATION).kind !== "closed")
    return [{ rule: "any-organization", path: placeOf(trusted) }];
  const open = openness(trusted, organizationMeant(trusted));
  if (open.kind !== "closed") return openRules(trusted, context, open);
  if (admitsAuditLogs(trusted)) return [{ rule: "audit-log-stream", path: placeOf(trusted) }];
  if (pinsProjects(trusted) || asksNothing(trusted) || !canHold(trusted)) return [];
  const [condition] = [...conditionsOn(trusted, PROJECT_CLAIM), ...conditionsOn(trusted, "sub")];
  return condition === undefined ? [] : [{ rule: "project-not-exact", path: condition.path }];
}

/** The one finding that says why every project gets in. */
function openRules(
  trusted: Trusted,
  context: LintContext,
  open: Exclude<Openness, { readonly kind: "closed" }>,
): readonly Draft[] {
  const path = placeOf(trusted);
  const pin = pinFix(trusted, context);
  if (open.kind === "values")
    return open.values.map((value) => valueRule(trusted, value, open.values.length, pin));
  const excluding = [
    ...conditionsOn(trusted, "sub", "excludes"),
    ...conditionsOn(trusted, PROJECT_CLAIM, "excludes"),
  ];
  const [first] = excluding;
  if (first !== undefined) return [{ rule: "only-exclusions", path: first.path, fix: pin }];
  const chosen = trusted.statement.conditions.find((condition) => isChosen(trusted, condition));
  if (chosen !== undefined)
    return [{ rule: "caller-chosen", path: chosen.path, args: { key: chosen.key }, fix: pin }];
  return [{ rule: "any-project", path, fix: pin }];
}

function valueRule(
  { document }: Trusted,
  { condition, index }: OpenValue,
  openCount: number,
  pin: LintFix | undefined,
): Draft {
  const path = valuePath(document, condition, index);
  const value = condition.values[index] ?? "";
  const isOneOfMany = condition.values.length > openCount;
  const removal = isOneOfMany ? removeAt(document, path) : undefined;
  const fix =
    removal === undefined ? pin : { title: msg("lint.fix.removeValue", { value }), edits: [removal] };
  return {
    rule: "open-subject",
    path,
    args: { value },
    fix,
    ...(isOneOfMany ? { message: "lint.open-subject.list" as const } : {}),
  };
}

/** A value that the job itself chooses: the session's name, or an audience that is not the organization. */
function isChosen(trusted: Trusted, condition: TrustCondition): boolean {
  if (/^sts:RoleSessionName$/i.test(condition.key)) return true;
  const organization = organizationMeant(trusted);
  return (
    claimOf(condition, trusted.issuer) === "aud" &&
    comparesText(condition) === "asks" &&
    organization !== undefined &&
    !condition.values.some((value) => value.toLowerCase() === organization.toLowerCase())
  );
}

/** Pins the projects that are known to be meant, where AWS has a key for it. */
function pinFix({ document, statement, issuer }: Trusted, context: LintContext): LintFix | undefined {
  const { projectIds = [] } = context;
  const [first, ...others] = projectIds;
  if (first === undefined || issuer.kind !== "organization" || issuer.partition !== "aws") return undefined;
  const key = `${issuer.name}:${PROJECT_CLAIM}`;
  const value = others.length === 0 ? first : projectIds;
  const edit = addCondition(document, statement.path, { key, value });
  const title = msg("lint.fix.pinProject", { project: projectIds.join(", ") });
  return edit === undefined ? undefined : { title, edits: [edit] };
}

/** Where the conditions are, or else whom they should hold off. */
function placeOf({ statement, issuer }: Trusted): JsonPath {
  const [condition] = statement.conditions;
  return condition === undefined ? issuer.principal.path : [...statement.path, "Condition"];
}
