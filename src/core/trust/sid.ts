import { hashText } from "../hash.ts";
import { canonicalRule, issuerOfRule, refPattern, type ProjectRule, type TrustRule } from "./rule.ts";

const PREFIX = "CircleCI";
const FORM = /^CircleCI(?:[0-9a-f]{32}|[0-9a-f]{8})[0-9a-f]{8}$/;

/**
 * The `Sid` of the statement of a rule: who it is for, and which rule it is. A role that several projects use has a
 * statement for each, which is found again by it and by nothing else. Letters and digits alone, as IAM wants it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
 */
export function statementSid(rule: TrustRule): string {
  const { projects, audiences, projectKey } = canonicalRule(rule);
  // In an order of our own: that of an object's keys is whatever it was written in.
  const whole = [issuerOfRule(rule), rule.organizationId, audiences, projectKey, projects.map(listed)];
  return `${projectsSid(projects.map(({ projectId }) => projectId))}${hashText(JSON.stringify(whole))}`;
}

function listed({ projectId, runs, users, subject }: ProjectRule): readonly unknown[] {
  const refs = runs.kind === "any" ? [] : [runs.repository, runs.refs.map(refPattern)];
  return [projectId, refs, users.kind === "anyone" ? [] : users.ids, subject];
}

/** Whether a `Sid` is that of a statement made here, for whatever projects. */
export function isStatementSid(sid: unknown): sid is string {
  return typeof sid === "string" && FORM.test(sid);
}

/** The project that a `Sid` of a statement made here is for, as a UUID; undefined for several, and for any other `Sid`. */
export function projectOfSid(sid: unknown): string | undefined {
  if (!isStatementSid(sid)) return undefined;
  const [, ...parts] = /^CircleCI(.{8})(.{4})(.{4})(.{4})(.{12}).{8}$/.exec(sid) ?? [];
  return parts.length === 0 ? undefined : parts.join("-");
}

/** Whether two `Sid`s are those of statements for the same projects, under whatever rules. */
export function isSameSubject(one: string, other: string): boolean {
  return [one, other].every((sid) => FORM.test(sid)) && one.slice(0, -8) === other.slice(0, -8);
}

/** The ID of a project itself, so that no two can be taken for each other. */
function projectsSid(projectIds: readonly string[]): string {
  const [only = "", ...others] = projectIds.toSorted();
  const name = others.length === 0 ? only.replaceAll("-", "") : hashText([only, ...others].join());
  return `${PREFIX}${name}`;
}
