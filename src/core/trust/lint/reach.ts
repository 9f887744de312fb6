import type { TokenClaims } from "../claims.ts";
import { PROJECT_CLAIM } from "../context.ts";
import type { TrustCondition, TrustDocument, TrustStatement } from "../document.ts";
import { operatorBase } from "../operators.ts";
import { simulateWebIdentity } from "../simulate.ts";
import { claimOf, UUID, type Issuer } from "./issuer.ts";
import {
  auditSubject,
  comparesText,
  fixedPart,
  jobSubjects,
  patternsOf,
  STRANGE_ORGANIZATION,
  STRANGE_PROJECT,
} from "./subjects.ts";
import { some, text, witness, type Template, type Value } from "./witness.ts";

/** A statement that allows, an issuer it trusts, and the document around them. */
export type Trusted = {
  readonly document: TrustDocument;
  readonly statement: TrustStatement;
  readonly issuer: Issuer;
};

/** A value that lets somebody in, and its number in the condition. */
export type OpenValue = { readonly condition: TrustCondition; readonly index: number };

/** Whether every project gets in: by no condition on the subject at all, by values of it, or not. */
export type Openness =
  | { readonly kind: "closed" }
  | { readonly kind: "open" }
  | { readonly kind: "values"; readonly values: readonly OpenValue[] };

/** So many tokens are tried; a policy with more values that look open is taken for open. */
const MAX_TRIED = 24;

/** The conditions on a claim of the issuer that ask for values, or exclude some. */
export function conditionsOn(
  { statement, issuer }: Trusted,
  claim: string,
  compares: "asks" | "excludes" = "asks",
): readonly TrustCondition[] {
  return statement.conditions.filter(
    (condition) => claimOf(condition, issuer) === claim && comparesText(condition) === compares,
  );
}

/** The organization whose tokens are meant: that of the issuer, else the one its subjects name. */
export function organizationMeant(trusted: Trusted): string | undefined {
  const { issuer } = trusted;
  if (issuer.organization !== undefined) return issuer.organization;
  const named = conditionsOn(trusted, "sub")
    .flatMap(({ values }) => values)
    .flatMap((value) => /^org\/([^/*?]+)\//.exec(value)?.[1] ?? []);
  const all = new Set(named);
  return all.size === 1 ? named[0] : undefined;
}

/**
 * Whether the statement asks for whole projects, so that no other project's token can pass: a condition that
 * cannot hold without its key, each value of which names a project by its whole ID.
 */
export function pinsProjects(trusted: Trusted): boolean {
  const { document, statement, issuer } = trusted;
  if (statement.conditions.some((condition) => pins(condition, trusted, "asks"))) return true;
  return document.statements.some(
    ({ effect, principals, conditions: [only, ...others], actions }) =>
      effect === "Deny" &&
      principals.some(({ value }) => value === issuer.principal.value) &&
      actions?.some(({ value }) => /^sts:(?:\*|AssumeRole(?:\*|With\*|WithWebIdentity))$/i.test(value)) ===
        true &&
      others.length === 0 &&
      only !== undefined &&
      pins(only, trusted, "excludes"),
  );
}

function pins(
  condition: TrustCondition,
  { document, issuer }: Trusted,
  compares: "asks" | "excludes",
): boolean {
  const { qualifier, ifExists, values } = condition;
  const claim = claimOf(condition, issuer);
  if (comparesText(condition) !== compares || values.length === 0) return false;
  // Without the key these hold, and streamed audit logs come without a project.
  if (claim !== "sub" && (qualifier === "ForAllValues" || ifExists)) return false;
  if (compares === "excludes" && qualifier !== "none") return false;
  return patternsOf(condition).every((value) => {
    if (claim === "sub") return pinsProject(value, document);
    return claim === PROJECT_CLAIM && issuer.kind === "organization" && isWholeId(value);
  });
}

function isWholeId(value: Value): boolean {
  return UUID.test(value.text.toLowerCase());
}

/** Whether a value of a subject names one project, or the streaming of audit logs, before its first wildcard. */
function pinsProject(value: Value, document: TrustDocument): boolean {
  const fixed = fixedPart(value, document);
  const [, project, next] = /^org\/[^/]+\/project\/([^/]{36})(\/|$)/.exec(fixed) ?? [];
  if (project !== undefined && UUID.test(project.toLowerCase()) && next !== undefined) return true;
  return fixed === value.text && isAuditLog(value.text);
}

export function isAuditLog(subject: string): boolean {
  return /^org\/[^/]+\/file-streaming\/audit-logs$/.test(subject);
}

/** Whether jobs of a project that nobody means get in, and by which values. */
export function openness(trusted: Trusted, organization: string | undefined): Openness {
  if (pinsProjects(trusted) || asksNothing(trusted)) return { kind: "closed" };
  const templates = jobSubjects(organization, STRANGE_PROJECT).all;
  const asked = conditionsOn(trusted, "sub");
  if (asked.length === 0) {
    const plain = templates.flatMap((template) => sampleOf(template) ?? []);
    const subjects = [...plain, ...exemptSubjects(trusted, templates)];
    if (!subjects.some((subject) => admits(trusted, subject))) return { kind: "closed" };
    const values = strangeProjects(trusted);
    return values.length === 0 ? { kind: "open" } : { kind: "values", values };
  }
  const values = openValues(trusted, asked, templates);
  return values.length === 0 ? { kind: "closed" } : { kind: "values", values };
}

/** The values for the project's own key that any project matches. */
function strangeProjects(trusted: Trusted): readonly OpenValue[] {
  const strange = text(STRANGE_PROJECT);
  return conditionsOn(trusted, PROJECT_CLAIM).flatMap((condition) =>
    patternsOf(condition).flatMap((value, index) =>
      witness(value, strange) === undefined ? [] : [{ condition, index }],
    ),
  );
}

/** Subjects that a Deny, or a negated condition, exempts. */
function exemptSubjects(trusted: Trusted, templates: readonly Template[]): readonly string[] {
  const values = deciding(trusted).flatMap((condition) =>
    claimOf(condition, trusted.issuer) === "sub" && comparesText(condition) === "excludes"
      ? patternsOf(condition)
      : [],
  );
  const few = values.slice(0, MAX_TRIED);
  return few.flatMap((value) => templates.flatMap((template) => witness(value, template) ?? []));
}

/** The conditions of the statement and of every Deny. */
function deciding({ document, statement }: Trusted): readonly TrustCondition[] {
  const denying = document.statements.filter(({ effect }) => effect === "Deny");
  return [statement, ...denying].flatMap(({ conditions }) => conditions);
}

/** The values of conditions that let in one of the subjects. */
export function openValues(
  trusted: Trusted,
  conditions: readonly TrustCondition[],
  templates: readonly Template[],
): readonly OpenValue[] {
  let tried = 0;
  const exempt = exemptSubjects(trusted, templates);
  return conditions.flatMap((condition) =>
    patternsOf(condition).flatMap((value, index) => {
      const isIn = (subject: string | undefined): boolean => {
        if (subject === undefined) return false;
        tried += 1;
        return tried > MAX_TRIED || admits(trusted, subject);
      };
      const isOpen =
        templates.some((template) => isIn(witness(value, template))) ||
        exempt.some((subject) => isIn(witness(value, text(subject))));
      return isOpen ? [{ condition, index }] : [];
    }),
  );
}

/** Whether the organization's audit log streaming gets in without being named. */
export function admitsAuditLogs(trusted: Trusted): boolean {
  if (pinsProjects(trusted) || asksNothing(trusted)) return false;
  if (conditionsOn(trusted, "sub").some(({ values }) => values.some(isAuditLog))) return false;
  const template = auditSubject(organizationMeant(trusted));
  const subject = sampleOf(template);
  return subject !== undefined && admits(trusted, subject);
}

/**
 * A plain operator with an empty list of values: AWS contradicts itself about what that asks, so that nothing more
 * is made of it. What a negated or set operator makes of an empty list is tried like the rest.
 */
export function asksNothing({ statement }: Pick<Trusted, "statement">): boolean {
  return statement.conditions.some(
    ({ values, operator, qualifier, ifExists }) =>
      values.length === 0 && qualifier === "none" && !ifExists && !operatorBase(operator).negated,
  );
}

/** The one subject of a template, as it would stand in a token. */
export function sampleOf(template: Template): string | undefined {
  return witness({ text: "*", wildcards: true, ignoreCase: false }, template);
}

/**
 * Whether a token with a subject gets in by this statement, for one of the audiences the policy speaks of, and
 * past every Deny. What AWS does not document, or the request decides, counts as getting in.
 */
export function admits(trusted: Trusted, subject: string): boolean {
  const { document, statement, issuer } = trusted;
  const denying = document.statements.filter(({ effect }) => effect === "Deny");
  const alone: TrustDocument = { ...document, statements: [statement, ...denying] };
  const { partition, accountId = "" } = issuer;
  return audiencesOf(trusted, subject).some((audience) => {
    const claims = claimsOf(issuer, subject, audience);
    const role = { partition, accountId };
    return simulateWebIdentity({ document: alone, stored: true, role, claims }).verdict !== "DENY";
  });
}

/** A job chooses the audience of a token it mints: the default, those asked for, and one nobody speaks of. */
function audiencesOf(trusted: Trusted, subject: string): readonly string[] {
  const asked = deciding(trusted)
    .filter((condition) => claimOf(condition, trusted.issuer) === "aud")
    .flatMap(patternsOf)
    .slice(0, 6)
    .flatMap((value) => witness(value, ANY_AUDIENCE) ?? []);
  const byDefault = /^org\/([^/]+)\//.exec(subject)?.[1] ?? STRANGE_ORGANIZATION;
  return [...new Set([byDefault, STRANGE_AUDIENCE, ...asked])];
}

const STRANGE_AUDIENCE = "zz-audience";

const ANY_AUDIENCE: Template = some(/[^]/, "a");

function claimsOf({ name }: Issuer, subject: string, audience: string): TokenClaims {
  const project = /^org\/[^/]+\/project\/([^/]+)\//.exec(subject)?.[1];
  return {
    iss: `https://${name}`,
    sub: subject,
    aud: audience,
    iat: 0,
    exp: 3600,
    ...(project === undefined ? {} : { [PROJECT_CLAIM]: project }),
  };
}

/** The projects that a statement names by their own key, a few of them: what holds for one holds for all. */
export function projectsNamed(trusted: Trusted): readonly string[] {
  const ids = conditionsOn(trusted, PROJECT_CLAIM)
    .flatMap(({ values }) => values)
    .filter((value) => UUID.test(value));
  return ids.slice(0, 4);
}
