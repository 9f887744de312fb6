import { blueprint, type Resource } from "../../../src/core/blueprint/index.ts";
import { compareSetup, type Compared, type Difference, type Origin } from "../../../src/core/drift/index.ts";
import { edited } from "../../../src/core/plan/editState.ts";
import {
  isApplicable,
  plan,
  targetKey,
  type Change,
  type Observation,
  type Observations,
  type ObservedResource,
} from "../../../src/core/plan/index.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { asCreated } from "./observations.ts";
import { RUN, setupOf } from "./setup.ts";

/** A hub with a policy of its own and one of AWS's, a boundary, a longer session, tags and a thumbprint. */
export const rich: Setup = setupOf({
  subAccounts: [],
  extraAudiences: ["deploy"],
  thumbprint: "a".repeat(40),
  tags: { team: "web" },
  hub: {
    accountId: "111122223333",
    profile: "hub",
    roleName: "circleci-oidc",
    maxSessionSeconds: 7200,
    boundary: { name: "limit", path: "/" },
    permissions: [
      {
        kind: "document",
        name: "deploy",
        document: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] },
      },
      { kind: "existing", arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    ],
  },
});

/** What the next run would make of a setup: everything but its ID is the same. */
export const LATER = "00000000-0000-4000-8000-00000000000b";

export const originOf = (setup: Setup): Origin => ({
  setupId: setup.id,
  made: new Set(blueprint(setup, RUN).map(targetKey)),
});

/** What is observed of a setup right after it was applied. */
export function applied(setup: Setup, resources: readonly Resource[] = blueprint(setup, RUN)): Observations {
  return Object.fromEntries(
    resources.map((resource): [string, Observation] => [
      resource.address,
      { state: "present", resource: asApplied(resource, resources) },
    ]),
  );
}

function asApplied(resource: Resource, resources: readonly Resource[]): ObservedResource {
  const created = asCreated(resource);
  if (resource.kind !== "Role" || created.kind !== "Role") return created;
  const attachedPolicies = resources.flatMap((other) =>
    other.kind === "PolicyAttachment" &&
    other.account === resource.account &&
    other.roleName === resource.name
      ? [other.policyArn]
      : [],
  );
  return { ...created, description: resource.description, attachedPolicies };
}

export function compare(setup: Setup, observed: Observations, origin = originOf(setup)): readonly Compared[] {
  return compareSetup(plan(blueprint(setup, LATER), observed), observed, origin);
}

export const differencesOf = (compared: readonly Compared[]): readonly Difference[] =>
  compared.flatMap(({ differences }) => differences);

export const idsOf = (compared: readonly Compared[]): readonly string[] =>
  differencesOf(compared).map(({ says }) => says.id);

/** What is observed after changes were applied, as AWS would show it. */
export function after(
  observed: Observations,
  changes: readonly Change[],
  consents: ReadonlySet<string>,
): Observations {
  if (!isApplicable(changes, consents)) throw new Error("not applicable");
  let next: Observations = observed;
  for (const change of changes) {
    const { resource } = change;
    if (change.action === "update") {
      const made = change.edits.reduce<ObservedResource>(edited, change.existing);
      next = { ...next, [resource.address]: { state: "present", resource: made } };
    } else if (change.action === "create") {
      const made = asCreated(resource);
      const described =
        made.kind === "Role" && resource.kind === "Role"
          ? { ...made, description: resource.description }
          : made;
      next = { ...next, [resource.address]: { state: "present", resource: described } };
      if (resource.kind === "PolicyAttachment") next = attaching(next, resource);
    }
  }
  return next;
}

function attaching(
  observed: Observations,
  attachment: Extract<Resource, { kind: "PolicyAttachment" }>,
): Observations {
  const address = attachment.needs.find((need) => need.includes("/role/")) ?? "";
  const role = observed[address];
  if (role?.state !== "present" || role.resource.kind !== "Role") throw new Error("no role");
  const attachedPolicies = [...role.resource.attachedPolicies, attachment.policyArn];
  return { ...observed, [address]: { state: "present", resource: { ...role.resource, attachedPolicies } } };
}
