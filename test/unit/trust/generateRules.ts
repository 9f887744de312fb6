import * as fc from "fast-check";
import { checkBranch, checkRefPrefix } from "../../../src/core/ids.ts";
import { isPlaceholder } from "../../../src/core/trust/placeholder.ts";
import type { ProjectRule, RefRule, RunRule, TrustRule, UserRule } from "../../../src/core/trust/index.ts";

/* Rules as anybody may ask for them, the odd ones too. */

const uuid = fc.uuid();

/** Names that look like parts of a subject, and ordinary ones. */
const text = fc.oneof(
  fc.constantFrom(
    "main",
    "release/1",
    "v1.0",
    "x/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main",
    "refs/heads/main",
    "user/1",
    "a${b",
    "a'b\"c",
    "$(id)",
  ),
  fc.string({
    unit: fc.constantFrom(..."abMX09/-_.+@#'\"$()`,;|&!%={}".split("")),
    minLength: 1,
    maxLength: 12,
  }),
);
const name = text.filter((value) => checkBranch(value).ok && !isPlaceholder(value));
const prefix = fc.oneof(
  fc.constant(""),
  text.filter((value) => checkRefPrefix(value).ok && !isPlaceholder(value)),
);

const ref: fc.Arbitrary<RefRule> = fc.oneof(
  name.map((value): RefRule => ({ kind: "branch", name: value })),
  prefix.map((value): RefRule => ({ kind: "branchPrefix", prefix: value })),
  name.map((value): RefRule => ({ kind: "tag", name: value })),
  prefix.map((value): RefRule => ({ kind: "tagPrefix", prefix: value })),
);

export const repositories = fc.constantFrom(
  "github.com/acme/shop",
  "bitbucket.org/acme/shop.js",
  "gitlab.com/acme/team/shop",
  "github.com/acme/vcs-ref",
);

const runs: fc.Arbitrary<RunRule> = fc.oneof(
  fc.constant<RunRule>({ kind: "any" }),
  fc.record({
    kind: fc.constant("refs" as const),
    repository: repositories,
    refs: fc.array(ref, { minLength: 1, maxLength: 5 }),
  }),
);

const users: fc.Arbitrary<UserRule> = fc.oneof(
  fc.constant<UserRule>({ kind: "anyone" }),
  fc.record({ kind: fc.constant("named" as const), ids: fc.array(uuid, { minLength: 1, maxLength: 3 }) }),
);

const project: fc.Arbitrary<ProjectRule> = fc
  .record({ projectId: uuid, runs, users, v1: fc.boolean() })
  .map(({ v1, ...rest }) => (v1 && rest.runs.kind === "any" ? { ...rest, subject: "V1" as const } : rest));

/** Rules that can be built. */
export const rules: fc.Arbitrary<TrustRule> = fc
  .record({
    partition: fc.constantFrom("aws" as const, "aws-cn" as const, "aws-us-gov" as const, "aws-eusc" as const),
    organizationId: uuid,
    more: fc.array(fc.constantFrom("sts.amazonaws.com", "https://acme.example"), { maxLength: 2 }),
    server: fc.constantFrom(undefined, undefined, "ci.acme.example/oidc"),
    keyed: fc.constantFrom(undefined, true, false),
    projects: fc.uniqueArray(project, { minLength: 1, maxLength: 3, selector: ({ projectId }) => projectId }),
  })
  .map(({ partition, organizationId, more, server, keyed, projects }) => ({
    partition,
    accountId: "111122223333",
    organizationId,
    audiences: [organizationId, ...more],
    projects,
    ...(server === undefined ? {} : { issuer: server }),
    ...(keyed === undefined || server !== undefined ? {} : { projectKey: keyed }),
  }));
