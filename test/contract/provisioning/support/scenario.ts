import * as iam from "@aws-sdk/client-iam";
import { blueprint, hubRoleArn, SETUP_TAG, type Resource } from "../../../../src/core/blueprint/index.ts";
import {
  attachmentRequest,
  policyRequest,
  providerRequest,
  roleRequest,
} from "../../../../src/core/blueprint/request.ts";
import { buildSubAccountTrust } from "../../../../src/core/trust/build.ts";
import type { Setup } from "../../../../src/core/setup.ts";
import { setup } from "./setup.ts";

/** What is in the accounts before a run, and what the run is to bring about. */
export type Scenario = {
  readonly name: "nothing" | "existing" | "full";
  readonly setup: Setup;
  /** Whether a version of a policy makes room, which is put back under a new number. */
  readonly renumbers?: boolean;
  /** Makes what is there before, with a client of each account. */
  readonly prepare: (client: (accountId: string) => iam.IAMClient) => Promise<void>;
};

/** Nothing of it is there: everything is created. */
export const nothing: Scenario = { name: "nothing", setup, prepare: () => Promise.resolve() };

const EARLIER_RUN = "00000000-0000-4000-8000-0000000000e0";
const OTHER_ID = "00000000-0000-4000-8000-0000000000ff";
export const OTHER_AUDIENCE = "sts.amazonaws.com";
export const OTHER_PROJECT = "99999999-8888-4777-8666-555555555555";
const OTHER_THUMBPRINT = "a".repeat(40);

const [first, second, third] = setup.subAccounts;
if (first === undefined || second === undefined || third === undefined) throw new Error("Three are needed.");

/** The other project of the same organization that the hub was set up for. */
export const otherSetup: Setup = {
  ...setup,
  id: OTHER_ID,
  projectId: OTHER_PROJECT,
  audience: OTHER_AUDIENCE,
  thumbprint: OTHER_THUMBPRINT,
  subAccounts: [],
};

const bucket = { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::acme" };
const document = { Version: "2012-10-17", Statement: [bucket] } as const;
const permissions = [{ kind: "document", name: "circleci-deploy-buckets", document }] as const;
/** What an earlier run of the same setup made: fewer sub-accounts, shorter sessions, and a policy that is not wanted now. */
const earlierSetup: Setup = { ...setup, subAccounts: [second, { ...third, permissions }] };

/**
 * The provider and the hub role are another project's. One sub-account's role was made by hand, with a statement of its
 * own; another one is of an earlier run, with a shorter session, another description, a tag less and a policy too much, as is the
 * hub's policy.
 * The rest is created.
 */
export const existing: Scenario = {
  name: "existing",
  setup: { ...setup, subAccounts: [first, second, { ...third, maxSessionSeconds: 7200 }] },
  prepare: async (client) => {
    const hub = client(setup.hub.accountId);
    for (const resource of blueprint(otherSetup, "another run")) await create(hub, resource);
    const inline = { RoleName: setup.hub.roleName, PolicyName: "theirs", PolicyDocument: theirs };
    await hub.send(new iam.PutRolePolicyCommand(inline));
    for (const resource of blueprint(earlierSetup, EARLIER_RUN)) {
      if (resource.kind === "ManagedPolicy" && resource.account === setup.hub.accountId)
        await create(hub, resource);
      if (resource.account === third.accountId) await create(client(third.accountId), resource);
    }
    const { roleName: RoleName, maxSessionSeconds: MaxSessionDuration } = third;
    const earlier = { RoleName, Description: "Deploys.", MaxSessionDuration };
    await client(third.accountId).send(new iam.UpdateRoleCommand(earlier));
    await client(third.accountId).send(new iam.UntagRoleCommand({ RoleName, TagKeys: ["Name"] }));
    await client(first.accountId).send(
      new iam.CreateRoleCommand({
        RoleName: first.roleName,
        AssumeRolePolicyDocument: byHand(first.accountId),
        MaxSessionDuration: 10_800,
        Tags: [{ Key: "team", Value: "platform" }],
      }),
    );
  },
};

/** The ARN of the policy of the hub that leads to the sub-accounts. */
export const POLICY_ARN = `arn:aws:iam::${setup.hub.accountId}:policy/${setup.hub.roleName}-assume-sub-accounts`;

/** The same, where the policy of the earlier run has as many versions as IAM keeps. */
export const full: Scenario = {
  ...existing,
  name: "full",
  renumbers: true,
  prepare: async (client) => {
    await existing.prepare(client);
    const hub = client(setup.hub.accountId);
    for (const n of [2, 3, 4, 5]) {
      const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::b${n}/*` };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      await hub.send(
        new iam.CreatePolicyVersionCommand({ PolicyArn: POLICY_ARN, PolicyDocument, SetAsDefault: false }),
      );
    }
  },
};

const theirs = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
});

/** As people write it: white space, a single statement that is no list, names in an order of their own. */
function byHand(account: string): string {
  const statement = {
    Sid: "Operators",
    Action: "sts:AssumeRole",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Effect: "Allow",
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: statement }, undefined, 4);
}

/** Creates a resource without the product's adapter; its policies are pretty-printed. */
async function create(client: iam.IAMClient, resource: Resource): Promise<void> {
  const pretty = (document: unknown): string => JSON.stringify(document, undefined, 2);
  switch (resource.kind) {
    case "OidcProvider":
      await client.send(new iam.CreateOpenIDConnectProviderCommand(providerRequest(resource)));
      return;
    case "Role": {
      const AssumeRolePolicyDocument = pretty(resource.trust);
      await client.send(new iam.CreateRoleCommand({ ...roleRequest(resource), AssumeRolePolicyDocument }));
      return;
    }
    case "ManagedPolicy": {
      const PolicyDocument = pretty(resource.document);
      await client.send(new iam.CreatePolicyCommand({ ...policyRequest(resource), PolicyDocument }));
      return;
    }
    case "PolicyAttachment":
      await client.send(new iam.AttachRolePolicyCommand(attachmentRequest(resource)));
  }
}

/** The statements that the setup puts into trust policies, as IAM shows them. */
export function ownStatements({ setup: wanted }: Scenario): readonly unknown[] {
  const federated = blueprint(wanted, "").flatMap((one) => (one.kind === "Role" ? one.trust.Statement : []));
  return [...federated, ...buildSubAccountTrust(hubRoleArn(wanted)).Statement];
}

/** The tag that says whose something is. */
export const isOf =
  (wanted: Setup) =>
  (tags: Readonly<Record<string, string>>): boolean =>
    tags[SETUP_TAG] === wanted.id;
