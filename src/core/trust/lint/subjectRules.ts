import { msg } from "../../messages.ts";
import { PROJECT_CLAIM } from "../context.ts";
import type { TrustCondition } from "../document.ts";
import type { JsonPath } from "../json.ts";
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
import {
  jobSubjects,
  patternsOf,
  STRANGE_BRANCH,
  subjectParts,
  USER_MASK,
  type SubjectParts,
} from "./subjects.ts";
import { witness, type Template, type Value } from "./witness.ts";

/** So many tokens are tried against injection; what is beyond is taken for open to it. */
const MAX_TRIED = 24;

/** What a subject says of repository and branch, and whether that holds. */
export function subjectRules(trusted: Trusted): readonly Draft[] {
  if (!isCircleCi(trusted.issuer)) return [];
  let tried = 0;
  const isInjected: IsInjected = (value, by) =>
    strange(trusted, by).some((template) => {
      const subject = witness(value, template);
      if (subject === undefined) return false;
      tried += 1;
      return tried > MAX_TRIED || admits(trusted, subject);
    });
  const asked = conditionsOn(trusted, "sub");
  const drafts = asked.flatMap((condition) =>
    patternsOf(condition).flatMap((value, index) => {
      const parts = subjectParts(value);
      if (parts === undefined) return [];
      const path = valuePath(trusted.document, condition, index);
      return [
        ...repositoryRules(path, value, parts),
        ...refRules(trusted, { path, value, parts }, isInjected),
      ];
    }),
  );
  const firstOnly = asked.filter((condition) => isFirstTokenOnly(trusted, condition));
  const first = firstOnly.map(({ path }): Draft => ({ rule: "first-token", path }));
  return [...drafts, ...first, ...forkRule(trusted, asked)];
}

/** What somebody chooses in order to pass for another: a branch's name, or the repository of a fork. */
type By = "strangeBranch" | "strangeRepository";

type IsInjected = (value: Value, by: By) => boolean;

/** Subjects with a branch or a repository that nobody pinned, in the projects that are let in. */
function strange(trusted: Trusted, by: By): readonly Template[] {
  const organization = organizationMeant(trusted);
  // A value that names a project is met by that one, any other value by those of the project's own key.
  const projects = [undefined, ...projectsNamed(trusted)];
  return projects.map((project) => jobSubjects(organization, project)[by]);
}

function repositoryRules(
  path: JsonPath,
  { wildcards }: Value,
  { repository }: SubjectParts,
): readonly Draft[] {
  if (!wildcards || !/[*?]/.test(repository)) return [];
  // Without a slash before the star the owner's name may go on: acme* is acme-evil too.
  const isOwner = /^[^/*?]+\/[^/*?]*[*?]/.test(repository);
  const message = isOwner ? { message: "lint.repository-pattern.owner" as const } : {};
  return [{ rule: "repository-pattern", path, args: { repository }, ...message }];
}

function refRules(
  trusted: Trusted,
  { path, value, parts }: { readonly path: JsonPath; readonly value: Value; readonly parts: SubjectParts },
  isInjected: IsInjected,
): readonly Draft[] {
  const { repository, ref } = parts;
  const by = ref === "*" ? "strangeRepository" : "strangeBranch";
  // Any ref is no branch rule, and any repository is said already.
  if (by === "strangeRepository" && /[*?]/.test(repository)) return [];
  const isPattern = value.wildcards && ref !== "*";
  if (isPattern && matchesWildcards(ref, `refs/heads/${STRANGE_BRANCH}/x`))
    return [{ rule: "any-branch", path, args: { ref } }];
  if (isInjected(value, by)) {
    const fix = maskFix(trusted, path, value, (masked) => isInjected(masked, by));
    const message =
      by === "strangeRepository" ? { message: "lint.branch-injection.repository" as const } : {};
    return [{ rule: "branch-injection", path, args: { value: value.text }, fix, ...message }];
  }
  if (ref === "*") return [];
  const prefix =
    isPattern && /[^/*?]\*$/.test(ref) ? [{ rule: "branch-prefix" as const, path, args: { ref } }] : [];
  return [...prefix, { rule: "branch-claim", path, args: { ref } }];
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

/** Whether all values end with the user, as only the first token's subject does. */
function isFirstTokenOnly(trusted: Trusted, condition: TrustCondition): boolean {
  const [first, ...second] = jobSubjects(organizationMeant(trusted), undefined).all;
  const matches = (value: Value, templates: readonly Template[]): boolean =>
    templates.some((template) => witness(value, template) !== undefined);
  const values = patternsOf(condition);
  return (
    first !== undefined &&
    values.length > 0 &&
    values.every((value) => matches(value, [first]) && !matches(value, second))
  );
}

/** Where only the project is pinned, builds of forks pass as well if they get secrets. */
function forkRule(trusted: Trusted, asked: readonly TrustCondition[]): readonly Draft[] {
  if (asked.flatMap(patternsOf).some((value) => subjectParts(value) !== undefined || isAuditLog(value.text)))
    return [];
  if (!pinsProjects(trusted) || !canHold(trusted)) return [];
  const [condition] = [...conditionsOn(trusted, PROJECT_CLAIM), ...asked];
  return condition === undefined ? [] : [{ rule: "fork-builds", path: condition.path }];
}
