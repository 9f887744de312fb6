import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HUB, ISSUER, ORG, PINNED, PROVIDER, SUB, admin, awsTrust, policy, webTrust } from "./kit.ts";
import { startWebKit } from "./web-kit.ts";
import type { WebKit } from "./web-kit.ts";

const cliVersion = (): string | undefined => {
  try {
    return execFileSync("aws", ["--version"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
};

const version = cliVersion();
if (version === undefined)
  console.log("The aws CLI is not installed: its tests against the sandbox do not run.");

const run = promisify(execFile);
let kit: WebKit;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "sandbox-cli-"));
  kit = await startWebKit();
});
afterAll(async () => {
  await kit.end();
  await rm(home, { recursive: true, force: true });
});

type Outcome = { readonly status: number; readonly stdout: string; readonly stderr: string };

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Runs the CLI with a home of its own and nothing but the sandbox to talk to. */
const aws = async (env: Readonly<Record<string, string>>, args: readonly string[]): Promise<Outcome> => {
  const own = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    AWS_ENDPOINT_URL: kit.sandbox.endpoint,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_MAX_ATTEMPTS: "1",
    AWS_EC2_METADATA_DISABLED: "true",
    ...env,
  };
  try {
    return { status: 0, ...(await run("aws", [...args, "--output", "json"], { env: own })) };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && "stderr" in error)) throw error;
    if (typeof error.code !== "number") throw error;
    return { status: error.code, stdout: "", stderr: text(error.stderr) };
  }
};

const keys = (id: string): Readonly<Record<string, string>> => {
  const { accessKeyId, secretAccessKey } = admin(kit.sandbox, id);
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
};

const json = (outcome: Outcome): unknown => {
  expect(outcome.stderr).toBe("");
  return JSON.parse(outcome.stdout);
};

describe.skipIf(version === undefined)("the aws CLI", () => {
  it("creates and reads what the SDK reads", async () => {
    const document = policy(awsTrust(HUB));
    const created = await aws(keys(HUB), [
      "iam",
      "create-role",
      "--role-name",
      "cli",
      "--assume-role-policy-document",
      document,
      "--tags",
      "Key=team,Value=web",
    ]);
    expect(json(created)).toMatchObject({ Role: { Arn: `arn:aws:iam::${HUB}:role/cli` } });
    // The CLI decodes the document itself.
    const got = await aws(keys(HUB), ["iam", "get-role", "--role-name", "cli"]);
    expect(json(got)).toMatchObject({
      Role: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${HUB}:root` } }],
        },
        Tags: [{ Key: "team", Value: "web" }],
      },
    });
    const provider = await aws(keys(HUB), [
      "iam",
      "get-open-id-connect-provider",
      "--open-id-connect-provider-arn",
      PROVIDER,
    ]);
    expect(json(provider)).toMatchObject({ Url: ISSUER.slice(8), ClientIDList: [ORG] });
  });

  it("prints errors with their code and ends with 254 or 255", async () => {
    const again = ["iam", "create-open-id-connect-provider", "--url", ISSUER];
    const outcome = await aws(keys(HUB), again);
    expect([254, 255]).toContain(outcome.status);
    expect(outcome.stderr).toContain(
      `An error occurred (EntityAlreadyExists) when calling the CreateOpenIDConnectProvider operation: Provider with url ${ISSUER} already exists.`,
    );
    const wrong = await aws({ ...keys(HUB), AWS_SECRET_ACCESS_KEY: "x" }, ["iam", "list-roles"]);
    expect(wrong.stderr).toContain("(SignatureDoesNotMatch)");
  });

  it("pages with its own paginator", async () => {
    const listed = await aws(keys(HUB), [
      "iam",
      "list-roles",
      "--page-size",
      "1",
      "--query",
      "Roles[].RoleName",
    ]);
    expect(json(listed)).toEqual(["ci", "cli"]);
  });

  it("changes what is there", async () => {
    const iam = (...args: readonly string[]): Promise<Outcome> => aws(keys(HUB), ["iam", ...args]);
    const arn = `arn:aws:iam::${HUB}:policy/cli`;
    const document = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
    const created = ["create-policy", "--policy-name", "cli", "--policy-document", document];
    json(await iam(...created));
    for (let version = 2; version <= 5; version += 1)
      json(
        await iam(
          "create-policy-version",
          "--policy-arn",
          arn,
          "--policy-document",
          document,
          "--set-as-default",
        ),
      );
    const sixth = await iam("create-policy-version", "--policy-arn", arn, "--policy-document", document);
    expect(sixth.stderr).toContain(
      "An error occurred (LimitExceeded) when calling the CreatePolicyVersion operation: A managed policy can have up to 5 versions.",
    );
    const inUse = await iam("delete-policy-version", "--policy-arn", arn, "--version-id", "v5");
    expect(inUse.stderr).toContain("(DeleteConflict)");
    const steps = [
      ["set-default-policy-version", "--policy-arn", arn, "--version-id", "v4"],
      ["delete-policy-version", "--policy-arn", arn, "--version-id", "v5"],
      ["put-role-permissions-boundary", "--role-name", "cli", "--permissions-boundary", arn],
      ["update-role", "--role-name", "cli", "--description", "by hand", "--max-session-duration", "7200"],
      ["untag-role", "--role-name", "cli", "--tag-keys", "team"],
      ["tag-policy", "--policy-arn", arn, "--tags", "Key=team,Value=web"],
    ];
    for (const step of steps) expect((await iam(...step)).status).toBe(0);
    const [hub] = kit.sandbox.dump(HUB);
    expect(hub?.roles.find(({ name }) => name === "cli")).toMatchObject({
      description: "by hand",
      maxSessionDuration: 7200,
      permissionsBoundary: arn,
      tags: {},
    });
    expect(hub?.policies).toMatchObject([{ arn, defaultVersion: "v4", tags: { team: "web" } }]);
    expect(Object.keys(hub?.policies[0]?.versions ?? {})).toEqual(["v1", "v2", "v3", "v4"]);
  }, 60_000);

  it("tells of credentials that ran out", async () => {
    kit.sandbox.knobs({ sessionEndsAfterCalls: { account: SUB, calls: 1 } });
    const who = ["sts", "get-caller-identity"];
    expect(json(await aws(keys(SUB), who))).toMatchObject({ Account: SUB });
    for (const [args, operation] of [
      [who, "GetCallerIdentity"],
      [["iam", "list-roles"], "ListRoles"],
    ] as const)
      expect((await aws(keys(SUB), args)).stderr).toContain(
        `An error occurred (ExpiredToken) when calling the ${operation} operation: The security token included in the request is expired`,
      );
    kit.sandbox.knobs({ sessionEndsAfterCalls: null });
  });

  it("goes from a token to the hub role and on to a sub-account by profiles", async () => {
    const spoke = `arn:aws:iam::${SUB}:role/spoke`;
    const trust = policy(awsTrust(`arn:aws:iam::${HUB}:role/ci`));
    const permission = policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: spoke });
    json(
      await aws(keys(SUB), [
        "iam",
        "create-role",
        "--role-name",
        "spoke",
        "--assume-role-policy-document",
        trust,
      ]),
    );
    const put = ["iam", "put-role-policy", "--role-name", "ci", "--policy-name", "hop", "--policy-document"];
    expect((await aws(keys(HUB), [...put, permission])).status).toBe(0);
    await kit.trust(webTrust(PINNED));
    const tokenFile = join(home, "token");
    await writeFile(tokenFile, await kit.issuer.token());
    const config = [
      "[profile hub]",
      `role_arn = arn:aws:iam::${HUB}:role/ci`,
      `web_identity_token_file = ${tokenFile}`,
      "role_session_name = build-1",
      "[profile spoke]",
      `role_arn = ${spoke}`,
      "source_profile = hub",
      "role_session_name = build-1",
    ];
    const file = join(home, "config");
    await writeFile(file, `${config.join("\n")}\n`);
    const env = { AWS_CONFIG_FILE: file };
    const who = ["sts", "get-caller-identity", "--profile"];
    expect(json(await aws(env, [...who, "spoke"]))).toMatchObject({
      Account: SUB,
      Arn: `arn:aws:sts::${SUB}:assumed-role/spoke/build-1`,
    });
    await writeFile(tokenFile, await kit.issuer.token({ "oidc.circleci.com/project-id": ORG }));
    const refused = await aws({ ...env, HOME: join(home, "other") }, [...who, "hub"]);
    expect(refused.stderr).toContain(
      "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
  });
});
