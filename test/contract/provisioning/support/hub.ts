import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as iam from "@aws-sdk/client-iam";
import { createAccess, type AwsAccess, type Sleep } from "../../../../src/aws/index.ts";
import { SETUP_TAG } from "../../../../src/core/blueprint/index.ts";
import { createStore, type Store } from "../../../../src/features/shared/store.ts";
import {
  startAwsSandbox,
  type AccountDump,
  type AwsSandbox,
  type SandboxAccount,
  type SandboxOptions,
} from "../../../support/aws-sandbox/index.ts";
import { isolate, type Isolated } from "../../aws/support/isolated.ts";
import { ACCOUNTS, setup } from "./setup.ts";

/** Four accounts in one sandbox, with things of other people's in each, and a folder for setups and journals. */
export type Hub = {
  readonly sandbox: AwsSandbox;
  readonly home: Isolated;
  readonly folder: string;
  readonly store: Store;
  /** What is in the folder, by name. */
  readonly files: () => Promise<ReadonlyMap<string, string>>;
  /** An access with nothing kept from before; waits take no time unless a sleep is given. */
  readonly access: (sleep?: Sleep) => AwsAccess;
  /** A client of the SDK's own, for an account. */
  readonly client: (accountId: string) => iam.IAMClient;
  /** What is not of this setup, as text: to be compared byte by byte. */
  readonly others: () => string;
  /** Everything that is of this setup, by ARN. */
  readonly ours: () => readonly string[];
  /** Back to other people's things alone, and an empty folder. */
  readonly restore: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export const atOnce: Sleep = () => Promise.resolve();

export async function startHub(options: Pick<SandboxOptions, "clock" | "knobs"> = {}): Promise<Hub> {
  const sandbox = await startAwsSandbox({ ...options, accounts: ACCOUNTS });
  const home = await isolate(sandbox.endpoint);
  await home.writeConfig(ACCOUNTS.map(({ name }) => `[profile ${name}]\nregion = eu-central-1\n`).join(""));
  await home.writeCredentials(
    Object.fromEntries(ACCOUNTS.map(({ id, name, ...keys }) => [name, { accountId: id, ...keys }] as const)),
  );
  const clients = new Map(ACCOUNTS.map((account) => [account.id, clientOf(sandbox.endpoint, account)]));
  const client = (accountId: string): iam.IAMClient => {
    const found = clients.get(accountId);
    if (found === undefined) throw new Error(`There is no account ${accountId}.`);
    return found;
  };
  for (const { id } of ACCOUNTS) await addOthers(client(id), id);
  const back = sandbox.checkpoint();
  const folder = await mkdtemp(join(tmpdir(), "provisioning-"));
  return {
    sandbox,
    home,
    folder,
    store: createStore(folder),
    files: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".json"));
      const read = files.map(async ({ parentPath, name }): Promise<[string, string]> => {
        const path = join(parentPath, name);
        return [relative(folder, path), await readFile(path, "utf8")];
      });
      return new Map(await Promise.all(read));
    },
    access: (sleep = atOnce) =>
      createAccess({ env: home.env, mfaCode: () => Promise.resolve(undefined), sleep }),
    client,
    others: () => JSON.stringify(sandbox.dump().map((account) => parted(account, (tags) => !isOurs(tags)))),
    ours: () =>
      sandbox
        .dump()
        .map((account) => parted(account, isOurs))
        .flatMap(({ providers, roles, policies }) => [...providers, ...roles, ...policies])
        .map(({ arn }) => arn),
    restore: async () => {
      back();
      await rm(folder, { recursive: true, force: true });
    },
    stop: async () => {
      for (const each of clients.values()) each.destroy();
      await sandbox.stop();
      await home.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Tags = Readonly<Record<string, string>>;

const isOurs = (tags: Tags): boolean => tags[SETUP_TAG] === setup.id;

function parted(account: AccountDump, isWanted: (tags: Tags) => boolean): AccountDump {
  const of = <T extends { readonly tags: Tags }>(list: readonly T[]): readonly T[] =>
    list.filter(({ tags }) => isWanted(tags));
  return {
    ...account,
    providers: of(account.providers),
    roles: of(account.roles),
    policies: of(account.policies),
  };
}

function clientOf(endpoint: string, { accessKeyId, secretAccessKey }: SandboxAccount): iam.IAMClient {
  return new iam.IAMClient({ region: "us-east-1", endpoint, credentials: { accessKeyId, secretAccessKey } });
}

/** A provider, a role with policies and tags, and a managed policy that others made, named much like ours. */
async function addOthers(client: iam.IAMClient, account: string): Promise<void> {
  const arn = (rest: string): string => `arn:aws:iam::${account}:${rest}`;
  const document = (statement: object): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const Tags = [
    { Key: "managed-by", Value: "circleci-aws-oidc" },
    { Key: SETUP_TAG, Value: "another" },
  ];
  await client.send(
    new iam.CreateOpenIDConnectProviderCommand({
      Url: "https://oidc.circleci.com/org/99999999-8888-4777-8666-555555555555",
      ClientIDList: ["99999999-8888-4777-8666-555555555555"],
      Tags,
    }),
  );
  const trust = document({ Principal: { AWS: arn("root") }, Action: "sts:AssumeRole" });
  await client.send(
    new iam.CreateRoleCommand({ RoleName: "circleci-oidc-2", AssumeRolePolicyDocument: trust, Tags }),
  );
  const PolicyDocument = document({ Action: "s3:*", Resource: "*" });
  await client.send(
    new iam.CreatePolicyCommand({ PolicyName: "circleci-oidc-2-assume-sub-accounts", PolicyDocument }),
  );
  const RoleName = "circleci-oidc-2";
  const PolicyArn = arn("policy/circleci-oidc-2-assume-sub-accounts");
  await client.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await client.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName: "inline", PolicyDocument }));
}
