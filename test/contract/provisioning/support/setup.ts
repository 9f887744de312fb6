import type { Setup } from "../../../../src/core/setup.ts";
import type { SandboxAccount } from "../../../support/aws-sandbox/index.ts";

export const RUN = "00000000-0000-4000-8000-00000000000a";
const ORGANIZATION = "5034460f-c7c4-4c43-9457-de07e2029e7b";

export const ACCOUNTS: readonly SandboxAccount[] = [
  "111122223333",
  "444455556666",
  "555566667777",
  "666677778888",
].map((id, index) => ({
  id,
  name: index === 0 ? "hub" : `sub${index}`,
  accessKeyId: `AKIASANDBOX${id.slice(0, 9)}`,
  secretAccessKey: `sandbox-secret-${id}`,
}));

const [HUB, ...SUBS] = ACCOUNTS.map(({ id }) => id);

/** A hub with three sub-accounts; each has a profile of its account's name. */
export const setup: Setup = {
  version: 1,
  id: "00000000-0000-4000-8000-000000000001",
  organizationId: ORGANIZATION,
  projectId: "0e8d5a4c-9f0b-4a43-8d6f-1c2b3a4d5e6f",
  audience: ORGANIZATION,
  partition: "aws",
  hub: { accountId: HUB ?? "", profile: "hub", roleName: "circleci-oidc" },
  region: "eu-central-1",
  runs: { kind: "refs", repository: "github.com/acme/web-shop", refs: [{ kind: "branch", name: "main" }] },
  users: { kind: "anyone" },
  subAccounts: SUBS.map((accountId, index) => ({
    accountId,
    profile: `sub${index + 1}`,
    roleName: "circleci-deploy",
    ciProfile: `sub${index + 1}`,
  })),
  thumbprint: "9e99a48a9960b14926bb7f3b02e22da2b0ab7280",
  sources: { organizationId: "typed", projectId: "typed" },
};
