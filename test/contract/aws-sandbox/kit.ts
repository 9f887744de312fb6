import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import type { JWTPayload } from "jose";
import { startAwsSandbox } from "../../support/aws-sandbox/index.ts";
import type { AwsSandbox, SandboxOptions } from "../../support/aws-sandbox/index.ts";

export const HUB = "111122223333";
export const SUB = "444455556666";
export const ORG = "11111111-2222-3333-4444-555555555555";
export const PROJECT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
export const ISSUER = `https://oidc.circleci.com/org/${ORG}`;
export const HOST = `oidc.circleci.com/org/${ORG}`;
export const PROVIDER = `arn:aws:iam::${HUB}:oidc-provider/${HOST}`;

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };
export type Session = Keys & { readonly sessionToken: string };

const client = (endpoint: string, credentials: Keys) => ({
  endpoint,
  credentials,
  region: "us-east-1",
  maxAttempts: 1,
});

export const iam = (sandbox: AwsSandbox, credentials: Keys): IAMClient =>
  new IAMClient(client(sandbox.endpoint, credentials));

export const sts = (sandbox: AwsSandbox, credentials: Keys): STSClient =>
  new STSClient(client(sandbox.endpoint, credentials));

/** The admin keys of an account. */
export const admin = (sandbox: AwsSandbox, id: string): Keys => {
  const account = sandbox.accounts.find((one) => one.id === id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
};

/** Temporary credentials out of an answer. */
export const session = (answer: {
  Credentials?:
    | {
        AccessKeyId: string | undefined;
        SecretAccessKey: string | undefined;
        SessionToken: string | undefined;
      }
    | undefined;
}): Session => {
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw new Error("no credentials in the answer");
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
};

/** What became of a call: its SDK error as name, status and message, or `undefined` for success. */
export const failure = async (
  call: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string } | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
    const status =
      typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
        ? metadata.httpStatusCode
        : undefined;
    return {
      name: error.name,
      status: typeof status === "number" ? status : undefined,
      message: error.message,
    };
  }
};

export type Statement = Readonly<Record<string, unknown>>;

/** A policy document of these statements as JSON. */
export const policy = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const ALLOW_ALL: Statement = { Effect: "Allow", Action: "*", Resource: "*" };

/** A trust statement for the hub's CircleCI provider. */
export const webTrust = (condition?: Statement): Statement => ({
  Effect: "Allow",
  Principal: { Federated: PROVIDER },
  Action: "sts:AssumeRoleWithWebIdentity",
  ...(condition === undefined ? {} : { Condition: condition }),
});

/** A trust statement for AWS principals. */
export const awsTrust = (principal: unknown, condition?: Statement): Statement => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: "sts:AssumeRole",
  ...(condition === undefined ? {} : { Condition: condition }),
});

/** The conditions a careful trust policy has. */
export const PINNED: Statement = {
  StringEquals: { [`${HOST}:aud`]: ORG, [`${HOST}:oidc.circleci.com/project-id`]: PROJECT },
};

export type Issuer = {
  readonly fetchJson: (url: string) => Promise<unknown>;
  /** Signs a token like CircleCI's; `claims` replace its own, and `undefined` leaves one out. */
  readonly token: (claims?: Readonly<Record<string, unknown>>, kid?: string) => Promise<string>;
  /** Replaces one answer, or puts the right one back. */
  readonly answer: (path: string, value: unknown) => void;
  readonly jwks: () => { keys: object[] };
};

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

const defaultClaims = (now: Date): JWTPayload => ({
  iss: ISSUER,
  sub: `org/${ORG}/project/${PROJECT}/user/12121212-3434-5656-7878-909090909090/vcs-origin/github.com/acme/web/vcs-ref/refs/heads/main`,
  aud: ORG,
  iat: seconds(now),
  exp: seconds(now) + 3600,
  "oidc.circleci.com/project-id": PROJECT,
  "oidc.circleci.com/context-ids": ["99999999-8888-7777-6666-555555555555"],
  "oidc.circleci.com/vcs-ref": "refs/heads/main",
});

// Making an RSA key takes longer than most tests; one does for a whole file.
const KEYS = generateKeyPair("RS256");

/** An issuer in memory with one RSA key, `kid` "good". */
export const createIssuer = async (
  now: () => Date = () => new Date(),
  iss = ISSUER,
  keys = KEYS,
): Promise<Issuer> => {
  const { publicKey, privateKey } = await keys;
  const jwk = { ...(await exportJWK(publicKey)), kid: "good", use: "sig" };
  const discovery = {
    issuer: iss,
    jwks_uri: `${iss}/.well-known/jwks-pub.json`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
  const answers = new Map<string, unknown>([
    ["/.well-known/openid-configuration", discovery],
    ["/.well-known/jwks-pub.json", { keys: [jwk] }],
  ]);
  return {
    fetchJson: async (url) => {
      const value = answers.get(url.slice(iss.length));
      if (!url.startsWith(iss) || value === undefined) throw new Error(`404 ${url}`);
      return value;
    },
    token: async (claims = {}, kid = "good") => {
      const all = Object.entries({ ...defaultClaims(now()), iss, ...claims });
      const payload = Object.fromEntries(all.filter(([, value]) => value !== undefined));
      return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid }).sign(privateKey);
    },
    answer: (path, value) => answers.set(path, value),
    jwks: () => ({ keys: [jwk] }),
  };
};

/** A running sandbox with clients for the admins of both accounts; `end` it in `afterEach`. */
export type Kit = {
  readonly sandbox: AwsSandbox;
  readonly issuer: Issuer;
  readonly hub: IAMClient;
  readonly sub: IAMClient;
  readonly hubSts: STSClient;
  readonly end: () => Promise<void>;
};

export const startKit = async (options: SandboxOptions = {}): Promise<Kit> => {
  const issuer = await createIssuer(options.clock);
  const sandbox = await startAwsSandbox({ fetchJson: issuer.fetchJson, ...options });
  const hub = iam(sandbox, admin(sandbox, HUB));
  const sub = iam(sandbox, admin(sandbox, SUB));
  const hubSts = sts(sandbox, admin(sandbox, HUB));
  const end = async (): Promise<void> => {
    for (const one of [hub, sub, hubSts]) one.destroy();
    await sandbox.stop();
  };
  return { sandbox, issuer, hub, sub, hubSts, end };
};
