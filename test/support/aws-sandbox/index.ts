import type { AddressInfo } from "node:net";
import { dump } from "./dump.ts";
import type { AccountDump } from "./dump.ts";
import { createFront } from "./front.ts";
import { uniqueId } from "./ids.ts";
import { createKnobs, setKnobs } from "./knobs.ts";
import type { Knobs } from "./knobs.ts";
import type { Account, Arrival, CallRecord, User, World } from "./model.ts";
import { readIdentityPolicy } from "./policy/identity.ts";

export { ACTIONS } from "./dispatch.ts";
export type { AccountDump, PolicyDump, ProviderDump, RoleDump } from "./dump.ts";
export type { Fault, Knobs, Quotas } from "./knobs.ts";
export type { Arrival, CallRecord } from "./model.ts";

/** An account with the keys of its IAM user `admin`, who may do everything in it. */
export type SandboxAccount = {
  readonly id: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The id of the organization it belongs to, `o-…`, for conditions on `aws:PrincipalOrgID`. */
  readonly organization?: string;
  /** The one-time code that the admin's MFA device `arn:aws:iam::<id>:mfa/admin` answers to. */
  readonly mfaCode?: string;
};

/** A further IAM user with one policy, for what an administrator never sees. */
export type SandboxUser = {
  readonly account: string;
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** A policy document, as an object. */
  readonly policy: object;
  /** The one-time code of the device `arn:aws:iam::<account>:mfa/<name>`. */
  readonly mfaCode?: string;
};

export type SandboxOptions = {
  readonly port?: number;
  /** Added to the two default accounts; one with the id of a default account replaces it. */
  readonly accounts?: readonly SandboxAccount[];
  readonly users?: readonly SandboxUser[];
  /** How the issuer's discovery document and keys are reached; by default from loopback addresses only. */
  readonly fetchJson?: (url: string) => Promise<unknown>;
  /** Decides when things were written, propagate and expire. Signatures go by real time. */
  readonly clock?: () => Date;
  readonly knobs?: Partial<Knobs>;
};

export type AwsSandbox = {
  readonly endpoint: string;
  readonly accounts: readonly SandboxAccount[];
  /** Changes the knobs that are named; the others stay. */
  readonly knobs: (set: Partial<Knobs>) => void;
  readonly dump: (accountId?: string) => readonly AccountDump[];
  readonly calls: () => readonly CallRecord[];
  /** Calls the listener for each call that arrives, before anything is done. */
  readonly onCall: (listener: ((arrival: Arrival) => void) | undefined) => void;
  /** Remembers what is stored now; what it returns brings that back, with no calls and the first knobs. */
  readonly checkpoint: () => () => void;
  /** Back to the state at the start: nothing stored, no sessions, no calls, the first knobs. */
  readonly reset: () => void;
  readonly stop: () => Promise<void>;
};

export const DEFAULT_ACCOUNTS: readonly SandboxAccount[] = [
  {
    id: "111122223333",
    name: "hub",
    accessKeyId: "AKIASANDBOXHUB111122",
    secretAccessKey: "sandbox-hub-secret",
  },
  {
    id: "444455556666",
    name: "staging",
    accessKeyId: "AKIASANDBOXSUB444455",
    secretAccessKey: "sandbox-staging-secret",
  },
];

const ADMINISTRATOR = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

const loopbackOnly = async (url: string): Promise<unknown> => {
  if (!LOOPBACK.has(new URL(url).hostname)) throw new Error(`the sandbox does not fetch ${url}`);
  const response = await fetch(url, { redirect: "error" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
};

const createUser = (user: SandboxUser): User => ({
  name: user.name,
  arn: `arn:aws:iam::${user.account}:user/${user.name}`,
  id: uniqueId("AIDA"),
  policy: readIdentityPolicy(JSON.stringify(user.policy)),
  mfaSerial: `arn:aws:iam::${user.account}:mfa/${user.name}`,
  mfaCode: user.mfaCode,
});

const addUser = (world: World, given: SandboxUser): void => {
  const account = world.accounts.get(given.account);
  if (account === undefined) throw new Error(`no account ${given.account} in the sandbox`);
  const user = createUser(given);
  account.users.set(user.name, user);
  world.credentials.set(given.accessKeyId, {
    secret: given.secretAccessKey,
    token: undefined,
    expires: undefined,
    principal: {
      kind: "user",
      account: account.id,
      arn: user.arn,
      userId: user.id,
      user,
      session: undefined,
    },
  });
};

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html (Id)
const ORGANIZATION = /^o-[a-z0-9]{10,32}$/;

const emptyAccount = ({ id, name, organization }: SandboxAccount): Account => {
  if (organization !== undefined && !ORGANIZATION.test(organization))
    throw new Error(`${organization} is no id of an organization`);
  return {
    id,
    name,
    organization,
    users: new Map(),
    providers: new Map(),
    roles: new Map(),
    policies: new Map(),
  };
};

const fill = (world: World, accounts: readonly SandboxAccount[], users: readonly SandboxUser[]): void => {
  world.accounts.clear();
  world.credentials.clear();
  world.calls.length = 0;
  for (const account of accounts) {
    world.accounts.set(account.id, emptyAccount(account));
    addUser(world, { ...account, account: account.id, name: "admin", policy: ADMINISTRATOR });
  }
  for (const user of users) addUser(world, user);
};

const createWorld = (options: SandboxOptions): World => {
  const { clock } = options;
  return {
    accounts: new Map(),
    credentials: new Map(),
    knobs: createKnobs(options.knobs ?? {}),
    now: clock === undefined ? () => Date.now() : () => clock().getTime(),
    fetchJson: options.fetchJson ?? loopbackOnly,
    calls: [],
  };
};

type Stored = Pick<Account, "providers" | "roles" | "policies">;

const copyOf = ({ providers, roles, policies }: Account): Stored =>
  structuredClone({ providers, roles, policies });

const putBack = (world: World, stored: ReadonlyMap<string, Stored>): void => {
  for (const [id, account] of world.accounts) {
    const copy = stored.get(id);
    // Copied once more: a checkpoint can be gone back to many times.
    if (copy !== undefined) world.accounts.set(id, { ...account, ...structuredClone(copy) });
  }
  world.calls.length = 0;
};

const portOf = (address: string | AddressInfo | null): number => {
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  return address.port;
};

const merged = (added: readonly SandboxAccount[]): readonly SandboxAccount[] => {
  const replaced = new Set(added.map(({ id }) => id));
  return [...DEFAULT_ACCOUNTS.filter(({ id }) => !replaced.has(id)), ...added];
};

/**
 * Starts a local IAM and STS on 127.0.0.1 that speaks the AWS Query protocol, as strict as AWS where AWS is
 * strict. Only the listed knobs change its behaviour. The same knobs, dump, calls and reset are reachable
 * over HTTP under `/_sandbox/` from other processes.
 */
export const startAwsSandbox = async (options: SandboxOptions = {}): Promise<AwsSandbox> => {
  const accounts = merged(options.accounts ?? []);
  const world = createWorld(options);
  const firstKnobs = (): void => {
    Object.assign(world.knobs, createKnobs(options.knobs ?? {}));
  };
  const reset = (): void => {
    fill(world, accounts, options.users ?? []);
    firstKnobs();
  };
  reset();
  const server = createFront(world, reset);
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(options.port ?? 0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  return {
    endpoint: `http://127.0.0.1:${portOf(server.address())}`,
    accounts,
    knobs: (set) => setKnobs(world.knobs, set),
    dump: (accountId) => dump(world, accountId),
    calls: () => structuredClone(world.calls),
    onCall: (listener) => {
      world.onCall = listener;
    },
    checkpoint: () => {
      const stored = new Map([...world.accounts].map(([id, account]) => [id, copyOf(account)]));
      return () => {
        putBack(world, stored);
        firstKnobs();
      };
    },
    reset,
    stop: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
};
