import type { KnobState } from "./knobs.ts";
import type { PolicyDocument } from "./policy/document.ts";
import type { StoredTrust } from "./policy/trust.ts";

/** Times are milliseconds of the sandbox clock; `at` is when a thing was written (it propagates later). */
export type Tag = { readonly key: string; readonly value: string };

export type Provider = {
  readonly arn: string;
  /** Without the scheme, as IAM keeps it. */
  readonly url: string;
  clientIds: readonly string[];
  thumbprints: readonly string[];
  tags: readonly Tag[];
  readonly at: number;
};

export type Version = { readonly id: string; readonly text: string; readonly at: number };

export type ManagedPolicy = {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | undefined;
  versions: readonly Version[];
  defaultVersion: string;
  nextVersion: number;
  tags: readonly Tag[];
  readonly at: number;
  updated: number;
};

export type Trust = { readonly stored: StoredTrust; readonly at: number };

export type Role = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  description: string | undefined;
  maxSession: number;
  boundary: string | undefined;
  tags: readonly Tag[];
  /** Oldest first; the last is the one IAM shows, an older one may still be in force while it propagates. */
  trusts: readonly Trust[];
  readonly inline: Map<string, { readonly text: string; readonly at: number }>;
  readonly attached: Map<string, { readonly at: number }>;
  lastUsed: number | undefined;
  readonly at: number;
};

export type User = {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly policy: PolicyDocument;
  readonly mfaSerial: string;
  readonly mfaCode: string | undefined;
};

export type Account = {
  readonly id: string;
  readonly name: string;
  /** The id of the organization the account belongs to. */
  readonly organization: string | undefined;
  readonly users: Map<string, User>;
  /** By ARN. */
  readonly providers: Map<string, Provider>;
  /** By lower-case name: IAM does not distinguish names by case. */
  readonly roles: Map<string, Role>;
  /** By ARN. */
  readonly policies: Map<string, ManagedPolicy>;
};

/** Who makes a call. */
export type Principal =
  | {
      readonly kind: "user";
      readonly account: string;
      readonly arn: string;
      readonly userId: string;
      readonly user: User;
      /** `undefined` for a long-term key, else whether the temporary one was made with MFA, and when. */
      readonly session: { readonly mfa: boolean; readonly at: number } | undefined;
    }
  | {
      readonly kind: "role";
      readonly account: string;
      readonly arn: string;
      readonly userId: string;
      readonly roleArn: string;
      readonly roleId: string;
      readonly roleName: string;
      readonly sessionPolicies: readonly PolicyDocument[] | undefined;
      /** Further request values the session carries, such as `<provider>:sub`. */
      readonly carried: ReadonlyMap<string, readonly string[]>;
      readonly at: number;
    };

export type Credential = {
  readonly secret: string;
  readonly token: string | undefined;
  readonly expires: number | undefined;
  readonly principal: Principal;
};

/** One recorded call; it holds no parameter values but the name of what was acted on. */
export type CallRecord = {
  readonly service: string;
  readonly action: string;
  readonly time: string;
  /** The caller's account, or the role's for an unsigned call; null where neither could be told. */
  account: string | null;
  principal: string | null;
  readonly target: string | null;
  /** HTTP status answered; null where the connection was cut. */
  status: number | null;
  code: string | null;
};

/** A call that arrived, before anything was done. */
export type Arrival = Pick<CallRecord, "service" | "action" | "account" | "target">;

export type World = {
  readonly accounts: Map<string, Account>;
  readonly credentials: Map<string, Credential>;
  readonly knobs: KnobState;
  readonly now: () => number;
  readonly fetchJson: (url: string) => Promise<unknown>;
  readonly calls: CallRecord[];
  onCall?: ((arrival: Arrival) => void) | undefined;
};

/** Whether something written at `at` has reached the rest of AWS. */
export const propagated = (world: World, at: number): boolean =>
  world.now() >= at + world.knobs.values.propagationMs;

/** The account that an ARN names, if the sandbox has it. */
export const accountOfArn = (world: World, arn: string): Account | undefined =>
  world.accounts.get(arn.split(":")[4] ?? "");

/** The role with exactly this ARN. */
export const roleByArn = (world: World, arn: string): Role | undefined => {
  const name = arn.split("/").at(-1)?.toLowerCase() ?? "";
  const role = accountOfArn(world, arn)?.roles.get(name);
  return role?.arn === arn ? role : undefined;
};

/** The role with this unique id, in any account. */
export const roleById = (world: World, id: string): Role | undefined =>
  [...world.accounts.values()].flatMap((account) => [...account.roles.values()]).find((r) => r.id === id);
