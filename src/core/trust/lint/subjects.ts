import { operatorBase } from "../operators.ts";
import type { TrustCondition, TrustDocument } from "../document.ts";
import { any, some, text, uuid, type Template, type Value } from "./witness.ts";

/** Stand for a project, an organization, a repository and a branch that no policy means. */
export const STRANGE_PROJECT = "5ca1ab1e-0000-4000-8000-5ca1ab1e0001";
export const STRANGE_ORGANIZATION = "5ca1ab1e-0000-4000-8000-5ca1ab1e0002";
const STRANGE_REPOSITORY = "zz.example/zz-stranger/zz";
export const STRANGE_BRANCH = "zz-pushed-by-anyone";

/** A user ID as a mask of single characters: unlike `*` it cannot span `/`. */
export const USER_MASK = "????????-????-????-????-????????????";

const NAME = /[^/\s~^:?*[\\\x7f]/;
/** What git allows in a branch name, `/` included. */
const REF = /[^\s~^:?*[\\\x7f]/;

const organizationOf = (organization: string | undefined): Template =>
  organization === undefined ? uuid : text(organization);
const projectOf = organizationOf;

/** Kinds of subjects that a project's jobs can have. */
export type JobSubjects = {
  /** Of the first token, of custom webhooks, and of the second token: plain branches, then any. */
  readonly all: readonly Template[];
  /** Of the second token on a branch, or from a repository, that no policy pins, however it goes on. */
  readonly strangeBranch: Template;
  readonly strangeRepository: Template;
};

/** The subjects of a project's jobs; of any project or organization where none is given. */
export function jobSubjects(organization: string | undefined, project: string | undefined): JobSubjects {
  const first = [
    ...text("org/"),
    ...organizationOf(organization),
    ...text("/project/"),
    ...projectOf(project),
    ...text("/user/"),
    ...uuid,
  ];
  const name = some(NAME, "n");
  const owner = [...first, ...text("/vcs-origin/"), ...name, ...text("/"), ...name, ...text("/")];
  const anything = [...owner, ...some(REF, "r"), ...text("/vcs-ref/refs/"), ...some(REF, "x")];
  // No `/` in the name: else it could swallow the ref that a pattern asks for.
  const repository = [...owner, ...name, ...text("/vcs-ref/refs/")];
  const plain = [...repository, ...name, ...text("/"), ...name];
  return {
    all: [first, plain, [...plain, ...text("/"), ...name], anything],
    strangeBranch: [...repository, ...text(`heads/${STRANGE_BRANCH}/`), ...any(REF, "x")],
    strangeRepository: [
      ...first,
      ...text(`/vcs-origin/${STRANGE_REPOSITORY}/vcs-ref/refs/`),
      ...some(REF, "x"),
    ],
  };
}

/** The subject with which CircleCI streams audit logs. */
export function auditSubject(organization: string | undefined): Template {
  return [...text("org/"), ...organizationOf(organization), ...text("/file-streaming/audit-logs")];
}

/** Everything that could be a subject of CircleCI, with a user of any form. */
export function anySubject(organization: string | undefined): readonly Template[] {
  const job = [
    ...text("org/"),
    ...organizationOf(organization),
    ...text("/project/"),
    ...uuid,
    ...text("/user/"),
    ...some(NAME, "u"),
  ];
  const rest = [...text("/vcs-origin/"), ...some(/[^]/, "x"), ...text("/vcs-ref/"), ...some(/[^]/, "x")];
  return [job, [...job, ...rest], auditSubject(organization)];
}

/** The values of a condition as patterns. */
export function patternsOf(condition: TrustCondition): readonly Value[] {
  const { family, ignoreCase = false } = operatorBase(condition.operator);
  return condition.values.map((value) => ({ text: value, wildcards: family === "like", ignoreCase }));
}

/** Whether an operator asks that a string is there and is like one of the values, or is none of them. */
export function comparesText({ operator }: TrustCondition): "asks" | "excludes" | undefined {
  const { family, negated } = operatorBase(operator);
  if (family !== "string" && family !== "like") return undefined;
  return negated ? "excludes" : "asks";
}

/** The part of a value before its first wildcard or variable. */
export function fixedPart({ text, wildcards }: Value, { version }: Pick<TrustDocument, "version">): string {
  const open = wildcards ? /[*?]|\$\{/ : /\$\{/;
  const at = text.search(version === "2012-10-17" ? open : wildcards ? /[*?]/ : /$^/);
  return at === -1 ? text : text.slice(0, at);
}

/** What a value asks of repository and ref, as patterns; `*` where it leaves one open. */
export type SubjectParts = { readonly repository: string; readonly ref: string };

/** Undefined where a value asks for neither: it ends with the user, or leaves open what follows. */
export function subjectParts({ text, wildcards }: Value): SubjectParts | undefined {
  const [, origin = "*", ref] = /(?:\/vcs-origin\/(.*))?\/vcs-ref\/(.*?)$/.exec(text) ?? [];
  if (ref !== undefined) return { repository: origin, ref };
  const repository = /\/vcs-origin\/(.*?)(?:\/\*)?$/.exec(text)?.[1];
  if (repository !== undefined) return { repository, ref: "*" };
  const tail = wildcards ? /\*([^*?]+)$/.exec(text)?.[1] : undefined;
  return tail === undefined ? undefined : { repository: "*", ref: `*${tail}` };
}
