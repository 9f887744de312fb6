import { blueprint, RUN_TAG } from "../../../src/core/blueprint/index.ts";
import { restoration } from "../../../src/core/drift/index.ts";
import type { Observation, Observations } from "../../../src/core/plan/index.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { applied, compare, differencesOf, rich } from "./driftWorld.ts";
import { OTHER_PROJECT, elsewhere, statementOf, trusting } from "./planSeen.ts";
import { RUN } from "./setup.ts";

export const ROLE = "hub/role/circleci-oidc";
export const PROVIDER = "hub/oidc-provider";
export const POLICY = "hub/policy/deploy";
export const ATTACHMENT = "hub/attachment/deploy";
export const theirs = {
  Sid: "Theirs",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/x" },
  Action: "sts:AssumeRole",
};
export const changedStatement = { ...statementOf(rich), Condition: {} };

export type World = (observed: Observations) => Observations;

export const absent = (...addresses: readonly string[]): World => {
  const gone = Object.fromEntries(addresses.map((one): [string, Observation] => [one, { state: "absent" }]));
  return (observed) => ({ ...observed, ...gone });
};
export const set =
  (address: string, changes: object): World =>
  (observed) => {
    const found = observed[address];
    if (found?.state !== "present") throw new Error(`no ${address}`);
    return { ...observed, [address]: { state: "present", resource: { ...found.resource, ...changes } } };
  };
const tagsOf = (address: string): Readonly<Record<string, string>> => {
  const resource = blueprint(rich, RUN).find((one) => one.address === address);
  return resource !== undefined && "tags" in resource ? resource.tags : {};
};
export const without = (address: string, key: string): object => {
  const { [key]: _, ...tags } = tagsOf(address);
  return { tags };
};
const attachedBut = (arn: string): readonly string[] => {
  const role = applied(rich)[ROLE];
  if (role?.state !== "present" || role.resource.kind !== "Role") throw new Error("no role");
  return role.resource.attachedPolicies.filter((one) => one !== arn);
};
export const detached: World = (observed) =>
  absent(ATTACHMENT)(
    set(ROLE, { attachedPolicies: attachedBut("arn:aws:iam::111122223333:policy/deploy") })(observed),
  );
export const roleGone = absent(ROLE, ATTACHMENT, "hub/attachment/circleci-oidc/aws/ReadOnlyAccess");
const readOnly = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111122223333:policy/deploy"];

/** Each with what is said of it, and whether restoring brings it back. */
export const CHANGES: readonly (readonly [name: string, change: World, says: string, restored: boolean])[] = [
  ["the provider is gone", absent(PROVIDER), "drift.missing", true],
  ["the role is gone", roleGone, "drift.missing", true],
  ["a policy is detached", detached, "drift.missing.attachment", true],
  ["an audience is gone", set(PROVIDER, { clientIds: [rich.audience] }), "drift.audience.missing", true],
  [
    "another audience",
    set(PROVIDER, { clientIds: [rich.audience, "deploy", "x"] }),
    "drift.audience.extra",
    false,
  ],
  [
    "another thumbprint in its place",
    set(PROVIDER, { thumbprints: ["b".repeat(40)] }),
    "drift.thumbprint.missing",
    true,
  ],
  [
    "a thumbprint more",
    set(PROVIDER, { thumbprints: ["a".repeat(40), "b".repeat(40)] }),
    "drift.thumbprint.extra",
    false,
  ],
  ["all thumbprints are gone", set(PROVIDER, { thumbprints: [] }), "drift.thumbprint.missing", false],
  ["the statement is gone", set(ROLE, trusting(theirs)), "drift.trust.missing", true],
  ["the statement was changed", set(ROLE, trusting(changedStatement)), "drift.trust.changed", true],
  ["another statement", set(ROLE, trusting(statementOf(rich), theirs)), "drift.trust.extra", false],
  [
    "a statement of another project",
    set(ROLE, trusting(statementOf(rich), statementOf({ ...rich, projectId: OTHER_PROJECT }))),
    "drift.trust.shared",
    false,
  ],
  ["another Sid", set(ROLE, trusting({ ...statementOf(rich), Sid: "Mine" })), "drift.trust.else", false],
  ["a trust policy that is none", set(ROLE, { trust: "?", trustText: "?" }), "drift.trust.missing", false],
  ["a longer session", set(ROLE, { maxSessionSeconds: 43_200 }), "drift.session", true],
  [
    "another boundary",
    set(ROLE, { permissionsBoundary: "arn:aws:iam::111122223333:policy/b" }),
    "drift.boundary.changed",
    true,
  ],
  ["no boundary", set(ROLE, { permissionsBoundary: undefined }), "drift.boundary.missing", true],
  ["another description", set(ROLE, { description: "mine" }), "drift.description", true],
  [
    "another policy attached",
    set(ROLE, { attachedPolicies: [...readOnly, "arn:aws:iam::aws:policy/PowerUserAccess"] }),
    "drift.attached.extra",
    false,
  ],
  ["an inline policy", set(ROLE, { inlinePolicies: ["deploy"] }), "drift.inline.extra", false],
  [
    "another document",
    set(POLICY, { document: { Version: "2012-10-17", Statement: [] } }),
    "drift.document",
    true,
  ],
  ["another path", set(ROLE, { arn: "arn:aws:iam::111122223333:role/x/circleci-oidc" }), "drift.arn", false],
  ...[PROVIDER, ROLE, POLICY].flatMap((address) => [
    [
      `a tag of ${address} is gone`,
      set(address, without(address, "team")),
      "drift.tag.missing",
      true,
    ] as const,
    [
      `a name of ${address}`,
      set(address, { tags: { ...tagsOf(address), Name: "x" } }),
      "drift.tag.changed",
      true,
    ] as const,
    [`the run of ${address}`, set(address, without(address, RUN_TAG)), "drift.tag.missing", false] as const,
    [`our tag of ${address}`, set(address, without(address, "managed-by")), "drift.notOurs", false] as const,
    [
      `the setup of ${address}`,
      set(address, { tags: { ...tagsOf(address), ...elsewhere } }),
      "drift.notOurs",
      false,
    ] as const,
  ]),
];

/** Everything that is chosen, of what is observed. */
export const everything = (setup: Setup, observed: Observations) => {
  const compared = compare(setup, observed);
  return { compared, restored: restoration(compared, new Set(differencesOf(compared))) };
};
