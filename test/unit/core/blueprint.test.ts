import { describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { requestOf } from "../../../src/core/blueprint/request.ts";
import { samePolicy } from "../../../src/core/policy.ts";
import { removalCommands } from "../../../src/core/plan/removal.ts";
import { partitions } from "../../../src/core/ids.ts";
import { ENVIRONMENT_PROFILE } from "../../../src/core/setup.ts";
import { RUN, setupOf } from "./setup.ts";

const ISSUER = "oidc.circleci.com/org/11111111-2222-4333-8444-555555555555";

function trustOf(changes: Parameters<typeof setupOf>[0] = {}) {
  const role = blueprint(setupOf(changes), RUN).find((one) => one.address === "hub/role/circleci-oidc");
  if (role?.kind !== "Role") throw new Error("no hub role");
  return role.trust;
}

describe("the trust policy", () => {
  it("pins audience, project, repository and branch, and masks the user", () => {
    expect(trustOf()).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "CircleCIaaaaaaaabbbb4ccc8dddeeeeeeeeeeeec25f74e8",
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${ISSUER}:aud`]: "11111111-2222-4333-8444-555555555555",
              [`${ISSUER}:oidc.circleci.com/project-id`]: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee",
            },
            StringLike: {
              [`${ISSUER}:sub`]:
                "org/11111111-2222-4333-8444-555555555555/project/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/user/????????-????-????-????-????????????/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main",
            },
          },
        },
      ],
    });
  });

  it("needs no subject for any branch: the project key says it all", () => {
    const condition = trustOf({ runs: { kind: "any" } }).Statement[0]?.Condition;
    expect(Object.keys(condition ?? {})).toEqual(["StringEquals"]);
    expect(Object.keys(condition?.["StringEquals"] ?? {})).toHaveLength(2);
  });

  it.each(partitions.filter((partition) => partition !== "aws"))(
    "pins the project by the subject in %s, where its own key is not established",
    (partition) => {
      const condition = trustOf({ partition, runs: { kind: "any" } }).Statement[0]?.Condition;
      expect(condition).toEqual({
        StringEquals: { [`${ISSUER}:aud`]: "11111111-2222-4333-8444-555555555555" },
        StringLike: {
          [`${ISSUER}:sub`]:
            "org/11111111-2222-4333-8444-555555555555/project/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/user/*",
        },
      });
    },
  );

  it("of a sub-account role names the hub role and nobody else", () => {
    const role = blueprint(setupOf(), RUN).find((one) => one.address === "444455556666/role/circleci-oidc");
    expect(role?.kind === "Role" && role.trust.Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:role/circleci-oidc" },
        Action: "sts:AssumeRole",
      },
    ]);
  });
});

describe("the blueprint", () => {
  it("lists what must exist first before what needs it", () => {
    const seen = new Set<string>();
    for (const resource of blueprint(setupOf(), RUN)) {
      for (const need of resource.needs) expect(seen).toContain(need);
      seen.add(resource.address);
    }
    expect(seen.size).toBe(5);
  });

  it("lets the hub role assume the listed roles and nothing else", () => {
    const policy = blueprint(setupOf(), RUN).find((one) => one.kind === "ManagedPolicy");
    expect(policy?.kind === "ManagedPolicy" && policy.document.Statement).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: ["arn:aws:iam::444455556666:role/circleci-oidc"],
      },
    ]);
  });

  it("has neither policy nor attachment without sub-accounts", () => {
    const kinds = blueprint(setupOf({ subAccounts: [] }), RUN).map((one) => one.kind);
    expect(kinds).toEqual(["OidcProvider", "Role"]);
  });

  it("is the same for the same setup and run", () => {
    expect(blueprint(setupOf(), RUN)).toEqual(blueprint(setupOf(), RUN));
  });

  it("leaves the thumbprint out of the request where there is none", () => {
    const request = (changes: Parameters<typeof setupOf>[0]): object => {
      const [provider] = blueprint(setupOf(changes), RUN);
      return provider === undefined ? {} : requestOf(provider).parameters;
    };
    expect(request({})).not.toHaveProperty("ThumbprintList");
    expect(request({ thumbprint: "a".repeat(40) })).toMatchObject({ ThumbprintList: ["a".repeat(40)] });
  });
});

describe("removal", () => {
  it("goes in the reverse order and quotes the profile", () => {
    expect(removalCommands(blueprint(setupOf(), RUN))).toEqual([
      "aws iam delete-role --role-name circleci-oidc --profile 'staging admin'",
      "aws iam detach-role-policy --role-name circleci-oidc --policy-arn arn:aws:iam::111122223333:policy/circleci-oidc-assume-sub-accounts --profile hub",
      "aws iam delete-policy --policy-arn arn:aws:iam::111122223333:policy/circleci-oidc-assume-sub-accounts --profile hub",
      "aws iam delete-role --role-name circleci-oidc --profile hub",
      `aws iam delete-open-id-connect-provider --open-id-connect-provider-arn arn:aws:iam::111122223333:oidc-provider/${ISSUER} --profile hub`,
    ]);
  });

  it("names no profile for credentials of the environment", () => {
    const hub = { accountId: "111122223333", profile: ENVIRONMENT_PROFILE, roleName: "r" };
    const [command] = removalCommands(blueprint(setupOf({ hub, subAccounts: [] }), RUN));
    expect(command).toBe("aws iam delete-role --role-name r");
  });
});

describe("two policies", () => {
  it.each([
    [{ a: "x" }, { a: ["x"] }, true],
    [{ a: ["x", "y"] }, { a: ["y", "x"] }, true],
    [{ a: "x", b: 1 }, { b: 1, a: "x" }, true],
    [{ a: ["x", "y"] }, { a: ["x"] }, false],
    [{ a: "X" }, { a: "x" }, false],
    [{ a: [] }, {}, false],
    [{ Statement: [{ Sid: "1" }] }, { Statement: { Sid: "1" } }, true],
  ])("%j and %j: the same is %j", (left, right, same) => expect(samePolicy(left, right)).toBe(same));
});
