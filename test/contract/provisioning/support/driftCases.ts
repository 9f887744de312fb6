import * as iam from "@aws-sdk/client-iam";
import { setup } from "./setup.ts";

export const HUB = setup.hub.accountId;
export const SUB = setup.subAccounts[0]?.accountId ?? "";
const PROVIDER = `arn:aws:iam::${HUB}:oidc-provider/oidc.circleci.com/org/${setup.organizationId}`;
export const POLICY = `arn:aws:iam::${HUB}:policy/circleci-oidc-assume-sub-accounts`;
export const RoleName = "circleci-oidc";
export const document = (statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
export const Bucket = document({ Action: "s3:GetObject", Resource: "*" });
export const Theirs = {
  Sid: "Theirs",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${HUB}:root` },
  Action: "sts:AssumeRole",
};

type Send = (client: iam.IAMClient) => Promise<unknown>;
type Case = readonly [name: string, account: string, behind: Send, says: readonly string[]];

export async function trustOf(client: iam.IAMClient): Promise<{ Version: string; Statement: object[] }> {
  const { Role } = await client.send(new iam.GetRoleCommand({ RoleName }));
  return JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));
}
export const trust = async (
  client: iam.IAMClient,
  change: (statements: object[]) => object[],
): Promise<void> => {
  const policy = await trustOf(client);
  const PolicyDocument = JSON.stringify({ ...policy, Statement: change(policy.Statement) });
  await client.send(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
};
export async function deleteRole(
  client: iam.IAMClient,
  name: string,
  ...policies: readonly string[]
): Promise<void> {
  for (const PolicyArn of policies)
    await client.send(new iam.DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
  await client.send(new iam.DeleteRoleCommand({ RoleName: name }));
}

/** What is brought back, to the byte but for IDs, times and versions. */
export const RESTORED: readonly Case[] = [
  ["a deleted sub-account role", SUB, (client) => deleteRole(client, "circleci-deploy"), ["drift.missing"]],
  [
    "a deleted provider",
    HUB,
    (client) =>
      client.send(new iam.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: PROVIDER })),
    ["drift.missing"],
  ],
  [
    "a detached and deleted policy",
    HUB,
    async (client) => {
      await client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: POLICY }));
      await client.send(new iam.DeletePolicyCommand({ PolicyArn: POLICY }));
    },
    ["drift.missing", "drift.missing.attachment"],
  ],
  [
    "a detached policy",
    HUB,
    (client) => client.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn: POLICY })),
    ["drift.missing.attachment"],
  ],
  [
    "the deleted hub role, which the other roles do not know again",
    HUB,
    (client) => deleteRole(client, RoleName, POLICY),
    [
      "drift.missing",
      "drift.missing.attachment",
      "drift.trust.deleted",
      "drift.trust.deleted",
      "drift.trust.deleted",
    ],
  ],
  [
    "a statement that was widened",
    HUB,
    (client) => trust(client, ([first]) => [{ ...first, Condition: {} }]),
    ["drift.trust.changed"],
  ],
  [
    "a longer session",
    HUB,
    (client) => client.send(new iam.UpdateRoleCommand({ RoleName, MaxSessionDuration: 43_200 })),
    ["drift.session"],
  ],
  [
    "a policy that allows more",
    HUB,
    (client) =>
      client.send(
        new iam.CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: Bucket, SetAsDefault: true }),
      ),
    ["drift.document"],
  ],
  [
    "an audience that was taken away",
    HUB,
    async (client) => {
      const OpenIDConnectProviderArn = PROVIDER;
      await client.send(
        new iam.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: "x" }),
      );
      for (const ClientID of [setup.audience, "x"])
        await client.send(
          new iam.RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }),
        );
    },
    ["drift.audience.missing"],
  ],
  [
    "a tag",
    HUB,
    (client) => client.send(new iam.TagRoleCommand({ RoleName, Tags: [{ Key: "Name", Value: "mine" }] })),
    ["drift.tag.changed"],
  ],
  [
    "a description",
    HUB,
    (client) =>
      client.send(new iam.UpdateRoleCommand({ RoleName, Description: "mine", MaxSessionDuration: 3600 })),
    ["drift.description"],
  ],
  [
    "a tag of the policy and one of the provider that were taken away",
    HUB,
    async (client) => {
      await client.send(new iam.UntagPolicyCommand({ PolicyArn: POLICY, TagKeys: ["Name"] }));
      const OpenIDConnectProviderArn = PROVIDER;
      const TagKeys = ["Name"];
      await client.send(new iam.UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys }));
    },
    ["drift.tag.missing", "drift.tag.missing"],
  ],
];

/** What stays as it is found: shown, with a command. */
export const SHOWN: readonly Case[] = [
  [
    "an attached policy",
    HUB,
    (client) =>
      client.send(
        new iam.AttachRolePolicyCommand({
          RoleName,
          PolicyArn: `arn:aws:iam::${HUB}:policy/circleci-oidc-2-assume-sub-accounts`,
        }),
      ),
    ["drift.attached.extra"],
  ],
  [
    "an inline policy",
    HUB,
    (client) =>
      client.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: "deploy", PolicyDocument: Bucket })),
    ["drift.inline.extra"],
  ],
  [
    "a statement of others",
    HUB,
    (client) => trust(client, (statements) => [...statements, Theirs]),
    ["drift.trust.extra"],
  ],
  [
    "a boundary",
    HUB,
    (client) =>
      client.send(
        new iam.PutRolePermissionsBoundaryCommand({
          RoleName,
          PermissionsBoundary: `arn:aws:iam::${HUB}:policy/circleci-oidc-2-assume-sub-accounts`,
        }),
      ),
    ["drift.boundary.extra"],
  ],
  [
    "an audience",
    HUB,
    (client) =>
      client.send(
        new iam.AddClientIDToOpenIDConnectProviderCommand({
          OpenIDConnectProviderArn: PROVIDER,
          ClientID: "x",
        }),
      ),
    ["drift.audience.extra"],
  ],
  [
    "a thumbprint",
    HUB,
    (client) =>
      client.send(
        new iam.UpdateOpenIDConnectProviderThumbprintCommand({
          OpenIDConnectProviderArn: PROVIDER,
          ThumbprintList: [setup.thumbprint ?? "", "b".repeat(40)],
        }),
      ),
    ["drift.thumbprint.extra"],
  ],
];
