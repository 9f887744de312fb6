import * as aws from "@aws-sdk/client-iam";
import { ALLOW_ALL, HUB, ISSUER, awsTrust, policy } from "../kit.ts";
import type { Kit } from "../kit.ts";

/** One thing AWS refuses: what is done first, what is then refused, and how. */
export type Row = {
  readonly rule: string;
  readonly first?: (kit: Kit) => Promise<unknown>;
  readonly refused: (kit: Kit) => Promise<unknown>;
  readonly error: readonly [name: string, status: number, message: RegExp];
};

export const TRUST = policy(awsTrust(HUB));

type RoleInput = Partial<aws.CreateRoleCommandInput>;

export const createRole =
  (input: RoleInput = {}) =>
  (kit: Kit): Promise<unknown> =>
    kit.hub.send(new aws.CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: TRUST, ...input }));

export const createProvider =
  (input: Partial<aws.CreateOpenIDConnectProviderCommandInput> = {}) =>
  (kit: Kit): Promise<unknown> =>
    kit.hub.send(new aws.CreateOpenIDConnectProviderCommand({ Url: ISSUER, ...input }));

export const createPolicy =
  (input: Partial<aws.CreatePolicyCommandInput> = {}) =>
  (kit: Kit): Promise<unknown> =>
    kit.hub.send(
      new aws.CreatePolicyCommand({ PolicyName: "p", PolicyDocument: policy(ALLOW_ALL), ...input }),
    );

export const POLICY = `arn:aws:iam::${HUB}:policy/p`;

export const all = (...steps: readonly ((kit: Kit) => Promise<unknown>)[]) =>
  async function inOrder(kit: Kit): Promise<void> {
    for (const step of steps) await step(kit);
  };

export const times = (count: number, step: (index: number) => (kit: Kit) => Promise<unknown>) =>
  all(...Array.from({ length: count }, (_, index) => step(index)));

export const attach = (PolicyArn: string) => (kit: Kit) =>
  kit.hub.send(new aws.AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));

export const putInline =
  (PolicyDocument: string, PolicyName = "i") =>
  (kit: Kit): Promise<unknown> =>
    kit.hub.send(new aws.PutRolePolicyCommand({ RoleName: "r", PolicyName, PolicyDocument }));

export const newVersion = (kit: Kit): Promise<unknown> =>
  kit.hub.send(new aws.CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: policy(ALLOW_ALL) }));

export const tagRole =
  (...Tags: readonly aws.Tag[]) =>
  (kit: Kit): Promise<unknown> =>
    kit.hub.send(new aws.TagRoleCommand({ RoleName: "r", Tags: [...Tags] }));

export const quota = (name: string, value: number) => async (kit: Kit) =>
  kit.sandbox.knobs({ quotas: { [name]: value } });

export const tags = (count: number, prefix = "k"): aws.Tag[] =>
  Array.from({ length: count }, (_, index) => ({ Key: `${prefix}${index}`, Value: "v" }));

export const VALIDATION = "ValidationError";
