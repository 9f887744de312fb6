import * as fc from "fast-check";
import { AUD, ISSUER, ORG, OTHER_PROJECT, PROJECT, PROJECT_ID, PROVIDER, SUB } from "./fixtures.ts";

const MASK = "????????-????-????-????-????????????";
const BASE = `org/${ORG}/project/${PROJECT}`;
const SHOP = "vcs-origin/github.com/acme/shop/vcs-ref/refs/heads";

type Line = readonly [operator: string, key: string, value: unknown];

const subjects = [
  `${BASE}/user/*`,
  `${BASE}/user/${MASK}/${SHOP}/main`,
  `${BASE}/user/*/${SHOP}/main`,
  `${BASE}/user/*/${SHOP}/release/*`,
  `${BASE}/user/${MASK}/${SHOP}/*`,
  `${BASE}/user/${MASK}/vcs-origin/github.com/acme*/vcs-ref/refs/heads/main`,
  `${BASE}/user/${MASK}/vcs-origin/github.com/acme/*/vcs-ref/refs/heads/main`,
  `${BASE}*`,
  `org/${ORG}/project/*/user/*/${SHOP}/main`,
  `org/${ORG}/project/*`,
  `org/${ORG}/*`,
  `org/*/project/${PROJECT}/user/*`,
  `org/${ORG}/project/aaaaaaaa-*/user/*`,
  `org/${ORG}/file-streaming/audit-logs`,
  `*/vcs-ref/refs/heads/main`,
  `*/vcs-ref/*/vcs-ref/*`,
  `*`,
  `org/${ORG.toUpperCase()}/project/${PROJECT}/user/*`,
  `org/\${${AUD}}/project/${PROJECT}/user/*`,
  `org/<org-id>/project/<project-id>/user/*`,
];

const subject = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...subjects) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...subjects), { minLength: 1, maxLength: 4 }) },
);

const line: fc.Arbitrary<Line> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom<Line>(
      ["StringEquals", AUD, ORG],
      ["StringEquals", AUD, ORG],
      ["StringLike", AUD, "*"],
      ["StringLike", AUD, [ORG, "*"]],
      ["StringEquals", AUD, "sts.amazonaws.com"],
      ["ForAllValues:StringEquals", AUD, ORG],
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Line>(
      ["StringEquals", PROJECT_ID, PROJECT],
      ["StringEquals", PROJECT_ID, [PROJECT, OTHER_PROJECT]],
      ["StringEqualsIfExists", PROJECT_ID, PROJECT],
      ["ForAllValues:StringEquals", PROJECT_ID, PROJECT],
      ["ForAnyValue:StringEquals", PROJECT_ID, PROJECT],
      ["StringNotEquals", PROJECT_ID, OTHER_PROJECT],
      ["ForAnyValue:StringNotEquals", PROJECT_ID, OTHER_PROJECT],
      ["StringLike", PROJECT_ID, "aaaa*"],
      ["StringLike", PROJECT_ID, "*"],
      ["StringLike", PROJECT_ID, [PROJECT, "*"]],
      ["ForAllValues:StringEquals", `${ISSUER}:absent`, []],
      ["Null", PROJECT_ID, "false"],
      ["Null", PROJECT_ID, "true"],
      ["ForAllValues:StringEquals", `${ISSUER}:project-id`, PROJECT],
      ["StringEqualsIfExists", `${ISSUER}:oidc.circleci.com/project_id`, PROJECT],
      ["StringEquals", `${ISSUER}:oidc.circleci.com/context-ids`, "x"],
      ["StringNotEquals", `${ISSUER}:oidc.circleci.com/ssh-rerun`, "true"],
      ["Bool", `${ISSUER}:oidc.circleci.com/ssh-rerun`, "false"],
      ["StringEquals", `oidc.circleci.com/org/${OTHER_PROJECT}:aud`, "x"],
      ["StringLike", "sts:RoleSessionName", "ci-*"],
    ),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          "StringLike",
          "StringLike",
          "StringLike",
          "StringEquals",
          "StringNotLike",
          "StringLikeIfExists",
          "ForAllValues:StringLike",
          "ForAnyValue:StringLike",
          "StringEqualsIgnoreCase",
        ),
        subject,
      )
      .map(([operator, value]): Line => [operator, SUB, value]),
  },
);

const condition = fc.array(line, { minLength: 0, maxLength: 4 }).map((lines) => {
  const block: Record<string, Record<string, unknown>> = {};
  for (const [operator, key, value] of lines) block[operator] = { ...block[operator], [key]: value };
  return block;
});

const action = fc.constantFrom<Readonly<Record<string, unknown>>>(
  { Action: "sts:AssumeRoleWithWebIdentity" },
  { Action: "sts:AssumeRoleWithWebIdentity" },
  { Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"] },
  { Action: "sts:AssumeRole*" },
  { Action: ["sts:AssumeRoleWith*", "sts:TagSession"] },
  { NotAction: "sts:AssumeRole" },
);

const principal = fc.constantFrom<unknown>(
  { Federated: PROVIDER },
  { Federated: PROVIDER },
  { Federated: PROVIDER },
  { Federated: [PROVIDER], AWS: ["AROAEXAMPLEEXAMPLE1", "arn:aws:iam::111122223333:role/hub"] },
);

const statement = (effect: "Allow" | "Deny") =>
  fc.record({ condition, action, principal }).map(({ condition, action, principal }) => ({
    Effect: effect,
    Principal: principal,
    ...action,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  }));

/** Trust policies for CircleCI as people get them right and wrong, as text in any layout. */
export const lintablePolicies: fc.Arbitrary<string> = fc
  .record({
    version: fc.constantFrom("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", undefined),
    allows: fc.array(statement("Allow"), { minLength: 1, maxLength: 2 }),
    denies: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(statement("Deny"), { minLength: 1, maxLength: 1 }) },
    ),
    indent: fc.constantFrom(0, 2),
    isList: fc.boolean(),
  })
  .map(({ version, allows, denies, indent, isList }) => {
    const statements = [...allows, ...denies];
    const document = {
      ...(version === undefined ? {} : { Version: version }),
      Statement: statements.length === 1 && !isList ? statements[0] : statements,
    };
    return JSON.stringify(document, undefined, indent);
  });
