import { covers } from "./covers.ts";
import type { TrustCondition, TrustStatement } from "./document.ts";
import { operatorBase } from "./operators.ts";
import type { RefRule } from "./rule.ts";
import type { PolicyInput } from "./simulation.ts";
import { policyDocument } from "./statement.ts";

const UUID = "????????-????-????-????-????????????";

/** What is known of a project and of the repository whose changes start its runs. IDs are lowercase UUIDs. */
export type SubjectOwner = {
  readonly organizationId?: string;
  readonly projectId?: string;
  /** As `vcs-origin` has it, such as `github.com/acme/web-shop`. */
  readonly repository?: string;
};

/**
 * Patterns (`*` and `?` as in IAM) of the subjects that a trust policy may admit: a token whose subject fits none
 * of them gets in nowhere. What else the policy asks for is not looked at. Undefined where a statement admits web
 * identities without a condition on the subject or the project, or where the policy cannot be read.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function admittedSubjects(input: PolicyInput): readonly string[] | undefined {
  const document = policyDocument(input);
  if (document.kind === "invalid") return undefined;
  const lists = document.statements
    .filter((one) => one.effect === "Allow" && covers(one, "sts:AssumeRoleWithWebIdentity"))
    .map(ofStatement);
  return lists.length === 0 || lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

function ofStatement({ conditions }: TrustStatement): readonly string[] | undefined {
  const subject = conditions.find((one) => demands(one) && one.key.toLowerCase().endsWith(":sub"));
  // A variable may stand for anything.
  if (subject !== undefined) return subject.values.map((value) => value.replaceAll(/\$\{[^}]*\}/g, "*"));
  const project = conditions.find((one) => demands(one) && one.key.toLowerCase().endsWith("/project-id"));
  return project?.values.map((id) => `org/*/project/${id}/*`);
}

/** Whether a condition holds only for the texts it lists. */
function demands({ operator, qualifier, ifExists }: TrustCondition): boolean {
  const { family, negated } = operatorBase(operator);
  return (family === "string" || family === "like") && !negated && !ifExists && qualifier !== "ForAllValues";
}

/**
 * Whether a pattern of a subject fits a token of some run, as far as its owner is known: of the first form, which
 * names no repository, or of the second. Upper and lower case are taken for the same, as a remote may be written
 * in another case than CircleCI has it. A branch that is named like the end of a subject is not thought of.
 * Source: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 */
export function fitsOwner(pattern: string, owner: SubjectOwner): boolean {
  const { organizationId = UUID, projectId = UUID, repository = "*" } = owner;
  const run = `org/${organizationId}/project/${projectId}/user/${UUID}`;
  return [run, `${run}/vcs-origin/${repository}/vcs-ref/*`].some((subject) =>
    overlap(pattern.toLowerCase(), subject.toLowerCase()),
  );
}

/** Whether some text fits both. A star of `subject` is a name and no part more; one of `pattern` is anything. */
function overlap(pattern: string, subject: string): boolean {
  // `next[j]`: whether what follows in both, in `subject` from the j-th character on, has a text in common.
  let next: boolean[] = [];
  for (let i = pattern.length; i >= 0; i -= 1) {
    const row: boolean[] = [];
    for (let j = subject.length; j >= 0; j -= 1) {
      const [a, b] = [pattern[i], subject[j]];
      if (a === undefined && b === undefined) row[j] = true;
      else if (a === "*") row[j] = next[j] === true || (b !== undefined && row[j + 1] === true);
      else if (b === "*") row[j] = row[j + 1] === true || (isOfName(pattern, i) && next[j] === true);
      else row[j] = fit(a, b) && next[j + 1] === true;
    }
    next = row;
  }
  return next[0] === true;
}

/** Whether a character of a pattern may be of a name: what separates the parts of a subject is not. */
function isOfName(pattern: string, at: number): boolean {
  // The slash in front may be that of the subject, with the name beginning after it.
  const separator = ["/vcs-origin/", "/vcs-ref/"].some(
    (part) => pattern.startsWith(part, at) || (at > 0 && pattern.startsWith(part, at - 1)),
  );
  return at < pattern.length && !separator;
}

function fit(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && (a === b || a === "?" || b === "?");
}

/** The branches and tags that patterns of subjects end in; undefined where one of them does not end in any. */
export function subjectRefs(patterns: readonly string[]): readonly RefRule[] | undefined {
  const refs = new Map<string, RefRule>();
  for (const pattern of patterns) {
    const [end, kind, name = "", star] = /\/vcs-ref\/refs\/(heads|tags)\/([^*?]*)(\*?)$/.exec(pattern) ?? [];
    if (end === undefined || (name === "" && star === "")) return undefined;
    const what = kind === "heads" ? "branch" : "tag";
    refs.set(end, star === "" ? { kind: what, name } : { kind: `${what}Prefix`, prefix: name });
  }
  return refs.size === 0 ? undefined : [...refs.values()];
}
