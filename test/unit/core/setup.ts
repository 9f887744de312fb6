import type { Setup } from "../../../src/core/setup.ts";

export const RUN = "00000000-0000-4000-8000-00000000000a";

/** A setup with one sub-account and a branch rule. */
export function setupOf(changes: Partial<Setup> = {}): Setup {
  return {
    version: 1,
    id: "00000000-0000-4000-8000-000000000001",
    organizationId: "11111111-2222-4333-8444-555555555555",
    projectId: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
    audience: "11111111-2222-4333-8444-555555555555",
    partition: "aws",
    hub: { accountId: "111122223333", profile: "hub", roleName: "circleci-oidc" },
    region: "eu-central-1",
    runs: {
      kind: "refs",
      repository: "github.com/acme/shop",
      refs: [{ kind: "branch", name: "main" }],
    },
    users: { kind: "anyone" },
    subAccounts: [
      {
        accountId: "444455556666",
        profile: "staging admin",
        roleName: "circleci-oidc",
        ciProfile: "staging",
      },
    ],
    sources: { organizationId: "typed", projectId: "typed" },
    ...changes,
  };
}
