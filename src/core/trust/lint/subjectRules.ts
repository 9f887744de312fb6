import { msg } from "../../messages.ts";
import { PROJECT_CLAIM } from "../context.ts";
import type { TrustCondition } from "../document.ts";
import { matchesWildcards } from "../match.ts";
import { canHold, valuePath } from "./conditions.ts";
import { replaceValue } from "./edits.ts";
import type { Draft, LintFix } from "./finding.ts";
import { isCircleCi } from "./issuer.ts";
import {
  admits,
  conditionsOn,
  isAuditLog,
  organizationMeant,
  pinsProjects,
  projectsNamed,
  type Trusted,
} from "./reach.ts";
import { jobSubjects, patternsOf, subjectParts, USER_MASK, type SubjectParts } from "./subjects.ts";
import { witness, type Template, type Value } from "./witness.ts";

/** So many tokens are tried against injection; what is beyond is taken for open to it. */
const MAX_TRIED = 24;

/** What a subject says of repository and branch, and whether that holds. */
export function subjectRules(trusted: Trusted): readonly Draft[] {
  if (!isCircleCi(trusted.issuer)) return [];
  let tried = 0;
  const isInjected = (value: Value): boolean => {
    return injected(trusted).some((template) => {
      const subject = witness(value, template);
      if (subject === undefined) return false;
      tried += 1;
      return tried > MAX_TRIED || admits(trusted, subject);
    });
  };
  const asked = conditionsOn(trusted, "sub");
  const drafts = asked.flatMap((condition) =>
    patternsOf(condition).flatMap((value, index) => {
      const parts = subjectParts(value.text);
      if (parts === undefined) return [];
      return partRules(trusted, { condition, index, value, parts }, isInjected);
    }),
  );
  return [...drafts, ...forkRule(trusted, asked)];
}

type Place = {
  readonly condition: TrustCondition;
  readonly index: number;
  readonly value: Value;
  readonly parts: SubjectParts;
};

function partRules(
  trusted: Trusted,
  { condition, index, value, parts }: Place,
  isInjected: (value: Value) => boolean,
): readonly Draft[] {
  const path = valuePath(trusted.document, condition, index);
  const args = { value: value.text };
  const drafts: Draft[] = [];
  if (value.wildcards && /[*?]/.test(parts.repository)) {
    // Without a slash before the star the owner's name may go on: acme* is acme-evil too.
    const owner = /^[^/*?]+\/[^/*?]*[*?]/.test(parts.repository)
      ? { message: "lint.repository-pattern.owner" as const }
      : {};
    const repository = parts.repository;
    drafts.push({ rule: "repository-pattern", path, args: { repository }, ...owner });
  }
  if (value.wildcards && matchesWildcards(parts.ref, "refs/heads/zz-pushed-by-anyone/x"))
    return [...drafts, { rule: "any-branch", path, args: { ref: parts.ref } }];
  if (isInjected(value))
    drafts.push({ rule: "branch-injection", path, args, fix: maskFix(trusted, path, value, isInjected) });
  else drafts.push({ rule: "branch-claim", path, args: { ref: parts.ref } });
  return drafts;
}

/** Subjects of jobs on a branch that anybody could push, in the projects that are let in. */
function injected(trusted: Trusted): readonly Template[] {
  const organization = organizationMeant(trusted);
  const projects = projectsNamed(trusted);
  return (projects.length === 0 ? [undefined] : projects).map(
    (project) => jobSubjects(organization, project).strangeBranch,
  );
}

/** Writes a mask of single characters in place of `user/*`. */
function maskFix(
  { document }: Trusted,
  path: Draft["path"],
  value: Value,
  isInjected: (value: Value) => boolean,
): LintFix | undefined {
  const masked = value.text.replace("/user/*/", `/user/${USER_MASK}/`);
  if (masked === value.text || isInjected({ ...value, text: masked })) return undefined;
  const edit = replaceValue(document, path, masked);
  return edit === undefined ? undefined : { title: msg("lint.fix.mask"), edits: [edit] };
}

/** Where only the project is pinned, builds of forks pass as well if they get secrets. */
function forkRule(trusted: Trusted, asked: readonly TrustCondition[]): readonly Draft[] {
  const subjects = asked.flatMap(({ values }) => values);
  if (subjects.some((value) => subjectParts(value) !== undefined || isAuditLog(value))) return [];
  if (!pinsProjects(trusted) || !canHold(trusted)) return [];
  const [condition] = [...conditionsOn(trusted, PROJECT_CLAIM), ...asked];
  return condition === undefined ? [] : [{ rule: "fork-builds", path: condition.path }];
}
