import { IAMClient } from "@aws-sdk/client-iam";
import { createAccess, type AwsAccess, type AwsCall } from "../../../../src/aws/index.ts";
import { blueprint, type Resource } from "../../../../src/core/blueprint/index.ts";
import type { Setup } from "../../../../src/core/setup.ts";
import type { Accounts, Backend } from "./backends.ts";
import { isolate, type Isolated, type Keys } from "./isolated.ts";
import { startRelay, type Relay } from "./relay.ts";

export const ORGANIZATION = "5034460f-c7c4-4c43-9457-de07e2029e7b";
export const PROJECT = "0e8d5a4c-9f0b-4a43-8d6f-1c2b3a4d5e6f";
export const RUN = "run-1";

/** All a case needs: two accounts behind a relay, profiles `hub` and `sub`, and the wanted resources. */
export type Bench = {
  readonly relay: Relay;
  readonly home: Isolated;
  readonly accounts: Accounts;
  readonly access: AwsAccess;
  readonly log: readonly AwsCall[];
  readonly setup: Setup;
  readonly resources: readonly Resource[];
  /** The SDK's own clients, straight to the emulator: what a case prepares and looks at by itself. */
  readonly iam: { readonly hub: IAMClient; readonly sub: IAMClient };
  readonly dispose: () => Promise<void>;
};

/** Builds a bench on an emptied backend. */
export async function createBench(backend: Backend): Promise<Bench> {
  const accounts = await backend.fresh();
  const relay = await startRelay();
  relay.reset(backend.endpoint);
  const home = await isolate(relay.endpoint);
  await home.writeCredentials(accounts);
  await home.writeConfig("[profile hub]\nregion = eu-central-1\n[profile sub]\nregion = eu-central-1\n");
  const log: AwsCall[] = [];
  const setup = setupFor({ hub: accounts.hub.accountId, sub: accounts.sub.accountId });
  const direct = (keys: Keys): IAMClient =>
    new IAMClient({ region: "us-east-1", endpoint: backend.endpoint, credentials: keys });
  return {
    relay,
    home,
    accounts,
    access: createAccess({ env: home.env, mfaCode: noMfa, onLog: (entry) => log.push(entry) }),
    log,
    setup,
    resources: blueprint(setup, RUN),
    iam: { hub: direct(accounts.hub), sub: direct(accounts.sub) },
    dispose: async () => {
      await home.dispose();
      await relay.stop();
    },
  };
}

/** Another access, with credentials read anew. */
export function accessTo(home: Isolated): AwsAccess {
  return createAccess({ env: home.env, mfaCode: noMfa });
}

/** For cases in which nobody is to be asked. */
export function noMfa(): Promise<never> {
  return Promise.reject(new Error("An MFA code was asked for."));
}

/** The answers for one hub and one sub-account; profiles are called `hub` and `sub`. */
export function setupFor({ hub, sub }: { readonly hub: string; readonly sub: string }): Setup {
  return {
    version: 1,
    id: "setup-1",
    organizationId: ORGANIZATION,
    projectId: PROJECT,
    audience: ORGANIZATION,
    partition: "aws",
    hub: { accountId: hub, profile: "hub", roleName: "circleci-oidc" },
    region: "eu-central-1",
    runs: {
      kind: "refs",
      repository: "github.com/acme/web-shop",
      refs: [
        { kind: "branch", name: "main" },
        { kind: "branch", name: "release" },
      ],
    },
    users: { kind: "anyone" },
    subAccounts: [{ accountId: sub, profile: "sub", roleName: "circleci-deploy", ciProfile: "staging" }],
    thumbprint: "9e99a48a9960b14926bb7f3b02e22da2b0ab7280",
    sources: { organizationId: "typed", projectId: "typed" },
  };
}

/** Actions of IAM that change something. */
export function writes(calls: readonly string[]): readonly string[] {
  return calls.filter((action) =>
    /^(Create|Attach|Put|Update|Delete|Tag|Untag|Add|Remove|Detach)/.test(action),
  );
}
