import * as fc from "fast-check";
import { OPERATORS } from "../../../src/core/trust/operators.ts";
import { jobClaims, type JobTrigger, type TokenClaims } from "../../../src/core/trust/index.ts";
import {
  ACCOUNT,
  ACTION,
  AUD,
  ISSUER,
  job,
  NOW,
  ORG,
  OTHER_PROJECT,
  PROJECT,
  PROJECT_ID,
  PROVIDER,
  SUB,
  USER,
} from "./fixtures.ts";

const MASK = "????????-????-????-????-????????????";
const BASE = `org/${ORG}/project/${PROJECT}`;
const SHOP = "vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main";

/** Names that a branch can have, some of them chosen to look like another branch. */
const branch = fc.oneof(
  { weight: 4, arbitrary: fc.constant("main") },
  { weight: 2, arbitrary: fc.constantFrom("feature/a", "Main", `x/${SHOP}`, "${aws:username}", "a/../main") },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom("a", "*", "?", "$", "{", "}", "/", ":", "'"),
      maxLength: 8,
    }),
  },
);

const trigger: fc.Arbitrary<JobTrigger> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom("github.com/acme/shop", "github.com/acme/shop", "github.com/eve/shop"), branch)
      .map(([repository, name]) => ({
        kind: "vcs" as const,
        repository,
        ref: { kind: "branch" as const, name },
      })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<JobTrigger>(
      { kind: "vcs", repository: "github.com/eve/shop", ref: { kind: "pull", number: 7 } },
      { kind: "vcs", repository: "github.com/acme/shop", ref: { kind: "tag", name: "v1" } },
    ),
  },
  { weight: 1, arbitrary: fc.constant<JobTrigger>({ kind: "webhook" }) },
);

const often = <T>(usual: T, ...rare: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(usual, ...rare) },
  );

/** Claims of tokens as CircleCI makes them, and of some it does not. */
export const claims: fc.Arbitrary<TokenClaims> = fc
  .record({
    trigger,
    token: fc.constantFrom("V1" as const, "V2" as const, "V2" as const),
    projectId: often(PROJECT, OTHER_PROJECT),
    audience: often<string | readonly string[]>(ORG, "deploy", "unknown", [ORG], [ORG, "deploy"]),
    issuedAt: often(NOW - 60, NOW - 3600 - 301, NOW - 3600 - 200, NOW + 200, NOW + 400),
    sshRerun: fc.boolean(),
    extra: often<TokenClaims>(
      {},
      { azp: "deploy" },
      { amr: ["mfa"] },
      { amr: ["mfa", "pwd"] },
      { sub: "" },
      { aud: undefined },
    ),
  })
  .map(({ extra, ...change }) => ({ ...jobClaims({ ...job, ...change }), ...extra }));

const KEYS = [
  AUD,
  SUB,
  PROJECT_ID,
  `${ISSUER}:amr`,
  `${ISSUER}:oidc.circleci.com/vcs-ref`,
  `${ISSUER}:oidc.circleci.com/context-ids`,
  SUB.toUpperCase(),
  "aws:SecureTransport",
  "aws:CurrentTime",
  "aws:EpochTime",
  "aws:FederatedProvider",
  "sts:RoleSessionName",
  "sts:ExternalId",
  "aws:SourceIp",
] as const;

const VALUES: Readonly<Record<string, readonly string[]>> = {
  [AUD]: [ORG, ORG, ORG.toUpperCase(), "deploy", "*", `\${${AUD}}`],
  [SUB]: [
    `${BASE}/user/*`,
    `${BASE}/user/${MASK}/${SHOP}`,
    `${BASE}/user/*/${SHOP}`,
    `${BASE}/user/${USER}/${SHOP}`,
    `org/${ORG}/*`,
    "*",
    "*/vcs-ref/refs/pull/*",
    `org/\${${AUD}}/project/\${${PROJECT_ID}}/*`,
    `\${${ISSUER}:none, '${BASE}'}/*`,
    "${*}",
    "",
  ],
  [PROJECT_ID]: [PROJECT, PROJECT, OTHER_PROJECT, PROJECT.toUpperCase(), "aaaa*"],
  [`${ISSUER}:amr`]: ["mfa", "pwd", "otp", "m*"],
  "aws:SecureTransport": ["true", "false"],
  "aws:CurrentTime": ["2030-01-01T00:00:00Z", "2020-01-01", String(NOW), String(NOW + 100)],
  "aws:EpochTime": [String(NOW), "2020-01-01T00:00:00Z", "5000000000"],
  "aws:FederatedProvider": [PROVIDER, `arn:aws:iam::*:oidc-provider/*`, `arn:aws:iam::${ACCOUNT}:role/*`],
  "sts:RoleSessionName": ["ci-build", "ci-*", "ci-build?", "other"],
  "aws:SourceIp": ["127.0.0.0/8", "10.0.0.0/8", "127.0.0.1"],
};

const OPERATORS_OF: Readonly<Record<string, readonly string[]>> = {
  "aws:SecureTransport": ["Bool"],
  "aws:CurrentTime": ["Date"],
  "aws:EpochTime": ["Date", "Numeric"],
  "aws:FederatedProvider": ["Arn", "String"],
  "aws:SourceIp": ["IpAddress", "NotIpAddress"],
};

/** Operators that suit a key, seldom one that does not, and seldom none that exists. */
function operator(key: string): fc.Arbitrary<string> {
  const families = OPERATORS_OF[key] ?? ["String"];
  const fitting = Object.keys(OPERATORS).filter((name) => families.some((family) => name.startsWith(family)));
  const name = fc.oneof(
    { weight: 18, arbitrary: fc.constantFrom(...fitting) },
    { weight: 3, arbitrary: fc.constant("Null") },
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(OPERATORS)) },
  );
  const prefix = fc.constantFrom("", "", "", "", "", "", "ForAllValues:", "ForAnyValue:");
  const built = fc
    .tuple(prefix, name, often("", "IfExists"))
    .map((parts) => (parts[1] === "Null" ? "Null" : parts.join("")));
  return fc.oneof(
    { weight: 120, arbitrary: built },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "stringEquals",
        "StringEqual",
        "NullIfExists",
        "ForAnyValue:Null",
        "ForSomeValues:Bool",
      ),
    },
  );
}

const values = (key: string, name: string): fc.Arbitrary<unknown> => {
  const one = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.constantFrom(
        ...(name.includes("Null") ? ["true", "false"] : (VALUES[key] ?? ["a", "*"])),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.string({ unit: fc.constantFrom("a", "*", "?", "$", "{", "}", "/", ":"), maxLength: 6 }),
    },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(true, 7, "true") },
  );
  return fc.oneof(
    { weight: 60, arbitrary: one },
    { weight: 30, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>([], null, {}) },
  );
};

const line = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(AUD, SUB, PROJECT_ID) },
    { weight: 2, arbitrary: fc.constantFrom(...KEYS) },
  )
  .chain((key) =>
    operator(key).chain((name) => values(key, name).map((value) => [name, key, value] as const)),
  );

const condition = fc.array(line, { maxLength: 3 }).map((lines) => {
  const block: Record<string, Record<string, unknown>> = {};
  for (const [name, key, value] of lines) block[name] = { ...block[name], [key]: value };
  return block;
});

const principal = often<unknown>(
  { Federated: PROVIDER },
  { Federated: [PROVIDER, "accounts.google.com"] },
  { Federated: PROVIDER.toLowerCase() },
  { Federated: PROVIDER.replace(ORG, OTHER_PROJECT) },
  { Federated: PROVIDER.replace(ORG, ORG.toUpperCase()) },
  { AWS: "*" },
  { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  { Federated: ISSUER },
  { federated: PROVIDER },
  "*",
  {},
);

const action = often<Readonly<Record<string, unknown>>>(
  { Action: ACTION },
  { Action: [ACTION, "sts:TagSession"] },
  { Action: "STS:assumerolewithwebidentity" },
  { Action: "sts:AssumeRoleWith*" },
  { Action: "sts:AssumeRole" },
  { Action: "sts:AssumeRoleWithWebIdentit?" },
  { NotAction: "sts:AssumeRole" },
  { NotAction: ["sts:AssumeRole*"] },
  { Action: "sts:*" },
  { Action: "*" },
  {},
);

const statement = (effect: fc.Arbitrary<string>): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc
    .record({
      Effect: effect,
      Principal: principal,
      action,
      Condition: condition,
      more: fc.oneof(
        { weight: 120, arbitrary: fc.constant({}) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            { Resource: "*" },
            { NotResource: "*" },
            { Comment: "" },
            { NotPrincipal: { AWS: "*" } },
          ),
        },
      ),
    })
    .map(({ action, more, ...rest }) => ({ ...rest, ...action, ...more }));

/** Trust policies as people write them, right, wrong and strange. */
export const policies: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .record({
    Version: often<string | undefined>("2012-10-17", "2008-10-17", undefined, "2012-10-18"),
    allows: fc.array(statement(often("Allow", "Allow", "allow")), { minLength: 1, maxLength: 3 }),
    denies: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(statement(fc.constant("Deny")), { minLength: 1, maxLength: 1 }) },
    ),
  })
  .map(({ Version, allows, denies }) => ({
    ...(Version === undefined ? {} : { Version }),
    Statement: [...denies, ...allows],
  }));
