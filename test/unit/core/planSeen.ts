import { blueprint, SETUP_TAG, type Role } from "../../../src/core/blueprint/index.ts";
import {
  plan,
  type Change,
  type Observation,
  type Observations,
  type ObservedResource,
} from "../../../src/core/plan/index.ts";
import type { Setup } from "../../../src/core/setup.ts";
import { asCreated } from "./observations.ts";
import { RUN, setupOf } from "./setup.ts";

export const HUB = "hub/role/circleci-oidc";
export const OTHER_PROJECT = "99999999-8888-4777-8666-555555555555";
export const simple = setupOf({ subAccounts: [] });

export type RoleSeen = Extract<ObservedResource, { kind: "Role" }>;

/** Everything of a setup exists as wanted, but for changes by address. */
export function seen(setup: Setup, changes: Readonly<Record<string, object>> = {}): Observations {
  return Object.fromEntries(
    blueprint(setup, RUN).map((resource): [string, Observation] => [
      resource.address,
      { state: "present", resource: { ...asCreated(resource), ...changes[resource.address] } },
    ]),
  );
}

export function changeAt(address: string, setup: Setup, observed: Observations): Change {
  const change = plan(blueprint(setup, RUN), observed).find((one) => one.resource.address === address);
  if (change === undefined) throw new Error(`no ${address}`);
  return change;
}

export function roleOf(setup: Setup, address = HUB): Role {
  const role = blueprint(setup, RUN).find((one) => one.address === address);
  if (role?.kind !== "Role") throw new Error("no role");
  return role;
}

/** Changes of a role that make its trust policy another one. */
export function trusting(...statements: readonly object[]): Pick<RoleSeen, "trust" | "trustText"> {
  const trust = { Version: "2012-10-17", Statement: statements };
  return { trust, trustText: JSON.stringify(trust, undefined, 2) };
}

export const statementOf = (setup: Setup, address = HUB): object => {
  const [statement] = roleOf(setup, address).trust.Statement;
  if (statement === undefined) throw new Error("no statement");
  return statement;
};

export const elsewhere = {
  "managed-by": "circleci-aws-oidc",
  [SETUP_TAG]: "00000000-0000-4000-8000-0000000000ff",
};
