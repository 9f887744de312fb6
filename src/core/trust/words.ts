import { msg, type Message, type MessageId } from "../messages.ts";
import type { ProjectRule, RefRule, TrustRule } from "./rule.ts";

/** Names of projects by ID, where they are known. */
export type ProjectNames = Readonly<Record<string, string>>;

/**
 * Who can assume a role with this rule, in sentences: whom the policy admits, and who can bring about such a token.
 * Source: https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
 */
export function ruleInWords({ projects }: TrustRule, names: ProjectNames = {}): readonly Message[] {
  const refs = projects.some(({ runs }) => runs.kind === "refs");
  return [
    ...projects.flatMap((project) => projectInWords(project, names[project.projectId] ?? project.projectId)),
    ...(projects.some(({ subject }) => subject === "V1") ? [msg("trust.who.v1")] : []),
    msg("trust.who.mint"),
    ...(refs ? [msg("trust.who.config"), msg("trust.who.webhook")] : []),
  ];
}

function projectInWords({ runs, users }: ProjectRule, project: string): readonly Message[] {
  const by = users.kind === "named" ? { users: users.ids.join(", ") } : {};
  const say = (id: WhoId, args: Readonly<Record<string, string>>): Message =>
    msg(users.kind === "named" ? `${id}.users` : id, { project, ...by, ...args });
  if (runs.kind === "any") return [say("trust.who.any", {})];
  const { repository, refs } = runs;
  return kinds.flatMap(({ kind, named, open }) => {
    const ofKind = refs.filter((ref) => ref.kind === kind).map(nameOf);
    const some = ofKind.filter((name) => name !== "");
    return [
      ...(some.length === 0 ? [] : [say(named, { names: some.join(", "), repository })]),
      ...(some.length === ofKind.length || open === undefined ? [] : [say(open, { repository })]),
    ];
  });
}

type WhoId = Extract<MessageId, `trust.who.${string}.users`> extends `${infer Id}.users` ? Id : never;

/** The sentence for refs of each kind, and the one for an empty prefix. */
const kinds: readonly { readonly kind: RefRule["kind"]; readonly named: WhoId; readonly open?: WhoId }[] = [
  { kind: "branch", named: "trust.who.branch" },
  { kind: "branchPrefix", named: "trust.who.branchPrefix", open: "trust.who.branches" },
  { kind: "tag", named: "trust.who.tag" },
  { kind: "tagPrefix", named: "trust.who.tagPrefix", open: "trust.who.tags" },
];

function nameOf(ref: RefRule): string {
  return "name" in ref ? ref.name : ref.prefix;
}
