import { parseArn } from "../ids.ts";
import { samePolicy } from "../policy.ts";
import { buildTrustPolicy, USER_MASK } from "./build.ts";
import { PROJECT_CLAIM } from "./context.ts";
import type { TrustStatement } from "./document.ts";
import { nodeValue, type JsonNode } from "./json.ts";
import { issuerHostPath, type ProjectRule, type RefRule, type TrustRule } from "./rule.ts";

/** What one subject pattern says, in the parts that `buildTrustPolicy` writes. */
type Subject = {
  readonly projectId: string;
  /** A user's ID, the mask for any, or a star for any with whatever follows. */
  readonly user: string;
  /** What follows the user: a star for anything, or repository and ref. */
  readonly tail?: "*" | { readonly repository: string; readonly ref: RefRule };
};

/**
 * The rule that a statement states, undefined where it is none that `buildTrustPolicy` writes. The rule is tried
 * out: what it builds must be this very statement, apart from its `Sid`, so that nothing is read into a policy.
 *
 * @param written the statement as it stands in the document
 */
export function recoverRule(statement: TrustStatement, written: JsonNode): TrustRule | undefined {
  const candidate = candidateRule(statement);
  const built = candidate === undefined ? undefined : buildTrustPolicy(candidate);
  if (candidate === undefined || built?.ok !== true) return undefined;
  const [wanted] = built.value.document.Statement;
  const found = nodeValue(written);
  if (typeof found !== "object" || found === null) return undefined;
  return samePolicy({ ...found, Sid: "" }, { ...wanted, Sid: "" }) ? candidate : undefined;
}

function candidateRule({ principals, conditions }: TrustStatement): TrustRule | undefined {
  const [principal] = principals;
  const provider = principal === undefined ? undefined : parseArn(principal.value);
  const issuer = principal?.value.split(":oidc-provider/")[1];
  if (provider === undefined || issuer === undefined) return undefined;
  const valuesOf = (name: string): readonly string[] | undefined =>
    conditions.find(({ key }) => key === `${issuer}:${name}`)?.values;
  const subjects = valuesOf("sub")?.map(readSubject) ?? [];
  const keyed = valuesOf(PROJECT_CLAIM);
  const organizationId =
    /^org\/([^/]+)\//.exec(valuesOf("sub")?.[0] ?? "")?.[1] ?? issuer.slice(issuerHostPath("").length);
  const projects = projectRules(subjects, keyed ?? []);
  if (projects === undefined) return undefined;
  const own = issuer === issuerHostPath(organizationId);
  const byDefault = own && provider.partition === "aws";
  return {
    partition: provider.partition,
    accountId: provider.account,
    organizationId,
    ...(own ? {} : { issuer }),
    audiences: valuesOf("aud") ?? [],
    projects,
    ...((keyed !== undefined) === byDefault ? {} : { projectKey: keyed !== undefined }),
  };
}

const SUBJECT =
  /^org\/[^/]+\/project\/([^/]+)\/user\/([^/]+)(?:\/(\*)|\/vcs-origin\/(.+?)\/vcs-ref\/refs\/(heads|tags)\/(.*?)(\*?))?$/;

function readSubject(pattern: string): Subject | undefined {
  const [matched, projectId = "", user = "", star, repository, kind, name = "", prefix] =
    SUBJECT.exec(pattern) ?? [];
  if (matched === undefined) return undefined;
  if (repository === undefined) return { projectId, user, ...(star === undefined ? {} : { tail: "*" }) };
  const what = kind === "tags" ? "tag" : "branch";
  const ref: RefRule = prefix === "*" ? { kind: `${what}Prefix`, prefix: name } : { kind: what, name };
  return { projectId, user, tail: { repository, ref } };
}

/** A rule for each project, in the order of their IDs; undefined where a subject is of another form. */
function projectRules(
  subjects: readonly (Subject | undefined)[],
  keyed: readonly string[],
): readonly ProjectRule[] | undefined {
  const known = subjects.filter((subject) => subject !== undefined);
  if (known.length < subjects.length) return undefined;
  if (known.length === 0)
    return keyed.map((projectId) => ({ projectId, runs: { kind: "any" }, users: { kind: "anyone" } }));
  const byProject = Map.groupBy(known, ({ projectId }) => projectId);
  return [...byProject].map(([projectId, ofProject]) => projectRule(projectId, ofProject));
}

function projectRule(projectId: string, subjects: readonly Subject[]): ProjectRule {
  const ids = [...new Set(subjects.map(({ user }) => user))].filter((id) => id !== USER_MASK && id !== "*");
  const users: ProjectRule["users"] = ids.length === 0 ? { kind: "anyone" } : { kind: "named", ids };
  const named = subjects.flatMap(({ tail }) => (typeof tail === "object" ? [tail] : []));
  const [first] = named;
  if (first !== undefined) {
    const refs = [...new Map(named.map(({ ref }) => [JSON.stringify(ref), ref])).values()];
    return { projectId, runs: { kind: "refs", repository: first.repository, refs }, users };
  }
  const runs: ProjectRule["runs"] = { kind: "any" };
  const open = subjects.some(({ user, tail }) => user === "*" || tail === "*");
  return open ? { projectId, runs, users } : { projectId, runs, users, subject: "V1" };
}
