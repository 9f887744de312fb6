import { buildTrustPolicy, jobClaims, type TokenClaims } from "../../src/core/trust/index.ts";

const ORGANIZATION = "5034460f-c7c4-4c43-9457-de07e2029e7b";
const PROJECT = "aa11bb22-3c4d-4e5f-8a6b-7c8d9e0f1a2b";

/** The trust policy of a project with two branches and a tag prefix, as JSON. */
export function policyText(): string {
  const built = buildTrustPolicy({
    partition: "aws",
    accountId: "111122223333",
    organizationId: ORGANIZATION,
    audiences: [ORGANIZATION],
    projects: [
      {
        projectId: PROJECT,
        users: { kind: "anyone" },
        runs: {
          kind: "refs",
          repository: "github.com/acme/web-shop",
          refs: [
            { kind: "branch", name: "main" },
            { kind: "branchPrefix", prefix: "release/" },
            { kind: "tagPrefix", prefix: "v" },
          ],
        },
      },
    ],
  });
  if (!built.ok) throw new Error("The policy of the bench cannot be built.");
  return JSON.stringify(built.value.document, undefined, 2);
}

/** A token that is not let in. */
export function claims(): TokenClaims {
  return jobClaims({
    organizationId: ORGANIZATION,
    projectId: PROJECT,
    userId: PROJECT,
    token: "V2",
    issuedAt: 0,
    trigger: {
      kind: "vcs",
      repository: "github.com/acme/web-shop",
      ref: { kind: "branch", name: "feature" },
    },
  });
}

/** A CircleCI config with so many jobs of eight steps each. */
export function config(jobs: number): string {
  const names = Array.from({ length: jobs }, (_, index) => `job-${String(index)}`);
  const job = (name: string): string => `  ${name}:
    docker:
      - image: cimg/aws:2025.01 # has the AWS CLI
    steps:
      - checkout
      - restore_cache: { keys: [deps-v1] }
      - run: npm ci
      - run:
          name: Test
          command: |
            npm test
            npm run lint
      - save_cache: { key: deps-v1, paths: [node_modules] }
      - store_test_results: { path: results }
      - store_artifacts: { path: results }
      - run: aws s3 sync dist s3://bucket
`;
  const uses = names.map((name) => `      - ${name}\n`).join("");
  return `version: 2.1\njobs:\n${names.map(job).join("")}workflows:\n  main:\n    jobs:\n${uses}`;
}
