import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { DEFAULT_ACCOUNTS, startAwsSandbox } from "../../../support/aws-sandbox/index.ts";
import { startJudge, type Judge } from "../../../support/judges.ts";
import type { Keys } from "./isolated.ts";

/** The code that the administrators' MFA devices answer to, where a backend checks it. */
export const MFA_CODE = "123456";

/** Administrators of two accounts. */
export type Accounts = { readonly hub: Keys; readonly sub: Keys };

export type BackendName = "sandbox" | "moto" | "ministack";

/** Something that answers as IAM and STS. */
export type Backend = {
  readonly name: BackendName;
  readonly endpoint: string;
  /** Empties it and gives keys for both accounts. */
  readonly fresh: () => Promise<Accounts>;
  readonly stop: () => Promise<void>;
};

/** Starts a backend; undefined where it cannot run on this machine. */
export function startBackend(name: BackendName): Promise<Backend | undefined> {
  return name === "sandbox" ? sandbox() : judge(name);
}

async function sandbox(): Promise<Backend> {
  const started = await startAwsSandbox({
    accounts: DEFAULT_ACCOUNTS.map((each) => ({ ...each, mfaCode: MFA_CODE })),
  });
  const [hub, sub] = started.accounts;
  if (hub === undefined || sub === undefined) throw new Error("The sandbox has fewer than two accounts.");
  const keys = ({ id, accessKeyId, secretAccessKey }: typeof hub): Keys => ({
    accountId: id,
    accessKeyId,
    secretAccessKey,
  });
  return {
    name: "sandbox",
    endpoint: started.endpoint,
    fresh: () => {
      started.reset();
      return Promise.resolve({ hub: keys(hub), sub: keys(sub) });
    },
    stop: started.stop,
  };
}

async function judge(name: "moto" | "ministack"): Promise<Backend | undefined> {
  const started = await startJudge(name);
  if (started === undefined) return undefined;
  return {
    name,
    endpoint: started.endpoint,
    fresh: async () => {
      await started.reset();
      return name === "moto" ? motoAccounts(started) : ministackAccounts();
    },
    stop: started.stop,
  };
}

/** In ministack a key of 12 digits is the root of that account. */
function ministackAccounts(): Accounts {
  const root = (accountId: string): Keys => ({ accountId, accessKeyId: accountId, secretAccessKey: "judge" });
  return { hub: root("111122223333"), sub: root("444455556666") };
}

/** In moto any key is of one account; assuming a role of another account leads there. */
async function motoAccounts(moto: Judge): Promise<Accounts> {
  const hub = { accountId: "123456789012", accessKeyId: "AKIAJUDGE00000000001", secretAccessKey: "judge" };
  const client = new STSClient({ region: "us-east-1", endpoint: moto.endpoint, credentials: hub });
  const accountId = "444455556666";
  const RoleArn = `arn:aws:iam::${accountId}:role/admin`;
  const { Credentials: found } = await client.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "judge" }),
  );
  client.destroy();
  if (!found?.AccessKeyId || !found.SecretAccessKey || !found.SessionToken) {
    throw new Error("moto gave no credentials.");
  }
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = found;
  return { hub, sub: { accountId, accessKeyId, secretAccessKey, sessionToken } };
}
