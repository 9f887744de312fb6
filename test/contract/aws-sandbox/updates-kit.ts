import * as aws from "@aws-sdk/client-iam";
import { DEFAULT_ACCOUNTS } from "../../support/aws-sandbox/index.ts";
import { HUB, ISSUER, ORG, PROVIDER, awsTrust, iam, policy, startKit } from "./kit.ts";
import type { Keys, Kit } from "./kit.ts";

/** May do nothing in IAM. */
export const NOBODY: Keys = { accessKeyId: "AKIANOBODY0000000000", secretAccessKey: "nobody" };
/** May do everything in IAM where the boundary is `POLICY`. */
export const GUARDED: Keys = { accessKeyId: "AKIAGUARDED000000000", secretAccessKey: "guarded" };
/** The organization of both default accounts; the account `OTHER` is of another one. */
export const ORGANIZATION = "o-exampleorgid";
export const OTHER = "777788889999";
export const ROLE = `arn:aws:iam::${HUB}:role/ci/r`;
export const POLICY = `arn:aws:iam::${HUB}:policy/ci/p`;
export const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
export const ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess";
export const TRUST = policy(awsTrust(HUB));
export const DOCUMENT = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" });
export const ON_ROLE = { RoleName: "r" };
export const ON_POLICY = { PolicyArn: POLICY };
export const ON_PROVIDER = { OpenIDConnectProviderArn: PROVIDER };

const user = (name: string, keys: Keys, statement: object) => ({
  account: HUB,
  name,
  ...keys,
  policy: { Version: "2012-10-17", Statement: [statement] },
});

/** A hub with a role, a policy and a provider to change. `as` gives clients that end with it. */
export type UpdateKit = Kit & {
  readonly as: (keys: Keys) => aws.IAMClient;
  readonly closing: <T extends { readonly destroy: () => void }>(client: T) => T;
};

export const startUpdateKit = async (): Promise<UpdateKit> => {
  const other = { id: OTHER, name: "other", accessKeyId: "AKIAOTHER00000000000", secretAccessKey: "other" };
  const kit = await startKit({
    accounts: [
      ...DEFAULT_ACCOUNTS.map((one) => ({ ...one, organization: ORGANIZATION })),
      { ...other, organization: "o-anotherorgid" },
    ],
    users: [
      user("nobody", NOBODY, { Effect: "Allow", Action: "s3:*", Resource: "*" }),
      user("guarded", GUARDED, {
        Effect: "Allow",
        Action: "iam:*",
        Resource: "*",
        Condition: { StringEquals: { "iam:PermissionsBoundary": POLICY } },
      }),
    ],
  });
  const { hub } = kit;
  const trust = { Path: "/ci/", AssumeRolePolicyDocument: TRUST };
  await hub.send(new aws.CreateRoleCommand({ ...ON_ROLE, ...trust }));
  await hub.send(new aws.CreatePolicyCommand({ PolicyName: "p", Path: "/ci/", PolicyDocument: DOCUMENT }));
  await hub.send(new aws.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: [ORG] }));
  const clients: { readonly destroy: () => void }[] = [];
  const closing: UpdateKit["closing"] = (client) => {
    clients.push(client);
    return client;
  };
  return {
    ...kit,
    as: (keys) => closing(iam(kit.sandbox, keys)),
    closing,
    end: async () => {
      for (const client of clients) client.destroy();
      await kit.end();
    },
  };
};
