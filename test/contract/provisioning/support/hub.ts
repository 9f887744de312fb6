import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as iam from "@aws-sdk/client-iam";
import { createAccess, type AwsAccess, type Sleep } from "../../../../src/aws/index.ts";
import { SETUP_TAG } from "../../../../src/core/blueprint/index.ts";
import { samePolicy } from "../../../../src/core/policy.ts";
import { createStore, type Store } from "../../../../src/features/shared/store.ts";
import {
  startAwsSandbox,
  type AccountDump,
  type AwsSandbox,
  type SandboxAccount,
  type SandboxOptions,
} from "../../../support/aws-sandbox/index.ts";
import { isolate, type Isolated } from "../../aws/support/isolated.ts";
import { changesOf } from "./plan.ts";
import { isOf, nothing, ownStatements, type Scenario } from "./scenario.ts";
import { ACCOUNTS, RUN } from "./setup.ts";

/** Four accounts in one sandbox, with things of other people's in each, and a folder for setups and journals. */
export type Hub = {
  readonly scenario: Scenario;
  /** What has to be agreed to, and was. */
  readonly consents: ReadonlySet<string>;
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
  /** The same without what the setup adds to it. */
  readonly othersOwn: () => string;
  /** Everything that is of this setup, by ARN. */
  readonly ours: () => readonly string[];
  /** Back to what was there in the beginning, and an empty folder. */
  readonly restore: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export const atOnce: Sleep = () => Promise.resolve();

export async function startHub(
  options: Pick<SandboxOptions, "clock" | "knobs"> = {},
  scenario: Scenario = nothing,
): Promise<Hub> {
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
  await scenario.prepare(client);
  const back = sandbox.checkpoint();
  const access: Hub["access"] = (sleep = atOnce) =>
    createAccess({ env: home.env, mfaCode: () => Promise.resolve(undefined), sleep });
  const changes = await changesOf(access(), { setup: scenario.setup, runId: RUN });
  back();
  const isOurs = isOf(scenario.setup);
  const others = (): readonly AccountDump[] =>
    sandbox.dump().map((account) => parted(account, (tags) => !isOurs(tags)));
  const folder = await mkdtemp(join(tmpdir(), "provisioning-"));
  return {
    scenario,
    consents: new Set(
      changes.flatMap((change) =>
        "consent" in change && change.consent !== undefined ? [change.consent.key] : [],
      ),
    ),
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
    access,
    client,
    others: () => JSON.stringify(others()),
    othersOwn: () => JSON.stringify(others().map((account) => withoutAdditions(account, scenario))),
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

/** What others have, without the audience, thumbprint, statements and attachments that a setup adds to it. */
function withoutAdditions(account: AccountDump, scenario: Scenario): AccountDump {
  const { audience, thumbprint, hub } = scenario.setup;
  const added = ownStatements(scenario);
  const policy = `:policy/${hub.roleName}-assume-sub-accounts`;
  const bare = (trust: unknown): unknown => {
    if (typeof trust !== "object" || trust === null || !("Statement" in trust)) return trust;
    const { Statement: all } = trust;
    return Array.isArray(all)
      ? { ...trust, Statement: all.filter((one) => !added.some((own) => samePolicy(one, own))) }
      : trust;
  };
  return {
    ...account,
    providers: account.providers.map((one) => ({
      ...one,
      clientIds: one.clientIds.filter((id) => id !== audience),
      thumbprints: one.thumbprints.filter((each) => each !== thumbprint),
    })),
    roles: account.roles.map((one) => ({
      ...one,
      trust: bare(one.trust),
      attachedPolicies: one.attachedPolicies.filter((arn) => !arn.endsWith(policy)),
    })),
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
